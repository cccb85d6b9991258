"""Where a live room stands: one small state that every browser counts on from, and the rows beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from meetings import agenda
from meetings.models import AgendaItem, ItemRun, Meeting, Part, RoomClock, RoomItem
from meetings.queries import confidential

if TYPE_CHECKING:
    from people.models import User

MINUTE = timedelta(minutes=1)
# Share of a part's time that is used → how it is shown, in percent; the highest reached counts.
LEVELS = ((120, "far"), (100, "over"), (70, "soon"))


@dataclass(frozen=True, slots=True)
class PartLine:
    """One half of an item: when it was to be, when it is expected to be, and when it was.

    `planned_*` is the agenda as it was sent, `expected_*` counts from now (None where nothing is ahead), `actual_*`
    the first and the last moment on the clock. `budget` is the time it may take now, with re-plans and added minutes.
    """

    part: str
    planned_from: datetime
    planned_until: datetime
    budget: timedelta
    taken: timedelta
    expected_from: datetime | None
    expected_until: datetime | None
    actual_from: datetime | None
    actual_until: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One agenda item in the room: planned against taken, over both parts. `state` is one of RoomItem.State."""

    item: AgendaItem
    # The minutes that it was sent with, and those that it may take now.
    sent: timedelta
    planned: timedelta
    taken: timedelta
    left: timedelta
    state: str
    is_current: bool
    was_visited: bool
    parts: list[PartLine]

    @property
    def over(self) -> timedelta:
        return max(self.taken - self.planned, timedelta())

    @property
    def is_away(self) -> bool:
        """Parked or deferred: nothing of it is ahead any more."""
        return self.state in RoomItem.AWAY

    @property
    def expected_from(self) -> datetime | None:
        return next((part.expected_from for part in self.parts if part.expected_from), None)

    @property
    def actual_from(self) -> datetime | None:
        return min((part.actual_from for part in self.parts if part.actual_from), default=None)

    @property
    def actual_until(self) -> datetime | None:
        return max((part.actual_until for part in self.parts if part.actual_until), default=None)


