"""Re-planning what is left of a running meeting: the proposals on the live page, taken and undone with one press."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.text import whole
from meetings import rules
from meetings.errors import Conflict, NotAllowed
from meetings.models import Meeting
from meetings.queries import replan as queries
from meetings.queries.room import Room
from meetings.services import replan as services
from meetings.services.room import Press
from meetings.views import room_parts
from meetings.views.pressing import press_of

NAME = "replan"
ARRANGE = (services.NEXT, services.DEFER, services.PARK, services.BRING_BACK)


def context_for(request: HttpRequest, meeting: Meeting, room: Room) -> dict[str, Any]:
    """What `_room_replan.html` shows: proposals and buttons for whoever runs the meeting, what was done for all."""
    now = timezone.now()
    if room.clock is None or meeting.status != Meeting.Status.IN_PROGRESS:
        return {}
    last = queries.undoable(meeting)
    context: dict[str, Any] = {
        "replan_last": last,
        "replan_changes": queries.described(room, last) if last else [],
        "replan_may": rules.can_run(request.user, meeting),
        "replan_version": room.clock.version,
    }
    if not context["replan_may"]:
        return context
    late = queries.lateness(room, now)
    return {
        **context,
        "replan_late": late,
        "replan_late_minutes": int(late.total_seconds() // 60),
        "replan_end": room.projected_end(now),
        "replan_planned_end": room.planned_end,
        "replan_proposals": queries.proposals(room, now, keep=queries.kept_by_priority(meeting)),
        "replan_lines": queries.movable(room, now),
        "replan_wrap_up": room.wrap_up.pk if room.wrap_up else None,
        "replan_has_series": meeting.series_id is not None,
        "replan_open": request.POST.get("verb") in ARRANGE,
    }


@require_http_methods(["GET", "POST"])
@never_cache
def replan(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the fragment. POST `verb`: take (with `option`), undo (with `replan`), or one of ARRANGE (with `item`)."""
    if request.method == "GET":
        return room_parts.part(request, room_parts.load(request, pk), NAME, context_for)
    meeting = room_parts.load(request, pk, rules.can_run)
    problem = ""
    try:
        _carry_out(request, meeting, press_of(request))
    except (Conflict, NotAllowed) as error:
        problem = str(error)
    return room_parts.answer(request, meeting, NAME, context_for, problem)


def _carry_out(request: HttpRequest, meeting: Meeting, press: Press) -> None:
    verb, data = request.POST.get("verb", ""), request.POST
    if verb == "take":
        services.take(meeting=meeting, option=data.get("option", ""), press=press)
    elif verb == "undo":
        services.undo(meeting=meeting, replan=whole(data.get("replan", "")), press=press)
    elif verb in ARRANGE:
        services.arrange(meeting=meeting, item=whole(data.get("item", "")), what=verb, press=press)
    else:
        raise Http404
