"""Sentences about figures."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.periods import Period
from core.templatetags.figures import figure_words, percent, plain
from metrics.models import Metric
from metrics.queries.rows import Point


def amount(value: Decimal | None, metric: Metric, currency: str) -> str:
    """A value with its currency: "1,234.50 USD"."""
    words = figure_words(value, metric)
    return f"{words} {currency}" if currency and metric.unit == "money" and value is not None else words


def points_between(value: Decimal, base: Decimal) -> Decimal:
    """The distance of two rates in percentage points, to one decimal as it is shown."""
    return ((value - base) * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def comparison(
    value: Decimal | None, base: Decimal | None, change: Decimal | None, then: Period, metric: Metric
) -> str:
    """ "up 4.2% on February 2026", for rates "up 1.3 points on …"; empty where nothing can be compared."""
    if value is None or base is None or change is None:
        return ""
    parts = {"period": then.label}
    if metric.unit == "percent":
        points = points_between(value, base)
        parts["change"] = _("%(number)s points") % {"number": plain(abs(points), 1)}
        is_flat = not points
    else:
        parts["change"] = percent(abs(change))
        is_flat = not parts["change"].strip("0.%")
    if is_flat:
        return _("unchanged on %(period)s") % parts
    return (_("up %(change)s on %(period)s") if change > 0 else _("down %(change)s on %(period)s")) % parts


def sentence(point: Point, metric: Metric, currency: str) -> str:
    """The value of a period and how it compares, in one sentence."""
    if point.value is None:
        return _("No figure for %(period)s.") % {"period": point.period.label}
    said = [
        comparison(point.value, point.base, point.growth, point.period.previous(), metric),
        comparison(point.value, point.year_before, point.growth_year, point.period.year_before(), metric),
    ]
    compared = [words for words in said if words]
    value = _("%(period)s: %(value)s") % {
        "period": point.period.label,
        "value": amount(point.value, metric, currency),
    }
    if not compared:
        return _("%(value)s; nothing complete to compare it with.") % {"value": value}
    return _("%(value)s, %(compared)s.") % {
        "value": value,
        "compared": pgettext("between the parts of a list", ", ").join(compared),
    }
