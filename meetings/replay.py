"""Rebuilding a live room from its log alone, and finding a log that somebody changed.

Every event says what the tables hold after it: the clock, and under "row" (of the verb's noun) or "rows" ({noun:
[row]}) each record that was touched, with all of its columns. So the room at any event is the newest row of each noun
and id up to there, less what "removed" ({noun: [id]}) or a verb that ends in ".removed" took away. The state of the
tables is found again from the first event to the last; `differences` says where it is not.

Events are chained by digests (`services.log.digest`), so a line that was changed, taken out or put in is found by
`broken`. The trigger of the table forbids changes. It cannot forbid deletion, because lines go with their meeting;
a single line that is missing leaves a gap in the numbers, and one that is missing at the end stands in the clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import DateTimeField, Model
from django.utils.dateparse import parse_datetime

from meetings.models import (
    AgendaItem,
    Attendance,
    Decision,
    FloorRequest,
    HandOver,
    Issue,
    IssueVote,
    ItemRun,
    LiveEvent,
    Meeting,
    Note,
    OpeningPriority,
    ParkedItem,
    Replan,
    RoomClock,
    RoomItem,
    SpeakingTurn,
)
from meetings.queries.room import Room
from meetings.services import log

CLOCK = "clock"
# What a room consists of beside its clock: noun of the log → table, and how a row finds its meeting.
NOUNS: dict[str, tuple[Any, str]] = {
    "attendance": (Attendance, "meeting"),
    "decision": (Decision, "meeting"),
    "floor": (FloorRequest, "meeting"),
    "issue": (Issue, "meeting"),
    "item": (RoomItem, "meeting"),
    "note": (Note, "meeting"),
    "parked": (ParkedItem, "meeting"),
    "priority": (OpeningPriority, "meeting"),
    "replan": (Replan, "meeting"),
    "role": (HandOver, "meeting"),
    "run": (ItemRun, "meeting"),
    "turn": (SpeakingTurn, "meeting"),
    "vote": (IssueVote, "issue__meeting"),
}
# Columns that other meetings write later: they are no part of what happened in this room.
OUTSIDE = {
    "parked": {"taken_up_by_id", "review_on"},
    "decision": {"superseded_by_id"},
}
CLOCK_COLUMNS = ("item", "part", "is_running", "elapsed_ms", "anchor_at")
Rows = dict[str, dict[str, dict[str, Any]]]
Row = TypeVar("Row", bound=Model)


@dataclass
class Rebuilt:
    """A room after some of its events: numbers, the clock, what is said of the meeting, and rows by noun and id."""

    number: int = 0
    version: int = 0
    at: datetime | None = None
    clock: dict[str, Any] = field(default_factory=dict)
    meeting: dict[str, Any] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)

    def count(self, noun: str) -> int:
        return len(self.rows.get(noun, {}))


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the tables say something else than the log; `logged` or `stored` is None where it is missing."""

    noun: str
    key: str
    columns: tuple[str, ...]
    logged: dict[str, Any] | None
    stored: dict[str, Any] | None


# --- rebuilding -----------------------------------------------------------------------------------------
def rebuild(events: Iterable[LiveEvent]) -> Rebuilt:
    """The room after these events, which begin with its first and have no gap."""
    found = Rebuilt()
    for event in events:
        _follow(found, event)
    return found


def _follow(found: Rebuilt, event: LiveEvent) -> None:
    found.number, found.version, found.at = event.number, event.version, event.at
    data, noun = event.data, noun_of(event.verb)
    if "elapsed_ms" in data:
        found.clock = {name: data.get(name) for name in CLOCK_COLUMNS}
        if "anchor_at" not in data:  # Logged before events said so: a running stretch began with the event.
            found.clock["anchor_at"] = event.at.isoformat() if data["is_running"] else None
    found.meeting.update(data.get("meeting", {}))
    gone = {name: list(keys) for name, keys in data.get("removed", {}).items()}
    if event.verb.endswith(".removed"):
        gone.setdefault(noun, []).append(_key(noun, data.get("row", {})))
    else:
        for name, rows in _rows(noun, data).items():
            found.rows.setdefault(name, {}).update({_key(name, row): row for row in rows})
    for name, keys in gone.items():
        for key in keys:
            found.rows.get(name, {}).pop(str(key), None)


def noun_of(verb: str) -> str:
    """What an event is about: "issue" of "issue.raised"; commands of the clock are bare."""
    noun, dot, _happened = verb.partition(".")
    return noun if dot else CLOCK