class Room:
    """The clock with its agenda and the time taken so far; all arithmetic of the live page.

    `items` stand in the room's order, which re-plans change; `plan` keeps the order of the agenda that was sent.
    Planned times count added minutes. Nothing here reads the time: `now` is passed in.
    """

    def __init__(
        self,
        meeting: Meeting,
        clock: RoomClock | None,
        items: list[AgendaItem],
        runs: Iterable[ItemRun],
        places: Iterable[RoomItem] = (),
    ):
        self.meeting = meeting
        self.clock = clock
        self.plan = items
        self.places = {place.item_id: place for place in places}
        self.items = in_room_order(items, self.places)
        self.runs = {(run.item_id, run.part): run for run in runs}

    # --- the agenda as the room changed it ------------------------------------------------------------
    def state_of(self, item: AgendaItem) -> str:
        """One of RoomItem.State; without a row of its own an item is open."""
        place = self.places.get(item.pk)
        return place.state if place else RoomItem.State.OPEN

    def minutes(self, item: AgendaItem, part: str) -> int:
        """Minutes of a part as re-planned, before those that the host added by hand."""
        return minutes_of(self.places.get(item.pk) or item, part)

    # --- the current part -----------------------------------------------------------------------------
    @property
    def item(self) -> AgendaItem | None:
        if self.clock is None:
            return self.items[0] if self.items else None
        return next((item for item in self.items if item.pk == self.clock.item_id), None)

    def budget(self, item: AgendaItem, part: str) -> timedelta:
        """The minutes that a part has now, and what the host has added."""
        run = self.runs.get((item.pk, part))
        return (self.minutes(item, part) + (run.added_minutes if run else 0)) * MINUTE

    def elapsed(self, now: datetime) -> timedelta:
        return self.clock.elapsed_at(now) if self.clock else timedelta()

    def remaining(self, now: datetime) -> timedelta:
        """Of the current part; below zero when it runs over."""
        if self.clock is None or self.item is None:
            return timedelta()
        return self.budget(self.item, self.clock.part) - self.elapsed(now)

    def level(self, now: datetime) -> str:
        """ "", soon (70 % used), over (100 %), far (120 %)."""
        if self.clock is None or self.item is None:
            return ""
        budget = self.budget(self.item, self.clock.part)
        if not budget:
            return "over" if self.elapsed(now) > MINUTE else ""
        used = self.elapsed(now) / budget * 100
        return next((level for limit, level in LEVELS if used >= limit), "")

    # --- the whole meeting ----------------------------------------------------------------------------
    def rest_of_item(self) -> timedelta:
        """What the current item still has after the current part."""
        if self.clock is None or self.item is None or self.clock.part == Part.DISCUSSION:
            return timedelta()
        return self.left(self.item, Part.DISCUSSION)

    def items_ahead(self) -> list[AgendaItem]:
        """Open items after the current one; before the meeting all but the first."""
        current = self.item
        place = self.items.index(current) if current else -1
        return [item for item in self.items[place + 1 :] if self.state_of(item) == RoomItem.State.OPEN]

    @property
    def wrap_up(self) -> AgendaItem | None:
        """The item that closes the meeting and is protected: the last module of the type, which stays it when items
        were added behind it; in an agenda without modules of a type the last item."""
        of_type = [item for item in self.plan if item.template_module_id]
        return of_type[-1] if of_type else next(reversed(self.items), None)

    def next_item(self) -> AgendaItem | None:
        return next(iter(self.items_ahead()), None)

    def ahead(self) -> timedelta:
        """Time of the items ahead, less what was already spent on them."""
        return sum((self.left(item, part) for item in self.items_ahead() for part in Part), timedelta())

    def left(self, item: AgendaItem, part: str) -> timedelta:
        """What a part that is not on the clock may still take."""
        run = self.runs.get((item.pk, part))
        spent = timedelta(milliseconds=run.elapsed_ms) if run else timedelta()
        return max(self.budget(item, part) - spent, timedelta())

    @property
    def planned_end(self) -> datetime:
        """The planned length counted from the actual start."""
        return (self.meeting.started_at or self.meeting.starts_at) + self.meeting.planned_minutes * MINUTE

    def projected_end(self, now: datetime) -> datetime:
        """When it would end if everything still ahead took its planned time."""
        return now + max(self.remaining(now), timedelta()) + self.rest_of_item() + self.ahead()

    # --- for pages ------------------------------------------------------------------------------------
    def lines(self, now: datetime) -> list[Line]:
        """The agenda in the room's order: planned, expected and actual times per item and part."""
        planned = self._planned_parts()
        expected = self._expected_parts(now)
        ahead = {item.pk for item in self.items_ahead()}
        return [self._line(item, now, planned, expected, item.pk in ahead) for item in self.items]

    def _line(
        self,
        item: AgendaItem,
        now: datetime,
        planned: "Spans",
        expected: "Spans",
        is_ahead: bool,
    ) -> Line:
        is_current = self.clock is not None and item.pk == self.clock.item_id
        parts = [self._part_line(item, part, now, planned, expected) for part in Part]
        left = sum((self.left(item, part) for part in Part), timedelta()) if is_ahead else timedelta()
        return Line(
            item=item,
            sent=item.minutes * MINUTE,
            planned=sum((part.budget for part in parts), timedelta()),
            taken=sum((part.taken for part in parts), timedelta()),
            left=left,
            state=self.state_of(item),
            is_current=is_current,
            was_visited=any((item.pk, part) in self.runs for part in Part),
            parts=[part for part in parts if part.budget or part.taken],
        )

    def _part_line(
        self, item: AgendaItem, part: str, now: datetime, planned: "Spans", expected: "Spans"
    ) -> PartLine:
        run = self.runs.get((item.pk, part))
        is_now = self.clock is not None and (item.pk, part) == (self.clock.item_id, self.clock.part)
        is_on = is_now and self.meeting.status == Meeting.Status.IN_PROGRESS
        planned_from, planned_until = planned[item.pk, part]
        expected_from, expected_until = expected.get((item.pk, part), (None, None))
        return PartLine(
            part=part,
            planned_from=planned_from,
            planned_until=planned_until,
            budget=self.budget(item, part),
            taken=self.elapsed(now) if is_now else timedelta(milliseconds=run.elapsed_ms if run else 0),
            expected_from=expected_from,
            expected_until=expected_until,
            actual_from=run.first_at if run else None,
            actual_until=run.last_at if run and not is_on else None,
        )

    def _planned_parts(self) -> "Spans":
        """By the agenda that was sent, from the planned start."""
        found: Spans = {}
        timings = agenda.timings(agenda.slots(self.plan), self.meeting.starts_at)
        for item, timing in zip(self.plan, timings, strict=True):
            found[item.pk, Part.REPORT] = (timing.starts_at, timing.discussion_at)
            found[item.pk, Part.DISCUSSION] = (timing.discussion_at, timing.ends_at)
        return found

    def _expected_parts(self, now: datetime) -> "Spans":
        """What is still ahead, one after the other from now; the current part until it is used up."""
        found: Spans = {}
        at = now
        current = self.item if self.clock else None
        if self.clock and current is not None:
            until = at + max(self.remaining(now), timedelta())
            run = self.runs.get((current.pk, self.clock.part))
            found[current.pk, self.clock.part] = (run.first_at if run else at, until)
            at = until
            if self.clock.part == Part.REPORT:
                at = _lay(found, current, Part.DISCUSSION, at, self.rest_of_item())
        elif self.items:
            for part in Part:
                at = _lay(found, self.items[0], part, at, self.left(self.items[0], part))
        for item in self.items_ahead():
            for part in Part:
                at = _lay(found, item, part, at, self.left(item, part))
        return found

    def state(self) -> dict[str, Any]:
        """What browsers count on from; milliseconds, instants as milliseconds since 1970. The same until something
        happens (`events`), whenever it is asked for. It names no item and no person.

        `version` is that of the clock and the agenda, `order` the ids of the items as they stand in the room. A line
        without `left` has nothing ahead, so that an item begins after: what the current part has left, `rest`, and
        the `left` of the lines before it in `order`. `parts` are [budget, taken, first, last] per part.
        """
        clock, item = self.clock, self.item
        lines = self.lines(clock.anchor_at or self.planned_end if clock else self.planned_end)
        return {
            "version": clock.version if clock else 0,
            "events": clock.events if clock else 0,
            "status": self.meeting.status,
            "running": bool(clock and clock.is_running),
            "item": item.pk if clock and item else None,
            "part": clock.part if clock else Part.REPORT.value,
            "anchor": _ms_of(clock.anchor_at) if clock and clock.anchor_at else None,
            "elapsed": clock.elapsed_ms if clock else 0,
            "budget": _ms(self.budget(item, clock.part)) if clock and item else 0,
            "rest": _ms(self.rest_of_item()),
            "ahead": _ms(self.ahead()),
            "started": _ms_of(self.meeting.started_at) if self.meeting.started_at else None,
            "planned_end": _ms_of(self.planned_end),
            "order": [line.item.pk for line in lines],
            "lines": {str(line.item.pk): self._line_state(line) for line in lines},
        }

    def _line_state(self, line: Line) -> dict[str, Any]:
        return {
            "planned": _ms(line.planned),
            # Without the part that is on the clock now, which the browser adds.
            "taken": _ms(self._taken_before(line.item) if line.is_current else line.taken),
            "left": _ms(line.left),
            "visited": line.was_visited,
            "state": line.state,
            "parts": {str(part): self._part_state(line.item, part) for part in Part},
        }

    def _taken_before(self, item: AgendaItem) -> timedelta:
        """On all parts of the current item but the one that is on the clock."""
        assert self.clock is not None
        others = [
            self.runs[item.pk, part].elapsed_ms
            for part in Part
            if part != self.clock.part and (item.pk, part) in self.runs
        ]
        return timedelta(milliseconds=sum(others))

    def _part_state(self, item: AgendaItem, part: str) -> list[int | None]:
        run = self.runs.get((item.pk, part))
        return [
            _ms(self.budget(item, part)),
            run.elapsed_ms if run else 0,
            _ms_of(run.first_at) if run else None,
            _ms_of(run.last_at) if run else None,
        ]


