"""What all streams of one room share: its newest state, ready to be sent, and the last things that happened."""

import asyncio
import json
import time
from collections import deque
from typing import Any

from meetings.queries.live import NEWS_LIMIT, Mark

# A screen that is so many messages behind is cut off; it comes back and hears the newest state alone.
BACKLOG = 50


class Listener:
    """One open stream: messages wait here until its connection takes them."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[bytes] = asyncio.Queue(BACKLOG)
        self.is_behind = False

    def put(self, message: bytes) -> None:
        try:
            self.messages.put_nowait(message)
        except asyncio.QueueFull:
            self.is_behind = True


class Feed:
    """One watched room. `state` is what `live.message` read last; `base` the event from which on news are kept."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.state: dict[str, Any] | None = None
        self.recent: deque[tuple[int, str]] = deque(maxlen=NEWS_LIMIT)
        self.base = 0
        # A room is read by one at a time; who rings meanwhile has it read once more.
        self.lock = asyncio.Lock()
        self.is_due = False

    @property
    def mark(self) -> Mark | None:
        if self.state is None:
            return None
        return Mark(self.state["status"], self.state["version"], self.state["events"])

    def take(self, message: dict[str, Any]) -> bool:
        """Take over what was read; whether it is anything new."""
        news = message.pop("news", None)
        before, self.state = self.mark, message
        if before is None or news is None:
            self.recent.clear()
            self.base = message["events"]
        else:
            self.recent.extend(news)
            if len(self.recent) == NEWS_LIMIT:
                self.base = self.recent[0][0] - 1
        return before != self.mark

    def told_since(self, after: int) -> list[tuple[int, str]] | None:
        """The events after one, as far as they are kept here; None when somebody knows less than that."""
        if after < self.base:
            return None
        return [(number, verb) for number, verb in self.recent if number > after]

    def tell(self, news: list[tuple[int, str]] | None) -> None:
        """Send the newest state with its news to everybody."""
        assert self.state is not None
        message = packet("state", {**self.state, "news": news})
        for listener in self.listeners:
            listener.put(message)


def packet(event: str, data: dict[str, Any]) -> bytes:
    """One server-sent event; the server's time (milliseconds since 1970) goes with each."""
    words = json.dumps({**data, "server": round(time.time() * 1000)}, separators=(",", ":"))
    return f"event: {event}\ndata: {words}\n\n".encode()
