import csv
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.periods import GRAINS, Period
from core.text import safe_cell
from metrics.dictionary.formula import parse
from metrics.models import Measure, Metric
from metrics.queries.currencies import CurrencyError
from metrics.queries.figures import Figures
from metrics.queries.rows import Point, point_of, with_bases
from metrics.queries.sources import uploads_behind
from metrics.queries.unusual import Verdict, judge, look_back
from metrics.signals import Rule
from metrics.views.choice import GRAIN_NAMES, Choice, choose
from metrics.views.scorecard import missing_words
from metrics.words import sentence

# How many periods the chart and the table show.
SPAN = {"day": 31, "week": 16, "month": 13, "quarter": 9, "year": 6}
WEEKS = 12


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One metric: what happened, against what, from which files, and what the figure means."""
    metric = _metric(request, code)
    measures = _measures(metric)
    choice = _choice(request, measures)
    context: dict[str, Any] = {
        "metric": metric,
        "choice": choice,
        "problem": choice.problem,
        "formula": parse(metric.formula).in_words({each.code: each.name for each in measures.values()}),
        "measures": list(measures.values()),
        "versions": metric.versions.order_by("-number"),
        "missing": missing_words(choice, choice.period),
        "grain_name": GRAIN_NAMES[choice.grain],
    }
    try:
        if choice.period:
            context |= _figures(metric, measures, choice)
    except CurrencyError as error:
        context["problem"] = str(error)
    return render(request, "metrics/metric.html", context)


@require_safe
def download(request: HttpRequest, code: str) -> HttpResponse:
    """The series of the page as a CSV file: full precision, rates as fractions, empty where nothing is known."""
    metric = _metric(request, code)
    measures = _measures(metric)
    choice = _choice(request, measures)
    if choice.period is None:
        raise Http404
    periods = _span(choice.period)
    try:
        figures = _read(metric, choice, with_bases(periods))
    except CurrencyError as error:
        return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{metric.code}_{choice.grain}.csv"'},
    )
    writer = csv.writer(response)
    head = [
        "period",
        "from",
        "to",
        "value",
        "base",
        "growth",
        "year_before",
        "growth_year",
        "complete",
        "currency",
    ]
    writer.writerow([*head, *measures])
    for period in periods:
        point = point_of(figures, metric, period)
        row: list[object] = [
            period.code,
            period.start,
            period.last,
            point.value,
            point.base,
            point.growth,
            point.year_before,
            point.growth_year,
            "yes" if point.is_complete else "no",
            figures.currency,
            *figures.measures(metric, period).values(),
        ]
        writer.writerow([safe_cell(cell) for cell in row])
    return response


def _metric(request: HttpRequest, code: str) -> Metric:
    metrics = Metric.objects.visible_to(request.user).with_current().filter(current__isnull=False)
    return get_object_or_404(metrics, code=code)


def _measures(metric: Metric) -> dict[str, Measure]:
    """The measures of the formula, in its order."""
    codes = parse(metric.formula).measures
    found = {measure.code: measure for measure in Measure.objects.filter(code__in=codes)}
    return {code: found[code] for code in codes}


def _choice(request: HttpRequest, measures: dict[str, Measure]) -> Choice:
    by_month = any(measure.grain == Measure.Grain.MONTH for measure in measures.values())
    return choose(
        request.GET.dict(),
        reports=frozenset(kind for measure in measures.values() for kind in measure.reports),
        grains=GRAINS[2:] if by_month else GRAINS,
    )


def _span(period: Period) -> list[Period]:
    """The periods shown, the oldest first."""
    periods = [period]
    while len(periods) < SPAN[period.grain]:
        periods.append(periods[-1].previous())
    return periods[::-1]


def _read(metric: Metric, choice: Choice, periods: list[Period]) -> Figures:
    return Figures(
        metrics=[metric],
        periods=periods,
        shops=choice.shops,
        currency=choice.currency,
        coverage=choice.coverage,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A measure of the formula, in the chosen period and in those it is compared with."""

    measure: Measure
    value: Decimal | None
    previous: Decimal | None
    year_before: Decimal | None


