"""Telling people about a meeting: invited, changed, withdrawn, cancelled. Call these in the causing transaction."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from meetings.models import Meeting
from meetings.plan import Plan
from notices import services as notices
from notices.planning import Wanted
from people.models import User

INVITED, CHANGED = "meetings.invited", "meetings.changed"
WITHDRAWN, CANCELLED = "meetings.withdrawn", "meetings.cancelled"

# Changes wait so long, so that three corrections in a row are one mail: an older one is not wanted any more as
# soon as the calendar's SEQUENCE has gone on.
CHANGES_WAIT = timedelta(minutes=1)


def tell_invited(*, meeting: Meeting, users: Iterable[User], now: datetime) -> None:
    """Invite these participants: in the list of notices, and by mail with the calendar entry."""
    _promise(meeting, users, INVITED, now)
    meeting.participants.filter(user__in=list(users)).update(sent_sequence=meeting.sequence)


def tell_changed(*, meeting: Meeting, before: Plan, skip: Iterable[User], reason: str, now: datetime) -> None:
    """Tell those who were invited before that time or place is another one, with the new calendar entry."""
    skipped = {user.pk for user in skip}
    users = [row.user for row in meeting.participants.select_related("user") if row.user_id not in skipped]
    params = {
        "sequence": meeting.sequence,
        "reason": reason,
        "starts_at": before.starts_at,
        "planned_minutes": before.planned_minutes,
        "time_zone": before.time_zone,
        "location": before.location,
        "online_url": before.online_url,
    }
    _promise(meeting, users, CHANGED, now, send_at=now + CHANGES_WAIT, params=params)
    meeting.participants.filter(user__in=users).update(sent_sequence=meeting.sequence)


def tell_withdrawn(*, meeting: Meeting, users: Iterable[User], now: datetime) -> None:
    """Tell people that they are not invited any more; an invitation that has not gone out is taken back."""
    for user in users:
        notices.withdraw(subject=meeting, kinds=[INVITED, CHANGED], recipient=user)
    _promise(meeting, users, WITHDRAWN, now, params={"sequence": meeting.sequence + 1})


def tell_cancelled(*, meeting: Meeting, now: datetime) -> None:
    """Tell everybody who was invited that the meeting is off; the calendar entry is cancelled too."""
    notices.withdraw(subject=meeting, kinds=[INVITED, CHANGED])
    users = [row.user for row in meeting.participants.select_related("user")]
    _promise(meeting, users, CANCELLED, now, params={"sequence": meeting.sequence})


def _promise(
    meeting: Meeting,
    users: Iterable[User],
    kind: str,
    now: datetime,
    send_at: datetime | None = None,
    params: dict | None = None,
) -> None:
    notices.promise_all(
        Wanted(
            recipient=user,
            subject=meeting,
            kind=kind,
            due_at=now,
            send_at=send_at,
            # News of a meeting that is over is of no use, however late the mail server comes back.
            expires_at=meeting.ends_at,
            params=params or {},
        )
        for user in users
    )
