"""The page of the ladder of reminders: everybody reads who is told when; executives and administrators change it."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from actions.forms.ladder import StepForm
from actions.ladder import Ladder, offset_words
from actions.models import EscalationStep
from actions.services import ladder as services
from meetings import rules as meeting_rules


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    _check_setter(request)
    form = StepForm(request.POST, auto_id="new_%s")
    if not _saved(request, form):
        return _page(request, new=form, status=422)
    return redirect("actions:ladder")


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    _check_setter(request)
    step = get_object_or_404(EscalationStep, pk=pk)
    form = StepForm(request.POST, step=step, auto_id=f"step_{pk}_%s")
    if not _saved(request, form, step):
        return _page(request, refused=(pk, form), status=422)
    return redirect("actions:ladder")


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    _check_setter(request)
    services.remove_step(step=get_object_or_404(EscalationStep, pk=pk), by=request.user)
    messages.success(request, _("Removed. What it has promised and not yet sent is not sent."))
    return redirect("actions:ladder")


def _saved(request: HttpRequest, form: StepForm, step: EscalationStep | None = None) -> bool:
    if not form.is_valid():
        return False
    try:
        if step is None:
            services.add_step(by=request.user, **form.terms())
        else:
            services.change_step(step=step, by=request.user, **form.terms())
    except ValidationError as error:
        form.refuse(error)
        return False
    messages.success(
        request,
        _("Saved. It counts for all open actions; where its moment is over, it speaks within ten minutes."),
    )
    return True


def _page(
    request: HttpRequest,
    *,
    new: StepForm | None = None,
    refused: tuple[int, StepForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    can_set = meeting_rules.can_set_rules(request.user)
    rows = []
    for step in EscalationStep.objects.order_by("offset", "pk"):
        form = None
        if can_set:
            is_refused = refused is not None and refused[0] == step.pk
            form = refused[1] if is_refused else StepForm(step=step, auto_id=f"step_{step.pk}_%s")
        rows.append((step, offset_words(step.offset), form))
    if can_set and new is None:
        new = StepForm(auto_id="new_%s")
    due_at = _example(timezone.localtime())
    context = {
        "rows": rows,
        "new": new if can_set else None,
        "refused": refused[0] if refused else None,
        "due_at": due_at,
        "timeline": _timeline(due_at),
    }
    return render(request, "actions/ladder.html", context, status=status)


def _example(now: datetime) -> datetime:
    """A deadline to show the ladder at: the Friday of next week, 18:00."""
    day = now + timedelta(days=(4 - now.weekday()) % 7 + 7)
    return day.replace(hour=18, minute=0, second=0, microsecond=0)


def _timeline(due_at: datetime) -> list[dict]:
    """The instants of the example with who is told then; the deadline itself is always one of them."""
    instants: dict[timedelta, list] = {timedelta(0): []}
    for step in Ladder().steps:
        instants.setdefault(step.offset, []).append(step.get_whom_display())
    return [
        {
            "at": due_at + offset,
            "words": offset_words(offset),
            "whom": whom,
            "is_deadline": not offset,
            "is_late": offset > timedelta(0),
        }
        for offset, whom in sorted(instants.items())
    ]


def _check_setter(request: HttpRequest) -> None:
    if not meeting_rules.can_set_rules(request.user):
        raise PermissionDenied
