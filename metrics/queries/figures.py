"""Values of metrics in periods: formulas over sums. Everything pages, commands and pre-reads show comes from here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from core.periods import Period
from metrics.dictionary.formula import Against, Formula, divide, growth, parse
from metrics.models import Measure, Metric, Shop
from metrics.queries import currencies, sums
from metrics.queries.coverage import Coverage, Known


@dataclass(frozen=True, slots=True)
class Parts:
    """What a value is made of: numerator and, for ratios, denominator; each None when not known."""

    numerator: Decimal | None
    denominator: Decimal | None


def compared_periods(against: Against, period: Period) -> tuple[Period, Period]:
    """Which two periods a growth compares."""
    match against:
        case "year_before":
            return period, period.year_before()
        case "last_days":
            now = Period(period.end - timedelta(days=7), period.end)
            return now, now.previous()
    return period, period.previous()


class Figures:
    """The values of some metrics in some periods, read at once: five statements, however many there are.

    `value`, `parts` and `is_complete` answer for the periods it was made for. Amounts are in `currency`. Raises
    CurrencyError when amounts of several currencies cannot be brought together.
    """

    def __init__(
        self,
        *,
        metrics: Iterable[Metric],
        periods: Iterable[Period],
        shops: Sequence[Shop] | None = None,
        currency: str | None = None,
        coverage: Coverage | None = None,
    ) -> None:
        self.shops = list(Shop.objects.active().in_order()) if shops is None else list(shops)
        self.formulas: dict[str, Formula] = {
            metric.code: parse(metric.formula) for metric in metrics if metric.formula
        }
        codes = {code for formula in self.formulas.values() for code in formula.measures}
        measures = {measure.code: measure for measure in Measure.objects.filter(code__in=codes)}
        has_money = any(measure.unit == Measure.Unit.MONEY for measure in measures.values())
        self.currency = currencies.choose(self.shops, currency) if has_money else currency or ""
        self.coverage = Coverage.of(self.shops) if coverage is None else coverage
        self.sums = sums.load(
            measures=measures,
            periods=self._needed(periods),
            shops=self.shops,
            coverage=self.coverage,
            rates=currencies.Rates.into(self.currency, self._foreign if has_money else ()),
        )
        self._by_period: dict[Period, dict[str, Decimal | None]] = {}

    @cached_property
    def _foreign(self) -> set[str]:
        return {shop.currency for shop in self.shops}

    def _needed(self, periods: Iterable[Period]) -> list[Period]:
        """The periods and, for growth, those with which they are compared; each once."""
        wanted = list(periods)
        against = {formula.against for formula in self.formulas.values()} - {""}
        compared = [
            each for period in wanted for kind in sorted(against) for each in compared_periods(kind, period)
        ]
        return list(dict.fromkeys([*wanted, *compared]))

    def value(self, metric: Metric, period: Period) -> Decimal | None:
        """None when no report covers the period, when it divides by zero, or when growth has nothing to stand on."""
        formula = self.formulas.get(metric.code)
        if formula is None:
            return None
        if not formula.against:
            return self._plain(formula, period)
        now, base = compared_periods(formula.against, period)
        if not (self._is_whole(formula, now) and self._is_whole(formula, base)):
            return None
        return growth(self._plain(formula, now), self._plain(formula, base))

    def parts(self, metric: Metric, period: Period) -> Parts:
        """Numerator and denominator of a ratio; for growth, the value now and the one it is compared with."""
        formula = self.formulas[metric.code]
        if formula.against:
            now, base = compared_periods(formula.against, period)
            return Parts(self._plain(formula, now), self._plain(formula, base))
        return Parts(*formula.parts(self._sums(formula, period)))

    def measures(self, metric: Metric, period: Period) -> dict[str, Decimal | None]:
        """The sums that the formula needs, by the code of the measure."""
        formula = self.formulas[metric.code]
        known = self._sums(formula, period)
        return {code: known.get(code) for code in formula.measures}

    def is_complete(self, metric: Metric, period: Period) -> bool:
        """Whether the reports behind a metric cover every day of the period for every shop."""
        formula = self.formulas.get(metric.code)
        return formula is not None and self._is_whole(formula, period)

    def known(self, metric: Metric, period: Period) -> Known:
        formula = self.formulas.get(metric.code)
        return Known.NOT if formula is None else self.sums.known(formula.measures, period)

    def counts_below(self, metric: Metric) -> bool:
        """Whether a ratio has a number of things (orders, pieces) below the line, and not an amount."""
        below = self.formulas[metric.code].denominator
        return below is not None and all(
            self.sums.measures[code].unit == Measure.Unit.COUNT for code in below.terms
        )

    def reports(self, metric: Metric) -> frozenset[str]:
        """The kinds of report from which a metric is made."""
        formula = self.formulas.get(metric.code)
        return frozenset() if formula is None else self.sums.reports(formula.measures)

    def _is_whole(self, formula: Formula, period: Period) -> bool:
        return self.sums.known(formula.measures, period) is Known.WHOLLY

    def _plain(self, formula: Formula, period: Period) -> Decimal | None:
        """The value without regard to growth."""
        # Two reports that cover different days of a period would be divided by one another: no value then.
        if len(self.sums.reports(formula.measures)) > 1 and not self._is_whole(formula, period):
            return None
        above, below = formula.parts(self._sums(formula, period))
        return above if formula.denominator is None else divide(above, below)

    def _sums(self, formula: Formula, period: Period) -> dict[str, Decimal | None]:
        if period not in self._by_period:
            self._by_period[period] = self.sums.of(period)
        known = self._by_period[period]
        counted = {sums.DAYS, sums.SHOP_MONTHS} & set(formula.measures)
        if not counted:
            return known
        beside = [code for code in formula.measures if code not in counted]
        return known | {code: self.sums.calendar(code, beside, period) for code in counted}
