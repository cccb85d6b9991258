"""Measured criteria beside their figures: what they say, how they stand, and whether they are met."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from operator import ge, gt, le, lt

from django.utils.translation import gettext as _

from actions.models import Criterion
from core.periods import Period
from core.templatetags.figures import figure_words
from metrics.models import Shop
from metrics.queries import CurrencyError, Figures

Comparator, Verdict = Criterion.Comparator, Criterion.Verdict
HOLDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    Comparator.AT_LEAST: ge,
    Comparator.AT_MOST: le,
    Comparator.MORE: gt,
    Comparator.LESS: lt,
}
SIGNS: dict[str, str] = {
    Comparator.AT_LEAST: "≥",
    Comparator.AT_MOST: "≤",
    Comparator.MORE: ">",
    Comparator.LESS: "<",
}
# Periods as long as the window that stand before it in the small chart.
BEFORE = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What the figures say of a criterion now.

    `value` may be of a part of the window only; it counts when `is_complete`. `course`: the periods before the window
    and the window itself, oldest first. `problem`: why there is no value, in words.
    """

    value: Decimal | None = None
    is_complete: bool = False
    course: tuple[Decimal | None, ...] = ()
    problem: str = ""

    def verdict(self, criterion: Criterion) -> str:
        """Met or missed when the whole window is known; else waiting."""
        if not self.is_complete or self.value is None or criterion.value is None:
            return Verdict.WAITING
        return Verdict.MET if HOLDS[criterion.comparator](self.value, criterion.value) else Verdict.MISSED


def window(criterion: Criterion) -> Period:
    """The days that are measured."""
    assert criterion.window_start is not None  # a constraint of the table: measured wholly or not at all
    assert criterion.window_end is not None
    return Period(criterion.window_start, criterion.window_end + timedelta(days=1)).tidy()


def readings(criteria: Iterable[Criterion], *, with_course: bool = False) -> dict[int, Reading]:
    """By id, for those of the criteria that are measured; six statements for each shop and currency in them.

    Have `metric__current` and `shop` selected along.
    """
    groups: dict[tuple[Shop | None, str], list[Criterion]] = defaultdict(list)
    for criterion in criteria:
        if criterion.is_measured:
            groups[criterion.shop, criterion.currency].append(criterion)
    found: dict[int, Reading] = {}
    for (shop, currency), group in groups.items():
        found |= _read(group, shop, currency, with_course=with_course)
    return found


def _read(
    group: Sequence[Criterion], shop: Shop | None, currency: str, *, with_course: bool
) -> dict[int, Reading]:
    periods = {criterion.pk: _course(window(criterion), BEFORE if with_course else 0) for criterion in group}
    metrics = {criterion.metric.pk: criterion.metric for criterion in group if criterion.metric}
    try:
        figures = Figures(
            metrics=metrics.values(),
            periods=dict.fromkeys(period for course in periods.values() for period in course),
            shops=None if shop is None else [shop],
            currency=currency or None,
        )
    except CurrencyError as error:
        return {criterion.pk: Reading(problem=str(error)) for criterion in group}
    found = {}
    for criterion in group:
        assert criterion.metric is not None
        *_before, now = periods[criterion.pk]
        values = tuple(figures.value(criterion.metric, period) for period in periods[criterion.pk])
        is_complete = figures.is_complete(criterion.metric, now)
        found[criterion.pk] = Reading(values[-1], is_complete, values)
    return found


def _course(period: Period, before: int) -> list[Period]:
    course = [period]
    for _number in range(before):
        course.append(course[-1].previous())
    return course[::-1]


def amount_words(criterion: Criterion, value: Decimal | None) -> str:
    """A value in the metric's unit, with the currency behind it."""
    words = figure_words(value, criterion.metric)
    return f"{words} {criterion.currency}" if criterion.currency and value is not None else words


def sentence(criterion: Criterion) -> str:
    """What must be true, in the reader's language: “ACoS ≤ 25.0%, US-MAIN, December 2025”."""
    assert criterion.metric is not None
    return _("%(metric)s %(sign)s %(value)s, %(where)s, %(when)s") % {
        "metric": criterion.metric.name,
        "sign": SIGNS[criterion.comparator],
        "value": amount_words(criterion, criterion.value),
        "where": criterion.shop.name if criterion.shop else _("all shops together"),
        "when": window(criterion).label,
    }


def words(criterion: Criterion) -> str:
    """What must be true, whether somebody's word or the figures decide it."""
    return sentence(criterion) if criterion.is_measured else criterion.text
