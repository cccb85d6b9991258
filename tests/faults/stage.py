"""The stage on which faults are played: a counting mail server, a crew of dispatchers, and what must hold afterwards.

Everything is looked up with plain SQL on the database that the crew uses, which may be another one than Django's here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg

from config.processes import free_port, wait_until

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Waiting times made short. The lease still outlasts what one mail takes at the sink.
QUICK: dict[str, Any] = {
    "LEASE_SECONDS": 2,
    "FIRST_PAUSE_SECONDS": 0.2,
    "LONGEST_PAUSE_SECONDS": 1,
    "TRIAL_SECONDS": 2,
    "STEP_BACK_SECONDS": 0.5,
    "RECOVER_SECONDS": 1.0,
}
# How long a busy machine may take over anything.
PATIENCE = 120
UNSETTLED = (
    "SELECT count(*) FROM notices_notice WHERE state = 'sending' OR state = 'pending' AND send_at <= now()"
)


@dataclass(frozen=True, slots=True)
class Letter:
    at: float
    address: str
    message_id: str


@dataclass
class Stage:
    """`with Stage(folder, database_url) as stage:` - `deaths` counts dispatchers that died while they ran."""

    folder: Path
    database: str
    workers: int = 3
    # How long the mail server thinks over each letter.
    seconds: float = 0.005
    wishes: dict[str, Any] = field(default_factory=dict)
    is_up: bool = True
    deaths: int = 0

    def __enter__(self) -> Stage:
        self.port, self.log = free_port(), self.folder / "letters.txt"
        self.log.touch()
        self._processes = ExitStack()
        self.sink: subprocess.Popen[str] | None = None
        if self.is_up:
            self.open_mail()
        environment = {
            **os.environ,
            "DATABASE_URL": self.database,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.port}",
            "FAULTS": json.dumps(QUICK | self.wishes),
            "LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "tests.faults.foreman", str(self.workers)]
        self.output = (self.folder / "crew.log").open("w")
        self.foreman = subprocess.Popen(
            command, cwd=BASE_DIR, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.output,
        )  # fmt: skip
        assert self.foreman.stdout is not None
        if self.foreman.stdout.readline().strip() != "ready":
            raise AssertionError(f"The crew did not start:\n{self.crew_log()}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.foreman.stdin is not None
        self.foreman.stdin.close()
        try:
            self.foreman.wait(20)
        except subprocess.TimeoutExpired:
            self.foreman.kill()
            self.foreman.wait()
        self.output.close()
        self.close_mail()

    # --- the play ---------------------------------------------------------------------------------------------
    def open_mail(self) -> None:
        self.sink = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.sink", str(self.port), str(self.log), str(self.seconds)],
            cwd=BASE_DIR, text=True,
        )  # fmt: skip
        import socket

        def answers() -> bool:
            with socket.socket() as line:
                return line.connect_ex(("127.0.0.1", self.port)) == 0

        assert wait_until(answers, seconds=15), "the mail server did not start"

    def close_mail(self) -> None:
        if self.sink is not None:
            self.sink.kill()
            self.sink.wait()
            self.sink = None

    def kill_one(self) -> None:
        """SIGKILL, at whatever it is just doing; another one takes its place."""
        assert self.foreman.stdin is not None
        assert self.foreman.stdout is not None
        self.foreman.stdin.write("kill\n")
        self.foreman.stdin.flush()
        assert self.foreman.stdout.readline().strip().isdigit(), self.crew_log()
        self.deaths += 1

    def crew_log(self) -> str:
        return (self.folder / "crew.log").read_text()[-4000:]

    # --- what can be seen -------------------------------------------------------------------------------------
    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database, autocommit=True) as connection:
            return connection.execute(sql, values).fetchall()

    def do(self, sql: str, *values: Any) -> int:
        with psycopg.connect(self.database, autocommit=True) as connection:
            return connection.execute(sql, values).rowcount

    def letters(self) -> list[Letter]:
        # The last line may be half written just now.
        lines = (line.split() for line in self.log.read_text().rpartition("\n")[0].splitlines())
        return [Letter(float(at), address, message_id) for at, address, message_id in lines]

    def has_letters(self, count: int, *, seconds: float = PATIENCE) -> bool:
        return wait_until(lambda: len(self.letters()) >= count, seconds=seconds, every=0.02)

    def is_settled(self, *, seconds: float = PATIENCE) -> bool:
        """Whether everything that is due has found its end in time."""

        def is_idle() -> bool:
            try:
                return self.ask(UNSETTLED) == [(0,)]
            except psycopg.OperationalError:
                return False

        return wait_until(is_idle, seconds=seconds, every=0.1)

    def states(self) -> Counter[str]:
        return Counter(dict(self.ask("SELECT state, count(*) FROM notices_notice GROUP BY state")))

    # --- what must hold ---------------------------------------------------------------------------------------
    def broken(self) -> dict[str, Any]:
        """The invariants that do not hold, each with what was found; empty is good."""
        letters = self.letters()
        by_notice: dict[str, set[str]] = {}
        for letter in letters:
            by_notice.setdefault(letter.message_id.split("-")[1], set()).add(letter.message_id)
        arrived = {int(pk) for pk in by_notice if pk.isdigit()}
        told = self.ask(
            """SELECT notice.id, notice.state, notice.kind = 'notices.digest',
                      (SELECT digest_id FROM notices_delivery WHERE notice_id = notice.id AND channel = 'email'),
                      (SELECT count(*) FROM notices_delivery WHERE notice_id = notice.id AND channel = 'in_app')
               FROM notices_notice AS notice WHERE state IN ('sent', 'uncertain')"""
        )
        doubtful = [
            pk for pk, state, _is_digest, digest, _shown in told if state == "uncertain" and not digest
        ]
        found = {
            "under another Message-ID": [pk for pk, ids in by_notice.items() if len(ids) > 1],
            "twice": [one for one, count in Counter(letter.message_id for letter in letters).items() if count > 1],
            "called sent and not arrived": [
                pk for pk, state, _is_digest, digest, _shown in told
                if state == "sent" and (digest or pk) not in arrived
            ],
            "more doubts than deaths": doubtful if len(doubtful) > self.deaths else [],
            "not once in the list": [
                pk for pk, _state, is_digest, _digest, shown in told if shown != (0 if is_digest else 1)
            ],
            "not settled": self.ask(UNSETTLED) if self.ask(UNSETTLED) != [(0,)] else [],
        }  # fmt: skip
        return {what: rows for what, rows in found.items() if rows}
