"""`make run`: the whole site on one machine, for as long as this process lives.

    servers → web beside migrate → events, worker, beat, on the first start the demo company → /healthz → watch

The rule behind every line: however this ends (Ctrl-C once or twice, TERM, the terminal closed, a child dying, a
failed start), no process stays behind. So the signal handlers stand before the first child, every child leads a
session of its own (a Ctrl-C reaches us alone and we stop them in order), and what was started is on an ExitStack.
"""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from config.commandline import read_dotenv
from config.gunicorn import GATE
from config.localservices import BASE_DIR, VARIABLES, Home, State
from config.processes import (
    STOP_SIGNALS,
    CannotStart,
    held_back_signals,
    is_being_interrupted,
    stop_group,
    tail,
)

READY_SECONDS = 120
# How long the address may wait for the demo company; it goes on loading behind the open site.
DEMO_SECONDS = 2

BANNER = """
  Fupan 复盘   {site}

  The site is running; open the address above.      站点已启动，请在浏览器中打开上面的地址。
  Ctrl-C stops all of it.                           按 Ctrl-C 停止全部服务。

  Logins (password fupan-demo)                      演示账号（密码均为 fupan-demo）
    boss@demo.example        executive              管理层
    host@demo.example        host of the reviews    会议主持人
    data@demo.example        data owner             数据负责人
    sales@demo.example       head of sales          销售部负责人
    admin@demo.example       administrator          系统管理员
    and marketing@ supply@ finance@ tech@ service@

  Logs and mails: {home}
"""


class Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Site:
    """The processes of one running site. Everything started is stopped when `stack` closes."""

    def __init__(self, home: Home, port: int, stack: ExitStack) -> None:
        self.home, self.port, self.stack = home, port, stack
        self.url = f"http://127.0.0.1:{port}"
        self.children: list[Child] = []
        self.state: State
        self.environment: dict[str, str]

    def start(self) -> None:
        """Bring everything up and say where it is. Raises CannotStart."""
        began = time.monotonic()
        listener = self._listen()
        self._start_servers()
        events = self._listen_for_events()
        if self.environment.get("DEBUG") != "1":
            self._manage("collectstatic", "--no-input", "--verbosity", "0")
        with self._start_web(listener):
            self._manage("migrate", "--verbosity", "0")
        self._start_events(events)
        self._start_worker_and_beat()
        demo = self._start_demo()
        self._wait(self._answers, seconds=READY_SECONDS)
        if demo:
            self._wait(lambda: demo.process.poll() is not None, seconds=DEMO_SECONDS, required=False)
        self.state.site = self.url
        self.home.write(self.state)
        say(BANNER.format(site=self.url, home=self.home.path))
        say(f"  Ready after {time.monotonic() - began:.1f} s.")
        if demo:
            self._finish_demo(demo)

    def watch(self) -> NoReturn:
        """Wait until something ends: a child, the make above us, or, by its signal, the person's patience."""
        parent = os.getppid()
        while True:
            self._check_children()
            if os.getppid() != parent or is_being_interrupted(parent):
                raise Stopped
            time.sleep(0.5)

    def _listen(self) -> socket.socket:
        """Take the port before anything else is started; the web server is handed the open socket later."""
        listener = self.stack.enter_context(socket.socket())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", self.port))
            listener.listen(128)
        except PermissionError:
            raise CannotStart(f"Port {self.port} is reserved for root. Try: PORT=8000 make run") from None
        except OSError:
            raise CannotStart(
                f"Port {self.port} is already taken by another program. Try: PORT={self.port + 1} make run\n"
                f"       端口 {self.port} 已被其他程序占用，可改用：PORT={self.port + 1} make run"
            ) from None
        return listener

    def _listen_for_events(self) -> socket.socket:
        """A port for the rooms' streams: EVENTS_PORT, else that of the last time, so that open pages find it again,
        else a free one."""
        kept = self.home.path / "events-port"
        wanted = os.environ.get("EVENTS_PORT", "")
        listener = self.stack.enter_context(socket.socket())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            last = wanted or (kept.read_text() if kept.exists() else "0")
            listener.bind(("127.0.0.1", int(last)))
        except (OSError, ValueError, OverflowError):
            if wanted:
                raise CannotStart(
                    f"Port {wanted} (EVENTS_PORT) cannot be taken; leave it out for a free one."
                ) from None
            listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        port = str(listener.getsockname()[1])
        kept.write_text(port)
        self.environment["EVENTS_PORT"] = port
        return listener

    def _start_servers(self) -> None:
        wanted = tuple(name for name in VARIABLES if name not in os.environ)
        is_told = False
        while True:
            if (other := self.home.owner()) and other.purpose == "run":
                raise CannotStart(
                    f"This checkout is already running{f' at {other.site}' if other.site else ''} "
                    f"(process {other.owner}). Stop it there with Ctrl-C, or here with: kill {other.owner}\n"
                    "       本目录下的站点已在运行。"
                )
            try:
                self.state = self.stack.enter_context(self.home.services(purpose="run", wanted=wanted))
                break
            except BlockingIOError:
                if not is_told:
                    say("A command is using the local database; waiting for its end…")
                is_told = True
                time.sleep(0.2)
        self.environment = {**os.environ, **self.home.environment(), **self.state.environment}
        self.environment.setdefault("SITE_URL", self.url)
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.stack.callback(self._stop_children)

    @contextmanager
    def _start_web(self, listener: socket.socket) -> Iterator[None]:
        """Let the web server load its code during the block and answer from its end on (config/gunicorn.py)."""
        waiting, gate = os.pipe()
        self.environment[GATE] = str(waiting)
        web = [
            "gunicorn",
            "config.wsgi",
            "--config",
            "python:config.gunicorn",
            "--bind",
            f"fd://{listener.fileno()}",
        ]
        web += ["--workers", "1", "--threads", "8", "--graceful-timeout", "3", "--no-control-socket"]
        self._spawn("web", ["-m", *web, "--access-logfile", "-"], keep=(listener.fileno(), waiting))
        del self.environment[GATE]
        os.close(waiting)
        try:
            yield
        finally:
            os.close(gate)

    def _start_events(self, listener: socket.socket) -> None:
        """The streams of the live rooms; without them the rooms ask every two seconds."""
        events = ["gunicorn", "config.events:application", "--config", "python:config.gunicorn"]
        events += ["--bind", f"fd://{listener.fileno()}", "--worker-class", "asgi", "--workers", "1"]
        events += ["--graceful-timeout", "1", "--no-control-socket"]
        self._spawn("events", ["-m", *events], keep=(listener.fileno(),))

    def _start_worker_and_beat(self) -> None:
        worker = ["celery", "-A", "config", "worker", "--loglevel", "INFO", "--concurrency", "2"]
        worker += ["--without-gossip", "--without-mingle"]
        beat = ["celery", "-A", "config", "beat", "--loglevel", "INFO", "--pidfile", ""]
        beat += ["--schedule", str(self.home.path / "beat-schedule")]
        self._spawn("worker", ["-m", *worker])
        self._spawn("beat", ["-m", *beat])

    def _spawn(self, name: str, arguments: list[str], keep: tuple[int, ...] = ()) -> Child:
        """Start a Python program of ours in its own session, with its output in a log of its name."""
        log = self.home.log(name)
        with held_back_signals(), log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=keep,
                start_new_session=True,
            )
            child = Child(name, process, log)
            self.children.append(child)
            self.home.note(self.state, process.pid)
        return child

    def _manage(self, *arguments: str) -> None:
        """Run a management command to its end. Raises CannotStart with its last words when it fails."""
        child = self._spawn(arguments[0], ["manage.py", *arguments])
        while child.process.poll() is None:
            time.sleep(0.02)
        self._forget(child)
        if child.process.returncode:
            raise CannotStart(
                f"“manage.py {arguments[0]}” failed. The end of {child.log}:\n{tail(child.log)}"
            )

    def _forget(self, child: Child) -> None:
        """A command that has ended needs no stopping."""
        self.children.remove(child)
        self.state.processes.pop(str(child.process.pid), None)
        self.home.write(self.state)

    @property
    def _demo_marker(self) -> Path:
        """One per database, so that pointing DATABASE_URL elsewhere loads the demo company there once."""
        where = os.environ.get("DATABASE_URL", "local")
        return self.home.path / f"demo-loaded-{hashlib.sha256(where.encode()).hexdigest()[:8]}"

    def _start_demo(self) -> Child | None:
        """On the first start of a site in debug mode, load the demo company beside the starting site."""
        is_wanted = os.environ.get("FUPAN_DEMO") != "0" and self.environment.get("DEBUG") == "1"
        if self._demo_marker.exists() or not is_wanted:
            return None
        say("First start: loading the demo company…  首次启动：正在载入演示公司……")
        return self._spawn("demo", ["manage.py", "demo"])

    def _finish_demo(self, demo: Child) -> None:
        if demo.process.poll() is None:
            say("  The demo company is still being loaded; the site fills up meanwhile.  演示数据仍在载入。")
            self._wait(lambda: demo.process.poll() is not None, seconds=900)
        self._forget(demo)
        if demo.process.returncode:
            say(f"The demo company could not be loaded. The end of {demo.log}:\n{tail(demo.log)}")
            return
        self._demo_marker.touch()
        say("  The demo company is loaded.  演示公司已载入。")

    def _answers(self) -> bool:
        """Whether the site is open. A 503 of /healthz counts: after a night switched off, reminders wait for the
        first beat, and nobody should wait with them."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as answer:
            return answer.code == 503
        except OSError:
            return False

    def _wait(self, done: Callable[[], bool], *, seconds: float, required: bool = True) -> None:
        """Wait for `done` while watching the children. Raises CannotStart when it is `required` and does not come."""
        end = time.monotonic() + seconds
        while not done():
            self._check_children()
            if time.monotonic() > end:
                if required:
                    raise CannotStart(f"The site does not answer. Its logs: {self.home.path / 'logs'}")
                return
            time.sleep(0.1)

    def _check_children(self) -> None:
        for child in self.children:
            if child.name != "demo" and (code := child.process.poll()) is not None:
                raise CannotStart(
                    f"The {child.name} process ended by itself (code {code}), so everything is stopped. "
                    f"The end of {child.log}:\n{tail(child.log)}"
                )

    def _stop_children(self) -> None:
        """Ask all at once, then see each one off: together they take as long as the slowest."""
        with held_back_signals():
            for child in self.children:
                if child.process.poll() is None:
                    child.process.terminate()
            for child in reversed(self.children):
                stop_group(child.process, signal.SIGTERM, seconds=8)


def say(text: str) -> None:
    print(text, flush=True)


def stop_once(_number: int, _frame: object) -> NoReturn:
    """The first signal stops the site; later ones must not cut the stopping short."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def wanted_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise CannotStart(f"PORT is “{text}”; it must be a number from 1 to 65535.")
    return int(text)


def main() -> int:
    for number in STOP_SIGNALS:
        signal.signal(number, stop_once)
    try:
        with ExitStack() as stack:
            read_dotenv()
            site = Site(Home(), wanted_port(), stack)
            site.start()
            site.watch()
    except Stopped:
        say("\n  Stopped.  已停止。")
        return 0
    except CannotStart as reason:
        print(f"fupan: {reason}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
