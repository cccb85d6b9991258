"""More time for a department."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.templatetags.times import moment_words
from core.text import typed
from meetings import rules, walltime
from meetings.errors import NotAllowed
from meetings.models import Meeting, PreRead
from meetings.queries import windows as queries
from meetings.services import windows as services

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def extend(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Give one department more time; its working text is not shown to whoever does."""
    meetings = Meeting.objects.visible_to(request.user).select_related("template", "host")
    meeting = get_object_or_404(meetings, pk=pk)
    preread = get_object_or_404(meeting.prereads.select_related("department"), department__code=code)
    preread.meeting = meeting
    if not rules.can_extend(request.user, preread):
        raise PermissionDenied
    refused, until, reason = "", "", ""
    if request.method == "POST":
        until, reason = typed(request.POST, "until"), typed(request.POST, "reason")
        try:
            moment = _instant(until, meeting)
            services.extend(
                preread=preread, due_at=moment, reason=reason, by=request.user, now=timezone.now()
            )
        except NotAllowed as error:
            refused = str(error)
        else:
            messages.success(
                request,
                _("%(department)s has until %(until)s; its lead and deputy are told.")
                % {"department": preread.department.name, "until": moment_words(moment)},
            )
            return redirect(f"{meeting.get_absolute_url()}#prereads")
    context = {
        "preread": preread,
        "meeting": meeting,
        "window": queries.state(preread, timezone.now()),
        "until": until or _suggested(preread),
        "reason": reason,
        "refused": refused,
    }
    return render(request, "meetings/preread_extend.html", context, status=INVALID if refused else 200)


def _instant(text: str, meeting: Meeting) -> datetime:
    """What was typed, on the meeting's clock."""
    try:
        wall = parse_datetime(text)
    except ValueError:
        wall = None
    if wall is None or wall.tzinfo is not None:
        raise NotAllowed(_("Give date and time, such as 2026-11-20T14:00."))
    try:
        # Of an hour that comes twice the later one: it gives more time.
        return walltime.instant(wall.date(), wall.time(), meeting.zone, fold=1)
    except walltime.NoSuchTime as gap:
        raise NotAllowed(
            _("The clocks are put forward over this time. Choose %(before)s or %(after)s.")
            % {"before": f"{gap.before:%H:%M}", "after": f"{gap.after:%H:%M}"}
        ) from gap


def _suggested(preread: PreRead) -> str:
    """A day more than now or than it has, if that is before the meeting."""
    moment = max(timezone.now(), queries.until(preread)) + services.USUAL
    moment = min(moment, preread.meeting.starts_at).astimezone(preread.meeting.zone)
    return f"{moment:%Y-%m-%dT%H:%M}"
