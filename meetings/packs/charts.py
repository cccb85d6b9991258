"""Charts as SVG for paper: one metric over its last periods, actual dark, the year before lighter beside it.

One notation as on the pages: columns stand on zero, values are written at the columns instead of an axis, the title
says who, what in which unit, and when. Colours are attributes, so the same drawing stands in the PDF and on a page
whose policy forbids styles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.periods import Period
from core.templatetags.figures import short_words
from metrics.models import Metric

WIDTH, HEIGHT = 340, 150
LEFT, TOP, BOTTOM = 4, 46, 20
ACTUAL, YEAR_BEFORE, AXIS, INK, QUIET = "#33424a", "#c3ccd2", "#515c62", "#1d2529", "#515c62"
# Labels stand at the last column and at the extremes, as long as there is room between them.
LABEL_GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One period: its value and that of the year before; None where no report covers it."""

    period: Period
    value: Decimal | None
    year_before: Decimal | None
    is_complete: bool = True


def chart(*, metric: Metric, columns: Sequence[Column], who: str, unit: str) -> SafeString:
    """One small chart; its title also says what it shows to those who cannot see it."""
    plot = _Plot(columns)
    title = f"{who} · {metric.name}"
    when = _("%(first)s to %(last)s") % {
        "first": period_words(columns[0].period),
        "last": period_words(columns[-1].period),
    }
    second = " · ".join(part for part in (unit, when) if part)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
            f'height="{HEIGHT}" role="img" aria-label="{escape(f"{title}, {second}")}" '
            f"font-family=\"'Fupan Sans SC', sans-serif\">"
        ),
        _text(LEFT, 13, _cut(title, 34), size=11.5, weight="bold"),
        _text(LEFT, 28, _cut(second, 52), size=9.5, colour=QUIET),
        *_bars(plot),
        *_labels(plot, metric),
        *_periods(plot),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 - put together here, every text escaped by _text


class _Plot:
    """Where columns stand and how high they are."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        known = [
            number
            for column in columns
            for number in (column.value, column.year_before)
            if number is not None
        ]
        top, low = max([Decimal(0), *known]), min([Decimal(0), *known])
        self.step = (WIDTH - 2 * LEFT) / len(columns)
        room = HEIGHT - TOP - BOTTOM
        self.scale = room / float(top - low) if top > low else 0.0
        self.ground = TOP + float(top) * self.scale if top > low else HEIGHT - BOTTOM

    def centre(self, index: int) -> float:
        return LEFT + (index + 0.5) * self.step

    def bar(
        self, index: int, value: Decimal, shift: float, width: float
    ) -> tuple[float, float, float, float]:
        """x, y, width and height of a column's rectangle, standing on zero or hanging from it."""
        height = abs(float(value)) * self.scale
        y = self.ground - height if value >= 0 else self.ground
        return self.centre(index) - width / 2 + shift, y, width, max(height, 0.5)

    def end(self, value: Decimal) -> float:
        return self.ground - float(value) * self.scale


def _bars(plot: _Plot) -> list[str]:
    """The year before first, half behind the actual column."""
    width = plot.step * 0.5
    drawn = []
    for index, column in enumerate(plot.columns):
        if column.year_before is not None:
            drawn.append(_rect(plot.bar(index, column.year_before, -plot.step * 0.16, width), YEAR_BEFORE))
        if column.value is not None:
            drawn.append(
                _rect(plot.bar(index, column.value, plot.step * 0.1, width), ACTUAL, column.is_complete)
            )
    drawn.append(
        f'<line x1="{LEFT}" y1="{plot.ground:.1f}" x2="{WIDTH - LEFT}" y2="{plot.ground:.1f}" '
        f'stroke="{AXIS}" stroke-width="0.8"/>'
    )
    return drawn


def _rect(place: tuple[float, float, float, float], colour: str, is_complete: bool = True) -> str:
    """A period that is not complete is an outline: it is not the whole figure yet."""
    x, y, width, height = place
    paint = (
        f'fill="{colour}"' if is_complete else f'fill="#ffffff" stroke="{colour}" stroke-dasharray="2 1.5"'
    )
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {paint}/>'


def labelled(values: Sequence[Decimal | None]) -> list[int]:
    """The columns that get their value written: the last one, then the highest, the lowest and the first, each with
    room to its neighbours."""
    known = [index for index, value in enumerate(values) if value is not None]
    if not known:
        return []
    highest = max(known, key=lambda index: values[index] or 0)
    lowest = min(known, key=lambda index: values[index] or 0)
    chosen: list[int] = []
    for index in (known[-1], highest, lowest, known[0]):
        if all(abs(index - other) > LABEL_GAP for other in chosen):
            chosen.append(index)
    return sorted(chosen)


def _labels(plot: _Plot, metric: Metric) -> list[str]:
    drawn = []
    last = len(plot.columns) - 1
    for index in labelled([column.value for column in plot.columns]):
        value = plot.columns[index].value
        assert value is not None
        y = plot.end(value) + (-4 if value >= 0 else 11)
        anchor, x = "middle", plot.centre(index) + plot.step * 0.1
        if index == last:
            anchor, x = "end", WIDTH - LEFT
        elif index == 0:
            anchor, x = "start", float(LEFT)
        weight = "bold" if index == last else "normal"
        drawn.append(_text(x, y, short_words(value, metric), size=9.5, anchor=anchor, weight=weight))
    return drawn


def _periods(plot: _Plot) -> list[str]:
    """The first and the last period, and every fourth in between, under the columns."""
    last = len(plot.columns) - 1
    shown = {0, last} | set(range(4, last - 2, 4))
    drawn = []
    for index in sorted(shown):
        anchor, x = "middle", plot.centre(index)
        if index == last:
            anchor, x = "end", float(WIDTH - LEFT)
        elif index == 0:
            anchor, x = "start", float(LEFT)
        words = period_words(plot.columns[index].period, short=True)
        drawn.append(_text(x, HEIGHT - 5, words, size=8.5, anchor=anchor, colour=QUIET))
    return drawn


def period_words(period: Period, *, short: bool = False) -> str:
    """A period in a chart: its code, which is the same in both languages and short; `W41` without its year."""
    code = period.code
    if short and period.grain == "week":
        return code.partition("-")[2]
    return code.replace("..", " – ")


def unit_words(metric: Metric, currency: str) -> str:
    """The unit as it stands in a chart's title."""
    if metric.unit == "money":
        return currency
    return {
        "percent": "%",
        "ratio": pgettext("unit", "ratio"),
        "count": pgettext("unit", "number"),
        "units": pgettext("unit", "units"),
        "days": pgettext("unit", "days"),
        "hours": pgettext("unit", "hours"),
        "seconds": pgettext("unit", "seconds"),
    }.get(metric.unit, "")


def _cut(text: str, most: int) -> str:
    """At most so many half-width signs, so that a title stays inside its chart."""
    room = float(most)
    for index, sign in enumerate(text):
        room -= 1.75 if ord(sign) > 0x2E80 else 1
        if room < 0:
            return text[:index].rstrip() + "…"
    return text


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: float,
    anchor: str = "start",
    weight: str = "normal",
    colour: str = INK,
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{colour}">{escape(words)}</text>'
    )
