"""The live room's commands. One clock row is the truth; each command names the version it was pressed on."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings.errors import Conflict, NotAllowed
from meetings.models import AgendaItem, ItemRun, LiveEvent, Meeting, Part, RoomClock, Snapshot
from meetings.services import carry, log, obligations, readiness, snapshot
from notices import services as notices
from people.models import User

EXTENSION_MINUTES = 5


class Press(NamedTuple):
    """One press of a button: by whom, when, on which version of the clock, and its own id against double sending."""

    by: User
    now: datetime
    version: int
    key: UUID | None = None


# --- starting and ending ------------------------------------------------------------------------------
@transaction.atomic
def start(*, meeting: Meeting, by: User, now: datetime, reason: str = "") -> RoomClock:
    """Begin the meeting: status, actual start, a running clock on the first item, and frozen figures and pre-reads.

    Raises NotAllowed for a meeting that is not scheduled, has begun already, or has nothing on its agenda, NotReady
    when points are open that nobody has given a reason for; `reason` is then the one that the minutes print.
    """
    first = AgendaItem.objects.filter(meeting=meeting).in_order().first()
    if first is None:
        raise NotAllowed(_("The agenda is empty. Add an item before you start."))
    # The update is the lock: of two who press at once one finds it begun. A refusal below takes it back.
    if not Meeting.objects.filter(pk=meeting.pk, status=Meeting.Status.SCHEDULED).update(
        status=Meeting.Status.IN_PROGRESS, started_at=now
    ):
        raise NotAllowed(_why_not_startable(meeting))
    readiness.settle_for_start(meeting=meeting, by=by, now=now, reason=reason)
    meeting.refresh_from_db(fields=["status", "started_at"])
    clock = RoomClock(meeting=meeting, is_running=True, anchor_at=now)
    _enter(clock, first, _first_part(first), now)
    clock.save(force_insert=True)
    log.write(meeting=meeting, verb="start", data=_data(clock), by=by, now=now)
    clock.events = 1
    for preread in meeting.prereads.all():
        notices.withdraw(subject=preread)
    snapshot.freeze(meeting=meeting, cause=Snapshot.Cause.START, by=by, now=now)
    history.record(actor=by, verb="meetings.started", target=meeting)
    return clock


def _why_not_startable(meeting: Meeting) -> str:
    status = Meeting.objects.values_list("status", flat=True).get(pk=meeting.pk)
    sentences: dict[str, str] = {
        Meeting.Status.DRAFT: _("This meeting is still a draft. Schedule it first."),
        Meeting.Status.CANCELLED: _("This meeting was cancelled and cannot be started."),
        Meeting.Status.ENDED: _("This meeting has already ended."),
    }
    return sentences.get(status, _("This meeting has already begun."))


@transaction.atomic
def end(*, meeting: Meeting, press: Press) -> None:
    """Close the room: stops the clock, keeps the actual end, and starts the clocks of what must follow.

    Raises NotAllowed for a meeting that has not begun or has ended, Conflict for a stale version.
    """
    clock = _lock(meeting, press)
    if clock is None:
        return
    _bank(clock, press.now)
    clock.is_running, clock.anchor_at = False, None
    # The clock row is locked and every command checks the status under it, so nobody ends it twice.
    ended_at = max(press.now, meeting.started_at or press.now)
    Meeting.objects.filter(pk=meeting.pk, status=Meeting.Status.IN_PROGRESS).update(
        status=Meeting.Status.ENDED, ended_at=ended_at
    )
    meeting.refresh_from_db(fields=["status", "ended_at"])
    _write(clock, "end", press)
    obligations.ensure(meeting=meeting, now=press.now)
    # What was left open stands on the next agenda at once.
    carry.after(meeting=meeting, now=press.now)
    history.record(actor=press.by, verb="meetings.ended", target=meeting)


# --- steering -----------------------------------------------------------------------------------------
@transaction.atomic
def command(*, meeting: Meeting, verb: str, press: Press) -> RoomClock:
    """Carry out one of COMMANDS; returns the clock after it.

    A press that arrives twice (same key) counts once. Raises Conflict when the room has moved on since
    `press.version` (`theirs` is the clock as it stands), NotAllowed when the step makes no sense now.
    """
    clock = _lock(meeting, press)
    if clock is None:
        return RoomClock.objects.select_related("item").get(meeting=meeting)
    COMMANDS[verb](clock, press.now)
    _write(clock, verb, press)
    return clock


def _lock(meeting: Meeting, press: Press) -> RoomClock | None:
    """The clock, locked for this transaction; None when this very press was carried out before."""
    clock = RoomClock.objects.select_for_update().filter(meeting=meeting).first()
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
    return clock


def _write(clock: RoomClock, verb: str, press: Press) -> None:
    clock.version += 1
    log.write(
        meeting=clock.meeting,
        verb=verb,
        data=_data(clock),
        by=press.by,
        now=press.now,
        key=press.key,
        clock=clock,
    )
    clock.save()


def _data(clock: RoomClock) -> dict[str, object]:
    """The state after the event, enough to rebuild the room from its log alone."""
    return {
        "item": clock.item_id,
        "part": clock.part,
        "is_running": clock.is_running,
        "elapsed_ms": clock.elapsed_ms,
    }


# --- what the commands do to the clock ------------------------------------------------------------------
def _pause(clock: RoomClock, now: datetime) -> None:
    if not clock.is_running:
        raise NotAllowed(_("The clock is already paused."))
    _bank(clock, now)
    clock.is_running, clock.anchor_at = False, None


def _resume(clock: RoomClock, now: datetime) -> None:
    if clock.is_running:
        raise NotAllowed(_("The clock is already running."))
    clock.is_running, clock.anchor_at = True, now


def _next(clock: RoomClock, now: datetime) -> None:
    items = _items(clock)
    place = _place(clock, items) + 1
    if place >= len(items):
        raise NotAllowed(_("This is the last item. End the meeting when it is done."))
    _move(clock, items[place], _first_part(items[place]), now)


def _back(clock: RoomClock, now: datetime) -> None:
    """One part back: from a discussion to its report, from a report to the item before."""
    items = _items(clock)
    place = _place(clock, items)
    if clock.part == Part.DISCUSSION and items[place].report_minutes:
        _move(clock, items[place], Part.REPORT, now)
        return
    if place <= 0:
        raise NotAllowed(_("This is the first item."))
    _move(clock, items[place - 1], _last_part(items[place - 1]), now)


def _discuss(clock: RoomClock, now: datetime) -> None:
    if clock.part == Part.DISCUSSION or clock.item is None:
        raise NotAllowed(_("The discussion has already begun."))
    _move(clock, clock.item, Part.DISCUSSION, now)


def _extend(clock: RoomClock, now: datetime) -> None:
    run = _run(clock, now)
    run.added_minutes += EXTENSION_MINUTES
    run.save(update_fields=["added_minutes"])


COMMANDS: dict[str, Callable[[RoomClock, datetime], None]] = {
    "pause": _pause,
    "resume": _resume,
    "next": _next,
    "back": _back,
    "discuss": _discuss,
    "extend": _extend,
}


def _items(clock: RoomClock) -> list[AgendaItem]:
    return list(AgendaItem.objects.filter(meeting=clock.meeting_id).in_order())


def _place(clock: RoomClock, items: list[AgendaItem]) -> int:
    """Where the clock stands in the agenda; before the first when its item is gone."""
    return next((place for place, item in enumerate(items) if item.pk == clock.item_id), -1)


def _first_part(item: AgendaItem) -> Part:
    return Part.REPORT if item.report_minutes or not item.discussion_minutes else Part.DISCUSSION


def _last_part(item: AgendaItem) -> Part:
    return Part.DISCUSSION if item.discussion_minutes else Part.REPORT


def _move(clock: RoomClock, item: AgendaItem, part: Part, now: datetime) -> None:
    _bank(clock, now)
    _enter(clock, item, part, now)


def _bank(clock: RoomClock, now: datetime) -> None:
    """Put the time that has run into the item's account and begin the next stretch at `now`."""
    elapsed_ms = round(clock.elapsed_at(now).total_seconds() * 1000)
    if clock.item is not None:
        run = _run(clock, now)
        run.elapsed_ms, run.last_at = elapsed_ms, now
        run.save(update_fields=["elapsed_ms", "last_at"])
    clock.elapsed_ms = elapsed_ms
    if clock.is_running:
        clock.anchor_at = now


def _enter(clock: RoomClock, item: AgendaItem, part: Part, now: datetime) -> None:
    clock.item, clock.part = item, part
    clock.elapsed_ms = _run(clock, now).elapsed_ms


def _run(clock: RoomClock, now: datetime) -> ItemRun:
    return ItemRun.objects.get_or_create(
        meeting_id=clock.meeting_id,
        item=clock.item,
        part=clock.part,
        defaults={"first_at": now, "last_at": now},
    )[0]
