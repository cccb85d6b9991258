"""Sums of measures over periods, read from the daily totals: one statement for any number of both."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection

from core.periods import Period, add_months
from metrics.models import Measure, Shop
from metrics.queries.coverage import Coverage, Known
from metrics.queries.currencies import Rates

# Filled from the calendar, not from reports (metrics/dictionary/measures.py).
DAYS, SHOP_MONTHS = "days", "shop_months"

ADDED_UP = """
    SELECT p.number, d.measure_id, s.currency, {month}, SUM(d.value)
    FROM unnest(%(starts)s::date[], %(ends)s::date[]) WITH ORDINALITY AS p(first, until, number)
    JOIN metrics_dailytotal d
      ON d.measure_id = ANY(%(measures)s) AND d.shop_id = ANY(%(shops)s) AND d.day >= p.first AND d.day < p.until
    JOIN metrics_shop s ON s.id = d.shop_id
    GROUP BY 1, 2, 3, 4
"""
AS_OF = """
    SELECT number, measure_id, currency, {month}, SUM(value)
    FROM (
        SELECT DISTINCT ON (p.number, d.measure_id, d.shop_id)
               p.number, d.measure_id, s.currency, d.day, d.value
        FROM unnest(%(starts)s::date[], %(ends)s::date[]) WITH ORDINALITY AS p(first, until, number)
        JOIN metrics_dailytotal d
          ON d.measure_id = ANY(%(measures)s) AND d.shop_id = ANY(%(shops)s) AND d.day >= p.first AND d.day < p.until
        JOIN metrics_shop s ON s.id = d.shop_id
        ORDER BY p.number, d.measure_id, d.shop_id, d.day DESC
    ) d
    GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True)
class Sums:
    """What is known of measures in periods: the sums found, and how far the reports cover the period."""

    measures: Mapping[str, Measure]
    coverage: Coverage
    found: Mapping[tuple[Period, str], Decimal] = field(default_factory=dict)

    def of(self, period: Period) -> dict[str, Decimal | None]:
        """The sum of each measure: None when no report covers the period, 0 when one does and says nothing."""
        return {code: self._one(code, period) for code in self.measures}

    def known(self, codes: Iterable[str], period: Period) -> Known:
        """How far the reports behind these measures cover the period: as far as the worst of them."""
        states = {self._known(code, period) for code in codes if self.measures[code].reports}
        if not states or Known.NOT in states:
            return Known.NOT
        return Known.PARTLY if Known.PARTLY in states else Known.WHOLLY

    def reports(self, codes: Iterable[str]) -> frozenset[str]:
        return frozenset(kind for code in codes for kind in self.measures[code].reports)

    def calendar(self, code: str, beside: Iterable[str], period: Period) -> Decimal:
        """Days, or months times shops, for which the reports of the measures `beside` are in."""
        reports = self.reports(beside)
        if code == DAYS:
            return Decimal(self.coverage.days(reports, period))
        return sum(
            (_months(start, end) for start, end in self.coverage.slices_of(reports, period)), Decimal(0)
        )

    def _known(self, code: str, period: Period) -> Known:
        measure = self.measures[code]
        if measure.grain == Measure.Grain.MONTH and not (period.start.day == 1 and period.end.day == 1):
            return Known.NOT
        return self.coverage.known(measure.reports, period)

    def _one(self, code: str, period: Period) -> Decimal | None:
        if self._known(code, period) is Known.NOT:
            return None
        return self.found.get((period, code), Decimal(0))


def load(
    *,
    measures: Mapping[str, Measure],
    periods: Sequence[Period],
    shops: Sequence[Shop],
    coverage: Coverage,
    rates: Rates,
) -> Sums:
    """Add up measures (by code) over periods. One statement, a second one if there are snapshots among them.

    Snapshots count with their last day in the period, shop by shop. Amounts come in the currency of `rates`; raises
    MissingRate.
    """
    found: dict[tuple[Period, str], Decimal] = defaultdict(Decimal)
    for kind, statement in ((Measure.Kind.SUM, ADDED_UP), (Measure.Kind.SNAPSHOT, AS_OF)):
        wanted = {
            measure.pk: measure for measure in measures.values() if measure.kind == kind and measure.reports
        }
        if not wanted or not periods or not shops:
            continue
        is_mixed = any(shop.currency != rates.currency for shop in shops)
        for number, measure_id, currency, month, value in _rows(statement, wanted, periods, shops, is_mixed):
            measure = wanted[measure_id]
            must_convert = is_mixed and measure.unit == Measure.Unit.MONEY
            amount = rates.convert(value, currency, month) if must_convert else value
            found[periods[number - 1], measure.code] += amount
    return Sums(measures, coverage, dict(found))


def _rows(
    statement: str, measures: Iterable[int], periods: Sequence[Period], shops: Sequence[Shop], is_mixed: bool
) -> list[tuple[int, int, str, date, Decimal]]:
    # By month only where amounts must be converted; the text in the braces is one of these two, never from outside.
    month = "date_trunc('month', d.day)::date" if is_mixed else "NULL::date"
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(month=month),
            {
                "starts": [period.start for period in periods],
                "ends": [period.end for period in periods],
                "measures": list(measures),
                "shops": [shop.pk for shop in shops],
            },
        )
        return cursor.fetchall()


def _months(start: date, end: date) -> Decimal:
    """How many months these days are, each day counting as its part of its month."""
    total, month = Decimal(0), start.replace(day=1)
    while month < end:
        following = add_months(month, 1)
        days = (min(end, following) - max(start, month)).days
        total += Decimal(days) / (following - month).days
        month = following
    return total
