"""The host's word that a meeting is ready: freely when nothing is open, else with a reason that the minutes print."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import history
from meetings.errors import NotAllowed, NotReady
from meetings.models import Meeting, ReadyMark
from meetings.queries import blockers as queries
from meetings.queries.blockers import Blocker
from people.models import User


@transaction.atomic
def declare_ready(*, meeting: Meeting, by: User, now: datetime, reason: str = "") -> ReadyMark:
    """Declare it ready, with the open points as they are. A later declaration takes the place of the earlier one.

    Raises NotReady (with its `blockers`) when points are open and no reason is given, NotAllowed once it has begun.
    """
    # As it is now, and it does not begin meanwhile: the minutes print the reason that was given before or at the start.
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if locked.status != Meeting.Status.SCHEDULED:
        raise NotAllowed(_("Only a meeting that is scheduled and has not begun can be declared ready."))
    return _mark(meeting, queries.blockers(meeting), by, now, reason)


def withdraw_ready(*, meeting: Meeting, by: User, now: datetime) -> None:
    """Take the word back; nothing happens when there is none."""
    if ReadyMark.objects.standing().filter(meeting=meeting).update(withdrawn_at=now):
        history.record(actor=by, verb="meetings.ready_withdrawn", target=meeting)


def settle_for_start(*, meeting: Meeting, by: User, now: datetime, reason: str = "") -> ReadyMark | None:
    """Called as the meeting begins: what is still open needs a reason, given before or now.

    Returns the mark that the minutes print, None when nothing was open and nobody declared it. Raises NotReady.
    """
    state = queries.ready(meeting)
    if state.is_ready:
        return state.mark
    return _mark(meeting, state.blockers, by, now, reason)


def _mark(
    meeting: Meeting, open_points: Sequence[Blocker], by: User, now: datetime, reason: str
) -> ReadyMark:
    reason = reason.strip()
    if open_points and not reason:
        raise NotReady(
            _("Points are still open. Give the reason for going ahead all the same; the minutes print it."),
            blockers=open_points,
        )
    try:
        with transaction.atomic():
            ReadyMark.objects.standing().filter(meeting=meeting).update(withdrawn_at=now)
            mark = ReadyMark.objects.create(
                meeting=meeting,
                marked_by=by,
                marked_at=now,
                blockers=[blocker.stored() for blocker in open_points],
                reason=reason,
            )
            history.record(
                actor=by,
                verb="meetings.ready",
                target=meeting,
                after={"blockers": mark.blockers},
                note=reason,
            )
    except IntegrityError as error:
        raise NotAllowed(_("Somebody else has just declared it ready. Reload the page.")) from error
    return mark
