"""That somebody has read a revision, and asking those who have not."""

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings import receipt_notices
from meetings.errors import NotAllowed
from meetings.models import Meeting, PreRead, PreReadRevision, ReadReceipt
from meetings.queries import receipts as queries
from notices import services as notices
from notices.planning import Wanted
from people.models import User


def read(*, revision: PreReadRevision, by: User, now: datetime) -> bool:
    """Note that somebody has read it to its end; True the first time. Any number of times is once."""
    made = ReadReceipt.objects.bulk_create(
        [ReadReceipt(revision=revision, reader=by, read_at=now)], ignore_conflicts=True
    )
    return bool(made) and ReadReceipt.objects.filter(revision=revision, reader=by, read_at=now).exists()


@transaction.atomic
def remind(*, preread: PreRead, by: User, now: datetime) -> list[User]:
    """Ask those invited who have not read the newest revision; returns whom. Each at most once a day.

    The day is that of the meeting's zone. Raises NotAllowed before anything was handed in, once the meeting has
    begun, and when all have read it or were asked today.
    """
    # Two who press at once ask once.
    locked = PreRead.objects.select_for_update(of=["self"]).select_related("meeting").get(pk=preread.pk)
    found = queries.readers(locked)
    if found is None:
        raise NotAllowed(_("Nothing has been handed in yet that could be read."))
    if locked.meeting.status != Meeting.Status.SCHEDULED:
        raise NotAllowed(_("The meeting has begun or is over; nobody needs reminding any more."))
    if not found.unread:
        raise NotAllowed(_("Everybody invited has read it."))
    asked = queries.asked_on(found.revision, _day(locked.meeting, now))
    people = [reader.user for reader in found.unread if reader.user.pk not in asked]
    if not people:
        raise NotAllowed(_("They were reminded today already."))
    notices.promise_all(
        Wanted(
            recipient=person,
            subject=found.revision,
            kind=receipt_notices.ASKED,
            due_at=_day(locked.meeting, now),
            send_at=now,
            expires_at=locked.meeting.starts_at,
            params={"by": by.name},
        )
        for person in people
    )
    history.record(
        actor=by,
        verb="meetings.preread_readers_reminded",
        target=preread,
        after=[person.name for person in people],
    )
    return people


def _day(meeting: Meeting, now: datetime) -> datetime:
    """The beginning of the day in the meeting's zone: a reminder's identity, so that there is one a day."""
    return datetime.combine(now.astimezone(meeting.zone).date(), time.min, meeting.zone)


def ask_again(*, revision: PreReadRevision, now: datetime) -> None:
    """A new revision was handed in: tell those who read an earlier one. Call it in the transaction that made it."""
    earlier = (
        User.objects.active()
        .filter(pk__in=ReadReceipt.objects.filter(revision__preread=revision.preread_id).values("reader"))
        .exclude(pk=revision.submitted_by_id)
    )
    notices.promise_all(
        Wanted(recipient=person, subject=revision, kind=receipt_notices.REVISED, due_at=now)
        for person in earlier
    )
