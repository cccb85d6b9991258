"""A live room in the hand of one command: its clock locked, its agenda in memory, and a list of what was touched.

Every command of the clock and the agenda goes through here: `lock` checks that it was pressed on the present version,
the methods of `Hold` change rows, `write` raises the version and logs the clock with all rows that were touched.
"""

from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from meetings.errors import Conflict, NotAllowed
from meetings.models import AgendaItem, ItemRun, LiveEvent, Meeting, ParkedItem, Part, RoomClock, RoomItem
from meetings.queries import room as queries
from meetings.services import log
from people.models import User

Row = TypeVar("Row", bound=Model)


class Press(NamedTuple):
    """One press of a button: by whom, when, on which version of the clock, and its own id against double sending."""

    by: User
    now: datetime
    version: int
    key: UUID | None = None


class Hold:
    """The room while one command has it. `room` is its arithmetic over the very rows that the methods change."""

    def __init__(self, clock: RoomClock, by: User, now: datetime, key: UUID | None = None) -> None:
        self.clock, self.by, self.now, self.key = clock, by, now, key
        self.meeting = clock.meeting
        self.room = queries.room(self.meeting, clock=clock)
        self.touched: dict[str, dict[int, Model]] = {}
        self.removed: dict[str, list[int]] = {}

    @property
    def item(self) -> AgendaItem:
        """The item on the clock."""
        if self.room.item is None:
            raise NotAllowed(_("The agenda is empty. Add an item before you start."))
        return self.room.item

    # --- time -----------------------------------------------------------------------------------------
    def bank(self) -> None:
        """Put the time that has run into the part's account and begin the next stretch now."""
        clock = self.clock
        elapsed_ms = round(clock.elapsed_at(self.now).total_seconds() * 1000)
        if clock.item is not None:
            run = self.run(clock.item, clock.part)
            run.elapsed_ms, run.last_at = elapsed_ms, self.now
            run.save(update_fields=["elapsed_ms", "last_at"])
        clock.elapsed_ms = elapsed_ms
        if clock.is_running:
            clock.anchor_at = self.now

    def stop(self) -> None:
        self.bank()
        self.clock.is_running, self.clock.anchor_at = False, None

    def enter(self, item: AgendaItem, part: str) -> None:
        """Put a part of an item on the clock, with the time that it took on earlier visits."""
        self.clock.item, self.clock.part = item, part
        self.clock.elapsed_ms = self.run(item, part).elapsed_ms
        self.mark(item, RoomItem.State.OPEN)

    def move(self, item: AgendaItem, part: str) -> None:
        self.bank()
        self.enter(item, part)

    def run(self, item: AgendaItem, part: str) -> ItemRun:
        """The account of a part, opened at the first visit; whoever asks for it changes it."""
        found = self.room.runs.get((item.pk, part))
        if found is None:
            found = ItemRun.objects.create(
                meeting=self.meeting, item_id=item.pk, part=part, first_at=self.now, last_at=self.now
            )
            self.room.runs[item.pk, part] = found
        return self.touch("run", found)

    # --- the agenda -----------------------------------------------------------------------------------
    def lay_out(self) -> None:
        """Give every item a row of its own, as it stands now."""
        if len(self.room.places) == len(self.room.items):
            return
        for position, item in enumerate(self.room.items, start=1):
            place = self.room.places.get(item.pk) or RoomItem(
                item_id=item.pk,
                meeting=self.meeting,
                report_minutes=item.report_minutes,
                discussion_minutes=item.discussion_minutes,
            )
            place.position = position
            place.save()
            self.room.places[item.pk] = self.touch("item", place)

    def mark(self, item: AgendaItem, state: str) -> None:
        """Set the state of an item in the room. A parked one that is opened again leaves the parking lot."""
        before = self.room.state_of(item)
        if before == state:
            return
        self.lay_out()
        place = self.touch("item", self.room.places[item.pk])
        place.state = state
        place.save(update_fields=["state"])
        if state == RoomItem.State.PARKED:
            self._park(item)
        elif before == RoomItem.State.PARKED:
            self._unpark(item)

    def put(self, item: AgendaItem, *, report: int, discussion: int) -> None:
        """Give an item other minutes for what is left of the meeting."""
        if (self.room.minutes(item, Part.REPORT), self.room.minutes(item, Part.DISCUSSION)) == (
            report,
            discussion,
        ):
            return
        self.lay_out()
        place = self.touch("item", self.room.places[item.pk])
        place.report_minutes, place.discussion_minutes = report, discussion
        place.save(update_fields=["report_minutes", "discussion_minutes"])

    def order(self, items: list[AgendaItem]) -> None:
        """Put all items of the room in this order."""
        if items == self.room.items:
            return
        self.lay_out()
        for position, item in enumerate(items, start=1):
            place = self.room.places[item.pk]
            if place.position != position:
                place.position = position
                place.save(update_fields=["position"])
                self.touch("item", place)
        self.room.items = items

    def _park(self, item: AgendaItem) -> None:
        parked = ParkedItem.objects.create(
            meeting=self.meeting, item_id=item.pk, text=item.title, parked_by=self.by, parked_at=self.now
        )
        self.touch("parked", parked)

    def _unpark(self, item: AgendaItem) -> None:
        """Whole items are parked under their title, in whichever language."""
        rows = ParkedItem.objects.filter(
            meeting=self.meeting,
            item_id=item.pk,
            source_note=None,
            taken_up_by=None,
            text__in=[item.title_en, item.title_zh],
        )
        self.removed.setdefault("parked", []).extend(rows.values_list("pk", flat=True))
        rows.delete()

    # --- the log --------------------------------------------------------------------------------------
    def touch(self, noun: str, row: Row) -> Row:
        self.touched.setdefault(noun, {})[row.pk] = row
        return row

    def write(self, verb: str, **more: Any) -> None:
        """Raise the version, log the clock with every row that was touched, and save the clock. Call it last."""
        self.clock.version += 1
        data = {**clock_data(self.clock), **self.rows(), **more}
        log.write(
            meeting=self.meeting,
            verb=verb,
            data=data,
            by=self.by,
            now=self.now,
            key=self.key,
            clock=self.clock,
        )
        self.clock.save()

    def rows(self) -> dict[str, Any]:
        """What the event says of the tables: {"rows": {noun: [row]}, "removed": {noun: [id]}}."""
        return {
            "rows": {noun: [log.row(row) for row in rows.values()] for noun, rows in self.touched.items()},
            "removed": self.removed,
        }


