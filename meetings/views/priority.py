"""The executive's priority: what is to be solved now, asked for first and free to change the order."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.text import typed, whole
from meetings import rules
from meetings.errors import Conflict, NotAllowed
from meetings.models import AgendaItem, Kind, Meeting, OpeningPriority
from meetings.queries import priority as queries
from meetings.queries import replan as replans
from meetings.queries import room as rooms
from meetings.queries.room import Room
from meetings.services import priority as services
from meetings.services import replan as replan_services
from meetings.views import room_parts
from meetings.views.pressing import press_of

NAME = "priority"


def context_for(request: HttpRequest, meeting: Meeting, room: Room) -> dict[str, Any]:
    """What `_room_priority.html` shows; the form for whoever may write it down."""
    if room.clock is None or meeting.status != Meeting.Status.IN_PROGRESS:
        return {}
    shown = queries.shown(meeting, room)
    may_set = rules.can_set_priority(request.user, meeting) and not (shown and not shown.text)
    may_rank = shown is not None and rules.can_run(request.user, meeting)
    return {
        "priority": shown,
        "priority_may_set": may_set,
        # Asked for in the open at first; later, and where the meeting begins with a list of actions, it waits behind
        # a line of its own.
        "priority_is_folded": shown is not None or room.item != room.items[0] or bool(room.item.action_list),
        "priority_speakers": queries.speakers(meeting) if may_set else [],
        "priority_items": [one for one in room.items if one.kind != Kind.BREAK and not one.is_masked],
        "priority_typed": typed(request.POST, "text") if "text" in request.POST else None,
        "priority_can_rank": may_rank
        and replans.ranked(room, OpeningPriority.objects.filter(meeting=meeting).first()) is not None,
        "priority_clock": room.clock.version,
    }


@require_http_methods(["GET", "POST"])
@never_cache
def priority(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the fragment. POST `verb`: save (text, item, said_by, version), or rank (version of the clock)."""
    meeting = room_parts.load(request, pk)
    if request.method == "GET":
        return room_parts.part(request, meeting, NAME, context_for)
    verb = request.POST.get("verb", "")
    steps = {"save": (rules.can_set_priority, _save), "rank": (rules.can_run, _rank)}
    if verb not in steps:
        raise Http404
    may, carry_out = steps[verb]
    if not may(request.user, meeting):
        raise PermissionDenied
    problem = ""
    try:
        carry_out(request, meeting)
    except (Conflict, NotAllowed) as error:
        problem = str(error)
    return room_parts.answer(request, meeting, NAME, context_for, problem)


def _save(request: HttpRequest, meeting: Meeting) -> None:
    shown = queries.shown(meeting, rooms.room(meeting, request.user))
    if shown is not None and not shown.text:
        # What stands there is about an item that this person must not know of; nobody overwrites what they cannot read.
        raise PermissionDenied
    item = None
    if wanted := request.POST.get("item", ""):
        items = AgendaItem.objects.visible_to(request.user).filter(meeting=meeting)
        item = get_object_or_404(items, pk=whole(wanted))
    services.save(
        meeting=meeting,
        text=typed(request.POST, "text"),
        item=item,
        said_by=whole(request.POST.get("said_by", "")),
        version=whole(request.POST.get("version", "")),
        by=request.user,
        now=timezone.now(),
    )
    request.POST = request.POST.copy()
    request.POST.pop("text", None)


def _rank(request: HttpRequest, meeting: Meeting) -> None:
    replan_services.rank(meeting=meeting, press=press_of(request))