Spans = dict[tuple[int, str], tuple[datetime, datetime]]


def _lay(found: Spans, item: AgendaItem, part: str, at: datetime, length: timedelta) -> datetime:
    if length:
        found[item.pk, part] = (at, at + length)
    return at + length


# --- reading it -----------------------------------------------------------------------------------------
def room(meeting: Meeting, user: "User | None" = None, *, clock: RoomClock | None = None) -> Room:
    """Read a room as this person may see it: four queries, five with a confidential item.

    Without a person only its arithmetic may leave the server (`Room.state` names no item). `clock` is the meeting's
    where the caller holds it already.
    """
    clock = clock or RoomClock.objects.filter(meeting=meeting).first()
    items = list(
        AgendaItem.objects.filter(meeting=meeting).select_related("department", "presenter_user").in_order()
    )
    if user is not None:
        items = confidential.masked(items, user)
    if clock is None:
        return Room(meeting, None, items, [])
    runs, places = ItemRun.objects.filter(meeting=meeting), RoomItem.objects.filter(meeting=meeting)
    return Room(meeting, clock, items, list(runs), list(places))


def room_for_all(meeting: Meeting) -> Room:
    """The room as everybody may know it: every confidential item masked."""
    found = room(meeting)
    items = confidential.masked_for_all(found.plan)
    return Room(meeting, found.clock, items, found.runs.values(), found.places.values())


def in_room_order(items: list[AgendaItem], places: dict[int, RoomItem]) -> list[AgendaItem]:
    """The items of an agenda as the room put them; one without a row stands where it was planned."""
    planned = {item.pk: place for place, item in enumerate(items, start=1)}
    where = {item.pk: places[item.pk].position if item.pk in places else planned[item.pk] for item in items}
    return sorted(items, key=lambda item: (where[item.pk], planned[item.pk]))


def minutes_of(row: AgendaItem | RoomItem, part: str) -> int:
    return row.report_minutes if part == Part.REPORT else row.discussion_minutes


def version(meeting: Meeting) -> int:
    """The version of a room's clock and agenda; 0 before it begins."""
    found = RoomClock.objects.filter(meeting=meeting).values_list("version", flat=True).first()
    return found or 0


def events(meeting: Meeting) -> int:
    """The number of the newest event of a room; 0 before it begins. The state is the same until it changes."""
    found = RoomClock.objects.filter(meeting=meeting).values_list("events", flat=True).first()
    return found or 0


def _ms(length: timedelta) -> int:
    return round(length.total_seconds() * 1000)


def _ms_of(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
