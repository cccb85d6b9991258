"""What meetings cost, month by month, and what an hour is taken to cost."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.periods import Period
from core.text import typed
from meetings import rules
from meetings.forms.cost import RateForm
from meetings.models import CostRate
from meetings.queries import cost as queries
from meetings.services import cost as services
from people import queries as people


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Twelve months up to `?until=2026-11` (this month), and the meetings of `?month=` among them."""
    _check_reader(request)
    return _page(request)


@require_POST
def set_rate(request: HttpRequest) -> HttpResponse:
    """A new rate, or a corrected one of the same day; 403 for who may only read."""
    _check_setter(request)
    form = _form(request)
    if not form.is_valid():
        return _page(request, form, status=422)
    services.set_rate(by=request.user, **form.cleaned_data)
    messages.success(request, _("The rate is set. Meetings from that day on are reckoned with it."))
    return redirect("meetings:cost")


@require_POST
def remove_rate(request: HttpRequest, pk: int) -> HttpResponse:
    _check_setter(request)
    services.remove_rate(rate=get_object_or_404(CostRate, pk=pk), by=request.user)
    messages.success(request, _("The rate is taken back. The one before it counts again."))
    return redirect("meetings:cost")


def _page(request: HttpRequest, form: RateForm | None = None, status: int = 200) -> HttpResponse:
    today = queries.company_day(timezone.now())
    opened = _month(typed(request.GET, "month"))
    last = _month(typed(request.GET, "until")) or Period.containing(today, "month")
    if opened and not _is_shown(opened, last):
        last = opened
    found = queries.costs(user=request.user, last=last, opened=opened)
    can_set = rules.can_set_rates(request.user)
    context = {
        "costs": found,
        "opened": opened,
        "last": last,
        "earlier": _back(last, 12),
        "later": _ahead(last, 12),
        "this_month": Period.containing(today, "month"),
        "charts": [_chart(found, currency) for currency in found.currencies],
        "rates": queries.rate_rows(today),
        "can_set": can_set,
        "form": form or (_form(request) if can_set else None),
    }
    return render(request, "meetings/cost.html", context, status=status)


def _form(request: HttpRequest) -> RateForm:
    used = list(CostRate.objects.order_by().values_list("currency", flat=True).distinct())
    return RateForm(
        request.POST if request.method == "POST" else None,
        initial={"valid_from": queries.company_day(timezone.now()).replace(day=1)},
        departments=list(people.departments()),
        used=used,
    )


def _chart(costs: queries.Costs, currency: str) -> dict[str, Any]:
    """What was spent, and hatched on top of it what is planned."""

    def values(part: str) -> list[Any]:
        amounts = [getattr(month, part).amounts.get(currency) for month in costs.months]
        # A month without such meetings is a gap, not a zero.
        return [round(amount.total) if amount else None for amount in amounts]

    return {
        "id": f"cost-{currency.lower()}",
        "kind": "series",
        "title": _("Cost of meetings per month, %(currency)s") % {"currency": currency},
        "unit": "count",
        "labels": [month.period.label for month in costs.months],
        "series": [
            {"role": "actual", "name": _("Held"), "values": values("actual")},
            {"role": "forecast", "name": _("Planned"), "values": values("ahead")},
        ],
    }


def _month(text: str) -> Period | None:
    """A month that came with the address; None for anything else."""
    try:
        period = Period.parse(text) if text else None
    except ValueError:
        return None
    return period if period and period.grain == "month" and 2000 <= period.start.year <= 2100 else None


def _is_shown(month: Period, last: Period) -> bool:
    return _back(last, 12).start < month.start <= last.start


def _back(month: Period, count: int) -> Period:
    for _number in range(count):
        month = month.previous()
    return month


def _ahead(month: Period, count: int) -> Period:
    for _number in range(count):
        month = month.next()
    return month


def _check_reader(request: HttpRequest) -> None:
    if not rules.can_read_costs(request.user):
        raise Http404


def _check_setter(request: HttpRequest) -> None:
    _check_reader(request)
    if not rules.can_set_rates(request.user):
        raise PermissionDenied
