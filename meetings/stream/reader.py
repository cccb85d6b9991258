"""The database behind the streams: few threads with a connection each, because Django's queries block."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.db import close_old_connections

from meetings.models import Meeting
from meetings.queries import live
from meetings.queries.live import Mark

THREADS = 2
Result = TypeVar("Result")


class DatabaseReader:
    """Reads rooms in threads, so that the loop with the streams never waits for the database."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="rooms")

    async def run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """The result of a blocking function; a connection that broke is replaced by the next call."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(_with_connection, work, *arguments))

    async def message(self, meeting_id: int, after: int | None) -> dict[str, Any]:
        return await self.run(_message, meeting_id, after)

    async def news(self, meeting_id: int, after: int, until: int) -> list[tuple[int, str]] | None:
        return await self.run(partial(live.news, meeting_id, after=after, until=until))

    async def marks(self, meeting_ids: Iterable[int]) -> dict[int, Mark]:
        return await self.run(live.marks, Meeting.objects.all(), list(meeting_ids))


def _with_connection(work: Callable[..., Result], *arguments: Any) -> Result:
    close_old_connections()
    try:
        return work(*arguments)
    finally:
        close_old_connections()


def _message(meeting_id: int, after: int | None) -> dict[str, Any]:
    return live.message(Meeting.objects.get(pk=meeting_id), after=after)
