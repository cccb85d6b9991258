"""Sentences about figures."""

from decimal import Decimal

from django.utils.translation import gettext as _

from core.periods import Period
from core.templatetags.figures import figure_words, percent
from metrics.models import Metric
from metrics.queries.rows import Point


def amount(value: Decimal | None, metric: Metric, currency: str) -> str:
    """A value with its currency: "1,234.50 USD"."""
    words = figure_words(value, metric)
    return f"{words} {currency}" if currency and metric.unit == "money" and value is not None else words


def comparison(change: Decimal | None, base: Period) -> str:
    """ "up 4.2% on February 2026"; empty without a change."""
    if change is None:
        return ""
    parts = {"change": percent(abs(change)), "period": base.label}
    if not percent(abs(change)).strip("0.%"):
        return _("unchanged on %(period)s") % parts
    return (_("up %(change)s on %(period)s") if change > 0 else _("down %(change)s on %(period)s")) % parts


def sentence(point: Point, metric: Metric, currency: str) -> str:
    """The value of a period and how it compares, in one sentence."""
    if point.value is None:
        return _("No figure for %(period)s.") % {"period": point.period.label}
    said = [
        comparison(point.growth, point.period.previous()),
        comparison(point.growth_year, point.period.year_before()),
    ]
    compared = [words for words in said if words]
    value = _("%(period)s: %(value)s") % {
        "period": point.period.label,
        "value": amount(point.value, metric, currency),
    }
    if not compared:
        return _("%(value)s; nothing complete to compare it with.") % {"value": value}
    return _("%(value)s, %(compared)s.") % {"value": value, "compared": _(", ").join(compared)}
