"""What a screen of a live room has to hear: where the room stands, and which events it has not been told yet."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import QuerySet

from meetings.models import LiveEvent, Meeting
from meetings.queries import room as rooms

# Whoever missed more than so many events looks at everything anew instead.
NEWS_LIMIT = 200


class Mark(NamedTuple):
    """What tells two states of a room apart, in one row."""

    status: str
    version: int
    events: int

    @property
    def etag(self) -> str:
        return f'"{self.status}-{self.events}"'


def mark(meetings: QuerySet[Meeting], pk: int) -> Mark | None:
    """Where one of these meetings stands; None when it is not among them. One query."""
    return marks(meetings, [pk]).get(pk)


def marks(meetings: QuerySet[Meeting], pks: Iterable[int]) -> dict[int, Mark]:
    """The same for many at once, still one query."""
    rows = meetings.filter(pk__in=list(pks)).values_list("pk", "status", "clock__version", "clock__events")
    return {pk: Mark(status, version or 0, events or 0) for pk, status, version, events in rows}


def news(meeting_id: int, *, after: int, until: int) -> list[tuple[int, str]] | None:
    """(number, verb) of the events after one and until another, oldest first; None when they are too many to tell.

    Verbs say of what kind an event was, never which item or whose words, so that everybody in the room may hear them.
    """
    if until - after > NEWS_LIMIT:
        return None
    found = LiveEvent.objects.filter(meeting=meeting_id, number__gt=after, number__lte=until)
    return list(found.order_by("number").values_list("number", "verb")) if until > after else []


def message(meeting: Meeting, *, after: int | None) -> dict[str, Any]:
    """The state of a room (`Room.state`) and, when it is said what is known, the `news` since then."""
    state = rooms.room(meeting).state()
    if after is not None:
        state["news"] = news(meeting.pk, after=after, until=state["events"])
    return state
