"""Notices of the demo company's past, delivered when they were due.

What lies behind is written within a minute, so nobody could have been told in time. Whoever looks at a record of that
time finds the receipts of then; what is due today goes out for real, by the dispatcher.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from notices import kinds, letters, queries
from notices.models import Channel, Delivery, Notice

# A mail takes a few seconds; a notice is read after some while, the latest ones not yet.
ON_THE_WAY = timedelta(seconds=6)
READ_AFTER = timedelta(minutes=7)
UNREAD_FOR = timedelta(days=2)


def until(moment: datetime) -> None:
    """Deliver what is due by then and still waits, each at its own time. Call it before what makes it void happens,
    in the transaction that promised it: afterwards a dispatcher takes it."""
    waiting = Notice.objects.filter(
        state=Notice.State.PENDING, send_at__lte=moment, shown_at=None, recipient__is_active=True
    ).exclude(kind=kinds.DIGEST)
    ours = waiting.select_related("recipient").select_for_update(of=("self",), skip_locked=True)
    told = [
        notice
        for notice in queries.with_subjects(ours)
        if notice.subject is not None and notice.behaviour.is_wanted(notice)
    ]
    read_until = timezone.now() - UNREAD_FOR
    for notice in told:
        notice.state = Notice.State.SENT
        notice.shown_at = notice.send_at
        notice.sent_at = notice.send_at + ON_THE_WAY
        notice.read_at = notice.send_at + READ_AFTER if notice.send_at < read_until else None
    Notice.objects.bulk_update(told, ["state", "shown_at", "sent_at", "read_at"])
    Delivery.objects.bulk_create(
        [Delivery(notice=notice, channel=Channel.IN_APP, at=notice.send_at) for notice in told]
        + [_mailed(notice) for notice in told if notice.behaviour.email]
    )


def _mailed(notice: Notice) -> Delivery:
    return Delivery(
        notice=notice,
        channel=Channel.EMAIL,
        address=notice.recipient.email,
        message_id=letters.message_id(notice),
        at=notice.send_at + ON_THE_WAY,
    )


def in_the_past(make: Callable[[], object], *, now: datetime) -> None:
    """Make a part of the company and deliver what it has promised up to yesterday, before a dispatcher sees it."""
    with transaction.atomic():
        make()
        until(now - timedelta(days=1))
