"""How a metric moved: `{% load changes %}{% metric_change value base fraction metric %}`.

Amounts and counts move by percent of the base; rates move by points, because "up 5%" of a rate of 30% could mean
31.5% or 35%. `fraction` is the fair growth: where it is None, nothing is compared.
"""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.templatetags.figures import change, plain
from core.templatetags.ui import icon
from metrics.models import Metric
from metrics.words import points_between

register = template.Library()


@register.simple_tag
def metric_change(
    value: Decimal | None, base: Decimal | None, fraction: Decimal | None, metric: Metric
) -> SafeString:
    if metric.unit != "percent" or value is None or base is None or fraction is None:
        return change(fraction, metric)
    points = points_between(value, base)
    is_flat, is_up = not points, points > 0
    tone = ""
    if not is_flat and metric.direction in ("up", "down"):
        tone = " change-good" if is_up == (metric.direction == "up") else " change-bad"
    return format_html(
        '<span class="change num{}">{}<span class="visually-hidden">{} </span>{}{}</span>',
        tone,
        icon("minus" if is_flat else "trending-up" if is_up else "trending-down"),
        gettext("unchanged") if is_flat else gettext("up") if is_up else gettext("down"),
        "+" if is_up and not is_flat else "",
        gettext("%(points)s pp") % {"points": plain(points, 1)},
    )
