"""Whether a figure is unusual against its own past, in words that a person can check with the chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.periods import Period
from core.templatetags.figures import figure_words
from metrics.models import Metric
from metrics.queries.figures import Figures
from metrics.signals import ENOUGH, Rule, XmR, xmr

# A rate over fewer orders, pieces or lines swings by chance: it is not judged.
TOO_FEW = 30
# How many periods back the limits look.
REACH = {"day": 60, "week": 52, "month": 24, "quarter": 12, "year": 8}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found for the last period: the limits, where they stand, and the rules that mark it (none: usual)."""

    metric: Metric
    period: Period
    periods: tuple[Period, ...]
    limits: XmR | None
    rules: tuple[Rule, ...] = ()
    is_too_few: bool = False

    @property
    def is_unusual(self) -> bool:
        return bool(self.rules)

    @property
    def is_high(self) -> bool:
        return self.limits is not None and self.limits.values[-1] > self.limits.centre

    @property
    def is_bad(self) -> bool:
        """Unusual to the worse side; where no side is better, unusual is not bad."""
        if not self.is_unusual or self.metric.direction not in ("up", "down"):
            return False
        return self.is_high != (self.metric.direction == "up")

    @property
    def strength(self) -> Decimal:
        """How far from the centre, in widths of the limits: for sorting."""
        if self.limits is None or not self.limits.mr_centre:
            return Decimal(0)
        return abs(self.limits.values[-1] - self.limits.centre) / self.limits.mr_centre

    @property
    def usual_range(self) -> str:
        """ "1,790–3,752", in the metric's own unit."""
        if self.limits is None:
            return ""
        return (
            f"{figure_words(self.limits.lower, self.metric)} – {figure_words(self.limits.upper, self.metric)}"
        )

    @property
    def words(self) -> str:
        """One sentence; empty when there is nothing to judge by."""
        if self.is_too_few:
            return _("Too few to judge: a rate over fewer than %(number)d swings by chance.") % {
                "number": TOO_FEW
            }
        if self.limits is None:
            return ""
        range_words = {"range": self.usual_range, "number": len(self.limits.values)}
        if not self.rules:
            return _("Within the usual range of %(range)s (last %(number)d values).") % range_words
        sentences = {
            (Rule.OUTSIDE, True): _("Above the usual range of %(range)s (last %(number)d values)."),
            (Rule.OUTSIDE, False): _("Below the usual range of %(range)s (last %(number)d values)."),
            (Rule.RANGE, True): _("An unusually large step up from the value before."),
            (Rule.RANGE, False): _("An unusually large step down from the value before."),
            (Rule.NEAR, True): _(
                "Three of the last four values lie near the upper end of the usual range, %(range)s."
            ),
            (Rule.NEAR, False): _(
                "Three of the last four values lie near the lower end of the usual range, %(range)s."
            ),
            (Rule.RUN, True): _("Eight or more values in a row lie above the average."),
            (Rule.RUN, False): _("Eight or more values in a row lie below the average."),
        }
        rule = self.rules[0]
        is_up = self.is_high if rule is not Rule.RANGE else self.limits.values[-1] > self.limits.values[-2]
        return sentences[rule, is_up] % range_words


def look_back(period: Period) -> list[Period]:
    """The periods against which one is judged, the oldest first, itself last."""
    periods = [period]
    for _number in range(REACH.get(period.grain, 24) - 1):
        periods.append(periods[-1].previous())
    return periods[::-1]


def judge(figures: Figures, metric: Metric, periods: Sequence[Period]) -> Verdict:
    """Judge the last of these periods by all of them; incomplete ones are left out and never judged.

    A single value is compared with limits made of fewer than a year of others: they are what there is, and the words
    name their number. `figures` must hold the periods.
    """
    known = [
        (period, value)
        for period in periods
        if (value := figures.value(metric, period)) is not None and figures.is_complete(metric, period)
    ]
    last = periods[-1]
    if len(known) < ENOUGH or known[-1][0] != last:
        return Verdict(metric, last, (), None)
    values = [value for _period, value in known]
    limits = xmr(values, floor=0 if min(values) >= 0 else None)
    seen = tuple(period for period, _value in known)
    if _is_too_few(figures, metric, last):
        return Verdict(metric, last, seen, limits, is_too_few=True)
    # A mark on the range speaks of a step, which must not lie across a gap.
    steps = len(known) > 1 and known[-2][0] == last.previous()
    rules = tuple(rule for rule in limits.rules_at(len(values) - 1) if rule is not Rule.RANGE or steps)
    return Verdict(metric, last, seen, limits, rules)


def _is_too_few(figures: Figures, metric: Metric, period: Period) -> bool:
    """Whether a rate has so small a number of orders or pieces below the line that it cannot be judged."""
    if metric.unit != "percent" or metric.current is None or metric.current.aggregation != "ratio":
        return False
    if not figures.counts_below(metric):
        return False
    below = figures.parts(metric, period).denominator
    return below is not None and below < TOO_FEW
