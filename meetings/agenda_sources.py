"""Who builds parts of a planned agenda: apps to the right of meetings say so here, from `ready()`."""

from datetime import datetime
from typing import Protocol

from meetings.models import Meeting


class Source(Protocol):
    """Changes the agenda of a planned meeting by `meetings.services.agenda_items`, or leaves it alone."""

    def __call__(self, *, meeting: Meeting, now: datetime) -> object: ...


_SOURCES: list[Source] = []


def register(source: Source) -> None:
    if source not in _SOURCES:
        _SOURCES.append(source)


def build(*, meeting: Meeting, now: datetime) -> None:
    """Let everybody build; called when a meeting is sent to its people."""
    for source in _SOURCES:
        source(meeting=meeting, now=now)