def clock_data(clock: RoomClock) -> dict[str, object]:
    """The clock after an event, enough to rebuild it from the log alone."""
    return {
        "item": clock.item_id,
        "part": clock.part,
        "is_running": clock.is_running,
        "elapsed_ms": clock.elapsed_ms,
        "anchor_at": clock.anchor_at,
    }


def meeting_data(meeting: Meeting) -> dict[str, object]:
    """What an event that begins or ends the meeting says of it."""
    return {
        "status": meeting.status,
        "started_at": meeting.started_at,
        "ended_at": meeting.ended_at,
        "planned_minutes": meeting.planned_minutes,
    }


def lock(meeting: Meeting, press: Press) -> Hold | None:
    """The room, locked for this transaction; None when this very press was carried out before.

    Raises Conflict when the room has moved on since `press.version` (`theirs` is the clock as it stands), NotAllowed
    for a meeting that is not running.
    """
    clock = (
        RoomClock.objects.select_for_update(of=["self"])
        .select_related("item")
        .filter(meeting=meeting)
        .first()
    )
    status = Meeting.objects.values_list("status", flat=True).get(pk=meeting.pk)
    if press.key and LiveEvent.objects.filter(meeting=meeting, key=press.key).exists():
        return None
    if status == Meeting.Status.ENDED:
        raise NotAllowed(_("This meeting has already ended."))
    if clock is None or status != Meeting.Status.IN_PROGRESS:
        raise NotAllowed(_("This meeting has not begun yet."))
    if clock.version != press.version:
        raise Conflict(
            _("Someone else has just changed the clock. This is how it stands now."),
            theirs=clock,
            yours=press.version,
        )
    clock.meeting = meeting
    return Hold(clock, press.by, press.now, press.key)
