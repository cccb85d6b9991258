"""Values beside what they are compared with: rows of a KPI table, points of a series."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.periods import Grain, Period
from metrics.dictionary.formula import growth
from metrics.models import Metric, Shop
from metrics.queries.figures import Figures


@dataclass(frozen=True, slots=True)
class KpiRow:
    """A metric in a period beside the period before and the same period a year before.

    `change` and `change_year` are fractions of the base, None unless both periods are complete and the base is
    greater than zero.
    """

    metric: Metric
    period: Period
    value: Decimal | None
    previous: Decimal | None
    year_before: Decimal | None
    change: Decimal | None
    change_year: Decimal | None
    is_complete: bool
    currency: str


@dataclass(frozen=True, slots=True)
class Point:
    """A metric in one period of a series; `base` is the period before."""

    period: Period
    value: Decimal | None
    base: Decimal | None
    growth: Decimal | None
    is_complete: bool = True
    year_before: Decimal | None = None
    growth_year: Decimal | None = None


def kpi_rows(
    *, codes: Iterable[str], period: Period, shops: Sequence[Shop] | None = None, currency: str | None = None
) -> list[KpiRow]:
    """The rows of a KPI table, in the order of the codes; unknown codes are left out. At most six statements.

    `shops`: None for all active ones. Raises CurrencyError.
    """
    metrics = _metrics(codes)
    periods = (period, period.previous(), period.year_before())
    figures = Figures(metrics=metrics, periods=periods, shops=shops, currency=currency)
    return [kpi_row(figures, metric, period) for metric in metrics]


def kpi_row(figures: Figures, metric: Metric, period: Period) -> KpiRow:
    """One row from figures that hold the period, the one before and the one a year before."""
    point = point_of(figures, metric, period)
    return KpiRow(
        metric=metric,
        period=period,
        value=point.value,
        previous=point.base,
        year_before=point.year_before,
        change=point.growth,
        change_year=point.growth_year,
        is_complete=point.is_complete,
        currency=figures.currency if metric.unit == "money" else "",
    )


def point_of(figures: Figures, metric: Metric, period: Period) -> Point:
    now, before, year = period, period.previous(), period.year_before()
    value, base, last_year = (figures.value(metric, each) for each in (now, before, year))
    is_complete = figures.is_complete(metric, now)
    # The growth of a growth says nothing.
    can_grow = is_complete and metric.current is not None and metric.current.aggregation != "growth"
    return Point(
        period=period,
        value=value,
        base=base,
        growth=growth(value, base) if can_grow and figures.is_complete(metric, before) else None,
        is_complete=is_complete,
        year_before=last_year,
        growth_year=growth(value, last_year) if can_grow and figures.is_complete(metric, year) else None,
    )


def series(
    *,
    code: str,
    grain: Grain,
    start: date,
    end: date,
    shop: Shop | None = None,
    currency: str | None = None,
) -> list[Point]:
    """The periods of a grain that touch the days from `start` to `end` (excluded), each beside the one before.

    `shop`: None for all active ones together. Raises Metric.DoesNotExist and CurrencyError.
    """
    metric = Metric.objects.with_current().get(code=code)
    periods = list(Period(start, end).split(grain))
    figures = Figures(
        metrics=[metric],
        periods=with_bases(periods),
        shops=None if shop is None else [shop],
        currency=currency,
    )
    return [point_of(figures, metric, period) for period in periods]


def values(
    *,
    codes: Iterable[str],
    periods: Iterable[Period],
    shops: Sequence[Shop] | None = None,
    currency: str | None = None,
) -> dict[str, dict[Period, Decimal | None]]:
    """Many metrics in many periods: code → period → value. Unknown codes are left out. Raises CurrencyError."""
    metrics, wanted = _metrics(codes), list(periods)
    figures = Figures(metrics=metrics, periods=wanted, shops=shops, currency=currency)
    return {metric.code: {period: figures.value(metric, period) for period in wanted} for metric in metrics}


def with_bases(periods: Iterable[Period]) -> list[Period]:
    """The periods with those before and those a year before, each once."""
    wanted = [each for period in periods for each in (period, period.previous(), period.year_before())]
    return list(dict.fromkeys(wanted))


def _metrics(codes: Iterable[str]) -> list[Metric]:
    wanted = list(codes)
    found = {metric.code: metric for metric in Metric.objects.with_current().filter(code__in=wanted)}
    return [found[code] for code in wanted if code in found]
