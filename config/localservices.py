"""PostgreSQL and Valkey of this checkout's own, for the demo, the tests and the command line.

Production points `DATABASE_URL` and `REDIS_URL` at real servers and never comes here. Everywhere else the two
servers (`config/servers.py`) run for this checkout alone, on free ports, with passwords made for it.

Everything kept lies in one directory, the home (`FUPAN_HOME`, default `.local/`):

    postgres/           the database; outlives restarts
    passwords.json      of the two servers, and the secret key of the local site
    services.json       who runs the servers now, their URLs and process ids (only while they run)
    lock                held by whoever runs the servers; the kernel lets go of it when that process dies
    media/ mail/ logs/  what the local site writes

`Home.services()` is the way in: it takes the lock, ends what a killed owner left behind, starts what is
missing and stops it again. `Home.running()` finds the servers of somebody else who holds the lock.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.processes import birth, held_back_signals, wait_until
from config.servers import Postgres, Redis

BASE_DIR = Path(__file__).resolve().parent.parent
VARIABLES = ("DATABASE_URL", "REDIS_URL")


@dataclass
class State:
    """What `services.json` says: who runs the servers, and what other processes need to know of them."""

    owner: int
    born: str
    purpose: str
    environment: dict[str, str] = field(default_factory=dict)
    # Process id → its birth, so that a number used again by a stranger is never mistaken for ours.
    processes: dict[str, str] = field(default_factory=dict)
    site: str = ""


class Home:
    """The directory in which one checkout keeps its local services."""

    def __init__(self, path: Path | None = None, *, fast: bool = False) -> None:
        self.path = (path or Path(os.environ.get("FUPAN_HOME") or BASE_DIR / ".local")).resolve()
        self.fast = fast
        self.state_file = self.path / "services.json"

    def environment(self) -> dict[str, str]:
        """What the environment leaves open for a site on this machine: debug, secret key, folders, mail."""
        defaults = {
            "DEBUG": "1",
            "SECRET_KEY": self.passwords()["secret_key"],
            "MEDIA_ROOT": str(self._folder("media")),
            # Three slashes and the path's own: django-environ takes the first one of the path away.
            "EMAIL_URL": f"filemail:///{self._folder('mail')}",
        }
        return {name: value for name, value in defaults.items() if name not in os.environ}

    def passwords(self) -> dict[str, str]:
        """The secrets of this home, made once."""
        file = self._folder(".") / "passwords.json"
        if not file.exists():
            made = {name: secrets.token_urlsafe(32) for name in ("postgres", "redis", "secret_key")}
            draft = file.with_suffix(f".{os.getpid()}")
            _write_private(draft, json.dumps(made))
            # Link, not rename: of two processes that come here at once, the first one's secrets count.
            with suppress(FileExistsError):
                os.link(draft, file)
            draft.unlink()
        return dict(json.loads(file.read_text()))

    def log(self, name: str) -> Path:
        return self._folder("logs") / f"{name}.log"

    def running(self) -> State | None:
        """The services of a living owner, once they all answer; None when nobody runs them yet."""
        state = self.owner()
        return state if state and state.environment else None

    def owner(self) -> State | None:
        """Who runs the services or is about to; None when nobody does, or only a dead process did."""
        state = self._read_state()
        return state if state and birth(state.owner) == state.born else None

    @contextmanager
    def services(self, *, purpose: str, wanted: tuple[str, ...] = VARIABLES) -> Iterator[State]:
        """Run the servers behind the `wanted` variables while the block lasts.

        Yields the State whose `environment` holds their URLs, and those that were given from outside. Raises
        BlockingIOError when somebody else holds this home, CannotStart when a server does not come up.
        """
        with self._locked(), ExitStack() as stack:
            self._end_leftovers()
            state = State(owner=os.getpid(), born=birth(os.getpid()) or "", purpose=purpose)
            stack.callback(self.state_file.unlink, missing_ok=True)
            servers = stack.enter_context(_closed_in_peace())
            given = [name for name in VARIABLES if name in os.environ and name not in wanted]
            urls = {name: os.environ[name] for name in given}
            with held_back_signals():
                for variable in wanted:
                    server = self._server(variable)
                    servers.callback(server.stop)
                    server.start()
                    urls[variable] = server.url()
                    assert server.process is not None
                    self.note(state, server.process.pid)
            state.environment = urls
            self.write(state)
            yield state

    def end_abandoned(self) -> bool:
        """End the servers of an owner that was killed outright; False when the owner lives."""
        try:
            with self._locked():
                self._end_leftovers()
                return True
        except BlockingIOError:
            return False

    def note(self, state: State, pid: int) -> None:
        """Write down one more process that must not outlive the owner."""
        state.processes[str(pid)] = birth(pid) or ""
        self.write(state)

    def write(self, state: State) -> None:
        draft = self.state_file.with_suffix(".new")
        _write_private(draft, json.dumps(asdict(state), indent=1))
        draft.replace(self.state_file)

    def _folder(self, name: str) -> Path:
        folder = self.path / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def _read_state(self) -> State | None:
        try:
            return State(**json.loads(self.state_file.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder(".") / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield

    def _server(self, variable: str) -> Postgres | Redis:
        secret = self.passwords()
        if variable == "REDIS_URL":
            return Redis(password=secret["redis"], log=self.log("valkey"))
        data, log = self.path / "postgres", self.log("postgres")
        return Postgres(data, password=secret["postgres"], log=log, fast=self.fast)

    def _end_leftovers(self) -> None:
        """End what an owner that was killed outright left running. We hold the lock, so no living owner is hurt."""
        state = self._read_state()
        left = [int(pid) for pid, born in state.processes.items() if birth(int(pid)) == born] if state else []
        for pid in reversed(left):
            # SIGINT ends all of them in good order: PostgreSQL at once, web, worker and beat after what they hold.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
        wait_until(lambda: not any(birth(pid) for pid in left), seconds=10)
        for pid in left:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _write_private(path: Path, text: str) -> None:
    """Write a file that is nobody else's to read, not even for an instant."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)


@contextmanager
def _closed_in_peace() -> Iterator[ExitStack]:
    """An ExitStack whose callbacks, once begun, are not cut short by a second Ctrl-C."""
    stack = ExitStack()
    try:
        yield stack
    finally:
        with held_back_signals():
            stack.close()
