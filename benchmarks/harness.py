"""What the benchmarks share: a scratch database on real servers, medians, and ratios against a limit.

A benchmark prints our figure beside a floor that was measured in the same run, because absolute times say more
about the machine than about the program. None of them is a test: a slow machine must not fail a change.
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


@contextmanager
def scratch_site() -> Iterator[None]:
    """Django, set up on an empty migrated database that is dropped at the end."""
    from config.localservices import VARIABLES, Home

    # A TERM ends the block like Ctrl-C does, so that the servers are stopped with it.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    folder = Path(tempfile.mkdtemp(prefix="fupan-benchmark-"))
    missing = tuple(name for name in VARIABLES if name not in os.environ)
    try:
        with Home(folder, fast=False).services(purpose="benchmark", wanted=missing) as state:
            os.environ.update({name: state.environment[name] for name in missing})
            os.environ.update(
                DEBUG="0",
                HTTPS="0",
                SECRET_KEY="only-for-benchmarks-" * 3,
                ALLOWED_HOSTS="testserver",
                EMAIL_URL="memorymail://",
                LOG_LEVEL="ERROR",
                STATIC_BACKEND="django.contrib.staticfiles.storage.StaticFilesStorage",
                MEDIA_ROOT=str(folder / "media"),
                STATIC_ROOT=str(folder / "static"),
                CELERY_QUEUE="benchmark",
                DJANGO_SETTINGS_MODULE="config.settings",
            )
            (folder / "static").mkdir(exist_ok=True)
            import django

            django.setup()
            from django.db import connection

            name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
            try:
                yield
            finally:
                connection.creation.destroy_test_db(name, verbosity=0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """A table that is filled by a million rows gets its indexes afterwards, in a fraction of the time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN"
            " (SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass)",
            [table, table],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for _name, definition in indexes:
            cursor.execute(definition)


def median_ms(work: Callable[[], object], *, rounds: int = 21, warm_up: int = 3) -> float:
    """The median wall time of `work` in milliseconds."""
    for _ in range(warm_up):
        work()
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1000


def verdict(ratio: float, limit: float) -> str:
    """`3.2 x (limit 4.0) ok`, or `OVER`."""
    return f"{ratio:5.2f} x (limit {limit:.1f}) {'ok' if ratio <= limit else 'OVER'}"
