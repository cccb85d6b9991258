"""Speaking time in the live room: the timekeeper starts and stops, everybody sees the shares."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from meetings import rules
from meetings.errors import NotAllowed
from meetings.models import Meeting
from meetings.queries import speaking as queries
from meetings.queries.room import Room
from meetings.services import speaking as services
from meetings.views import room_parts
from people.models import Department


def context_for(request: HttpRequest, meeting: Meeting, room: Room) -> dict[str, Any]:
    return {
        "speaking": queries.speaking(meeting, timezone.now(), request.user),
        "speaking_may_measure": rules.can_keep_time(request.user, meeting),
    }


@require_GET
@never_cache
def speaking(request: HttpRequest, pk: int) -> HttpResponse:
    return room_parts.part(request, room_parts.load(request, pk), "speaking", context_for)


@require_POST
def turn(request: HttpRequest, pk: int) -> HttpResponse:
    """`do`: start (of `department` by its code, empty for whoever has none) or stop."""
    meeting = room_parts.load(request, pk, rules.can_keep_time)
    by, now, do = request.user, timezone.now(), request.POST.get("do", "start")
    try:
        if do == "stop":
            services.stop(meeting=meeting, by=by, now=now)
        elif do == "start":
            services.start(meeting=meeting, department=_department(request, meeting), by=by, now=now)
        else:
            raise Http404
    except NotAllowed as error:
        return room_parts.answer(request, meeting, "speaking", context_for, str(error))
    return room_parts.answer(request, meeting, "speaking", context_for)


def _department(request: HttpRequest, meeting: Meeting) -> Department | None:
    code = request.POST.get("department", "")
    if not code:
        return None
    departments = Department.objects.filter(pk__in=meeting.departments.values("department"))
    return get_object_or_404(departments, code=code)
