"""Where a pre-read stands in its window, and whom to ask once that is over."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meetings import clock_rules, rules
from meetings.models import PreRead
from people import queries as people
from people.models import User


class Phase(StrEnum):
    AHEAD = "ahead"
    OPEN = "open"
    LATE = "late"
    CORRECTIONS = "corrections"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class State:
    """The three instants and what holds now. `next_at` is the instant that ends the present phase.

    `whom` are the people who may give more time: the data owners and the host.
    """

    phase: Phase
    opens_at: datetime | None
    due_at: datetime
    corrections_until: datetime
    next_at: datetime | None
    is_squeezed: bool
    whom: list[User]


def until(preread: PreRead) -> datetime:
    """The instant that more time would move: the deadline, or the end of the corrections once it was submitted."""
    if preread.submitted_at is None:
        return preread.due_at
    return preread.corrections_until or preread.due_at


def state(preread: PreRead, now: datetime) -> State:
    """One query for the people, and those of `preread.meeting`'s template and host where they are not joined."""
    meeting = preread.meeting
    regular = clock_rules.preread_window(meeting)
    corrections = preread.corrections_until or max(regular.corrections_until, preread.due_at)
    phase = _phase(preread, corrections, now)
    owners = list(people.with_role(User.Role.DATA_OWNER))
    return State(
        phase=phase,
        opens_at=preread.opens_at,
        due_at=preread.due_at,
        corrections_until=corrections,
        next_at={
            Phase.AHEAD: preread.opens_at,
            Phase.OPEN: preread.due_at,
            Phase.LATE: meeting.starts_at,
            Phase.CORRECTIONS: corrections,
        }.get(phase),
        is_squeezed=regular.is_squeezed and not preread.is_extended,
        whom=[*owners, *([meeting.host] if meeting.host not in owners else [])],
    )


def _phase(preread: PreRead, corrections: datetime, now: datetime) -> Phase:
    if not rules.is_open_for_writing(preread, now):
        return Phase.AHEAD
    if preread.submitted_at is None:
        return Phase.OPEN if now <= preread.due_at else Phase.LATE
    if now <= corrections:
        return Phase.CORRECTIONS
    return Phase.CLOSED
