"""Putting a notice off: once, for a day at most, with a reason, and never past the deadline it speaks of.

It leaves the list and comes back on top. Whoever else is told of the same record is told all the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from notices.models import Notice
from people.models import User

LONGEST = timedelta(hours=24)


def latest(notice: Notice, *, now: datetime) -> datetime:
    """The last moment until which it can wait; not later than `now` when it cannot wait at all."""
    try:
        deadline = notice.behaviour.deadline(notice) if notice.subject is not None else None
    except LookupError:  # its app is gone
        deadline = None
    return min(now + LONGEST, deadline) if deadline else now + LONGEST


def refusal(notice: Notice, *, now: datetime) -> str:
    """Why it cannot be put off; empty when it can."""
    if notice.snoozed_until is not None:
        return _("You have put this off before; it cannot be put off twice.")
    if notice.is_withdrawn:
        return _("This does not apply any more; there is nothing to put off.")
    if latest(notice, now=now) <= now:
        return _("Its deadline has passed; it cannot wait.")
    return ""


def snooze(*, notice: Notice, until: datetime, reason: str, by: User, now: datetime) -> datetime:
    """Put one's own notice off until then, or until its deadline if that comes first; returns the moment.

    Raises ValidationError when it cannot be put off, for somebody else's notice, for more than a day, and without a
    reason.
    """
    if notice.recipient_id != by.pk:
        raise ValidationError(_("Only its recipient can put a notice off."))
    if why := refusal(notice, now=now):
        raise ValidationError(why)
    if not reason.strip():
        raise ValidationError(_("Say why it can wait."))
    if not now < until <= now + LONGEST:
        raise ValidationError(_("It can be put off for a day at most."))
    until = min(until, latest(notice, now=now))
    ours = Notice.objects.visible_to(by).filter(pk=notice.pk, snoozed_until=None)
    if not ours.update(snoozed_until=until, snooze_reason=reason.strip()[:300], read_at=None):
        raise ValidationError(_("You have put this off before; it cannot be put off twice."))
    return until
