"""Screens beside the live page: the wall of the meeting room, with a login or by its secret address, and the remote."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from meetings import rules
from meetings.errors import NotAllowed
from meetings.models import Meeting
from meetings.queries import room as queries
from meetings.queries import wall as wall_queries
from meetings.services import wall as services
from meetings.views import live_state, room_parts, screens, speaking


# --- the remote of the timekeeper -------------------------------------------------------------------------
@require_GET
@never_cache
def remote(request: HttpRequest, pk: int) -> HttpResponse:
    """Clock, big buttons and speaking time for one thumb."""
    meeting = room_parts.load(request, pk, rules.can_keep_time)
    if meeting.status == Meeting.Status.ENDED:
        return redirect("meetings:minutes", pk)
    room = queries.room(meeting, request.user)
    context = screens.clock_context(request, meeting, room, timezone.now())
    context["can_run"] = rules.can_run(request.user, meeting)
    if room.clock:
        context |= speaking.context_for(request, meeting, room)
    return render(request, "meetings/live_remote.html", context)


# --- the wall ---------------------------------------------------------------------------------------------
@require_GET
@never_cache
def wall(request: HttpRequest, pk: int) -> HttpResponse:
    """The wall for somebody who is logged in; whoever keeps the time finds its address without a login there."""
    meeting = room_parts.load(request, pk)
    urls = {
        "state_url": reverse("meetings:live_state", args=[pk]),
        "stream": ("meetings:live_stream", pk),
        "screen_url": reverse("meetings:wall_screen", args=[pk]),
        "is_open": False,
    }
    return _wall(request, meeting, urls)


@require_GET
@never_cache
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes on the wall when the room moves on."""
    return _screen(request, room_parts.load(request, pk), reverse("meetings:wall_screen", args=[pk]))


@login_not_required
@require_GET
@never_cache
def open_wall(request: HttpRequest, token: str) -> HttpResponse:
    """The wall by its secret address. Says nothing but 404 to a token that is not, or no longer, one."""
    meeting = _by_token(token)
    urls = {
        "state_url": reverse("wall:state", args=[token]),
        "stream": ("wall:stream", token),
        "screen_url": reverse("wall:screen", args=[token]),
        "is_open": True,
    }
    return _private(_wall(request, meeting, urls))


@login_not_required
@require_GET
@never_cache
def open_screen(request: HttpRequest, token: str) -> HttpResponse:
    url = reverse("wall:screen", args=[token])
    return _private(_screen(request, _by_token(token), url))


@login_not_required
@require_GET
@never_cache
def open_state(request: HttpRequest, token: str) -> HttpResponse:
    """The clock for a wall without a login; it names no item and no person."""
    meeting = _by_token(token)
    return _private(live_state.respond(request, wall_queries.alone(meeting), meeting.pk))


@login_not_required
@require_GET
@never_cache
def open_stream(request: HttpRequest, token: str) -> HttpResponse:
    """The address of the stream where no proxy sends it to the process of the streams: there is none here."""
    _by_token(token)
    return _private(HttpResponse(status=204))


def _by_token(token: str) -> Meeting:
    meeting = wall_queries.meeting_of(token)
    if meeting is None:
        raise Http404
    return meeting


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the secret: it goes to no other site and into no search engine."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _wall(request: HttpRequest, meeting: Meeting, urls: dict[str, Any]) -> HttpResponse:
    room = queries.room_for_all(meeting)
    context = screens.clock_context(request, meeting, room, timezone.now())
    context |= urls | wall_queries.screen(meeting, room, timezone.now())
    is_known = request.user.is_authenticated
    context["can_keep_time"] = is_known and rules.can_keep_time(request.user, meeting)
    return render(request, "meetings/live_wall.html", context)


def _screen(request: HttpRequest, meeting: Meeting, url: str) -> HttpResponse:
    room = queries.room_for_all(meeting)
    context: dict[str, Any] = {"meeting": meeting, "room": room, "screen_url": url}
    context |= wall_queries.screen(meeting, room, timezone.now())
    return render(request, "meetings/_wall_screen.html", context)


# --- its address -------------------------------------------------------------------------------------------
@require_GET
@never_cache
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the address of the wall is made and taken back."""
    meeting = room_parts.load(request, pk, rules.can_keep_time)
    return _link_page(request, meeting)


def _link_page(request: HttpRequest, meeting: Meeting, address: str = "") -> HttpResponse:
    context = {"meeting": meeting, "link": wall_queries.link_of(meeting), "address": address}
    return render(request, "meetings/wall_link.html", context)


@require_POST
@never_cache
def make_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The new address is shown in this answer alone; only its hash is kept."""
    meeting = room_parts.load(request, pk, rules.can_keep_time)
    try:
        token = services.create(meeting=meeting, by=request.user, now=timezone.now())
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("meetings:wall_link", pk)
    address = request.build_absolute_uri(reverse("wall:open", args=[token]))
    return _link_page(request, meeting, address)


@require_POST
def revoke_link(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = room_parts.load(request, pk, rules.can_keep_time)
    services.revoke(meeting=meeting, by=request.user)
    return redirect("meetings:wall_link", pk)
