"""Attendance in the live room: signing in oneself, and the list of whoever keeps the record."""

from datetime import datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.text import typed, whole
from meetings import rules
from meetings.errors import NotAllowed
from meetings.models import Attendance, Meeting, Participant
from meetings.queries import attendance as queries
from meetings.queries.room import Room
from meetings.services import attendance as services
from meetings.views import room_parts
from people.models import User


def context_for(request: HttpRequest, meeting: Meeting, room: Room) -> dict[str, Any]:
    presence = queries.presence(meeting)
    return {
        "attendance": presence,
        "attendance_me": presence.of(request.user),
        "attendance_may_come": rules.can_attend(request.user, meeting),
        "attendance_may_note": rules.can_note_attendance(request.user, meeting),
    }


@require_GET
@never_cache
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    return room_parts.part(request, room_parts.load(request, pk), "attendance", context_for)


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """`do`: come or leave (for oneself, or for `user` at the wall time `at`), all (everybody is here), taken (the
    list is right), remove (the stretch `row` was noted by mistake)."""
    meeting = room_parts.load(request, pk)
    try:
        _carry_out(request, meeting, request.POST.get("do", "come"))
    except NotAllowed as error:
        return room_parts.answer(request, meeting, "attendance", context_for, str(error))
    return room_parts.answer(request, meeting, "attendance", context_for)


def _carry_out(request: HttpRequest, meeting: Meeting, do: str) -> None:
    by, now = request.user, timezone.now()
    if do in ("come", "leave"):
        user = _user(request, meeting)
        at = _at(request, meeting, now)
        step = services.arrive if do == "come" else services.leave
        step(meeting=meeting, user=user, by=by, now=now, at=at)
        return
    if not rules.can_note_attendance(by, meeting):
        raise PermissionDenied
    if do == "all":
        services.arrive_all(meeting=meeting, users=services.expected(meeting), by=by, now=now)
    elif do == "taken":
        services.take(meeting=meeting, by=by, now=now)
    elif do == "remove":
        rows = Attendance.objects.filter(meeting=meeting).select_related("meeting")
        row = get_object_or_404(rows, pk=whole(request.POST.get("row", "")))
        services.remove(row=row, by=by, now=now)
    else:
        raise Http404


def _user(request: HttpRequest, meeting: Meeting) -> User:
    """Whom it is about: the person themselves, or somebody of the meeting for whoever keeps the record."""
    wanted = whole(request.POST.get("user", ""))
    if wanted in (0, request.user.pk):
        if not rules.can_attend(request.user, meeting):
            raise PermissionDenied
        return request.user
    if not rules.can_note_attendance(request.user, meeting):
        raise PermissionDenied
    known = (
        Participant.objects.filter(meeting=meeting).values("user").union(meeting.attendances.values("user"))
    )
    return get_object_or_404(User.objects.filter(pk__in=known), pk=wanted)


def _at(request: HttpRequest, meeting: Meeting, now: datetime) -> datetime | None:
    """A time of the day ("14:05") in the writer's zone, on the day that makes it the last one before now."""
    text = typed(request.POST, "at").strip()
    if not text:
        return None
    if not rules.can_note_attendance(request.user, meeting):
        raise PermissionDenied
    try:
        wall = time.fromisoformat(text)
    except ValueError as error:
        raise NotAllowed(_("Write the time like 14:05.")) from error
    return latest(wall, now.astimezone(request.user.zone))


def latest(wall: time, now: datetime) -> datetime:
    """The last moment up to `now` at which a clock in its zone showed this time."""
    found = datetime.combine(now.date(), wall.replace(tzinfo=None), now.tzinfo)
    if found > now:
        found = datetime.combine(now.date().fromordinal(now.date().toordinal() - 1), found.time(), now.tzinfo)
    return found
