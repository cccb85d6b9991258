"""`manage.py` finds or makes the database that it needs, and keeps the standard output for the command."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.commandline import needs_database
from config.processes import wait_until
from tests.architecture.sources import BASE_DIR
from tests.platform.conftest import STOP_SECONDS, processes_of

COUNT = "from people.models import User; print(User.objects.count())"
SLEEP = "import time; print('up', flush=True); time.sleep(60)"


def test_command_brings_its_own_migrated_database_and_takes_it_away(empty_checkout):
    counted = empty_checkout.manage("shell", "-v0", "-c", COUNT)

    assert (counted.returncode, counted.stdout) == (0, "0\n"), counted.stderr
    assert "preparing the database" in counted.stderr
    empty_checkout.assert_nothing_is_left()

    again = empty_checkout.manage("shell", "-v0", "-c", COUNT)
    assert (again.returncode, again.stdout, again.stderr) == (0, "0\n", "")


def test_two_commands_at_once_take_turns(checkout):
    first = checkout.start(sys.executable, "manage.py", "shell", "-v0", "-c", "import time; time.sleep(3)")
    assert wait_until((checkout.home / "services.json").exists, seconds=20)

    second = checkout.manage("shell", "-v0", "-c", COUNT)

    assert (second.returncode, second.stdout) == (0, "0\n"), second.stderr
    assert "waiting for it" in second.stderr
    assert first.wait(STOP_SECONDS) == 0
    checkout.assert_nothing_is_left()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_stopped_takes_its_servers_along(checkout, number):
    command = checkout.start(sys.executable, "manage.py", "shell", "-v0", "-c", SLEEP)
    assert command.stdout is not None
    assert command.stdout.readline() == "up\n"

    command.send_signal(number)

    command.communicate(timeout=STOP_SECONDS)
    assert command.returncode != 0
    checkout.assert_nothing_is_left()


def test_a_command_that_fails_takes_its_servers_along(checkout):
    failed = checkout.manage("shell", "-v0", "-c", "1 / 0")

    assert failed.returncode != 0
    assert "ZeroDivisionError" in failed.stderr
    checkout.assert_nothing_is_left()


def test_a_command_without_rows_starts_no_server(empty_checkout):
    assert empty_checkout.manage("check").returncode == 0
    assert not (empty_checkout.home / "postgres").exists()


def test_given_servers_win(empty_checkout):
    refused = empty_checkout.manage(
        "showmigrations", DATABASE_URL="postgres://fupan@127.0.0.1:1/x", REDIS_URL="redis://127.0.0.1:1"
    )

    assert refused.returncode != 0
    assert "port 1 failed" in refused.stderr
    assert not (empty_checkout.home / "postgres").exists()


def test_data_of_another_postgresql_is_refused_with_a_sentence(checkout):
    assert checkout.manage("shell", "-v0", "-c", "pass").returncode == 0
    (checkout.home / "postgres" / "PG_VERSION").write_text("12\n")

    refused = checkout.manage("shell", "-v0", "-c", COUNT)

    assert refused.returncode == 1
    assert "was written by PostgreSQL 12" in refused.stderr
    assert "FUPAN_PG_BIN" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert processes_of(checkout.home) == []


def test_secrets_of_the_home_are_for_its_owner_alone(checkout):
    checkout.manage("shell", "-v0", "-c", "pass")

    assert (checkout.home / "passwords.json").stat().st_mode & 0o077 == 0
    assert (checkout.home / "postgres").stat().st_mode & 0o077 == 0


def test_mails_and_uploads_stay_in_the_home(checkout):
    where = "from django.conf import settings as s; print(s.EMAIL_FILE_PATH, s.MEDIA_ROOT)"

    assert (
        checkout.manage("shell", "-v0", "-c", where).stdout == f"{checkout.home}/mail {checkout.home}/media\n"
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run PostgreSQL as somebody else")
def test_root_without_user_namespaces_runs_postgresql_as_nobody(empty_checkout, migrated_home, monkeypatch):
    """Without PATH there is no `unshare`, as in a container that forbids it."""
    monkeypatch.setenv("PATH", "/nonexistent")
    empty_checkout.fill()
    where = (
        "from django.db import connection as c; k = c.cursor(); "
        "k.execute('SHOW data_directory'); print(*k.fetchone())"
    )
    for _start in range(2):
        asked = empty_checkout.manage("shell", "-v0", "-c", where)
        assert asked.returncode == 0, asked.stderr

    data = Path(asked.stdout.strip())
    try:
        assert data.parent == Path("/var/tmp/fupan-services")
        assert data.stat().st_uid == 65534
        empty_checkout.assert_nothing_is_left()
    finally:
        shutil.rmtree(data)


def test_the_database_asks_for_its_password(checkout):
    ask = (
        "import os, re, psycopg\n"
        "url = re.sub(r'fupan:[^@]+@', 'fupan:guess@', os.environ['DATABASE_URL'])\n"
        "try:\n    psycopg.connect(url); print('open')\n"
        "except psycopg.OperationalError as error:\n    print('password authentication failed' in str(error))"
    )

    assert checkout.manage("shell", "-v0", "-c", ask).stdout == "True\n"


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("manage.py", False),
        ("manage.py --help", False),
        ("manage.py help migrate", False),
        ("manage.py check", False),
        ("manage.py check --deploy", False),
        ("manage.py check --database default", True),
        ("manage.py check --database=default", True),
        ("manage.py compilemessages", False),
        ("manage.py import_report x.csv --json", True),
        ("manage.py import_report --help", False),
        ("manage.py migrate", True),
        ("manage.py runserver", True),
    ],
)
def test_which_commands_need_a_database(line, needed):
    assert needs_database(line.split()) is needed


def test_setup_does_nothing_when_the_requirements_are_installed():
    """The second `make setup` may not cost a newcomer's patience."""
    said = subprocess.run(
        [sys.executable, "tools/setup.py", "dev"],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (said.returncode, said.stdout) == (0, "")
