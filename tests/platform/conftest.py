import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.localservices import Home
from config.processes import free_port, wait_until
from tests.architecture.sources import BASE_DIR
from tests.plugins import schema

START_SECONDS = 240
# A new home's first command migrates, on a machine that is busy with other tests.
COMMAND_SECONDS = 240
STOP_SECONDS = 25


def processes_of(home: Path) -> list[str]:
    """Command lines of the living processes that carry this home in their environment, as all of a site's do."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"FUPAN_HOME={home}\0".encode() not in (folder / "environ").read_bytes() + b"\0":
                continue
            if (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip())
        except OSError:
            continue
    return found


@dataclass
class Checkout:
    """A home and a port of one test, on the code of this checkout."""

    home: Path
    port: int = field(default_factory=free_port)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """A newcomer's: none of what the test run has set."""
        set_by_tests = {
            "DATABASE_URL",
            "REDIS_URL",
            "DEBUG",
            "SECRET_KEY",
            "HTTPS",
            "MEDIA_ROOT",
            "EMAIL_URL",
        }
        set_by_tests |= {
            "STATIC_BACKEND",
            "ALLOWED_HOSTS",
            "CELERY_QUEUE",
            "SITE_URL",
            "MAKEFLAGS",
            "MAKELEVEL",
        }
        kept = {name: value for name, value in os.environ.items() if name not in set_by_tests}
        return {**kept, "FUPAN_HOME": str(self.home), "PORT": str(self.port), "FUPAN_DEMO": "0"}

    def start(self, *command: str, **more: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command or (sys.executable, "-m", "config.launcher"),
            cwd=BASE_DIR,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def manage(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def fill(self) -> None:
        """Give an empty home the tables of the tests, where those are kept: migrating takes a minute."""
        if schema.dump().exists():
            with Home(self.home).services(purpose="tests") as state:
                assert schema.restore(state.environment["DATABASE_URL"], "fupan")

    def wait_for_banner(self, process: subprocess.Popen[str]) -> str:
        """What the launcher says until it is ready."""
        assert process.stdout is not None
        said = ""
        end = time.monotonic() + START_SECONDS
        while "Ready after" not in said:
            line = process.stdout.readline()
            said += line
            if not line or time.monotonic() > end:
                pytest.fail(f"no banner, but: {said}{process.communicate(timeout=10)[1]}")
        return said

    def assert_nothing_is_left(self) -> None:
        assert wait_until(lambda: not processes_of(self.home), seconds=3, every=0.1), processes_of(self.home)
        assert not (self.home / "services.json").exists()


@pytest.fixture(scope="session")
def migrated_home(tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings: None) -> Path:
    """A home whose database has all its tables, to be copied: migrating takes longer than the rest of a test."""
    made = Checkout(tmp_path_factory.mktemp("migrated") / "home")
    made.fill()
    done = made.manage("shell", "-v0", "-c", "pass")
    assert done.returncode == 0, done.stderr
    return made.home


@pytest.fixture
def empty_checkout(tmp_path: Path) -> Iterator[Checkout]:
    """A newcomer's checkout, without the demo company; whatever a failing test leaves running is ended."""
    made = Checkout(tmp_path / f"home-{secrets.token_hex(4)}")
    yield made
    for process in made.started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()


@pytest.fixture
def checkout(empty_checkout: Checkout, migrated_home: Path) -> Checkout:
    """A checkout that has run before."""
    shutil.copytree(migrated_home, empty_checkout.home)
    return empty_checkout
