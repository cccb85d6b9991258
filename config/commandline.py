"""Which database and broker a `manage.py` command talks to.

`DATABASE_URL` and `REDIS_URL` win when they are set. Otherwise the command joins the servers of a `make run` in
this checkout; and when none is running, it starts them for its own duration and brings the tables up to date.
Whatever is said on the way goes to the standard error output: the standard output belongs to the command.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.localservices import VARIABLES, Home, State
from config.processes import CannotStart

# Commands that neither read nor write a row. Starting a database for them would only cost time.
WITHOUT_DATABASE = frozenset(
    "check collectstatic compilemessages diffsettings findstatic help makemessages startapp version".split()
)
# Commands that look at the migrations themselves, so nobody else may run them first.
ABOUT_MIGRATIONS = frozenset("makemigrations migrate showmigrations sqlmigrate squashmigrations".split())


def needs_database(arguments: Sequence[str]) -> bool:
    """Whether a command line (`sys.argv`) needs the servers."""
    command, options = (arguments[1], arguments[2:]) if len(arguments) > 1 else ("help", [])
    if command.startswith("-") or {"-h", "--help"} & set(options):
        return False
    if command == "check":
        return any(option.startswith("--database") for option in options)
    return command not in WITHOUT_DATABASE


@contextmanager
def local_site(arguments: Sequence[str]) -> Iterator[None]:
    """Complete the environment for one command, and run the servers meanwhile if nobody else does."""
    read_dotenv()
    home = Home()
    missing = tuple(name for name in VARIABLES if name not in os.environ)
    if "DATABASE_URL" in missing or "SECRET_KEY" not in os.environ:
        # A configured deployment says both, so this is somebody's own machine.
        os.environ.update(home.environment())
    if not missing or not needs_database(arguments):
        yield
        return
    with ExitStack() as stack:
        try:
            state, is_ours = _join_or_start(home, stack, missing)
        except CannotStart as reason:
            raise SystemExit(f"fupan: {reason}") from None
        os.environ.update({name: state.environment[name] for name in missing})
        if state.site:
            os.environ.setdefault("SITE_URL", state.site)
        if is_ours and "DATABASE_URL" in missing and arguments[1] not in ABOUT_MIGRATIONS:
            _migrate_if_behind()
        yield


def read_dotenv() -> None:
    """Take what `.env` says, as the settings do, where the environment says nothing."""
    import environ  # slow import

    if (file := Path(__file__).resolve().parent.parent / ".env").exists():
        environ.Env.read_env(file)


def _join_or_start(home: Home, stack: ExitStack, missing: tuple[str, ...]) -> tuple[State, bool]:
    """The services of a running site, or our own (True), or, while another command has its own, wait for its end."""
    is_told = False
    while True:
        state = home.running()
        if state is not None and state.purpose == "run":
            return state, False
        try:
            state = stack.enter_context(home.services(purpose="command", wanted=missing))
        except BlockingIOError:
            if not is_told:
                print("fupan: another command is using the local database; waiting for it…", file=sys.stderr)
            is_told = True
            time.sleep(0.2)
        else:
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, _leave)
            return state, True


def _leave(number: int, _frame: object) -> None:
    """Turn a TERM into an exception, so that the servers are stopped on the way out."""
    raise SystemExit(128 + number)


def _migrate_if_behind() -> None:
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("fupan: preparing the database…", file=sys.stderr)
        call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)
    connection.close()
