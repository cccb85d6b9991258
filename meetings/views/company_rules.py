"""The page of the company's rules: what follows a meeting by when, and who approves actions."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.models import Company
from meetings import clock_rules, clock_words, rules
from meetings.errors import NotAllowed
from meetings.forms.duties import RuleForm
from meetings.models import ClockRule, Template
from meetings.services import company_rules as services
from people import queries as people


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Read by whoever calls meetings, changed by executives and administrators."""
    _check_reader(request)
    return _page(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    _check_setter(request)
    form = RuleForm(request.POST, rule=None, departments=list(people.departments()))
    if not form.is_valid():
        return _page(request, new=form, status=422)
    services.add_rule(by=request.user, **form.terms())
    messages.success(request, _("The rule counts for every meeting that ends from now on."))
    return redirect("meetings:clock_rules")


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    _check_setter(request)
    rule = get_object_or_404(ClockRule, pk=pk)
    form = _form(rule, request.POST)
    if not form.is_valid():
        return _page(request, refused=(rule.pk, form), status=422)
    services.change_rule(rule=rule, by=request.user, **form.terms())
    messages.success(request, _("Saved. Duties that run already keep their deadline."))
    return redirect("meetings:clock_rules")


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    _check_setter(request)
    try:
        services.remove_rule(rule=get_object_or_404(ClockRule, pk=pk), by=request.user)
        messages.success(request, _("Removed. Duties that it started still have to be done."))
    except NotAllowed as error:
        messages.error(request, str(error))
    return redirect("meetings:clock_rules")


@require_POST
def approval(request: HttpRequest) -> HttpResponse:
    """Switch the checking of proposed actions on or off."""
    _check_setter(request)
    company = services.set_checks(checks_actions=bool(request.POST.get("checks_actions")), by=request.user)
    messages.success(
        request,
        _("Actions are now checked and confirmed before they are published.")
        if company.checks_actions
        else _("Actions are published without being checked first."),
    )
    return redirect("meetings:clock_rules")


def _page(
    request: HttpRequest,
    *,
    new: RuleForm | None = None,
    refused: tuple[int, RuleForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    can_set = rules.can_set_rules(request.user)
    departments = list(people.departments())
    names = {one.code: one.name for one in departments}
    clock_rules.complete()
    types = list(Template.objects.filter(is_current=True))
    rows = []
    for rule in ClockRule.objects.order_by("pk"):
        form = None
        if can_set:
            form = refused[1] if refused and refused[0] == rule.pk else _form(rule, None, departments)
        rows.append(
            {
                "rule": rule,
                "department": names.get(rule.department_code, ""),
                "form": form,
                "clock": clock_words.of(rule),
                "due": clock_words.due(rule, types),
                "reminders": clock_words.reminders(rule),
            }
        )
    if can_set and new is None:
        new = RuleForm(rule=None, departments=departments, auto_id="new_%s")
    context = {
        "groups": _grouped(rows),
        "new": new,
        "can_set": can_set,
        "company": Company.current(),
        "refused": refused[0] if refused else None,
    }
    return render(request, "meetings/clock_rules.html", context, status=status)


def _grouped(rows: list[dict]) -> list[tuple[str, list[dict], bool]]:
    """The rules by what they are measured from; to those after a meeting the company may add its own."""
    anchor = ClockRule.Anchor
    groups = [
        (_("Before a meeting"), {anchor.MEETING_START}, False),
        (_("After a meeting"), {anchor.MEETING_END}, True),
        (_("The company's calendar"), {anchor.LAST_MEETING, anchor.QUARTER_END}, False),
        (_("When something happens"), {anchor.NOTICED, anchor.DEVIATION}, False),
    ]
    return [
        (title, [row for row in rows if row["rule"].anchor in anchors], takes_more)
        for title, anchors, takes_more in groups
    ]


def _form(rule: ClockRule, data, departments=None) -> RuleForm:
    departments = list(people.departments()) if departments is None else departments
    return RuleForm(data, rule=rule, departments=departments, auto_id=f"rule_{rule.pk}_%s")


def _check_reader(request: HttpRequest) -> None:
    if not rules.can_read_rules(request.user):
        raise Http404


def _check_setter(request: HttpRequest) -> None:
    _check_reader(request)
    if not rules.can_set_rules(request.user):
        raise PermissionDenied
