"""Who else knows of something that keeps a meeting from ending: apps to the right of meetings say so from `ready()`."""

from collections.abc import Callable, Iterable

from meetings.models import Meeting
from meetings.queries.blockers import Blocker as Point

__all__ = ["Point", "Source", "found", "register"]

# A meeting that is being held → its open points; what belongs to a confidential item without its words, because the
# minutes may print them. Reads what it needs in a fixed number of queries.
Source = Callable[[Meeting], Iterable[Point]]
_SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Ask this function, too, each time a meeting is about to end."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def found(meeting: Meeting) -> list[Point]:
    """What the registered sources say of this meeting."""
    return [point for source in _SOURCES for point in source(meeting)]
