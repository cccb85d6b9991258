"""Actions that become several, one, or get parts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from actions import page, rules, services
from actions.errors import NOT_YOURS_TO_GIVE, Incomplete, NotPossible
from actions.forms import ActionForm, MergeForm, SplitForm
from actions.models import Action
from actions.vagueness import Finding
from actions.views.detail import readable, save_new
from core.models import Company
from core.text import typed, whole
from people.models import User

SHOWN = 20


@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a piece of an action to somebody, with a deadline of its own."""
    above = readable(request, pk)
    if not rules.can_add_part(request.user, above):
        raise PermissionDenied
    form = ActionForm(_sent(request), user=request.user, meeting=above.meeting)
    findings: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        try:
            publish = request.POST.get("intent") != "draft"
            save_new(request, form, above.meeting, publish=publish, parent=above)
        except Incomplete as incomplete:
            findings = incomplete.findings
            form.complain(findings)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return redirect(above)
    context = {
        "form": form,
        "above": above,
        "may_pass": page.may_let_pass(request.user, above.meeting, findings, form),
        "proposes": Company.current().checks_actions,
    }
    return render(request, "actions/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Make several actions of one; where each criterion goes is chosen, and who does what."""
    action = readable(request, pk)
    if not rules.can_split(request.user, action):
        raise PermissionDenied
    form = SplitForm(_sent(request), action=action)
    if form.is_bound and form.is_valid():
        try:
            portions = _portions(request, action, form)
            made = services.split(
                action=action,
                portions=portions,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            words = ngettext(
                "%(number)d action was split off; its owner has been told.",
                "%(number)d actions were split off; their owners have been told.",
                len(made),
            )
            messages.success(request, words % {"number": len(made)})
            return redirect(action)
    wrong = form.is_bound and (form.errors or any(one.errors for one in form.portions))
    return render(
        request, "actions/split.html", {"form": form, "action": action}, status=422 if wrong else 200
    )


def _portions(request: HttpRequest, action: Action, form: SplitForm) -> list[services.Portion]:
    portions = form.wanted()
    for portion in portions:
        if not rules.may_give_to(request.user, portion.owner, action.department, action.meeting):
            raise NotPossible(str(NOT_YOURS_TO_GIVE))
    return portions


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an action because another one does it all; `?q=` looks for that one."""
    action = readable(request, pk)
    if not rules.can_merge(request.user, action):
        raise PermissionDenied
    candidates = _candidates(action, request.user)
    form = MergeForm(_sent(request), candidates=candidates)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        if not rules.can_merge(request.user, action, into):
            raise PermissionDenied
        try:
            services.merge(
                action=action,
                into=into,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Merged: %(reference)s goes on with both.") % {"reference": into.reference}
            )
            return redirect(into)
    asked = typed(request.GET, "q").strip()[:100]
    context = {
        "form": form,
        "action": action,
        "q": asked,
        "found": _matching(candidates, asked).with_people()[:SHOWN],
        "chosen": whole(request.POST.get("into", "")),
    }
    return render(request, "actions/merge.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, also when that is nothing: an empty form is answered with what it lacks."""
    return request.POST if request.method == "POST" else None


def _candidates(action: Action, user: User) -> QuerySet[Action]:
    """What this person accepts or manages and is being worked on; the same owner's first, then by deadline."""
    actions = Action.objects.visible_to(user).owed().exclude(pk=action.pk)
    if not user.has_role(*rules.STEERING):
        actions = actions.filter(
            Q(acceptor=user)
            | Q(created_by=user)
            | Q(department__in=user.led_department_ids)
            | Q(meeting__host=user)
        )
    return actions.by_deadline()


def _matching(actions: QuerySet[Action], asked: str) -> QuerySet[Action]:
    if number := whole(asked.upper().removeprefix("A-")):
        return actions.filter(Q(pk=number) | Q(title__icontains=asked))
    return actions.filter(title__icontains=asked) if asked else actions
