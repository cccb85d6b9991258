"""An action from the recorder's line: kept at once, as a promise when nothing is missing, else as a draft."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from actions import rules, services, vagueness
from actions.deadlines import as_said
from actions.errors import NotPossible
from actions.services.capture import propose_acceptor
from core.templatetags.times import day_words, moment_words
from core.text import uuid_of
from meetings.lines import Kind, Line
from meetings.models import Meeting
from meetings.views.capture import refused, understood
from meetings.views.recording import back, item_of, readable, wants_json
from people.models import User

LONGEST = 300


@require_POST
def capture_line(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Keep the line as a draft, whatever it lacks; what that is comes with the answer. 422 only for an empty one."""
    meeting = _writable(request, meeting_id)
    item = item_of(request, meeting)
    line = understood(request, meeting, Kind.ACTION)
    now = timezone.now()
    try:
        action = services.capture(
            **_terms(line, meeting),
            meeting=meeting,
            agenda_item=item,
            by=request.user,
            now=now,
            key=uuid_of(request.POST.get("key", "")),
        )
    except NotPossible as error:
        return refused(request, meeting, str(error))
    except ValidationError as error:
        return refused(request, meeting, " ".join(error.messages))
    lacks = [str(one.message) for one in services.check(action=action, now=now)] + _unknown(line)
    words = _("Action %(reference)s") % {"reference": action.reference}
    if wants_json(request):
        url = reverse("actions:edit", args=[action.pk]) if lacks else action.get_absolute_url()
        return JsonResponse({"words": words, "url": url, "lacks": lacks})
    messages.success(request, words)
    for one in lacks:
        messages.warning(request, one)
    return back(meeting, item, "capture")


@require_POST
@never_cache
def preview_line(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """What was understood of the line so far, and what it would still lack to be a promise."""
    meeting = _writable(request, meeting_id)
    line = understood(request, meeting, Kind.ACTION)
    terms = _terms(line, meeting)
    found = vagueness.find(
        title=line.text,
        criteria=line.criteria,
        owner=line.person,
        acceptor=_acceptor(line.person, meeting, request.user),
        department=None if line.person is None else next(iter(line.person.departments), None),
        due_at=terms["deadline"].at if terms["deadline"] else None,
        now=timezone.now(),
    )
    context = {
        "line": line,
        "facts": _facts(line, meeting, terms),
        "lacks": [str(one.message) for one in found] + _unknown(line) if line.text else [],
    }
    return render(request, "meetings/_capture_preview.html", context)


def _writable(request: HttpRequest, pk: int) -> Meeting:
    meeting = readable(request, pk)
    if not rules.can_capture(request.user, meeting):
        raise PermissionDenied
    return meeting


def _terms(line: Line, meeting: Meeting) -> dict[str, Any]:
    """What the line says, as the service takes it; a text that is too long for a title goes on in the background."""
    fits = len(line.text) <= LONGEST
    return {
        "title": line.text if fits else f"{line.text[: LONGEST - 1]}…",
        "description": "" if fits else line.text,
        "owner": line.person,
        "deadline": as_said(line.said, zone=meeting.time_zone),
        "criteria": line.criteria,
    }


def _acceptor(owner: User | None, meeting: Meeting, by: User) -> User | None:
    return propose_acceptor(
        owner=owner,
        department=next(iter(owner.departments), None) if owner else None,
        meeting=meeting,
        by=by,
    )


def _facts(line: Line, meeting: Meeting, terms: dict[str, Any]) -> list[tuple[str, str]]:
    found = [("user", line.person.name)] if line.person else []
    deadline = terms["deadline"]
    if deadline:
        local = deadline.at.astimezone(meeting.zone)
        shown = day_words(local) if deadline.is_all_day else moment_words(deadline.at, meeting.zone)
        found.append(("calendar", shown))
    found += [("target", one) for one in line.criteria]
    if len(line.people) > 1:
        others = pgettext("between names", ", ").join(one.name for one in line.people[1:])
        found.append(
            ("alert-circle", _("One person owns an action; %(names)s is left out.") % {"names": others})
        )
    return found


def _unknown(line: Line) -> list[str]:
    sentence = _("Nobody is called “%(name)s”, or several people are.")
    return [sentence % {"name": name} for name in line.unknown]
