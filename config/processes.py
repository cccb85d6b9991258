"""Starting, watching and stopping processes without ever leaving one behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotStart(Exception):
    """Something outside the program stands in the way; the text is for people and says what to do."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this instant; the caller retries if another was quicker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(done: Callable[[], bool], *, seconds: float, every: float = 0.03) -> bool:
    """Ask `done` until it says yes (True) or the time is over (False)."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


@contextmanager
def held_back_signals() -> Iterator[None]:
    """Let a Ctrl-C or TERM take effect only after the block.

    Between the birth of a process and the note of who must stop it lies an instant in which an exception would
    orphan it. Signals are remembered here, not blocked, because a blocked mask is inherited by the child.
    """
    seen: list[int] = []
    number: int
    before = {number: signal.signal(number, lambda got, _frame: seen.append(got)) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            # None: a handler that was not installed from Python; it cannot be put back from here.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
    for number in seen[:1]:
        signal.raise_signal(number)


def birth(pid: int) -> str | None:
    """When a process started, which tells it from a later one of the same number; None if it is gone."""
    if not Path("/proc/self/stat").exists():  # not Linux: the number alone must do
        with suppress(ProcessLookupError):
            os.kill(pid, 0)
            return "alive"
        return None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def is_being_interrupted(pid: int) -> bool:
    """Whether a process is inside its own handler of SIGINT, the signal being blocked just then.

    GNU make hands a TERM on to its recipe, but a SIGINT sent to make alone it only takes as its cue to wait for
    the recipe's end, which would never come. A process also blocks its signals for an instant while it starts
    another one, so only a block that lasts counts.
    """
    for _look in range(4):
        if not _blocks_interrupts(pid):
            return False
        time.sleep(0.1)
    return True


def _blocks_interrupts(pid: int) -> bool:
    try:
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        blocked = int(status["SigBlk"], 16)
    except (OSError, KeyError, ValueError):
        return False
    return bool(blocked >> (signal.SIGINT - 1) & 1)


def stop_group(process: subprocess.Popen[bytes], how: signal.Signals, *, seconds: float) -> None:
    """Ask the leader of a session to stop, wait, and end whatever is left of its group."""
    if process.poll() is None:
        process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def tail(path: Path, lines: int = 12) -> str:
    """The end of a log, for a message about what went wrong."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
