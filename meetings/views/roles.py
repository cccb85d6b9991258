"""Roles in the live room: handing them over, replacing a lost host, and the sign that a browser is still there."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.text import whole
from meetings import rules
from meetings.errors import NotAllowed
from meetings.models import Meeting, Participant
from meetings.queries import roles as queries
from meetings.queries.room import Room
from meetings.services import hand_over as services
from meetings.views import room_parts
from people.models import User


def context_for(request: HttpRequest, meeting: Meeting, room: Room) -> dict[str, Any]:
    found = queries.roles(meeting, timezone.now())
    return {
        "roles": found,
        "roles_mine": [
            holder for holder in found.holders if rules.can_hand_over(request.user, meeting, holder.role)
        ],
        "roles_watched": meeting.status == Meeting.Status.IN_PROGRESS
        and rules.role_in(request.user, meeting) in queries.WATCHED,
        "roles_may_replace": rules.can_replace_host(request.user, meeting),
        "roles_closed_items": any(item.is_confidential for item in room.items),
    }


@require_GET
@never_cache
def roles(request: HttpRequest, pk: int) -> HttpResponse:
    return room_parts.part(request, room_parts.load(request, pk), "roles", context_for)


@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give `role` to `user`."""
    meeting = room_parts.load(request, pk)
    role = request.POST.get("role", Participant.Role.HOST)
    if role not in Participant.SINGLE:
        raise Http404
    if not rules.can_hand_over(request.user, meeting, role):
        raise PermissionDenied
    wanted = request.POST.get("user", "")
    to = get_object_or_404(User.objects.active().filter(participations__meeting=meeting), pk=whole(wanted))
    try:
        services.give(meeting=meeting, role=role, to=to, by=request.user, now=timezone.now())
    except NotAllowed as error:
        return room_parts.answer(request, meeting, "roles", context_for, str(error))
    return _fresh(request, pk)


@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """A deputy goes on in place of a host who is gone."""
    meeting = room_parts.load(request, pk, rules.can_replace_host)
    try:
        services.take_over(meeting=meeting, by=request.user, now=timezone.now())
    except NotAllowed as error:
        return room_parts.answer(request, meeting, "roles", context_for, str(error))
    return _fresh(request, pk)


def _fresh(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page comes anew where it was changed: what one may do there is another now."""
    rules.forget_roles(request.user)
    response = room_parts.answer(request, room_parts.load(request, pk), "roles", context_for)
    if request.htmx:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """The room is open in this browser. Tells whether the host's has gone."""
    meeting = room_parts.load(request, pk)
    now = timezone.now()
    services.seen(meeting=meeting, user=request.user, now=now)
    return JsonResponse({"host_lost": queries.is_host_lost(meeting, now)})
