"""A person's own calendar address: made, replaced, taken back. The token stands in the address alone."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from core import history
from meetings.models import CalendarFeed
from people.models import User

TOKEN_BYTES = 32
# Reading writes the time of reading once in so long.
READ_AT_STEP = timedelta(minutes=10)


def renew(*, owner: User, now: datetime) -> str:
    """Give the person a new address; an earlier one leads nowhere from now on. Returns its token, which is kept by
    nobody but the person: the database has its hash.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _feed, is_new = CalendarFeed.objects.update_or_create(
        owner=owner, defaults={"token_hash": digest(token), "created_at": now, "read_at": None}
    )
    history.record(
        actor=owner, verb="meetings.feed_made" if is_new else "meetings.feed_replaced", target=owner
    )
    return token


def revoke(*, owner: User) -> bool:
    """Take the address back; False when there was none."""
    count, _rows = CalendarFeed.objects.filter(owner=owner).delete()
    if count:
        history.record(actor=owner, verb="meetings.feed_revoked", target=owner)
    return bool(count)


def open_feed(*, token: str, now: datetime) -> User | None:
    """Whose calendar the token opens, None for a wrong or an old one, or when the person has left.

    It is looked up by its hash: how long that takes tells nothing of the tokens there are.
    """
    found = CalendarFeed.objects.select_related("owner").filter(token_hash=digest(token)).first()
    if found is None or not found.owner.is_active:
        return None
    stale = Q(read_at=None) | Q(read_at__lt=now - READ_AT_STEP)
    CalendarFeed.objects.filter(stale, pk=found.pk).update(read_at=now)
    return found.owner


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
