"""The executive's priority as a reader may see it, and who may have said it."""

from dataclasses import dataclass

from django.db.models import Q

from meetings.models import AgendaItem, Meeting, OpeningPriority, Participant
from meetings.queries.room import Room
from people import queries as people
from people.models import User


@dataclass(frozen=True, slots=True)
class Shown:
    """`text` is empty for people outside the circle of the confidential item that it concerns."""

    text: str
    item: AgendaItem | None
    said_by: User
    version: int


def speakers(meeting: Meeting) -> list[User]:
    """Executives whose word it may be: those who are invited, where there are none all of the company, by name."""
    is_executive = Q(participations__role=Participant.Role.EXECUTIVE) | Q(
        roles__contains=[User.Role.EXECUTIVE]
    )
    invited = User.objects.active().filter(Q(participations__meeting=meeting) & is_executive)
    return list(invited.distinct().by_name()) or list(people.executives())


def shown(meeting: Meeting, room: Room) -> Shown | None:
    """What was said, by a room whose items are masked for the reader. One query."""
    found = OpeningPriority.objects.filter(meeting=meeting).select_related("said_by").first()
    if found is None:
        return None
    item = next((one for one in room.items if one.pk == found.item_id), None)
    is_hidden = item is not None and item.is_masked
    return Shown("" if is_hidden else found.text, item, found.said_by, found.version)
