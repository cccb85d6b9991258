"""Decisions that departments need from a running meeting and that nobody has taken yet, those of the moment first."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from meetings.models import AgendaItem, DecisionRequest, Meeting
from meetings.queries import confidential, requests
from meetings.queries.room import Room
from people.models import Department, User


@dataclass(frozen=True, slots=True)
class Needed:
    """A decision asked for in a pre-read; `recommended` is the option that the department would take, or empty."""

    pk: int
    question: str
    recommended: str
    department: Department
    item: AgendaItem | None
    is_now: bool
    url: str


def waiting(meeting: Meeting, room: Room, user: User) -> list[Needed]:
    """As they were handed in last, without those of items kept from this person. Three queries at most."""
    asked = requests.handed_in(meeting)
    if not asked:
        return []
    hidden = confidential.hidden_ids(meeting=meeting.pk, user=user)
    open_ones = DecisionRequest.objects.present().filter(pk__in=asked, decision=None)
    found = [
        _needed(meeting, room, request, asked[request.pk])
        for request in open_ones.select_related("preread__department").order_by("preread", "position", "pk")
        if asked[request.pk]["item_id"] not in hidden
    ]
    places = {item.pk: place for place, item in enumerate(room.items)}
    last = len(places)
    return sorted(
        found, key=lambda one: (not one.is_now, places.get(one.item.pk, last) if one.item else last)
    )


def _needed(meeting: Meeting, room: Room, request: DecisionRequest, said: dict[str, Any]) -> Needed:
    item = _item(room, said["item_id"], request.preread.department_id)
    options, recommended = said.get("options") or [], said.get("recommended")
    query = f"?view=record&item={item.pk}" if item else "?view=record"
    return Needed(
        pk=request.pk,
        question=said["question"],
        recommended=options[recommended]["text"]
        if recommended is not None and recommended < len(options)
        else "",
        department=request.preread.department,
        item=item,
        is_now=item is not None and item == room.item,
        url=f"{reverse('meetings:live', args=[meeting.pk])}{query}#decisions",
    )


def _item(room: Room, pk: int | None, department: int) -> AgendaItem | None:
    """The item it was asked for, else the first one that the department presents."""
    own = (item for item in room.items if (item.pk == pk if pk else item.department_id == department))
    return next(own, None)
