"""A real Celery worker, in its own process, on the test's database and broker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from config.processes import stop_group, tail, wait_until
from tests.plugins.guards import complain

BASE_DIR = Path(__file__).resolve().parent.parent.parent


@dataclass
class Worker:
    process: subprocess.Popen[bytes]
    log: Path


@pytest.fixture
def celery_worker(request: pytest.FixtureRequest, transactional_db: None, tmp_path: Path) -> Iterator[Worker]:
    """A worker that takes what this test queues.

    Rows must be committed for another process to see them, hence `transactional_db`. A traceback in the worker's
    log fails the test unless `@pytest.mark.logs_errors("pattern")` expects it.
    """
    import redis
    from django.conf import settings

    from config.celery import app

    if "smtp_sink" in request.fixturenames:
        request.getfixturevalue("smtp_sink")  # first, so that the worker is told where mail goes
    redis.Redis.from_url(settings.REDIS_URL).flushdb()  # what earlier tests queued is not for this worker
    log = tmp_path / "worker.log"
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "--loglevel",
        "WARNING",
        "--pool",
        "solo",
    ]
    command += ["--concurrency", "1", "--without-gossip", "--without-mingle", "--queues", queue_name()]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=BASE_DIR,
            env={**os.environ, "DATABASE_URL": database_url()},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        ready = wait_until(
            lambda: process.poll() is not None or bool(app.control.ping(timeout=0.3)), seconds=60, every=0.1
        )
        if not ready or process.poll() is not None:
            pytest.fail(f"The worker did not start:\n{tail(log, 40)}", pytrace=False)
        yield Worker(process, log)
    finally:
        stop_group(process, signal.SIGTERM, seconds=15)
    errors = [line for line in log.read_text().splitlines() if "ERROR" in line or "Traceback" in line]
    if errors and not list(request.node.iter_markers("logs_errors")):
        complain(request, marker="worker_errors", found=[tail(log, 60)], title="in the worker's log")


def queue_name() -> str:
    from django.conf import settings

    return str(settings.CELERY_TASK_DEFAULT_QUEUE)


def database_url() -> str:
    """The address of the database that this test runs on, for another process."""
    from django.db import connection

    database: dict[str, Any] = connection.settings_dict
    login = f"{quote(str(database['USER']))}:{quote(str(database['PASSWORD']), safe='')}"
    return f"postgres://{login}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
