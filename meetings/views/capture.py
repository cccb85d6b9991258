"""The recorder's line: one letter, one sentence, and it is kept. Actions are kept by their own app."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.templatetags.times import day_words
from core.text import typed, uuid_of
from meetings import lines
from meetings.errors import NotAllowed
from meetings.models import Decision, Meeting
from meetings.queries import capture as queries
from meetings.services import capture as services
from meetings.views.recording import INVALID, back, item_of, may_write, wants_json, writable

LONGEST = 2000


class KindOf(NamedTuple):
    """A kind of line as the page offers it."""

    code: str
    label: str | Promise
    icon: str


KINDS = (
    KindOf("n", pgettext_lazy("to capture", "Note"), "notes"),
    KindOf("d", pgettext_lazy("to capture", "Decision"), "gavel"),
    KindOf("a", pgettext_lazy("to capture", "Action"), "checkbox"),
    KindOf("i", pgettext_lazy("to capture", "Issue"), "bulb"),
    KindOf("p", pgettext_lazy("to capture", "Park"), "parking"),
)
WORDS = {
    "kept": gettext_lazy("kept"),
    "sending": gettext_lazy("is being kept …"),
    "waiting": gettext_lazy("kept in this browser, sent when the connection is back"),
    "login": gettext_lazy("kept in this browser; log in again to send it"),
    "gone": gettext_lazy("Its agenda item is not there any more. Edit the line and keep it again."),
    "edit": gettext_lazy("Edit"),
    "discard": gettext_lazy("Discard"),
    "complete": gettext_lazy("Complete it"),
    "open": gettext_lazy("Open"),
    "lacks": gettext_lazy("Kept as a draft. It lacks:"),
}


def context_for(request: HttpRequest, meeting: Meeting, room: Any = None) -> dict[str, Any]:
    return {
        "capture_may": may_write(request, meeting),
        "capture_kinds": KINDS,
        "capture_words": {code: str(words) for code, words in WORDS.items()},
        "capture_item": getattr(room, "item", None),
    }


@require_GET
@never_cache
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom an @ may name: [name, what to write, pinyin and first letters], the people of the meeting first."""
    return JsonResponse({"people": lines.choices(queries.nearest(writable(request, pk)))})


def understood(request: HttpRequest, meeting: Meeting, kind: str = "") -> lines.Line:
    """The line that was sent, read in the zone of the meeting."""
    return lines.read(
        typed(request.POST, "line")[:LONGEST],
        people=queries.nearest(meeting),
        now=timezone.now(),
        zone=meeting.zone,
        kind=kind or request.POST.get("kind", ""),
        workdays=queries.workdays_of(meeting),
    )


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """200 with what became of it, 422 with the sentence that says what it lacks; as a plain form back to the page."""
    meeting = writable(request, pk)
    item = item_of(request, meeting)
    line = understood(request, meeting)
    if line.kind == lines.Kind.ACTION:
        return refused(request, meeting, _("Press “Action” to keep an action."))
    try:
        kept = services.keep(
            line=line,
            meeting=meeting,
            item=item,
            by=request.user,
            now=timezone.now(),
            key=uuid_of(request.POST.get("key", "")),
        )
    except NotAllowed as error:
        return refused(request, meeting, str(error))
    except ValidationError as error:
        return refused(request, meeting, " ".join(error.messages))
    if wants_json(request):
        return JsonResponse({"words": kept.words, "url": kept.url})
    messages.success(request, kept.words)
    return back(meeting, item, "capture")


def refused(request: HttpRequest, meeting: Meeting, words: str) -> HttpResponse:
    """Nothing was written: the script keeps the line; a plain form shows the page's own with the words again."""
    if wants_json(request):
        return JsonResponse({"message": words}, status=INVALID)
    context = {
        "meeting": meeting,
        "words": words,
        "line": typed(request.POST, "line"),
        "item": item_of(request, meeting),
        **context_for(request, meeting),
    }
    return render(request, "meetings/capture_refused.html", context, status=INVALID)


@require_POST
@never_cache
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What was understood so far. Posted, so that no log of addresses holds anybody's words."""
    meeting = writable(request, pk)
    line = understood(request, meeting)
    return render(request, "meetings/_capture_preview.html", {"line": line, "facts": _facts(line, meeting)})


def _facts(line: lines.Line, meeting: Meeting) -> list[tuple[str, str]]:
    """(icon, words) of what the line says beside its text."""
    if line.kind == lines.Kind.DECISION and line.text:
        try:
            content = services.decision_of(line, meeting)
        except NotAllowed as error:
            return [("alert-circle", str(error))]
        found = [("gavel", str(Decision.Kind(content.kind).label))]
        if content.decided_by:
            found.append(("user", _("decided by %(name)s") % {"name": content.decided_by.name}))
        if content.deferred_until:
            found.append(
                ("calendar", _("deferred until %(day)s") % {"day": day_words(content.deferred_until)})
            )
        return found
    if line.kind == lines.Kind.PARKED and line.said:
        return [("calendar", _("to be looked at on %(day)s") % {"day": day_words(line.said.day)})]
    return []
