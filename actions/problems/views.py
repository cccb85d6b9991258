"""Pages of problems: the list, the report, one problem with its line and its steps."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions import page
from actions import rules as action_rules
from actions.errors import Incomplete, NotPossible
from actions.forms import ActionForm
from actions.models import Action, Problem
from actions.problems import queries, rules, services
from actions.problems.forms import OutcomeForm, OwnerForm, ReportForm
from actions.vagueness import Finding
from actions.views.detail import save_new
from core.models import Company
from core.text import whole
from meetings.models import Meeting
from people.models import User

PER_PAGE = 50
Asked = TypeVar("Asked", OwnerForm, OutcomeForm)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What has gone wrong, and does somebody have it in hand?"""
    now, is_closed = timezone.now(), request.GET.get("state") == "closed"
    pages = Paginator(queries.rows(request.user, closed=is_closed), PER_PAGE)
    shown = pages.get_page(whole(request.GET.get("page", "1")) or 1)
    within = queries.notify_within()
    context = {
        "page": shown,
        "rows": [queries.standing(problem, now, within=within) for problem in shown],
        "is_closed": is_closed,
        "now": now,
    }
    return render(request, "problems/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Anybody reports what they have noticed."""
    form = ReportForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            problem = services.report(report=form.report(), by=request.user, now=timezone.now())
        except NotPossible as error:
            form.add_error("noticed_at", str(error))
        else:
            messages.success(request, _("Reported. Those above you are being told now."))
            return redirect(problem)
    status = 422 if form.errors else 200
    return render(request, "problems/form.html", {"form": form}, status=status)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _readable(request, pk))


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    problem = _readable(request, pk)
    _check(rules.can_acknowledge(request.user, problem))
    services.acknowledge(problem=problem, by=request.user, now=timezone.now())
    messages.success(request, _("Noted. Nobody else is called."))
    return redirect(problem)


@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    problem = _readable(request, pk)
    _check(rules.can_steer(request.user, problem))
    form = OwnerForm(request.POST, auto_id="owner_%s")
    return _step(
        request,
        problem,
        form,
        lambda: services.hand_over(
            problem=problem, owner=form.cleaned_data["owner"], by=request.user, now=timezone.now()
        ),
    )


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    problem = _readable(request, pk)
    _check(rules.can_steer(request.user, problem))
    form = OutcomeForm(request.POST)
    return _step(
        request,
        problem,
        form,
        lambda: services.close(
            problem=problem, outcome=form.cleaned_data["outcome"], by=request.user, now=timezone.now()
        ),
    )


@require_POST
def call_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One press: the draft of the special meeting, to be looked through and sent."""
    problem = _readable(request, pk)
    _check(rules.can_call_meeting(request.user))
    try:
        meeting = services.call_meeting(problem=problem, by=request.user, now=timezone.now())
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect(problem)
    return redirect("meetings:check", meeting.pk)


@require_http_methods(["GET", "POST"])
def action(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what is done about it."""
    problem = _readable(request, pk)
    _check(action_rules.can_capture(request.user) and problem.closed_at is None)
    data = request.POST if request.method == "POST" else None
    form = ActionForm(data, user=request.user, meeting=None)
    findings: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = save_new(request, form, None, publish=request.POST.get("intent") != "draft")
        except Incomplete as incomplete:
            findings = incomplete.findings
            form.complain(findings)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            services.link(action=made, problem=problem, by=request.user)
            return redirect(problem)
    context = {
        "form": form,
        "problem": problem,
        "may_pass": page.may_let_pass(request.user, None, findings, form),
        "proposes": Company.current().checks_actions,
    }
    return render(request, "actions/form.html", context, status=422 if form.errors else 200)


def _step(
    request: HttpRequest, problem: Problem, form: OwnerForm | OutcomeForm, run: Callable[[], None]
) -> HttpResponse:
    if form.is_valid():
        try:
            run()
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return redirect(problem)
    return _show(request, _readable(request, problem.pk), form, status=422)


def _show(
    request: HttpRequest, problem: Problem, refused: OwnerForm | OutcomeForm | None = None, status: int = 200
) -> HttpResponse:
    user = cast("User", request.user)
    now = timezone.now()
    can_steer = rules.can_steer(user, problem) and problem.closed_at is None
    services.settle(problem=problem)
    actions = Action.objects.visible_to(user).filter(problem=problem).with_people().by_deadline()
    context = {
        "problem": problem,
        # That there is one may be known; what it is called, and the way there, is for whoever may read it.
        "may_read_meeting": problem.special_meeting_id is not None
        and Meeting.objects.visible_to(user).filter(pk=problem.special_meeting_id).exists(),
        "standing": queries.standing(problem, now),
        "told": queries.told(problem),
        "actions": actions,
        "now": now,
        "can_acknowledge": problem.closed_at is None
        and problem.acknowledged_at is None
        and rules.can_acknowledge(user, problem),
        "can_call": problem.closed_at is None and rules.can_call_meeting(user),
        "can_add": problem.closed_at is None and action_rules.can_capture(user),
        "owner_form": _form(OwnerForm, refused, {"owner": problem.owner}) if can_steer else None,
        "outcome_form": _form(OutcomeForm, refused, {}) if can_steer else None,
    }
    return render(request, "problems/detail.html", context, status=status)


def _form(kind: type[Asked], refused: OwnerForm | OutcomeForm | None, initial: dict[str, Any]) -> Asked:
    """The form that was refused, with what was typed, or a fresh one."""
    return refused if isinstance(refused, kind) else kind(initial=initial)


def _readable(request: HttpRequest, pk: int) -> Problem:
    found = Problem.objects.visible_to(request.user).select_related(
        "department", "owner", "reported_by", "acknowledged_by", "closed_by", "special_meeting"
    )
    return get_object_or_404(found, pk=pk)


def _check(may: bool) -> None:
    if not may:
        raise PermissionDenied
