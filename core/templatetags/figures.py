"""Figures, the same on every page: `{% load figures %}`.

    {{ value|figure:metric }}     all digits, by the metric's unit and decimals: 1,234.50 · 12.3% · −4.0
    {{ value|figure:"count" }}    the same by the name of a unit
    {{ value|short:metric }}      three digits, for cards: 1.23M, 12.3万
    {{ fraction|change }}         growth with arrow, sign and a word for screen readers: ↗ +4.2%
    {{ fraction|change:metric }}  the same, coloured by whether up is good for this metric
    {{ fraction|percent }}        12.3%

No figure is "—", never 0. Money has no currency sign: unit and currency stand in the head of the table or card.
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from core.templatetags.ui import icon

register = template.Library()

NO_FIGURE = "—"
MINUS = "\N{MINUS SIGN}"

# Unit → decimals shown. Fractions are stored as such and shown as percent.
DECIMALS = {
    "money": 2,
    "percent": 1,
    "ratio": 2,
    "count": 0,
    "units": 0,
    "days": 1,
    "hours": 1,
    "seconds": 1,
    "score": 1,
    "rank": 0,
}
ALIASES = {
    "%": "percent",
    "fraction": "percent",
    "×": "ratio",
    "x": "ratio",
    "integer": "count",
    "number": "count",
}


def unit_and_decimals(metric: Any) -> tuple[str, int]:
    """From a metric (with `unit`, perhaps `decimals`) or the name of a unit; an unknown unit shows two decimals."""
    unit = str(getattr(metric, "unit", metric) or "")
    unit = ALIASES.get(unit, unit)
    decimals = getattr(metric, "decimals", None)
    return unit, DECIMALS.get(unit, 2) if decimals is None else decimals


def as_decimal(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def plain(number: Decimal, decimals: int) -> str:
    """Grouped by thousands in both languages, with a real minus; what rounds to zero has no sign."""
    rounded = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def figure_words(value: Any, metric: Any) -> str:
    number = as_decimal(value)
    if number is None:
        return NO_FIGURE
    unit, decimals = unit_and_decimals(metric)
    if unit == "percent":
        return f"{plain(number * 100, decimals)}%"
    return plain(number, decimals)


def short_words(value: Any, metric: Any) -> str:
    """Three digits: 万 and 亿 in Chinese, k and M in English; small numbers and rates as `figure` shows them."""
    number = as_decimal(value)
    if number is None:
        return NO_FIGURE
    unit, decimals = unit_and_decimals(metric)
    size = abs(number)
    steps: tuple[tuple[Decimal, str], ...]
    if (get_language() or "").startswith("zh"):
        steps = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
    else:
        steps = ((Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 4, "k"))
    for step, word in steps:
        if unit != "percent" and size >= step:
            divisor = Decimal(1000) if word == "k" else step
            part = abs(number) / divisor
            return f"{plain(number / divisor, 2 if part < 10 else 1 if part < 100 else 0)}{word}"
    return figure_words(value, metric) if unit == "percent" or size < 100 else plain(number, min(decimals, 0))


@register.filter(name="figure")
def figure(value: Any, metric: Any = "") -> str:
    return figure_words(value, metric)


@register.filter(name="short")
def short(value: Any, metric: Any = "") -> str:
    return short_words(value, metric)


@register.filter(name="percent")
def percent(value: Any, decimals: int = 1) -> str:
    number = as_decimal(value)
    return NO_FIGURE if number is None else f"{plain(number * 100, decimals)}%"


@register.filter(name="change")
def change(value: Any, metric: Any = None) -> SafeString:
    """A growth (fraction) with arrow and sign; green or red only where the metric says which way is good."""
    number = as_decimal(value)
    if number is None:
        return format_html(
            '<span class="change num"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>',
            NO_FIGURE,
            gettext("no comparison"),
        )
    text = plain(number * 100, 1)
    is_flat = not text.strip("0.")
    is_up = number > 0
    tone = "" if is_flat else _tone(is_up, metric)
    picture = "minus" if is_flat else "trending-up" if is_up else "trending-down"
    word = gettext("unchanged") if is_flat else gettext("up") if is_up else gettext("down")
    sign = "+" if is_up and not is_flat else ""
    return format_html(
        '<span class="change num{}">{}<span class="visually-hidden">{} </span>{}{}%</span>',
        f" change-{tone}" if tone else "",
        icon(picture),
        word,
        sign,
        text,
    )


def _tone(is_up: bool, metric: Any) -> str:
    direction = str(getattr(metric, "direction", metric) or "")
    if direction not in {"up", "down"}:
        return ""
    return "good" if is_up == (direction == "up") else "bad"
