"""Listens to the bell, reads each room that rang once, and tells everybody who watches it."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Protocol

import redis.asyncio as redis
from redis.exceptions import RedisError

from meetings.bell import CHANNELS
from meetings.queries.live import Mark
from meetings.stream.feed import Feed, Listener, packet

logger = logging.getLogger(__name__)

BEAT_SECONDS = 5
# How often the watched rooms are looked at: often while the bell is silent, now and then in any case, because a bell
# that somebody failed to ring makes no sound.
LOOK_SECONDS = 2
LOOK_ANYWAY_SECONDS = 10
# Between two readings of a room in which things happen one after the other.
REST_SECONDS = 0.05
BELL_RETRY_SECONDS = 1


class Reader(Protocol):
    """Where rooms are read; the database, by threads of its own."""

    async def message(self, meeting_id: int, after: int | None) -> dict[str, Any]: ...
    async def news(self, meeting_id: int, after: int, until: int) -> list[tuple[int, str]] | None: ...
    async def marks(self, meeting_ids: Iterable[int]) -> dict[int, Mark]: ...


class Hub:
    """All rooms that this process has streams of."""

    def __init__(self, reader: Reader, bell_url: str) -> None:
        self.reader = reader
        self.bell_url = bell_url
        self.feeds: dict[int, Feed] = {}
        self.hears_bell = False
        self._look_now = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        for work in (self._listen, self._look, self._beat):
            self._spawn(work)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _spawn(self, work: Callable[..., Any], *arguments: Any) -> None:
        task = asyncio.create_task(work(*arguments))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- streams --------------------------------------------------------------------------------------
    async def join(self, meeting_id: int, listener: Listener, after: int | None) -> None:
        """Tell a new stream where the room stands and what it has missed since event `after`, and then all news.

        Raises what the reader raises; nobody has joined then.
        """
        feed = self.feeds.setdefault(meeting_id, Feed())
        feed.listeners.add(listener)
        try:
            if feed.state is None:
                async with feed.lock:
                    if feed.state is None:
                        feed.take(await self.reader.message(meeting_id, None))
            listener.put(await self._greeting(meeting_id, feed, after))
        except BaseException:
            self.leave(meeting_id, listener)
            raise

    async def _greeting(self, meeting_id: int, feed: Feed, after: int | None) -> bytes:
        state = feed.state
        assert state is not None
        news = None if after is None else feed.told_since(after)
        if news is None and after is not None:
            news = await self.reader.news(meeting_id, after, state["events"])
        return packet("state", {**state, "news": news})

    def leave(self, meeting_id: int, listener: Listener) -> None:
        if feed := self.feeds.get(meeting_id):
            feed.listeners.discard(listener)
            if not feed.listeners:
                del self.feeds[meeting_id]

    @property
    def streams(self) -> int:
        return sum(len(feed.listeners) for feed in self.feeds.values())

    # --- what makes it look -------------------------------------------------------------------------------
    async def _listen(self) -> None:
        """Hear the bell for as long as the process lives; while it is away, look more often."""
        while True:
            try:
                await self._hear()
            except (RedisError, OSError) as error:
                if self.hears_bell:
                    logger.warning("The room's bell cannot be heard: %s", type(error).__name__)
            self.hears_bell = False
            self._look_now.set()
            await asyncio.sleep(BELL_RETRY_SECONDS)

    async def _hear(self) -> None:
        client = redis.Redis.from_url(self.bell_url, socket_connect_timeout=2, health_check_interval=15)
        async with client, client.pubsub() as bell:
            await bell.psubscribe(f"{CHANNELS}*")
            self.hears_bell = True
            self._look_now.set()  # what rang before we listened
            while True:
                heard = await bell.get_message(ignore_subscribe_messages=True, timeout=LOOK_ANYWAY_SECONDS)
                if heard:
                    self._ring(heard["channel"])

    def _ring(self, channel: bytes) -> None:
        number = channel.decode().removeprefix(CHANNELS)
        if number.isdecimal() and int(number) in self.feeds:
            self._spawn(self._refresh, int(number))

    async def _look(self) -> None:
        """Compare the watched rooms with the database, one query for all of them."""
        while True:
            wait = LOOK_ANYWAY_SECONDS if self.hears_bell else LOOK_SECONDS
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look_now.wait(), wait)
            self._look_now.clear()
            try:
                await self._compare()
            except Exception:
                logger.exception("The rooms could not be looked at; the next look comes soon.")
                await asyncio.sleep(LOOK_SECONDS)

    async def _compare(self) -> None:
        if not self.feeds:
            return
        for meeting_id, mark in (await self.reader.marks(self.feeds)).items():
            feed = self.feeds.get(meeting_id)
            if feed and feed.mark != mark:
                self._spawn(self._refresh, meeting_id)

    async def _beat(self) -> None:
        """Let every stream be heard, so that a screen knows a silent one for a broken one."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            message = packet("beat", {})
            for feed in self.feeds.values():
                for listener in feed.listeners:
                    listener.put(message)

    # --- reading ------------------------------------------------------------------------------------------
    async def _refresh(self, meeting_id: int) -> None:
        """Read a room and tell what is new. Rings during a reading make one more reading, not one each."""
        feed = self.feeds.get(meeting_id)
        if feed is None or feed.is_due:
            return
        feed.is_due = True
        async with feed.lock:
            feed.is_due = False
            known = feed.mark
            try:
                message = await self.reader.message(meeting_id, known.events if known else None)
            except Exception:
                logger.exception("Room %s could not be read; the next look tries again.", meeting_id)
                return
            news = message.get("news")
            if feed.take(message):
                feed.tell(news)
            await asyncio.sleep(REST_SECONDS)
