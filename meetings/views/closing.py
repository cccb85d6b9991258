"""The page that ends a meeting: what is still open, each point with the way to its place, and the last step."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.text import typed, whole
from meetings import rules
from meetings.errors import Conflict, NotAllowed, NotReady
from meetings.models import AgendaItem, Meeting
from meetings.queries import attendance, closing, confidential
from meetings.queries import room as rooms
from meetings.services import closing as services
from meetings.services import room as room_services
from meetings.views import room_parts

INVALID = 422


@require_http_methods(["GET", "POST"])
@never_cache
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the meeting. While points are open only an executive may, with a reason."""
    meeting = room_parts.load(request, pk, rules.can_close)
    if meeting.status != Meeting.Status.IN_PROGRESS:
        return redirect(
            "meetings:minutes" if meeting.status == Meeting.Status.ENDED else "meetings:detail", pk
        )
    if request.method == "GET":
        return _page(request, meeting)
    press = room_services.Press(by=request.user, now=timezone.now(), version=rooms.version(meeting))
    try:
        room_services.end(meeting=meeting, press=press, reason=typed(request.POST, "reason"))
    except NotReady as error:
        return _page(request, meeting, str(error), INVALID)
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error))
        return redirect("meetings:close", pk)
    return redirect("meetings:minutes", pk)


def _page(request: HttpRequest, meeting: Meeting, problem: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    points = closing.points(meeting)
    room = rooms.room(meeting, request.user)
    may_override = rules.can_override_closing(request.user, meeting)
    context: dict[str, Any] = {
        "meeting": meeting,
        "points": points,
        "may_end": may_override if points else rules.can_run(request.user, meeting) or may_override,
        "may_override": may_override,
        "may_name_day": rules.can_record(request.user, meeting),
        "put_off": _put_off(request, meeting, points),
        "presence": attendance.presence(meeting),
        "room": room,
        "length": now - meeting.started_at if meeting.started_at else None,
        "planned_end": room.planned_end,
        "problem": problem,
        "reason": typed(request.POST, "reason"),
    }
    return render(request, "meetings/close.html", context, status=status)


def _put_off(request: HttpRequest, meeting: Meeting, points: list[closing.Point]) -> list[AgendaItem]:
    """The items that still need a day, as this person may see them."""
    wanted = [one.key.partition(":")[2] for one in points if one.code == "put_off"]
    items = meeting.items.filter(pk__in=wanted).in_order()
    return confidential.masked(items, request.user)


@require_POST
def put_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the day (`until`, year-month-day) on which an `item` that was put off is looked at again."""
    meeting = room_parts.load(request, pk, rules.can_record)
    items = AgendaItem.objects.visible_to(request.user).filter(meeting=meeting)
    item = get_object_or_404(items, pk=whole(request.POST.get("item", "")))
    try:
        until = parse_date(typed(request.POST, "until").strip())
    except ValueError:
        until = None
    try:
        services.put_off(meeting=meeting, item=item, until=until, by=request.user, now=timezone.now())
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The matter waits until then."))
    return redirect("meetings:close", pk)
