"""A past or running meeting at any moment, rebuilt from its log for a reader."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from meetings import replay
from meetings.models import AgendaItem, LiveEvent, Meeting
from meetings.queries import confidential
from meetings.queries.room import Room
from people.models import User

# Who gave these is nobody's business, only that they were given.
NAMELESS = ("rating", "vote")
# What happened, in words; other verbs go by their noun.
VERBS: dict[str, Any] = {
    "start": _("The meeting began"),
    "pause": _("The clock was paused"),
    "resume": _("The clock went on"),
    "next": _("On to the next item"),
    "back": _("Back one part"),
    "discuss": _("From the report to the discussion"),
    "extend": _("Five minutes more"),
    "park": _("The item was parked"),
    "jump": _("To an item out of turn"),
    "end": _("The meeting ended"),
    "replan.taken": _("The rest of the agenda was re-planned"),
    "replan.undone": _("A re-plan was undone"),
    "priority.set": _("The executive's priority was written down"),
    "attendance.arrived": _("Came"),
    "attendance.left": _("Left"),
    "turn.started": _("A department began to speak"),
    "turn.ended": _("A department had spoken"),
    "floor.asked": _("Somebody asked for the floor"),
    "action.answered": _("It was said how an action stands"),
    "issue.raised": _("An issue went into the pool"),
}
NOUNS: dict[str, Any] = {
    "attendance": _("Attendance was corrected"),
    "rollcall": _("Attendance was taken"),
    "turn": _("Speaking time was measured"),
    "floor": _("The queue for the floor moved"),
    "role": _("A role changed hands"),
    "issue": _("An issue was worked on"),
    "vote": _("A vote in the issue pool"),
    "note": _("A note was written"),
    "parked": _("A matter was parked"),
    "decision": _("A decision was recorded"),
    "action": _("An action was recorded"),
    "rating": _("The meeting was rated"),
    "minutes": _("The minutes were changed, circulated or approved"),
    "item": _("The agenda in the room changed"),
}
BEFORE, AFTER = 40, 15


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a line for people: no words of what was written, nobody's name where it is secret."""

    number: int
    at: datetime
    words: Any
    item: AgendaItem | None
    by: User | None


@dataclass(frozen=True, slots=True)
class Moment:
    """The room at one instant, with the events around it. `seconds` count from the start to `at`, of `length`."""

    room: Room
    found: replay.Rebuilt
    at: datetime
    seconds: int
    length: int
    entries: list[Entry]
    earlier: int | None
    later: int | None
    events: list[LiveEvent]


def moment(
    meeting: Meeting, user: User, now: datetime, *, number: int = 0, seconds: int | None = None
) -> Moment | None:
    """The room after an event, or so many seconds after its start; at its end (or now) without either.

    None for a meeting without a log. Items are masked for the reader.
    """
    events = replay.events_of(meeting)
    if not events:
        return None
    begun = events[0].at
    ended = meeting.ended_at or now
    at = _instant(events, begun, ended, number, seconds)
    shown = [event for event in events if event.number <= number] if number else None
    if shown is None:
        shown = [event for event in events if event.at <= at]
    found = replay.rebuild(shown or events[:1])
    items = confidential.masked(AgendaItem.objects.filter(meeting=meeting).in_order(), user)
    return Moment(
        room=replay.room(meeting, found, items),
        found=found,
        at=at,
        seconds=max(int((at - begun).total_seconds()), 0),
        length=max(int((ended - begun).total_seconds()), 1),
        entries=_entries(events, found.number, {item.pk: item for item in items}),
        earlier=found.number - 1 if found.number > 1 else None,
        later=found.number + 1 if found.number < events[-1].number else None,
        events=events,
    )


def _instant(
    events: list[LiveEvent], begun: datetime, ended: datetime, number: int, seconds: int | None
) -> datetime:
    if number:
        return next((event.at for event in events if event.number == number), events[-1].at)
    if seconds is None:
        return max(ended, events[-1].at)
    # To the end of that second, so that an event in it has happened.
    return begun + timedelta(seconds=seconds, microseconds=999_999)


def _entries(events: list[LiveEvent], number: int, items: dict[int, AgendaItem]) -> list[Entry]:
    near = [event for event in events if number - BEFORE < event.number <= number + AFTER]
    people = User.objects.in_bulk({_whose(event) for event in near} - {None})
    return [_entry(event, items, people) for event in near]


def _whose(event: LiveEvent) -> int | None:
    """Whom the event is about, where that is not who noted it."""
    return event.data.get("row", {}).get("user_id") if event.verb.startswith("attendance.") else None


def _entry(event: LiveEvent, items: dict[int, AgendaItem], people: dict[int, User]) -> Entry:
    noun = replay.noun_of(event.verb)
    of_item = event.data.get("item") or event.data.get("row", {}).get("item_id")
    return Entry(
        number=event.number,
        at=event.at,
        words=VERBS.get(event.verb) or NOUNS.get(noun) or event.verb,
        item=items.get(of_item) if isinstance(of_item, int) else None,
        by=None if noun in NAMELESS else people.get(_whose(event) or 0, event.by),
    )
