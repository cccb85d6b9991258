"""One look into the mailbox of replies, as the worker and the command do it every minute."""

import logging
from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from meetings.mailbox import imap
from notices import ledger
from notices.models import Heartbeat

logger = logging.getLogger(__name__)

HEARTBEAT = "replies"
LONGEST_SILENCE = timedelta(minutes=10)


def look(now: datetime) -> Counter[str] | None:
    """Take in what has come; None when no mailbox is set, or when it does not answer, which is logged."""
    if not settings.REPLY_MAILBOX_URL:
        return None
    try:
        tally = imap.read(settings.REPLY_MAILBOX_URL, now)
    except imap.MailboxDown as error:
        logger.warning("Replies are not read: %s", error)
        return None
    ledger.beat(HEARTBEAT)
    return tally


def note() -> str:
    """For /healthz: nothing while the mailbox is read or none is set."""
    if not settings.REPLY_MAILBOX_URL:
        return ""
    last = Heartbeat.objects.filter(name=HEARTBEAT).values_list("at", flat=True).first()
    if last is None:
        return "the mailbox of replies was never read"
    silence = timezone.now() - last
    if silence <= LONGEST_SILENCE:
        return ""
    return f"the mailbox of replies was last read {int(silence.total_seconds())} s ago"