def _figures(metric: Metric, measures: dict[str, Measure], choice: Choice) -> dict[str, Any]:
    period = choice.period
    assert period is not None
    past, span, weeks = look_back(period), _span(period), _weeks(choice)
    figures = _read(metric, choice, [*past, *with_bases([*span, *weeks])])
    points = [point_of(figures, metric, each) for each in span]
    verdict = judge(figures, metric, past)
    sums = [figures.measures(metric, each) for each in (period, period.previous(), period.year_before())]
    return {
        "point": points[-1],
        "points": points[::-1],
        "verdict": verdict,
        "sentence": sentence(points[-1], metric, figures.currency),
        "currency": figures.currency if metric.unit == "money" else "",
        "money": figures.currency,
        "chart": series_chart(metric, points, figures.currency, "series", choice),
        "weeks": series_chart(
            metric, [point_of(figures, metric, each) for each in weeks], figures.currency, "weeks", choice
        )
        if weeks
        else None,
        "limits": limits_chart(metric, verdict, figures.currency),
        "parts": [Part(measure, *(known[code] for known in sums)) for code, measure in measures.items()],
        "uploads": uploads_behind(
            reports=choice.reports,
            period=Period(span[0].start, span[-1].end),
            shops=choice.shops,
        ),
        "csv_url": reverse(
            "metrics:metric_csv",
            args=[metric.code],
            query={"grain": choice.grain, "period": period.code, **choice.query},
        ),
    }


def _weeks(choice: Choice) -> list[Period]:
    """Beside months: the last whole weeks up to the end of the period, where the reports speak of days."""
    if choice.period is None or choice.grain != "month" or "week" not in choice.grains:
        return []
    last = Period.containing(choice.period.last, "week")
    if last.end > choice.period.end:
        last = last.previous()
    weeks = [last]
    while len(weeks) < WEEKS:
        weeks.append(weeks[-1].previous())
    return weeks[::-1]


def series_chart(
    metric: Metric, points: list[Point], currency: str, identity: str, choice: Choice
) -> dict[str, Any] | None:
    """Actual beside the year before, incomplete periods hatched; None without any value."""
    if all(point.value is None for point in points):
        return None
    whole = [point.value if point.is_complete else None for point in points]
    series = [{"role": "actual", "name": _("Actual"), "values": whole}]
    partly = [None if point.is_complete else point.value for point in points]
    if any(value is not None for value in partly):
        series.append({"role": "forecast", "name": _("Incomplete"), "values": partly})
    if any(point.year_before is not None for point in points):
        series.append(
            {"role": "year", "name": _("Year before"), "values": [point.year_before for point in points]}
        )
    return {
        "id": f"chart-{identity}",
        "kind": "series" if len(points) <= 16 else "line",
        "title": _title(metric, currency, points[0].period, points[-1].period, choice),
        "unit": metric.unit,
        "labels": [short_label(point.period) for point in points],
        "series": series,
    }


def limits_chart(metric: Metric, verdict: Verdict, currency: str) -> dict[str, Any] | None:
    """The values with their usual range; the marked ones stand out."""
    if verdict.limits is None:
        return None
    limits = verdict.limits
    # The weaker rules would mark half of a series that drifts; the words tell of them.
    marks = sorted({*limits.marks[Rule.OUTSIDE], *limits.marks[Rule.RANGE]})
    return {
        "id": "chart-limits",
        "kind": "xmr",
        "title": _("%(metric)s: usual range") % {"metric": metric.name},
        "unit": metric.unit,
        "labels": [short_label(period) for period in verdict.periods],
        "series": [{"role": "actual", "name": metric.name, "values": list(limits.values)}],
        "centre": limits.centre,
        "lower": limits.lower,
        "upper": limits.upper,
        "marks": marks,
    }


def short_label(period: Period) -> str:
    """A period under a column: as short as it stays clear."""
    match period.grain:
        case "day":
            return f"{period.start:%m-%d}"
        case "week":
            return f"W{period.start.isocalendar().week:02}"
        case "month":
            return f"{period.start:%y-%m}"
    return period.code


def _title(metric: Metric, currency: str, first: Period, last: Period, choice: Choice) -> str:
    who = choice.shop.name if choice.shop else _("All shops")
    if not choice.shop and len(choice.all_shops) == 1:
        who = choice.all_shops[0].name
    unit = currency if metric.unit == "money" else ""
    return _("%(who)s, %(metric)s%(unit)s, %(first)s to %(last)s") % {
        "who": who,
        "metric": metric.name,
        "unit": _(" in %(currency)s") % {"currency": unit} if unit else "",
        "first": first.label,
        "last": last.label,
    }