def _rows(noun: str, data: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {name: list(rows) for name, rows in data.get("rows", {}).items()}
    if "row" in data:
        rows.setdefault(noun, []).append(data["row"])
    return rows


def _key(noun: str, row: dict[str, Any]) -> str:
    model = NOUNS[noun][0] if noun in NOUNS else None
    return str(row.get(model._meta.pk.attname if model else "id"))


def events_of(
    meeting: Meeting, *, until: datetime | None = None, number: int | None = None
) -> list[LiveEvent]:
    """The log of a meeting in order, up to an instant or a number."""
    events = LiveEvent.objects.filter(meeting=meeting).select_related("by").order_by("number")
    if until is not None:
        events = events.filter(at__lte=until)
    if number is not None:
        events = events.filter(number__lte=number)
    return list(events)


def room(meeting: Meeting, found: Rebuilt, items: list[AgendaItem]) -> Room:
    """A rebuilt room with the arithmetic of the live page. `items` are the agenda in its planned order."""
    said = {**found.meeting}
    copy = Meeting(
        pk=meeting.pk,
        title=meeting.title,
        starts_at=meeting.starts_at,
        time_zone=meeting.time_zone,
        planned_minutes=said.get("planned_minutes", meeting.planned_minutes),
        status=said.get("status", Meeting.Status.IN_PROGRESS),
        started_at=_moment(said.get("started_at")) or meeting.started_at,
        ended_at=_moment(said.get("ended_at")),
    )
    clock = None
    if found.clock:
        clock = RoomClock(
            meeting=copy,
            item_id=found.clock["item"],
            part=found.clock["part"],
            is_running=found.clock["is_running"],
            elapsed_ms=found.clock["elapsed_ms"],
            anchor_at=_moment(found.clock["anchor_at"]),
            version=found.version,
            events=found.number,
        )
    runs = [_instance(ItemRun, row) for row in found.rows.get("run", {}).values()]
    places = [_instance(RoomItem, row) for row in found.rows.get("item", {}).values()]
    return Room(copy, clock, items, runs, places)


def _instance(model: type[Row], row: dict[str, Any]) -> Row:
    known = {one.attname for one in model._meta.concrete_fields}
    return model(**{name: value for name, value in _with_moments(model, row).items() if name in known})


def _with_moments(model: type[Model], row: dict[str, Any]) -> dict[str, Any]:
    moments = {one.attname for one in model._meta.concrete_fields if isinstance(one, DateTimeField)}
    return {name: _moment(value) if name in moments else value for name, value in row.items()}


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


# --- against the tables ---------------------------------------------------------------------------------
def tables(meeting: Meeting) -> dict[str, list[dict[str, Any]]]:
    """What the tables hold of a room now, as events write it; nouns without rows are left out. One query per noun."""
    found = {}
    for noun, (model, path) in NOUNS.items():
        rows = [log.row(one) for one in model.objects.filter(**{path: meeting}).order_by("pk")]
        if rows:
            found[noun] = rows
    return found


def differences(meeting: Meeting, found: Rebuilt) -> list[Difference]:
    """Where the tables differ from what the whole log says; empty when the room was rebuilt identically.

    Columns that later versions added are not compared with events from before them.
    """
    result = [*_clock_differences(meeting, found)]
    stored = tables(meeting)
    for noun in NOUNS:
        logged = found.rows.get(noun, {})
        there = {_key(noun, row): row for row in stored.get(noun, [])}
        for key in sorted({*logged, *there}, key=lambda one: (len(one), one)):
            columns = _unlike(NOUNS[noun][0], logged.get(key), there.get(key), OUTSIDE.get(noun, set()))
            if columns:
                result.append(Difference(noun, key, columns, logged.get(key), there.get(key)))
    return result


def _unlike(
    model: type[Model], logged: dict[str, Any] | None, stored: dict[str, Any] | None, outside: set[str]
) -> tuple[str, ...]:
    """Columns that both name and that differ; "*" when one of the rows is not there."""
    if logged is None or stored is None:
        return ("*",)
    # An instant is the same however it was written down.
    logged, stored = _with_moments(model, logged), _with_moments(model, stored)
    both = logged.keys() & stored.keys() - outside
    return tuple(sorted(name for name in both if logged[name] != stored[name]))


def _clock_differences(meeting: Meeting, found: Rebuilt) -> list[Difference]:
    clock = RoomClock.objects.filter(meeting=meeting).first()
    if clock is None or not found.clock:
        return (
            []
            if clock is None and not found.clock
            else [Difference(CLOCK, str(meeting.pk), ("*",), None, None)]
        )
    plain = log.row(clock)
    stored = {
        "item": plain["item_id"],
        **{name: plain[name] for name in CLOCK_COLUMNS[1:]},
        "version": clock.version,
        "events": clock.events,
    }
    logged = {**found.clock, "version": found.version, "events": found.number}
    # An instant is the same however it was written down.
    stored["anchor_at"], logged["anchor_at"] = clock.anchor_at, _moment(logged["anchor_at"])
    columns = tuple(sorted(name for name in stored if stored[name] != logged[name]))
    return [Difference(CLOCK, str(meeting.pk), columns, logged, stored)] if columns else []


def broken(meeting: Meeting, events: list[LiveEvent]) -> list[int]:
    """Numbers of events that are missing, or whose digest does not fit their content or the event before them.

    Events from before there were digests are taken as they are; after the first digest none may be without.
    """
    result, before, chained = [], "", False
    for event in events:
        if event.digest or chained:
            chained = True
            if event.digest != log.digest(event, before):
                result.append(event.number)
        before = event.digest
    there = {event.number for event in events}
    last = RoomClock.objects.filter(meeting=meeting).values_list("events", flat=True).first() or 0
    missing = set(range(1, max([last, *there], default=0) + 1)) - there
    return sorted({*result, *missing})
