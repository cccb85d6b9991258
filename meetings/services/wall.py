"""The address of the wall screen: made and taken back by whoever keeps the time of the meeting."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings.errors import NotAllowed
from meetings.models import Meeting, WallLink
from people.models import User

# 256 bits: nobody finds one by trying.
TOKEN_BYTES = 32


@transaction.atomic
def create(*, meeting: Meeting, by: User, now: datetime) -> str:
    """Make a new address and return its token, which is told only this once; one made before stops working.

    Raises NotAllowed for a meeting that is over or was called off.
    """
    if meeting.status not in Meeting.OPEN:
        raise NotAllowed(_("This meeting is over; there is nothing to show on a wall."))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    WallLink.objects.update_or_create(
        meeting=meeting, defaults={"token_hash": digest(token), "created_by": by, "created_at": now}
    )
    history.record(actor=by, verb="meetings.wall_opened", target=meeting)
    return token


@transaction.atomic
def revoke(*, meeting: Meeting, by: User) -> None:
    """The address stops working at once; nothing happens when there is none."""
    deleted, _kinds = WallLink.objects.filter(meeting=meeting).delete()
    if deleted:
        history.record(actor=by, verb="meetings.wall_closed", target=meeting)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
