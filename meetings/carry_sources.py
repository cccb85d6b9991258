"""Who else knows that an agenda item is not finished: apps to the right of meetings say so here, from `ready()`."""

from collections.abc import Callable, Collection
from datetime import date

from meetings.models.agenda import Carried

# Ids of agenda items and the day of the meeting they might come to → the unfinished ones, each with its reason.
Source = Callable[[Collection[int], date], dict[int, Carried]]
_SOURCES: list[Source] = []
# When several reasons hold, the earliest of these is the one to show.
RANK = (
    Carried.BLOCKED,
    Carried.OPEN_ACTION,
    Carried.OPEN_ISSUE,
    Carried.NOT_DISCUSSED,
    Carried.REVIEW_DUE,
    Carried.PARKED,
    Carried.RECURRING,
)


def register(source: Source) -> None:
    """Ask this function, too, each time items are carried over; it reads what it needs in one query."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def unfinished(items: Collection[int], day: date) -> dict[int, Carried]:
    """What the registered sources say of these items."""
    found: dict[int, Carried] = {}
    for source in _SOURCES:
        for item, reason in source(items, day).items():
            found[item] = min(found.get(item, reason), reason, key=RANK.index)
    return found
