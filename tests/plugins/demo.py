"""The demo company of the journeys: loaded by the first of a run that wants it, and copied by the others.

Loading takes half a minute, a copy of its database two seconds. Its files and what it has queued are kept, too.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from core.periods import Period
from dashboard.demo import company
from tests.plugins import schema
from tests.plugins.worker import queue_name

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
def demo_company(transactional_db: None, demo_folder: Path) -> list[bytes]:
    """The demo company, whose figures end in January 2026, in the database; gives what it has queued for a worker."""
    queue = redis.Redis.from_url(settings.REDIS_URL)
    if os.environ.get("FUPAN_TEST_SERVERS") != "ours":
        return _load(queue)
    with (demo_folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (demo_folder / "media").exists():
            queued = _load(queue)
            _copy(connection.settings_dict["NAME"], KEPT)
            (demo_folder / "queue").mkdir()
            for number, message in enumerate(queued):
                (demo_folder / "queue" / f"{number:06}").write_bytes(message)
            shutil.copytree(settings.MEDIA_ROOT, demo_folder / "media")
            return queued
    _copy(KEPT, connection.settings_dict["NAME"])
    shutil.copytree(demo_folder / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
    # What this process has read from the database before has other keys there.
    ContentType.objects.clear_cache()
    cache.clear()
    return [message.read_bytes() for message in sorted((demo_folder / "queue").iterdir())]


def _load(queue: redis.Redis) -> list[bytes]:
    queue.flushdb()
    company.load(now=timezone.now(), until=Period.month(2026, 1))
    return list(queue.lrange(queue_name(), 0, -1))


def _copy(source: str, target: str) -> None:
    """Put a copy of one database in the place of another. Nobody may be connected to either."""
    connection.close()
    with schema.maintenance() as server:
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
        server.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {target} TEMPLATE {source}")
