"""The live room's commands. One clock row is the truth; each command names the version it was pressed on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings import replay
from meetings.errors import NotAllowed
from meetings.models import AgendaItem, Meeting, RoomClock, RoomItem, Snapshot
from meetings.services import carry, closing, log, obligations, readiness, snapshot
from meetings.services.clock import COMMANDS, first_part
from meetings.services.hold import Hold, Press, clock_data, lock, meeting_data
from notices import services as notices
from people.models import User

__all__ = ["COMMANDS", "Press", "command", "end", "start"]


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
    clock.save(force_insert=True)
    _open(Hold(clock, by, now), first)
    for preread in meeting.prereads.all():
        notices.withdraw(subject=preread)
    snapshot.freeze(meeting=meeting, cause=Snapshot.Cause.START, by=by, now=now)
    history.record(actor=by, verb="meetings.started", target=meeting)
    return clock


def _open(hold: Hold, first: AgendaItem) -> None:
    """Lay the agenda out as planned and log the room with everything that is in it from before."""
    hold.lay_out()
    hold.enter(first, first_part(hold, first))
    data = {
        **clock_data(hold.clock),
        "meeting": meeting_data(hold.meeting),
        "rows": replay.tables(hold.meeting),
    }
    log.write(meeting=hold.meeting, verb="start", data=data, by=hold.by, now=hold.now, clock=hold.clock)
    hold.clock.save()


def _why_not_startable(meeting: Meeting) -> str:
    status = Meeting.objects.values_list("status", flat=True).get(pk=meeting.pk)
    sentences: dict[str, str] = {
        Meeting.Status.DRAFT: _("This meeting is still a draft. Schedule it first."),
        Meeting.Status.CANCELLED: _("This meeting was cancelled and cannot be started."),
        Meeting.Status.ENDED: _("This meeting has already ended."),
    }
    return sentences.get(status, _("This meeting has already begun."))


@transaction.atomic
def end(*, meeting: Meeting, press: Press, reason: str = "") -> None:
    """Close the room: stops the clock, keeps the actual end, and starts the clocks of what must follow.

    Raises NotAllowed for a meeting that has not begun or has ended, Conflict for a stale version, NotReady while
    points are open that no executive has given a `reason` for.
    """
    hold = lock(meeting, press)
    if hold is None:
        return
    closing.settle_for_end(meeting=meeting, by=press.by, now=press.now, reason=reason)
    closing.empty_room(meeting=meeting, by=press.by, now=press.now)
    # Those steps have written into the log themselves.
    hold.clock.refresh_from_db(fields=["events"])
    hold.stop()
    if hold.room.item is not None:
        hold.mark(hold.room.item, RoomItem.State.DONE)
    # The clock row is locked and every command checks the status under it, so nobody ends it twice.
    ended_at = max(press.now, meeting.started_at or press.now)
    Meeting.objects.filter(pk=meeting.pk, status=Meeting.Status.IN_PROGRESS).update(
        status=Meeting.Status.ENDED, ended_at=ended_at
    )
    meeting.refresh_from_db(fields=["status", "ended_at"])
    hold.write("end", meeting=meeting_data(meeting))
    obligations.ensure(meeting=meeting, now=press.now)
    # What was left open stands on the next agenda at once.
    carry.after(meeting=meeting, now=press.now)
    history.record(actor=press.by, verb="meetings.ended", target=meeting)


@transaction.atomic
def command(*, meeting: Meeting, verb: str, press: Press, item: int | None = None) -> RoomClock:
    """Carry out one of COMMANDS; returns the clock after it. `item` is the one to "jump" to.

    A press that arrives twice (same key) counts once. Raises Conflict when the room has moved on since
    `press.version` (`theirs` is the clock as it stands), NotAllowed when the step makes no sense now.
    """
    hold = lock(meeting, press)
    if hold is None:
        return RoomClock.objects.select_related("item").get(meeting=meeting)
    COMMANDS[verb](hold, item)
    hold.write(verb)
    return hold.clock
