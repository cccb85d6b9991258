"""The live room: its clock for browsers and its commands. The pages stand in `views.screens`."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.text import typed, whole
from meetings import rules
from meetings.errors import Conflict, NotAllowed, NotReady
from meetings.models import Meeting
from meetings.queries import room as queries
from meetings.services import room as services
from meetings.views.pressing import press_of
from meetings.views.settling import ask_reason

CONFLICT, INVALID = 409, 422


def load_meeting(request: HttpRequest, pk: int) -> Meeting:
    meetings = Meeting.objects.visible_to(request.user).select_related("template", "host")
    return get_object_or_404(meetings, pk=pk)


# --- words ----------------------------------------------------------------------------------------------
def clock_words() -> dict[str, str]:
    """What the room's scripts write by themselves."""
    return {
        "running": _("running"),
        "paused": _("paused"),
        "report": _("Report"),
        "discussion": _("Discussion"),
        "lost": _("No connection. The clock goes on by itself; times are checked again as soon as possible."),
        "moved": _("The room has moved on to another item."),
        "late": _("{minutes} min later than planned"),
        "early": _("{minutes} min to spare"),
        "on_time": _("as planned"),
        "mine_now": _("Your part is on now"),
        "mine_in": _("Your part in about {minutes} min"),
        "parked": _("parked"),
        "deferred": _("deferred"),
        "wall_done": _("{n} done"),
        "wall_ahead": _("and {n} more"),
        "sound_on": _("Sound on"),
        "sound_off": _("Sound off"),
        **level_words(),
    }


def level_words() -> dict[str, str]:
    """The thresholds of a part in words, so that colour never stands alone."""
    return {
        "level_": _("in time"),
        "level_soon": _("time is running out"),
        "level_over": _("time is up"),
        "level_far": _("far over time"),
    }


# --- the clock ------------------------------------------------------------------------------------------
@require_POST
def command(request: HttpRequest, pk: int) -> HttpResponse:
    """One press of a button. JSON for the page's script, a reload without it; 409 with the fresh state when lost."""
    meeting = load_meeting(request, pk)
    verb = request.POST.get("verb", "")
    if not rules.can_press(request.user, meeting, verb):
        raise PermissionDenied
    try:
        _carry_out(request, meeting, verb)
    except NotReady as error:
        if _wants_json(request):
            return _refused(request, meeting, str(error))
        return redirect("meetings:close" if verb == "end" else "meetings:start", pk)
    except (Conflict, NotAllowed) as error:
        return _refused(request, meeting, str(error))
    if _wants_json(request):
        return JsonResponse(queries.room(meeting).state())
    if verb == "end":
        return redirect("meetings:minutes", pk)
    return redirect("meetings:live", pk)


@require_http_methods(["GET", "POST"])
@never_cache
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the meeting. With points still open it is a page that names them and asks for the reason."""
    meeting = load_meeting(request, pk)
    if not rules.can_run(request.user, meeting):
        raise PermissionDenied
    if request.method == "GET":
        if meeting.status != Meeting.Status.SCHEDULED:
            return redirect(meeting)
        return ask_reason(request, meeting, "meetings:start")
    reason = typed(request.POST, "reason")
    try:
        services.start(meeting=meeting, by=request.user, now=timezone.now(), reason=reason)
    except NotReady as error:
        return ask_reason(request, meeting, "meetings:start", str(error), INVALID)
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect(meeting)
    return redirect("meetings:live", pk)


def _carry_out(request: HttpRequest, meeting: Meeting, verb: str) -> None:
    if verb == "start":
        services.start(
            meeting=meeting, by=request.user, now=timezone.now(), reason=typed(request.POST, "reason")
        )
        return
    press = press_of(request)
    if verb == "end":
        services.end(meeting=meeting, press=press, reason=typed(request.POST, "reason"))
    elif verb in services.COMMANDS:
        item = whole(request.POST.get("item", ""))
        services.command(meeting=meeting, verb=verb, press=press, item=item)
    else:
        raise Http404


def _refused(request: HttpRequest, meeting: Meeting, words: str) -> HttpResponse:
    meeting.refresh_from_db()
    if _wants_json(request):
        return JsonResponse({"message": words, "state": queries.room(meeting).state()}, status=CONFLICT)
    messages.warning(request, words)
    if meeting.status == Meeting.Status.ENDED:
        return redirect("meetings:minutes", meeting.pk)
    from meetings.views import screens  # its parts load their meeting from here

    return screens.page(request, meeting, status=CONFLICT)


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
