"""The queue for the floor in the live room."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.text import typed
from meetings import rules
from meetings.errors import NotAllowed
from meetings.models import FloorRequest, Meeting
from meetings.queries import floor as queries
from meetings.queries.room import Room
from meetings.services import floor as services
from meetings.views import room_parts

Outcome = FloorRequest.Outcome


def context_for(request: HttpRequest, meeting: Meeting, room: Room) -> dict[str, Any]:
    queue = queries.waiting(meeting, request.user)
    return {
        "floor": queue,
        "floor_own": {one.request.kind for one in queue if one.is_own},
        "floor_may_ask": rules.can_attend(request.user, meeting),
        "floor_may_call": rules.can_keep_time(request.user, meeting),
        "floor_typed": typed(request.POST, "text"),
    }


@require_GET
@never_cache
def floor(request: HttpRequest, pk: int) -> HttpResponse:
    return room_parts.part(request, room_parts.load(request, pk), "floor", context_for)


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """`kind`: question or order, with a few words about what."""
    meeting = room_parts.load(request, pk, rules.can_attend)
    kind = request.POST.get("kind", FloorRequest.Kind.QUESTION)
    if kind not in FloorRequest.Kind.values:
        raise Http404
    try:
        services.ask(
            meeting=meeting, kind=kind, text=typed(request.POST, "text"), by=request.user, now=timezone.now()
        )
    except NotAllowed as error:
        return room_parts.answer(request, meeting, "floor", context_for, str(error))
    request.POST = request.POST.copy()
    request.POST.pop("text", None)
    return room_parts.answer(request, meeting, "floor", context_for)


@require_POST
def settle(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """`outcome`: called or dismissed by whoever keeps the time, withdrawn by whoever asked."""
    meeting = room_parts.load(request, pk)
    found = get_object_or_404(FloorRequest.objects.select_related("meeting"), meeting=meeting, pk=request_pk)
    outcome = request.POST.get("outcome", Outcome.CALLED)
    if outcome not in Outcome.values:
        raise Http404
    is_own = found.asked_by_id == request.user.pk
    if not (is_own if outcome == Outcome.WITHDRAWN else rules.can_keep_time(request.user, meeting)):
        raise PermissionDenied
    try:
        services.settle(request=found, outcome=outcome, by=request.user, now=timezone.now())
    except NotAllowed as error:
        return room_parts.answer(request, meeting, "floor", context_for, str(error))
    return room_parts.answer(request, meeting, "floor", context_for)
