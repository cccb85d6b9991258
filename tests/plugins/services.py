"""Real PostgreSQL and Valkey for the tests, up before Django reads its settings.

Loaded by `-p` in pyproject.toml. The process that was started by hand runs the servers; the workers of
pytest-xdist inherit their addresses, and each takes a Valkey database of its own. `DATABASE_URL` and
`REDIS_URL` win when they are set: that is how the suite runs against other versions.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.localservices import VARIABLES, Home

_services = ExitStack()


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _start() -> None:
    missing = tuple(name for name in VARIABLES if name not in os.environ)
    if not missing:
        return
    for left in Path(tempfile.gettempdir()).glob("fupan-test-*"):
        # A run that was killed outright could not stop its servers. One that ends just now takes its folder along.
        with suppress(FileNotFoundError):
            if left.stat().st_uid == os.getuid() and Home(left).end_abandoned():
                shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="fupan-test-"))
    _services.callback(shutil.rmtree, folder, ignore_errors=True)
    state = _services.enter_context(Home(folder, fast=True).services(purpose="tests", wanted=missing))
    os.environ.update(state.environment, FUPAN_TEST_SERVERS="ours")
    # pytest ends in good order on Ctrl-C; let it do so when it is told to stop by TERM, too.
    signal.signal(signal.SIGTERM, _interrupt)


def _hear_interrupts() -> None:
    """A shell starts its background jobs with Ctrl-C ignored, and what we start would inherit that: a test that
    interrupts a program would then wait for ever."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _settings_for_tests() -> None:
    """What the tests want otherwise than the settings' defaults; never what the person at the keyboard has set."""
    os.environ.update(
        DEBUG="0",
        HTTPS="0",
        SECRET_KEY="only-for-tests-" * 4,
        ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
        STATIC_BACKEND="django.contrib.staticfiles.storage.StaticFilesStorage",
        MEDIA_ROOT=tempfile.mkdtemp(prefix="fupan-media-"),
        STATIC_ROOT=tempfile.mkdtemp(prefix="fupan-static-"),
        EMAIL_URL="memorymail://",
        CELERY_QUEUE="tests",
        # Playwright's synchronous API keeps an event loop in the thread of the test.
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )
    for folder in ("MEDIA_ROOT", "STATIC_ROOT"):
        _services.callback(shutil.rmtree, os.environ[folder], ignore_errors=True)


_hear_interrupts()
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    server = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = server._replace(path=f"/{int(worker.removeprefix('gw')) + 1}").geturl()
else:
    _start()
_settings_for_tests()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _services.close()
