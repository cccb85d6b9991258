"""Ending with points open: only an executive lets it happen, with a reason that the minutes print."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings import rules
from meetings.errors import NotAllowed, NotReady
from meetings.models import AgendaItem, ClosingMark, Meeting, ParkedItem
from meetings.queries import closing as queries
from meetings.queries.cost import company_day
from meetings.services import attendance, floor, log, notes, running, speaking
from people.models import User


def settle_for_end(*, meeting: Meeting, by: User, now: datetime, reason: str = "") -> ClosingMark | None:
    """Called by the service that ends the meeting, under its lock. None when nothing is open.

    Raises NotReady (with the points) for whoever is no executive, and for an executive without a reason.
    """
    points = queries.points(meeting)
    if not points:
        return None
    if not rules.can_override_closing(by, meeting):
        raise NotReady(
            _("Points are still open. Settle them, or have an executive end the meeting with a reason."),
            blockers=points,
        )
    reason = reason.strip()
    if not reason:
        raise NotReady(
            _("Points are still open. Give the reason for ending all the same; the minutes print it."),
            blockers=points,
        )
    try:
        notes.check_length(reason)
    except NotAllowed as error:
        # What was typed goes back into the form.
        raise NotReady(str(error), blockers=points) from error
    mark = ClosingMark.objects.create(
        meeting=meeting,
        points=[point.stored() for point in points],
        reason=reason,
        marked_by=by,
        marked_at=now,
    )
    log.write(meeting=meeting, verb="closing.overridden", data={"row": log.row(mark)}, by=by, now=now)
    history.record(
        actor=by,
        verb="meetings.closed_with_points",
        target=meeting,
        after={"points": mark.points},
        note=reason,
    )
    return mark


def empty_room(*, meeting: Meeting, by: User, now: datetime) -> None:
    """Everybody leaves: nobody is here, speaks or waits any longer. Called under the lock of what ends the meeting."""
    speaking.close(meeting=meeting, by=by, now=now)
    floor.close(meeting=meeting, by=by, now=now)
    attendance.close(meeting=meeting, by=by, now=now)


@transaction.atomic
def put_off(*, meeting: Meeting, item: AgendaItem, until: date | None, by: User, now: datetime) -> ParkedItem:
    """Name the day on which an item that was put off is looked at again.

    Raises NotAllowed without a day after today, and when the meeting is not being held.
    """
    running.hold(meeting)
    if until is None or until <= company_day(now):
        raise NotAllowed(_("Name a day after today."))
    parked = ParkedItem.objects.filter(meeting=meeting, item=item, taken_up_by=None).order_by("pk").last()
    if parked is None:
        parked = ParkedItem(meeting=meeting, item=item, text=item.title[:500], parked_by=by, parked_at=now)
    parked.review_on = until
    parked.save()
    log.write(meeting=meeting, verb="parked.put_off", data={"row": log.row(parked)}, by=by, now=now)
    return parked
