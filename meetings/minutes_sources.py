"""Whose promises stand in a meeting's minutes: apps to the right of meetings say so here, from `ready()`."""

from collections.abc import Callable
from typing import Any

from meetings.models import Meeting

# The promises of a meeting, everybody's, in order: dicts with "items" (ids of the agenda items by which access to it
# is decided; none: of no item), "place" (the item it stands under, or None), "title", "owner" and "acceptor" (names),
# "owner_id", "department" (id or None), "department_en", "department_zh", "due_at" (ISO instant or ""), "time_zone",
# "is_all_day", "criteria" (texts), "is_published".
Source = Callable[[Meeting], list[dict[str, Any]]]
_SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Ask this function, too, when minutes are put together; a constant number of queries."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def promises(meeting: Meeting) -> list[dict[str, Any]]:
    return [promise for source in _SOURCES for promise in source(meeting)]
