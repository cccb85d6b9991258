"""More time for one department: a deadline of its own, with its reason, told to whoever writes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.templatetags.times import moment_words
from meetings import preread_reminders
from meetings.errors import NotAllowed
from meetings.models import Meeting, PreRead
from notices import services as notices
from people.models import User

LONGEST_REASON = 300
# What a form offers.
USUAL = timedelta(days=1)


@transaction.atomic
def extend(*, preread: PreRead, due_at: datetime, reason: str, by: User, now: datetime) -> PreRead:
    """Give this department until `due_at`, for a reason that everybody who sees the meeting may read.

    Moves the deadline of a pre-read that was never submitted, and the end of the corrections of one that was: so
    what came late stays late. Its heads are told, and its reminders move along.
    Raises NotAllowed without a reason, for a moment that has passed, is no later than the present one or does not lie
    before the meeting, and once the meeting has begun or was called off.
    """
    reason = reason.strip()
    # Read and changed under the row's lock: two extensions at once come one after the other.
    locked = PreRead.objects.select_for_update(of=["self"]).select_related("meeting").get(pk=preread.pk)
    present = locked.corrections_until or locked.due_at if locked.submitted_at else locked.due_at
    _check(locked.meeting, due_at, present, reason, now)
    before = {"due_at": locked.due_at, "corrections_until": locked.corrections_until}
    if locked.submitted_at is None:
        locked.due_at = due_at
    locked.corrections_until = max(due_at, locked.corrections_until or due_at)
    locked.is_extended, locked.extension_reason = True, reason
    fields = ["due_at", "corrections_until", "is_extended", "extension_reason"]
    locked.save(update_fields=fields)
    for field in fields:
        setattr(preread, field, getattr(locked, field))
    preread_reminders.plan_preread(preread, now=now)
    preread_reminders.plan_host(preread.meeting, now=now)
    _tell(preread, until=due_at, by=by, now=now)
    history.record(
        actor=by,
        verb="meetings.preread_extended",
        target=preread,
        before=before,
        after={"due_at": locked.due_at, "corrections_until": locked.corrections_until},
        note=reason,
    )
    return preread


def _check(meeting: Meeting, until: datetime, present: datetime, reason: str, now: datetime) -> None:
    if meeting.status != Meeting.Status.SCHEDULED:
        raise NotAllowed(_("Only a meeting that is scheduled and has not begun has deadlines to extend."))
    if not reason:
        raise NotAllowed(
            _("Write why this department gets more time: the reason is shown beside the deadline.")
        )
    if len(reason) > LONGEST_REASON:
        raise NotAllowed(_("The reason has at most %(n)d characters.") % {"n": LONGEST_REASON})
    if until <= now:
        raise NotAllowed(_("This moment has passed already. Choose a later one."))
    if until > meeting.starts_at:
        raise NotAllowed(
            _("The meeting begins %(start)s. Choose a moment before it.")
            % {"start": moment_words(meeting.starts_at)}
        )
    if until <= present:
        raise NotAllowed(
            _("The department has until %(due)s already. Choose a later moment.")
            % {"due": moment_words(present)}
        )


def _tell(preread: PreRead, *, until: datetime, by: User, now: datetime) -> None:
    for person in preread_reminders.whom_to_remind(preread):
        if person != by:
            notices.tell(
                recipient=person,
                subject=preread,
                kind=preread_reminders.EXTENDED,
                at=now,
                params={
                    "until": preread_reminders.instant(until),
                    "reason": preread.extension_reason,
                    "by": by.name,
                },
            )
