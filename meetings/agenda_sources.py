"""Who builds parts of a planned agenda: apps to the right of meetings say so here, from `ready()`."""

from collections.abc import Callable
from datetime import datetime

from meetings.models import Meeting

# Gets a planned meeting and the time; changes the agenda by `meetings.services.agenda_items`, or leaves it alone.
Source = Callable[[Meeting, datetime], object]
_SOURCES: list[Source] = []


def register(source: Source) -> None:
    if source not in _SOURCES:
        _SOURCES.append(source)


def build(*, meeting: Meeting, now: datetime) -> None:
    """Let everybody build; called when a meeting is sent to its people."""
    for source in _SOURCES:
        source(meeting, now)
