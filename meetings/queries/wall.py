"""What the wall of the meeting room shows: for everybody in it, so every confidential item is masked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from meetings.models import AgendaItem, Meeting, OpeningPriority, Part, WallLink
from meetings.queries import frozen, speaking
from meetings.queries.figures import Figure
from meetings.queries.room import Room
from meetings.services.wall import digest

# What fits beside the clock at a size that is read from five metres.
MOST_FIGURES = 4
MOST_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class WallFigure:
    """A figure of the report that is on; `cause` is what the department gives as its reason."""

    figure: Figure
    cause: str

    @property
    def is_disputed(self) -> bool:
        return any(stated.is_open for stated in self.figure.stated)

    @property
    def is_striking(self) -> bool:
        return self.figure.is_moved or self.is_disputed


def link_of(meeting: Meeting) -> WallLink | None:
    return WallLink.objects.filter(meeting=meeting).select_related("created_by").first()


def meeting_of(token: str) -> Meeting | None:
    """The meeting that a token shows; None for no such token, a draft, and a meeting that is over."""
    found = (
        WallLink.objects.filter(
            token_hash=digest(token),
            meeting__status__in=[Meeting.Status.SCHEDULED, Meeting.Status.IN_PROGRESS, Meeting.Status.ENDED],
        )
        .select_related("meeting__template", "meeting__host")
        .first()
    )
    return found.meeting if found else None


def screen(meeting: Meeting, room: Room, now: datetime) -> dict[str, Any]:
    """The part of the wall below the clock: figures during a report, questions during a discussion; `room` masked."""
    item = room.item
    if meeting.status == Meeting.Status.ENDED:
        return {}
    context: dict[str, Any] = {"item": item, "next_item": room.next_item() if room.clock else None}
    context["priority"] = _priority(meeting, room)
    context["speaking"] = speaking.speaking(meeting, now, None) if room.clock else None
    context["figures"], context["more_figures"] = [], 0
    context["questions"] = []
    if item is None or room.clock is None or item.is_masked:
        return context
    if room.clock.part == Part.REPORT:
        figures = _exceptions(meeting, item)
        context["figures"] = figures[:MOST_FIGURES]
        context["more_figures"] = max(len(figures) - MOST_FIGURES, 0)
    if not context["figures"]:
        context["questions"] = item.questions[:MOST_QUESTIONS]
    return context


def _exceptions(meeting: Meeting, item: AgendaItem) -> list[WallFigure]:
    """The frozen figures of the report, those first that moved or are disputed."""
    if item.department_id is None:
        return []
    prereads = list(
        meeting.prereads.select_related("department").filter(
            department=item.department_id, submitted_at__isnull=False
        )
    )
    for preread in prereads:
        preread.meeting = meeting
    readings = frozen.readings(meeting, prereads, None)
    figures = [figure for reading in readings.values() for figure in reading.figures if figure.has_value]
    shown = [WallFigure(one, one.cause_text.strip()) for one in figures if one.item_id is None]
    return sorted(shown, key=lambda one: not one.is_striking)


def _priority(meeting: Meeting, room: Room) -> str:
    """What the executive wants solved; not when it is about an item that is kept from some."""
    said = OpeningPriority.objects.filter(meeting=meeting).first()
    if said is None:
        return ""
    masked = {item.pk for item in room.items if item.is_masked}
    return "" if said.item_id in masked else said.text


def alone(meeting: Meeting) -> QuerySet[Meeting]:
    """The meeting that a link has opened, and no other."""
    return Meeting.objects.filter(pk=meeting.pk)
