"""Who comes and goes: stretches of presence, noted by the people themselves or by whoever keeps the record."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings.errors import NotAllowed
from meetings.models import Attendance, Meeting, Participant
from meetings.services import log, running
from people.models import User

# People sit down before the clock runs; an arrival may be noted as this much earlier than the beginning.
EARLY = timedelta(minutes=30)


@transaction.atomic
def arrive(
    *, meeting: Meeting, user: User, by: User, now: datetime, at: datetime | None = None
) -> Attendance:
    """Somebody is here, since `at` (now); who is here already stays as they are.

    Raises NotAllowed when the meeting is not being held, or for a time that cannot be.
    """
    running.hold(meeting)
    return _arrive(meeting, user, by, now, at)


@transaction.atomic
def arrive_all(*, meeting: Meeting, users: Iterable[User], by: User, now: datetime) -> int:
    """Call the roll the short way: all of these are here. Returns how many were not noted before."""
    running.hold(meeting)
    here = set(Attendance.objects.present().filter(meeting=meeting).values_list("user", flat=True))
    missing = [user for user in users if user.pk not in here]
    for user in missing:
        _arrive(meeting, user, by, now, None)
    return len(missing)


def _arrive(meeting: Meeting, user: User, by: User, now: datetime, at: datetime | None) -> Attendance:
    rows = Attendance.objects.filter(meeting=meeting, user=user).order_by("arrived_at", "pk")
    last = rows.last()
    if last is not None and last.left_at is None:
        return last
    since = _moment(meeting, at, now)
    if last is not None and last.left_at and since < last.left_at:
        raise NotAllowed(
            _("%(name)s was already here at that time. Give a time after they had left.")
            % {"name": user.name}
        )
    row = Attendance.objects.create(meeting=meeting, user=user, arrived_at=since, noted_by=by)
    log.write(meeting=meeting, verb="attendance.arrived", data={"row": log.row(row)}, by=by, now=now)
    return row


@transaction.atomic
def leave(
    *, meeting: Meeting, user: User, by: User, now: datetime, at: datetime | None = None
) -> Attendance | None:
    """Somebody has left, at `at` (now); None when they were not here. Raises NotAllowed as `arrive` does."""
    running.hold(meeting)
    row = Attendance.objects.present().filter(meeting=meeting, user=user).first()
    if row is None:
        return None
    until = _moment(meeting, at, now)
    if until < row.arrived_at:
        raise NotAllowed(_("Nobody leaves before they came."))
    row.left_at = until
    row.save(update_fields=["left_at"])
    log.write(meeting=meeting, verb="attendance.left", data={"row": log.row(row)}, by=by, now=now)
    return row


@transaction.atomic
def remove(*, row: Attendance, by: User, now: datetime) -> None:
    """Take back a stretch that was noted by mistake."""
    running.hold(row.meeting)
    data = {"row": log.row(row)}
    if Attendance.objects.filter(pk=row.pk).delete()[0]:
        log.write(meeting=row.meeting, verb="attendance.removed", data=data, by=by, now=now)


@transaction.atomic
def take(*, meeting: Meeting, by: User, now: datetime) -> None:
    """The list is right as it stands: who is not on it is absent. Raises NotAllowed for an empty list."""
    running.hold(meeting)
    if not Attendance.objects.filter(meeting=meeting).exists():
        raise NotAllowed(_("Nobody is noted as present yet."))
    Meeting.objects.filter(pk=meeting.pk).update(attendance_taken_at=now)
    meeting.attendance_taken_at = now
    log.write(
        meeting=meeting, verb="rollcall.taken", data={"row": {"id": meeting.pk, "at": now}}, by=by, now=now
    )
    history.record(actor=by, verb="meetings.attendance_taken", target=meeting)


def close(*, meeting: Meeting, by: User, now: datetime) -> None:
    """The meeting ends: whoever is still here leaves with it. Called by the service that ends it, under its lock."""
    for row in Attendance.objects.present().filter(meeting=meeting).order_by("pk"):
        row.left_at = max(now, row.arrived_at)
        row.save(update_fields=["left_at"])
        log.write(meeting=meeting, verb="attendance.left", data={"row": log.row(row)}, by=by, now=now)


def _moment(meeting: Meeting, at: datetime | None, now: datetime) -> datetime:
    if at is None:
        return now
    began = meeting.started_at or meeting.starts_at
    if not began - EARLY <= at <= now:
        raise NotAllowed(_("Give a time between the beginning of the meeting and now."))
    return at


def expected(meeting: Meeting) -> list[User]:
    """Whom the roll is called for: everybody invited who has not declined, optional guests left out."""
    rows = (
        Participant.objects.filter(meeting=meeting)
        .exclude(role=Participant.Role.OPTIONAL)
        .exclude(reply=Participant.Reply.DECLINED)
    )
    return [row.user for row in rows.in_order()]
