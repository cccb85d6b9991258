from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from actions import page, queries, rules, services
from actions.errors import Incomplete, NotPossible, PlanIncomplete
from actions.forms import CaptureForm
from actions.vagueness import Finding
from core.text import whole
from meetings.models import AgendaItem, Issue, Meeting, Note


@require_GET
@vary_on_headers("HX-Request")
def for_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """What a meeting (`?item=`: one item of its agenda) promised: part of its pages, and a page of its own."""
    meeting = _readable(request, meeting_id)
    return _show(request, meeting, _item(request, meeting, request.GET.get("item", "")))


@require_POST
def capture(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Write an action down while it is decided.

    `intent=record` refuses what nobody could be held to, with the reasons; `intent=draft` keeps it to be completed.
    """
    meeting = _readable(request, meeting_id)
    if not rules.can_capture(request.user, meeting):
        raise PermissionDenied
    item = _item(request, meeting, request.POST.get("item", ""))
    form = CaptureForm(request.POST, user=request.user, meeting=meeting, item=item, auto_id="capture_%s")
    findings: list[Finding] = []
    if form.is_valid():
        terms = form.terms()
        if not rules.can_let_pass(request.user, meeting):
            terms["vague_reason"] = ""
        complete = request.POST.get("intent") != "draft"
        try:
            action = services.capture(
                **terms, meeting=meeting, by=request.user, now=timezone.now(), must_be_complete=complete
            )
        except Incomplete as incomplete:
            findings = incomplete.findings
            form.complain(findings)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            said = [_("Recorded: %(title)s") % {"title": action.title}]
            return _done(request, meeting, item, said + ([form.note] if form.note else []))
    return _show(request, meeting, item, form=form, findings=findings, status=422)


@require_POST
def publish_plan(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Make promises of all drafts; what is missing is listed, and then nothing is published."""
    meeting = _readable(request, meeting_id)
    if not rules.can_publish_plan(request.user, meeting):
        raise PermissionDenied
    item = _item(request, meeting, request.POST.get("item", ""))
    try:
        published = services.publish_plan(meeting=meeting, by=request.user, now=timezone.now())
    except PlanIncomplete as error:
        return _show(request, meeting, item, refused=_gaps(error), status=422)
    except NotPossible as error:
        return _show(request, meeting, item, refused=str(error), status=422)
    words = ngettext(
        "The plan is published: %(number)d action, its owner has been told.",
        "The plan is published: %(number)d actions, each owner has been told once.",
        len(published),
    )
    return _done(request, meeting, item, [words % {"number": len(published)}])


@require_POST
def approve_plan(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Check or confirm all proposals of a meeting that wait for this person, as they were on the page (`action`, each
    "id-version")."""
    meeting = _readable(request, meeting_id)
    item = _item(request, meeting, request.POST.get("item", ""))
    plan = queries.plan_of(meeting, timezone.now(), request.user, item)
    pairs = [value.partition("-") for value in request.POST.getlist("action")]
    shown = {whole(pk): whole(version) for pk, _dash, version in pairs}
    wanted = [line.action for line in plan.lines if line.may_approve and line.action.pk in shown]
    if not wanted:
        raise PermissionDenied
    try:
        with services.all_or_nothing():
            for action in wanted:
                services.approve(action=action, by=request.user, now=timezone.now(), version=shown[action.pk])
    except NotPossible as error:
        return _show(request, meeting, item, refused=str(error), status=422)
    words = ngettext("%(number)d proposal approved.", "%(number)d proposals approved.", len(wanted))
    return _done(request, meeting, item, [words % {"number": len(wanted)}])


def _gaps(error: PlanIncomplete) -> str:
    number = len(error.gaps)
    return ngettext(
        "The plan is not published: %(number)d action is incomplete. What it lacks stands beside it.",
        "The plan is not published: %(number)d actions are incomplete. What they lack stands beside them.",
        number,
    ) % {"number": number}


def _done(request: HttpRequest, meeting: Meeting, item: AgendaItem | None, said: list[str]) -> HttpResponse:
    """The fragment again, or for a plain form the page it stood on."""
    if request.htmx:
        return _show(request, meeting, item, said=said)
    for words in said:
        messages.success(request, words)
    return redirect(_address(meeting, item))


def _show(
    request: HttpRequest,
    meeting: Meeting,
    item: AgendaItem | None,
    *,
    form: CaptureForm | None = None,
    findings: list[Finding] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    now = timezone.now()
    may_capture = rules.can_capture(request.user, meeting)
    if form is None and may_capture:
        begun = _begun(request, meeting)
        form = CaptureForm(user=request.user, meeting=meeting, item=item, auto_id="capture_%s", initial=begun)
    context = {
        "meeting": meeting,
        "item": item,
        "plan": queries.plan_of(meeting, now, request.user, item),
        "form": form,
        "may_capture": may_capture,
        "may_publish": rules.can_publish_plan(request.user, meeting),
        "may_pass": form is not None and page.may_let_pass(request.user, meeting, findings or [], form),
        "now": now,
        "said": [],
        "refused": "",
    } | more
    name = "actions/for_meeting.html#plan" if request.htmx else "actions/for_meeting.html"
    return render(request, name, context, status=status)


def _begun(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """What the form begins with when an issue (`?issue=`) or a note (`?note=`) is to become an action."""
    if wanted := request.GET.get("issue"):
        issue = get_object_or_404(Issue.objects.visible_to(request.user), meeting=meeting, pk=whole(wanted))
        return {"issue": issue, "title": _first_line(issue.solution or issue.text), "description": issue.text}
    if wanted := request.GET.get("note"):
        notes = Note.objects.visible_to(request.user).present()
        note = get_object_or_404(notes, meeting=meeting, pk=whole(wanted))
        return {"source_note": note, "title": _first_line(note.text), "description": note.text}
    return {}


def _first_line(text: str) -> str:
    """A title from a longer text; the whole of it stands in the background."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:300]


def _address(meeting: Meeting, item: AgendaItem | None) -> str:
    return reverse("actions:for_meeting", args=[meeting.pk], query={"item": item.pk} if item else None)


def _readable(request: HttpRequest, pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user).select_related("host"), pk=pk)


def _item(request: HttpRequest, meeting: Meeting, wanted: str) -> AgendaItem | None:
    if not wanted:
        return None
    return get_object_or_404(AgendaItem.objects.visible_to(request.user), meeting=meeting, pk=whole(wanted))
