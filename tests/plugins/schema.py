"""The tables of the tests, migrated once and copied: by every worker of a run, and by every run until a migration
changes.

Migrating takes longer than most people's patience. So one worker migrates a database that no test ever touches, keeps
its dump in `.local/`, and PostgreSQL copies it for each worker (`TEMPLATE`). The name of the dump says what it was made
from; a machine without it, or a change of a migration, makes a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.test import TransactionTestCase

from config.servers import postgres_bin
from tests.plugins import order

BASE_DIR = Path(__file__).resolve().parent.parent.parent
TEMPLATE = "fupan_migrated"
KEPT = BASE_DIR / ".local" / "test-schema"
# What the rows and tables of a fresh database follow from.
SOURCES = (
    "*/migrations/*.py",
    "meetings/library/**/*.py",
    "meetings/clock_rules.py",
    "core/grams.py",
    "requirements.txt",
)
# They are the same after every migration; Django, too, takes the last for no data.
NAMES_OF_MODELS = ("django_content_type", "auth_permission", "django_migrations")
# Apps that put rows of their own back after migrating.
FILLED_BY_MIGRATING = ("metrics", "actions")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> None:
    """Let the test databases be copies of the migrated one. On somebody else's server they are migrated as usual."""
    if os.environ.get("FUPAN_TEST_SERVERS") != "ours":
        return
    with django_db_blocker.unblock(), _alone():
        if not _exists():
            _make()
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE


@pytest.fixture(scope="session", autouse=True)
def _ladder_after_a_flush() -> Iterator[None]:
    """Tests that commit empty all tables afterwards; what a migration brought and others count on comes back."""
    post_migrate.connect(_ladder, sender=apps.get_app_config("actions"))
    yield
    post_migrate.disconnect(_ladder, sender=apps.get_app_config("actions"))


@pytest.fixture(scope="session", autouse=True)
def _rows_instead_of_tables() -> Iterator[None]:
    """Django empties tables by making all of them anew with their indexes, full or not: a third of a second a test."""
    with pytest.MonkeyPatch.context() as patch:
        if os.environ.get("FUPAN_TEST_SERVERS") == "ours":
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty())
        yield


def empty() -> None:
    """Delete all rows but those that name models and permissions, then let apps put back what a migration leaves."""
    tables = [name for name in connection.introspection.django_table_names() if name not in NAMES_OF_MODELS]
    with transaction.atomic(), connection.cursor() as cursor:
        # What another connection is still writing comes to its end first, and goes, too.
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        # Neither the triggers that keep every change nor foreign keys have a word here.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)
        )
        filled = [name for (name,) in cursor.fetchall()]
        if filled:
            cursor.execute("; ".join(f"DELETE FROM {name}" for name in filled))
    for label in FILLED_BY_MIGRATING:
        config = apps.get_app_config(label)
        post_migrate.send(
            sender=config,
            app_config=config,
            verbosity=0,
            interactive=False,
            using="default",
            plan=[],
            apps=apps,
        )


_may_be_empty = False


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests that commit may leave empty tables behind. Others find what migrations brought, whatever ran before."""
    global _may_be_empty
    if order.commits(item):
        _may_be_empty = True
    elif _may_be_empty and order.reads(item) and os.environ.get("FUPAN_TEST_SERVERS") == "ours":
        copy(TEMPLATE, connection.settings_dict["NAME"])
        _may_be_empty = False


def copy(source: str, target: str) -> None:
    """Put a copy of one database in the place of another. Nobody keeps a connection to either."""
    connection.close()
    with maintenance() as server:
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
        server.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {target} TEMPLATE {source}")
    # What this process has read from the database before has other keys there.
    ContentType.objects.clear_cache()
    cache.clear()


def _ladder(**_more: Any) -> None:
    migration = import_module("actions.migrations.0005_ladder_and_history")
    if not apps.get_model("actions", "EscalationStep").objects.exists():
        migration.add_ladder(apps, None)


@contextmanager
def _alone() -> Iterator[None]:
    """One worker at a time, of those that share a server."""
    port = connection.settings_dict["PORT"]
    with (Path(tempfile.gettempdir()) / f"fupan-schema-{os.getuid()}-{port}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    with suppress(FileNotFoundError):
        Path(lock.name).unlink()


def _exists() -> bool:
    with maintenance() as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone()
    return found is not None


def dump() -> Path:
    """Where the tables of a fresh database are kept, if they are."""
    return KEPT / f"{_digest_of_sources()}.dump"


def restore(url: str, database: str) -> bool:
    """Fill an empty database of the server at `url` from the dump; False when there is none, or it does not fit;
    the database is then as empty as before."""
    return dump().exists() and _run("pg_restore", url, database, "--single-transaction", str(dump()))


def _make() -> None:
    draft = f"{TEMPLATE}_draft"
    with maintenance() as server:
        server.execute(f"CREATE DATABASE {draft}")
    if not restore(os.environ["DATABASE_URL"], draft):
        _migrate(draft)
        _keep(draft)
    with maintenance() as server:
        server.execute(f"ALTER DATABASE {draft} RENAME TO {TEMPLATE}")


def _migrate(database: str) -> None:
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        call_command("migrate", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _keep(database: str) -> None:
    """Only the newest is kept. Written beside its place and renamed: a run that is cut short leaves nothing half."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=KEPT, suffix=".new", delete=False) as draft:
        pass
    if not _run("pg_dump", os.environ["DATABASE_URL"], database, "--format=custom", f"--file={draft.name}"):
        Path(draft.name).unlink()
        return
    for old in KEPT.glob("*.dump"):
        old.unlink(missing_ok=True)
    Path(draft.name).replace(dump())


def _digest_of_sources() -> str:
    content = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(BASE_DIR.glob(pattern)):
            content.update(f"{path.relative_to(BASE_DIR)}\n".encode() + path.read_bytes())
    return content.hexdigest()[:24]


def _run(program: str, url: str, database: str, *options: str) -> bool:
    server = urlsplit(url)
    words = ["--host", str(server.hostname), "--port", str(server.port), "--username", str(server.username)]
    environment = {**os.environ, "PGPASSWORD": server.password or ""}
    done = subprocess.run(
        [postgres_bin() / program, *words, f"--dbname={database}", "--no-password", *options],
        env=environment,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def maintenance() -> psycopg.Connection:
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl()
    return psycopg.connect(url, autocommit=True)
