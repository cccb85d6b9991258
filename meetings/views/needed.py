"""Decisions needed, beside the agenda of the live page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meetings.models import Meeting
from meetings.queries import needed as queries
from meetings.queries.room import Room
from meetings.views import room_parts


def context_for(request: HttpRequest, meeting: Meeting, room: Room) -> dict[str, Any]:
    found = queries.waiting(meeting, room, request.user)
    return {
        "needed": found,
        "needed_now": [one for one in found if one.is_now],
        "needed_later": [one for one in found if not one.is_now],
    }


@require_GET
@never_cache
def needed(request: HttpRequest, pk: int) -> HttpResponse:
    return room_parts.part(request, room_parts.load(request, pk), "needed", context_for)
