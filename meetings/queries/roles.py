"""Who has which role in a running meeting, and whether its host is still there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.models import HandOver, LiveEvent, Meeting, Participant
from people.models import User

Role = Participant.Role
# Roles without which a running meeting stands still: their browsers say every quarter of a minute that they are there.
WATCHED = (Role.HOST, Role.DEPUTY_HOST, Role.TIMEKEEPER, Role.RECORDER)
SEEN_EVERY = timedelta(seconds=15)
# A host who has not been seen for longer can be replaced by a deputy.
LOST_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Holder:
    """A role that changes hands and who has it; None where nobody has."""

    role: str
    words: str
    user: User | None


@dataclass(frozen=True, slots=True)
class Roles:
    holders: list[Holder]
    deputies: list[User]
    candidates: list[Participant]
    is_host_lost: bool
    hand_overs: list[HandOver]


def roles(meeting: Meeting, now: datetime) -> Roles:
    """Three queries, however many people."""
    people = list(meeting.participants.in_order())
    by_role = {row.role: row.user for row in people}
    return Roles(
        holders=[Holder(role, str(Role(role).label), by_role.get(role)) for role in Participant.SINGLE],
        deputies=[row.user for row in people if row.role == Role.DEPUTY_HOST],
        candidates=[row for row in people if row.user.is_active],
        is_host_lost=is_host_lost(meeting, now, people),
        hand_overs=list(meeting.hand_overs.select_related("from_user", "to_user").order_by("-pk")[:3]),
    )


def is_host_lost(meeting: Meeting, now: datetime, people: list[Participant] | None = None) -> bool:
    """Whether the host has neither had the room open nor pressed anything for a minute; only while it is held."""
    if meeting.status != Meeting.Status.IN_PROGRESS or meeting.started_at is None:
        return False
    if people is None:
        seen_at = (
            Participant.objects.filter(meeting=meeting, user=meeting.host_id)
            .values_list("seen_at", flat=True)
            .first()
        )
    else:
        seen_at = next((row.seen_at for row in people if row.user_id == meeting.host_id), None)
    pressed_at = (
        LiveEvent.objects.filter(meeting=meeting, by=meeting.host_id)
        .order_by("-number")
        .values_list("at", flat=True)
        .first()
    )
    signs = [meeting.started_at, *(sign for sign in (seen_at, pressed_at) if sign)]
    return now - max(signs) > LOST_AFTER
