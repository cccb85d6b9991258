"""The demo company of the journeys: loaded by the first of a run that wants it, and copied by the others.

Loading takes half a minute, a copy of its database two seconds. Its files are kept, too.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import warnings
from pathlib import Path

import pytest
from celery.exceptions import AlwaysEagerIgnored
from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.celery import app
from core.periods import Period
from dashboard.demo import company
from notices import dispatcher
from tests.plugins import schema

KEPT = "fupan_demo"


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all workers of this run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "demo"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def demo_company(transactional_db: None, demo_folder: Path) -> None:
    """The demo company, whose figures end in January 2026, in the database; what it asks a worker for is done."""
    if os.environ.get("FUPAN_TEST_SERVERS") != "ours":
        _load()
        return
    with (demo_folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (demo_folder / "media").exists():
            _load()
            schema.copy(connection.settings_dict["NAME"], KEPT)
            shutil.copytree(settings.MEDIA_ROOT, demo_folder / "media")
            return
    schema.copy(KEPT, connection.settings_dict["NAME"])
    shutil.copytree(demo_folder / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)


def _load() -> None:
    """Jobs are done here and now: each worker of each journey would otherwise begin with the same ones."""
    was_eager, app.conf.task_always_eager = app.conf.task_always_eager, True
    try:
        with warnings.catch_warnings():
            # Rings for the dispatcher, which is run in the end.
            warnings.simplefilter("ignore", AlwaysEagerIgnored)
            company.load(now=timezone.now(), until=Period.month(2026, 1))
        dispatcher.run()
    finally:
        app.conf.task_always_eager = was_eager
