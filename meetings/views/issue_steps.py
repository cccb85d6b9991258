"""Working on one issue: taking it up, the chain of whys as it is typed, settling it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.text import whole
from meetings import rules
from meetings.errors import Conflict, NotAllowed
from meetings.forms.issues import WorkForm
from meetings.models import Issue
from meetings.services import issues as services
from meetings.services.issues import Unfair
from meetings.views.issues import CONFLICT, INVALID, done, load_issue, refused, wants_json
from people.models import Department


def _load_workable(request: HttpRequest, pk: int, issue: int) -> Issue:
    found = load_issue(request, pk, issue)
    if not rules.can_work_issues(request.user, found.meeting):
        raise PermissionDenied
    return found


@require_POST
def work(request: HttpRequest, pk: int, issue: int) -> HttpResponse:
    found = _load_workable(request, pk, issue)
    try:
        services.work_on(issue=found, by=request.user, now=timezone.now())
    except NotAllowed as error:
        return refused(request, found.meeting, str(error))
    return done(request, found.meeting)


@require_POST
def save(request: HttpRequest, pk: int, issue: int) -> HttpResponse:
    """Store what is typed, as it is typed: JSON with the new version, 409 with both sides, 422 with the sentence.

    With `then` (a state) the issue is settled in the same press, after its words are kept.
    """
    found = _load_workable(request, pk, issue)
    form = WorkForm(request.POST, issue=found, departments=list(Department.objects.in_order()))
    version = whole(request.POST.get("version", ""))
    if not form.is_valid():
        return _wrong(
            request, found, form, {name: list(map(str, said)) for name, said in form.errors.items()}
        )
    try:
        stored = services.save(
            issue=found, work=form.work(), version=version, by=request.user, now=timezone.now()
        )
    except Unfair as error:
        return _wrong(request, found, form, error.found)
    except Conflict as conflict:
        return _conflict(request, form, conflict.theirs, str(conflict))
    except NotAllowed as error:
        return refused(request, found.meeting, str(error), issue_form=form)
    if wants_json(request):
        return JsonResponse({"version": stored.version})
    return (
        _settle(request, stored, request.POST["then"])
        if request.POST.get("then")
        else done(request, found.meeting)
    )


def _wrong(request: HttpRequest, issue: Issue, form: WorkForm, errors: dict[str, list[str]]) -> HttpResponse:
    said = {name: " ".join(sentences) for name, sentences in errors.items()}
    words = " ".join(said.values())
    if wants_json(request):
        return JsonResponse({"errors": said, "message": words}, status=INVALID)
    for name, sentence in said.items():
        if name not in form.errors:
            form.add_error(name, sentence)
    return refused(request, issue.meeting, words, issue_form=form)


def _conflict(request: HttpRequest, form: WorkForm, theirs: Any, words: str) -> HttpResponse:
    if not wants_json(request):
        # The pool then shows the stored words; what was typed stays above them, and saving again replaces them.
        return refused(request, theirs.meeting, words, issue_form=form, issue_theirs=form.differences(theirs))
    found = form.differences(theirs)
    answer = {
        "message": words,
        "version": theirs.version,
        "by": theirs.edited_by.name if theirs.edited_by else "",
        "theirs": {one["name"]: one["value"] for one in found},
        "differences": [{"label": one["label"], "words": one["words"]} for one in found],
    }
    return JsonResponse(answer, status=CONFLICT)


@require_POST
def settle(request: HttpRequest, pk: int, issue: int) -> HttpResponse:
    """Solve, park, withdraw, put back into the pool. Whoever raised an issue may withdraw it, too."""
    found = load_issue(request, pk, issue)
    state = request.POST.get("state", "")
    is_own_withdrawal = state == Issue.State.WITHDRAWN and rules.can_withdraw_issue(request.user, found)
    if not is_own_withdrawal and not rules.can_work_issues(request.user, found.meeting):
        raise PermissionDenied
    return _settle(request, found, state)


def _settle(request: HttpRequest, issue: Issue, state: str) -> HttpResponse:
    try:
        services.settle(issue=issue, state=state, by=request.user, now=timezone.now())
    except NotAllowed as error:
        return refused(request, issue.meeting, str(error))
    return done(request, issue.meeting)
