"""Where a live room stands: one small state that every browser counts on from, and the rows beside it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from meetings.models import AgendaItem, ItemRun, Meeting, Part, RoomClock
from meetings.queries import confidential

if TYPE_CHECKING:
    from people.models import User

MINUTE = timedelta(minutes=1)
# Share of a part's time that is used → how it is shown, in percent; the highest reached counts.
LEVELS = ((120, "far"), (100, "over"), (70, "soon"))


@dataclass(frozen=True, slots=True)
class Line:
    """One agenda item in the room: planned against taken, over both parts."""

    item: AgendaItem
    planned: timedelta
    taken: timedelta
    is_current: bool
    was_visited: bool

    @property
    def over(self) -> timedelta:
        return max(self.taken - self.planned, timedelta())


class Room:
    """The clock with its agenda and the time taken so far; all arithmetic of the live page.

    Planned times count added minutes. Nothing here reads the time: `now` is passed in.
    """

    def __init__(
        self, meeting: Meeting, clock: RoomClock | None, items: list[AgendaItem], runs: list[ItemRun]
    ):
        self.meeting = meeting
        self.clock = clock
        self.items = items
        self.runs = {(run.item_id, run.part): run for run in runs}

    # --- the current part -----------------------------------------------------------------------------
    @property
    def item(self) -> AgendaItem | None:
        if self.clock is None:
            return self.items[0] if self.items else None
        return next((item for item in self.items if item.pk == self.clock.item_id), None)

    def budget(self, item: AgendaItem, part: str) -> timedelta:
        """Planned minutes of a part and what the host has added."""
        planned = item.report_minutes if part == Part.REPORT else item.discussion_minutes
        run = self.runs.get((item.pk, part))
        return (planned + (run.added_minutes if run else 0)) * MINUTE

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
        return self._left(self.item, Part.DISCUSSION)

    def ahead(self) -> timedelta:
        """Planned time of the items after the current one, less what was already spent on them."""
        current = self.item
        place = self.items.index(current) if current else -1
        return sum((self._left(item, part) for item in self.items[place + 1 :] for part in Part), timedelta())

    def _left(self, item: AgendaItem, part: str) -> timedelta:
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
        current = self.item if self.clock else None
        return [
            Line(
                item=item,
                planned=self.budget(item, Part.REPORT) + self.budget(item, Part.DISCUSSION),
                taken=self._taken(item, now),
                is_current=item == current,
                was_visited=any((item.pk, part) in self.runs for part in Part),
            )
            for item in self.items
        ]

    def _taken(self, item: AgendaItem, now: datetime) -> timedelta:
        taken = timedelta()
        for part in Part:
            run = self.runs.get((item.pk, part))
            if self.clock and (item.pk, part) == (self.clock.item_id, self.clock.part):
                taken += self.elapsed(now)
            elif run:
                taken += timedelta(milliseconds=run.elapsed_ms)
        return taken

    def state(self) -> dict[str, Any]:
        """What browsers count on from; milliseconds, instants as milliseconds since 1970. The same until `version`
        changes, whenever it is asked for."""
        clock, item = self.clock, self.item
        return {
            "version": clock.version if clock else 0,
            "status": self.meeting.status,
            "running": bool(clock and clock.is_running),
            "item": item.pk if clock and item else None,
            "part": clock.part if clock else Part.REPORT.value,
            "anchor": _ms_of(clock.anchor_at) if clock and clock.anchor_at else None,
            "elapsed": clock.elapsed_ms if clock else 0,
            "budget": _ms(self.budget(item, clock.part)) if clock and item else 0,
            "rest": _ms(self.rest_of_item()),
            "ahead": _ms(self.ahead()),
            "planned_end": _ms_of(self.planned_end),
            "lines": {
                str(line.item.pk): {
                    "planned": _ms(line.planned),
                    # Without the part that is running now, which the browser adds.
                    "taken": _ms(line.taken) - (clock.elapsed_ms if clock and line.is_current else 0),
                    "visited": line.was_visited,
                }
                for line in self.lines(clock.anchor_at or self.planned_end if clock else self.planned_end)
            },
        }


def room(meeting: Meeting, user: "User | None" = None) -> Room:
    """Read a room as this person may see it: three queries, four with a confidential item.

    Without a person only its arithmetic may leave the server (`Room.state` names no item).
    """
    clock = RoomClock.objects.filter(meeting=meeting).first()
    items = list(
        AgendaItem.objects.filter(meeting=meeting).select_related("department", "presenter_user").in_order()
    )
    if user is not None:
        items = confidential.masked(items, user)
    runs = list(ItemRun.objects.filter(meeting=meeting)) if clock else []
    return Room(meeting, clock, items, runs)


def version(meeting: Meeting) -> int:
    """The version of a room's state; 0 before it begins."""
    found = RoomClock.objects.filter(meeting=meeting).values_list("version", flat=True).first()
    return found or 0


def _ms(length: timedelta) -> int:
    return round(length.total_seconds() * 1000)


def _ms_of(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
