from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions import page, rules, services
from actions.errors import NOT_YOURS_TO_GIVE, Incomplete, NotPossible
from actions.forms import ActionForm, VerbForm
from actions.models import Action, Evidence
from actions.vagueness import Finding
from actions.verbs import VERBS
from core import files
from core.models import Company
from core.text import whole
from meetings.models import Meeting
from meetings.queries import confidential


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What counts as done, how does it stand, and what is the next step?"""
    return _show(request, readable(request, pk))


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One step on an action; the verbs stand in actions/verbs.py."""
    action = readable(request, pk)
    step = VERBS.get(verb)
    if step is None:
        raise Http404
    if not step.may(request.user, action):
        raise PermissionDenied
    form = step.form(request.POST, request.FILES, action=action, user=request.user)
    if not form.is_valid():
        return _show(request, action, {verb: form}, status=422)
    try:
        step.run(action, form, request.user, timezone.now())
    except NotPossible as error:
        form.add_error(None, str(error))
        # As it stands now: the refusal may mean that somebody was quicker.
        return _show(request, readable(request, pk), {verb: form}, status=422)
    for note in (getattr(form, "note", ""), str(step.said)):
        if note:
            messages.success(request, note)
    if step.leaves:
        return (
            redirect("actions:for_meeting", action.meeting_id)
            if action.meeting_id
            else redirect("actions:list")
        )
    return redirect(action)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write an action down outside a meeting, or after one (`?meeting=`)."""
    meeting = _meeting(request)
    if not rules.can_capture(request.user, meeting):
        raise PermissionDenied
    form = ActionForm(request.POST or None, user=request.user, meeting=meeting)
    findings: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        try:
            action = save_new(request, form, meeting, publish=request.POST.get("intent") != "draft")
        except Incomplete as incomplete:
            findings = incomplete.findings
            form.complain(findings)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return redirect(action)
    context = {
        "form": form,
        "meeting": meeting,
        "may_pass": page.may_let_pass(request.user, meeting, findings, form),
        "proposes": Company.current().checks_actions,
    }
    return render(request, "actions/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the words of an action; of a draft everything."""
    action = readable(request, pk)
    if not rules.can_edit(request.user, action):
        raise PermissionDenied
    form = ActionForm(request.POST or None, user=request.user, action=action, meeting=action.meeting)
    findings: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        try:
            save_changes(request, form, action)
        except Incomplete as incomplete:
            findings = incomplete.findings
            form.complain(findings)
            action = readable(request, pk)
        except NotPossible as error:
            form.add_error(None, str(error))
            action = readable(request, pk)
        else:
            return redirect(action)
    context = {
        "form": form,
        "action": action,
        "meeting": action.meeting,
        "may_pass": page.may_let_pass(request.user, action.meeting, findings, form),
        "proposes": Company.current().checks_actions,
    }
    return render(request, "actions/form.html", context, status=422 if form.errors else 200)


@require_GET
def evidence_file(request: HttpRequest, pk: int, evidence_pk: int) -> FileResponse:
    """A file of the evidence, for those who may read the action; never shown inside the page."""
    action = readable(request, pk)
    evidence = get_object_or_404(Evidence, pk=evidence_pk, action=action)
    if not evidence.file:
        raise Http404
    return files.download(evidence.file, evidence.file_name)


def save_new(
    request: HttpRequest,
    form: ActionForm,
    meeting: Meeting | None,
    *,
    publish: bool,
    parent: Action | None = None,
) -> Action:
    """Capture and publish in one go, or keep a draft. Refused is refused whole: nothing is left behind."""
    now, terms = timezone.now(), form.terms()
    _may_give(request, terms, meeting)
    if terms["vague_reason"] and not rules.can_let_pass(request.user, meeting):
        terms["vague_reason"] = ""
    with services.all_or_nothing():
        action = services.capture(**terms, meeting=meeting, parent=parent, by=request.user, now=now)
        said = _publish(request, action) if publish else _("Kept as a draft.")
    if form.note:
        messages.warning(request, form.note)
    messages.success(request, said)
    return action


def _publish(request: HttpRequest, action: Action) -> str:
    """Publish a draft, or where the company checks proposals, propose it; the words that say which."""
    now = timezone.now()
    step = services.propose(action=action, by=request.user, now=now)
    if step is not None:
        return _("Proposed. The next word is for %(names)s.") % {"names": step.names}
    services.publish(action=action, by=request.user, now=now)
    return _("Published. The owner has been told.")


def save_changes(request: HttpRequest, form: ActionForm, action: Action) -> None:
    terms = form.terms()
    if action.is_draft:
        _may_give(request, terms, action.meeting)
    if not rules.can_let_pass(request.user, action.meeting):
        terms["vague_reason"] = action.vague_reason
    publish = action.is_draft and request.POST.get("intent") == "publish"
    with services.all_or_nothing():
        services.edit(
            action=action,
            version=form.cleaned_data["version"] or 0,
            by=request.user,
            now=timezone.now(),
            **terms,
        )
        said = _publish(request, action) if publish else _("Saved.")
    if form.note:
        messages.warning(request, form.note)
    messages.success(request, said)


def _may_give(request: HttpRequest, terms: dict[str, Any], meeting: Meeting | None) -> None:
    owner = terms["owner"]
    if owner is not None and not rules.may_give_to(request.user, owner, terms["department"], meeting):
        raise NotPossible(str(NOT_YOURS_TO_GIVE))


def readable(request: HttpRequest, pk: int) -> Action:
    """The action with all that its pages name, or 404; without the item it must not be known to come from."""
    shown = Action.objects.visible_to(request.user).select_related(
        "owner",
        "acceptor",
        "accepted_by",
        "department",
        "meeting__host",
        "agenda_item",
        "decision",
        "created_by",
        "checked_by",
        "confirmed_by",
    )
    action = get_object_or_404(shown, pk=pk)
    item = action.agenda_item
    if item is not None and item.is_confidential:
        # Whoever owes or accepts it need not know what it was promised on.
        (action.agenda_item,) = confidential.masked([item], request.user)
        if action.agenda_item.is_masked:
            action.decision = None
    return action


def _meeting(request: HttpRequest) -> Meeting | None:
    wanted = request.GET.get("meeting", "")
    if not wanted:
        return None
    return get_object_or_404(Meeting.objects.visible_to(request.user), pk=whole(wanted))


def _show(
    request: HttpRequest, action: Action, bound: dict[str, VerbForm] | None = None, status: int = 200
) -> HttpResponse:
    context = page.context(action=action, user=request.user, now=timezone.now(), bound=bound or {})
    return render(request, "actions/detail.html", context, status=status)
