"""Autosave of a pre-read: one text, one row, one stated figure at a time, answered in JSON.

200 with the new `version`; 409 with the stored values when somebody else was faster, or a sentence when it is closed;
422 with a sentence for each field that cannot be kept as it is.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.templatetags.figures import figure_words
from core.text import typed, whole
from meetings.errors import Conflict, NotAllowed
from meetings.forms.report import Entry, differences, row_form, save_statement, statement_form
from meetings.forms.report_rows import ROW_FORMS, EffortForm
from meetings.models import ResourceRequest
from meetings.queries import confidential
from meetings.queries.figures import empty_row, metric_items, planned
from meetings.queries.past import past_figures
from meetings.queries.report_choices import choices
from meetings.services import prereads as services
from meetings.services import report_rows, statements
from meetings.views.loading import load_writable
from metrics.models import Metric

CONFLICT, INVALID = 409, 422


@require_POST
def preread_text(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Store one text as it is typed. 200 with the new version, 409 with the other person's text."""
    preread = load_writable(request, pk, code)
    sent = services.Sent(
        kind=typed(request.POST, "kind"),
        key=typed(request.POST, "key"),
        text=typed(request.POST, "text"),
        version=whole(request.POST.get("version", "")),
    )
    try:
        stored = services.save_text(preread=preread, sent=sent, by=request.user, now=timezone.now())
    except Conflict as conflict:
        return JsonResponse(conflict_words(conflict), status=CONFLICT)
    except NotAllowed as error:
        return JsonResponse({"message": str(error)}, status=CONFLICT)
    return JsonResponse({"version": stored.version})


def conflict_words(conflict: Conflict) -> dict[str, Any]:
    """Both sides of a conflict for a script; texts are put into the page as text, never as markup."""
    theirs = conflict.theirs
    return {
        "message": str(conflict),
        "version": theirs.version,
        "theirs": theirs.text,
        "by": theirs.edited_by.name if theirs.edited_by else "",
    }


@require_POST
def preread_row(request: HttpRequest, pk: int, code: str, kind: str, row: int) -> HttpResponse:
    """Store one problem, resource request or decision request as it is typed; with what is computed from it."""
    preread = load_writable(request, pk, code)
    if kind not in ROW_FORMS:
        raise Http404
    found = get_object_or_404(report_rows.model_of(kind).objects.filter(preread=preread), pk=row)
    hidden = confidential.hidden_ids(meeting=preread.meeting_id, user=request.user)
    if getattr(found, "item_id", None) in hidden:
        raise Http404
    found.preread = preread
    form = row_form(kind, found, choices(preread, request.user), request.POST)
    version = whole(request.POST.get("version", ""))
    if not form.is_valid():
        return invalid(form)
    try:
        stored = report_rows.save(
            row=found, values=form.values(), version=version, by=request.user, now=timezone.now()
        )
    except Conflict as conflict:
        return JsonResponse(row_conflict(form, conflict.theirs, str(conflict)), status=CONFLICT)
    except NotAllowed as error:
        return JsonResponse({"message": str(error)}, status=CONFLICT)
    return JsonResponse({"version": stored.version, "out": computed(stored)})


@require_POST
def preread_statement(request: HttpRequest, pk: int, code: str, metric: str) -> HttpResponse:
    """Store a figure that the department states itself; an empty one is taken back."""
    preread = load_writable(request, pk, code)
    if metric not in metric_items(preread) or preread.meeting.period is None:
        raise Http404
    try:
        statements.check_metric(preread=preread, metric_code=metric, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    known = Metric.objects.with_current().filter(code=metric).first() or planned(metric)
    row = preread.statements.filter(metric_code=metric).first()
    currency = empty_row(known, preread.meeting.period).currency
    form = statement_form(known, row, choices(preread, request.user), currency, request.POST)
    if not form.is_valid():
        return invalid(form)
    entry = Entry(f"statement-{metric}", row, form, whole(request.POST.get("version", "")))
    try:
        stored = save_statement(preread, metric, entry, request.user, timezone.now())
    except Conflict as conflict:
        return JsonResponse(row_conflict(form, conflict.theirs, str(conflict)), status=CONFLICT)
    except NotAllowed as error:
        return JsonResponse({"message": str(error)}, status=CONFLICT)
    return JsonResponse({"version": stored.version if stored else 0})


@require_POST
def preread_effort(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Store how long the report took, all people together."""
    preread = load_writable(request, pk, code)
    form = EffortForm(request.POST, prefix="effort")
    if not form.is_valid():
        return invalid(form)
    try:
        services.say_effort(preread=preread, minutes=form.minutes(), by=request.user, now=timezone.now())
    except NotAllowed as error:
        return JsonResponse({"message": str(error)}, status=CONFLICT)
    return JsonResponse({"version": 0})


def invalid(form: Any) -> JsonResponse:
    """What cannot be kept as it is; `errors` by the name of the field in the page."""
    errors = {form[name].html_name: " ".join(map(str, said)) for name, said in form.errors.items()}
    return JsonResponse({"errors": errors, "message": " ".join(errors.values())}, status=INVALID)


def row_conflict(form: Any, theirs: Any, words: str) -> dict[str, Any]:
    """Where the stored row differs from what was typed, field by field, with the value for the field."""
    person = getattr(theirs, "edited_by", None) or getattr(theirs, "stated_by", None)
    found = differences(form, theirs)
    return {
        "message": words,
        "version": theirs.version,
        "by": person.name if person else "",
        "theirs": {one.name: one.value for one in found},
        "differences": [{"label": one.label, "words": one.words} for one in found],
    }


def computed(row: Any) -> dict[str, str]:
    """What a resource request comes to, in words for the page; nothing for the other kinds of rows."""
    if not isinstance(row, ResourceRequest):
        return {}
    months = row.payback_months
    whole_months = None if months is None else round(months, 1)
    return {
        "past_cost": _money(row.past_cost, row.currency),
        "past_return": _money(row.past_return, row.currency),
        "ratio": figure_words(row.past_ratio, "ratio"),
        "payback": "—"
        if whole_months is None
        else ngettext("%(n)s month", "%(n)s months", round(whole_months)) % {"n": f"{whole_months:f}"},
        "problem": _why_no_past(row),
    }


def _why_no_past(row: ResourceRequest) -> str:
    """Why there are no past figures although they were chosen; "" when there are."""
    chosen = row.spend_code and row.return_code and row.past_from and row.past_until and not row.is_first
    if not chosen or (row.past_cost is not None and row.past_return is not None):
        return ""
    past = past_figures(
        spend_code=row.spend_code,
        return_code=row.return_code,
        start=row.past_from,
        end=row.past_until,
        currency=row.currency,
    )
    return past.problem or _("The reports do not cover these days for both figures.")


def _money(amount: Any, currency: str) -> str:
    return "—" if amount is None else f"{figure_words(amount, 'money')} {currency}"
