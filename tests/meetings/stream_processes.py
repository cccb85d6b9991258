"""The web server and the process of the streams, as real processes on the database of the test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from config.processes import free_port, stop_group, tail, wait_until
from tests.plugins.worker import BASE_DIR, database_url

START_SECONDS = 120
# Longer than anything takes on a slow machine, shorter than a patient person.
PATIENCE = 25


@dataclass
class Process:
    """One server of ours on a port of its own; `kill` and `start` again keep the port."""

    name: str
    arguments: list[str]
    log: Path
    port: int = field(default_factory=free_port)
    more: dict[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        bind = ["--bind", f"127.0.0.1:{self.port}", "--no-control-socket", "--graceful-timeout", "1"]
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "gunicorn",
                    *self.arguments,
                    "--config",
                    "python:config.gunicorn",
                    *bind,
                ],
                cwd=BASE_DIR,
                env={**os.environ, "DATABASE_URL": database_url(), **self.more},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        process = self.running
        wait_until(lambda: process.poll() is not None or self.answers(), seconds=START_SECONDS, every=0.1)
        if not self.answers():
            pytest.fail(f"{self.name} did not start:\n{tail(self.log, 40)}", pytrace=False)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as answer:
            return answer.code == 503  # the site's says so while no worker runs
        except OSError:
            return False

    def kill(self) -> None:
        """As a crash would: no goodbye."""
        assert self.running
        os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()

    def stop(self) -> None:
        if self.running:
            stop_group(self.running, signal.SIGTERM, seconds=10)


def events_process(tmp_path: Path, **more: str) -> Process:
    arguments = ["config.events:application", "--worker-class", "asgi", "--workers", "1"]
    return Process("events", arguments, tmp_path / "events.log", more=more)


def web_process(tmp_path: Path, **more: str) -> Process:
    return Process(
        "web", ["config.wsgi", "--workers", "1", "--threads", "8"], tmp_path / "web.log", more=more
    )


@dataclass
class Told:
    """One server-sent event."""

    event: str
    data: dict[str, Any]


class Stream:
    """A screen without a browser: reads events one after the other."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines

    def next(self, event: str = "state") -> Told:
        """The next event of this name; the beats between are passed over."""
        name = ""
        for line in self.lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: ") and name == event:
                return Told(name, json.loads(line.removeprefix("data: ")))
        pytest.fail(f"The stream ended before a “{event}” came.", pytrace=False)

    def until(self, events: int) -> Told:
        """The first state that knows so many events."""
        while True:
            told = self.next()
            if told.data["events"] >= events:
                return told


@contextmanager
def watching(url: str, session: str = "", **headers: str) -> Iterator[Stream]:
    """An open stream; a test that waits on it longer than PATIENCE fails."""
    cookies = {"sessionid": session} if session else {}
    with (
        httpx.Client(timeout=PATIENCE, cookies=cookies) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        assert answer.status_code == 200, answer.status_code
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield Stream(answer.iter_lines())
