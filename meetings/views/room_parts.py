"""What the parts of the live room have in common: each is a fragment that is fetched anew when something happens."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from meetings.models import Meeting
from meetings.queries import room as rooms

INVALID = 422
# Parts that stand on the side "people" of the room; the others are on every side.
ON_PEOPLE = ("attendance", "speaking", "roles")
# (request, meeting, room) → what the part's template needs.
Context = Callable[[HttpRequest, Meeting, rooms.Room], dict[str, Any]]


def load(request: HttpRequest, pk: int, may: Callable[..., bool] | None = None) -> Meeting:
    """A meeting that one may read; 403 for whoever may not do what `may(user, meeting)` asks."""
    meetings = Meeting.objects.visible_to(request.user).select_related("template", "host")
    meeting = get_object_or_404(meetings, pk=pk)
    if may is not None and not may(request.user, meeting):
        raise PermissionDenied
    return meeting


def part(
    request: HttpRequest, meeting: Meeting, name: str, context_for: Context, problem: str = ""
) -> HttpResponse:
    """The fragment `_room_<name>.html`; with a `problem` it says so and keeps what was typed."""
    context = {
        **context_for(request, meeting, rooms.room(meeting, request.user)),
        "meeting": meeting,
        "problem": problem,
    }
    return render(request, f"meetings/_room_{name}.html", context, status=INVALID if problem else 200)


def answer(
    request: HttpRequest, meeting: Meeting, name: str, context_for: Context, problem: str = ""
) -> HttpResponse:
    """After a step: the part as it stands now, or by plain form the way back to it."""
    if request.htmx:
        return part(request, meeting, name, context_for, problem)
    if problem:
        messages.error(request, problem)
    side = "?view=people" if name in ON_PEOPLE else ""
    return redirect(f"{reverse('meetings:live', args=[meeting.pk])}{side}#room-{name}")
