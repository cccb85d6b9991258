"""The executive's priority: what is to be solved now, asked for first and free to change the order."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meetings.models import Meeting
from meetings.queries import room as room_queries
from meetings.views.room import load_meeting


def context_for(request: HttpRequest, meeting: Meeting, room: room_queries.Room) -> dict[str, Any]:
    """What `_room_priority.html` shows."""
    return {}


@require_GET
@never_cache
def priority(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = load_meeting(request, pk)
    room = room_queries.room(meeting, request.user)
    return render(
        request, "meetings/_room_priority.html", {"meeting": meeting, **context_for(request, meeting, room)}
    )
