"""The queue of people who want to say something."""

from dataclasses import dataclass

from meetings.models import FloorRequest, Meeting
from meetings.queries import confidential
from people.models import User


@dataclass(frozen=True, slots=True)
class Waiting:
    """`text` is empty for people outside the circle of the item during which it was asked."""

    request: FloorRequest
    text: str
    is_own: bool

    @property
    def is_order(self) -> bool:
        return self.request.kind == FloorRequest.Kind.ORDER


def waiting(meeting: Meeting, user: User) -> list[Waiting]:
    """Points of order first, then in the order they came; two queries."""
    hidden = confidential.hidden_ids(meeting=meeting.pk, user=user)
    rows = FloorRequest.objects.waiting().filter(meeting=meeting).select_related("asked_by")
    return [_waiting(row, hidden, user) for row in rows]


def _waiting(row: FloorRequest, hidden: set[int], user: User) -> Waiting:
    is_own = row.asked_by_id == user.pk
    is_kept = row.item_id in hidden and not is_own
    return Waiting(row, "" if is_kept else row.text, is_own)
