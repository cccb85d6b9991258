"""Making one thing of another: a note or an issue becomes an issue, a decision, an action, a parked matter.

The original stays where it is and says what became of it (`queries.lineage`).
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from meetings.errors import NotAllowed
from meetings.forms.decisions import DecisionForm
from meetings.models import AgendaItem, Issue, Meeting, Note
from meetings.queries import evidence
from meetings.services import decisions, issues, notes
from meetings.views.recording import INVALID, back, writable


@require_http_methods(["GET", "POST"])
@never_cache
def of_note(request: HttpRequest, pk: int, note: int, what: str) -> HttpResponse:
    """`what`: issue or parked at one press, decision by a form that begins with the note, action by the plan's form."""
    meeting = writable(request, pk)
    source = get_object_or_404(
        Note.objects.visible_to(request.user).present().select_related("item"), meeting=meeting, pk=note
    )
    if what == "decision":
        return _decide(request, meeting, source.item, text=source.text, source_note=source)
    if what == "action":
        return _plan(meeting, source.item, note=source.pk)
    if what not in ("issue", "parked"):
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        words = _raise(request, meeting, source) if what == "issue" else _park(request, meeting, source)
        messages.success(request, words)
    except NotAllowed as error:
        messages.error(request, str(error))
    return back(meeting, source.item, "notes")


@require_http_methods(["GET", "POST"])
@never_cache
def of_issue(request: HttpRequest, pk: int, issue: int, what: str) -> HttpResponse:
    """`what`: decision by a form that begins with the solution, action by the plan's form."""
    meeting = writable(request, pk)
    rows = Issue.objects.visible_to(request.user).select_related("item")
    source = get_object_or_404(rows, meeting=meeting, pk=issue)
    if what == "decision":
        return _decide(request, meeting, source.item, text=source.solution or source.text, issue=source)
    if what == "action":
        return _plan(meeting, source.item, issue=source.pk)
    raise Http404


def _raise(request: HttpRequest, meeting: Meeting, note: Note) -> str:
    found = evidence.of_note(note)
    issue, _is_new = issues.raise_issue(
        meeting=meeting, item=note.item, found=found, note=note, by=request.user, now=timezone.now()
    )
    return _("In the issue pool: %(text)s") % {"text": issue.text}


def _park(request: HttpRequest, meeting: Meeting, note: Note) -> str:
    parked = notes.park(
        meeting=meeting,
        item=note.item,
        text=note.text[:500],
        source_note=note,
        by=request.user,
        now=timezone.now(),
    )
    return _("In the parking lot: %(text)s") % {"text": parked.text}


def _decide(
    request: HttpRequest, meeting: Meeting, item: AgendaItem | None, *, text: str, **source: Any
) -> HttpResponse:
    form = DecisionForm(request.POST or None, meeting=meeting, initial={"text": text})
    if request.method == "POST" and form.is_valid():
        try:
            decision = decisions.record(
                meeting=meeting,
                item=item,
                content=form.content,
                by=request.user,
                now=timezone.now(),
                **source,
            )
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Recorded as decision %(code)s.") % {"code": decision.code})
            return back(meeting, item, "decisions")
    context = {"meeting": meeting, "item": item, "decision_form": form, "source_text": text}
    status = INVALID if request.method == "POST" else 200
    return render(request, "meetings/become_decision.html", context, status=status)


def _plan(meeting: Meeting, item: AgendaItem | None, **source: int) -> HttpResponse:
    """The action plan has a form of its own; here only its address is known."""
    query = {**({"item": item.pk} if item else {}), **source}
    try:
        address = reverse("actions:for_meeting", args=[meeting.pk], query=query)
    except NoReverseMatch as error:
        raise Http404 from error
    return redirect(f"{address}#capture")
