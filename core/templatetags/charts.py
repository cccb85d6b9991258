"""Charts: `{% load charts %}`; data and kinds are described in docs/interface.md.

{% chart data %}             figure with title, drawing, table and downloads
{% chart_scripts %}          once, in the page's block `scripts`
{% sparkline values %}       a line as small as a word, drawn by the server
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from core.templatetags.figures import as_decimal, figure_words

register = template.Library()


@register.inclusion_tag("components/chart.html")
def chart(data: dict[str, Any], height: str = "") -> dict[str, Any]:
    """A chart with everything that belongs to it. `height`: "low" or "tall"."""
    unit = data.get("unit", "")
    if "points" in data:
        names = [gettext("Name"), data.get("x_name", "x"), data.get("y_name", "y")]
        rows = [
            (
                point["name"],
                [
                    figure_words(point["x"], data.get("x_unit", "")),
                    figure_words(point["y"], data.get("y_unit", "")),
                ],
            )
            for point in data["points"]
        ]
    else:
        names = ["", *(series["name"] for series in data["series"])]
        columns = [series["values"] for series in data["series"]]
        rows = [
            (
                label,
                [figure_words(values[index] if index < len(values) else None, unit) for values in columns],
            )
            for index, label in enumerate(data["labels"])
        ]
    identity = data.get("id", "chart")
    return {
        "id": identity,
        "data_id": f"{identity}-data",
        "kind": data.get("kind", "series"),
        "title": data["title"],
        "data": data,
        "names": names,
        "rows": rows,
        "height": height,
    }


@register.simple_tag
def chart_scripts() -> SafeString:
    return format_html(
        '<script defer src="{}"></script>'
        '<script type="module" src="{}" id="chart-script" data-language="{}" data-none="{}"></script>',
        static("vendor/echarts/echarts.min.js"),
        static("js/charts.js"),
        "zh" if (get_language() or "").startswith("zh") else "en",
        gettext("no figure"),
    )


@register.simple_tag
def sparkline(values: Sequence[Any], label: str = "", target: Any = None) -> SafeString:
    """The course of some values; gaps stay gaps, the last point is marked. Without `label` it is decoration.

    With a `target` a line marks it, and one value is enough to draw.
    """
    width, height, edge = 96, 24, 3
    numbers = [as_decimal(value) for value in values]
    known = [number for number in numbers if number is not None]
    aim = as_decimal(target)
    if len(known) < (2 if aim is None else 1):
        return format_html('<span class="text-secondary">{}</span>', gettext("too few"))
    reach = known if aim is None else [*known, aim]
    low, high = min(reach), max(reach)
    span = float(high - low) or 1.0
    step = (width - 2 * edge) / max(len(numbers) - 1, 1)
    lines: list[list[str]] = [[]]

    def place(number: Decimal) -> float:
        return height - edge - float(number - low) / span * (height - 2 * edge)

    last = ""
    for index, number in enumerate(numbers):
        if number is None:
            lines.append([])
            continue
        x = edge + index * step
        y = place(number)
        last = f"{x:.1f},{y:.1f}"
        lines[-1].append(last)
    # A point alone between two gaps becomes a dot: a line of no length with round ends.
    strokes = format_html_join(
        "",
        '<polyline points="{}"/>',
        ((" ".join(line if len(line) > 1 else line * 2),) for line in lines if line),
    )
    if aim is not None:
        level = f"{place(aim):.1f}"
        mark = '<line class="aim" x1="0" x2="{}" y1="{}" y2="{}"/>'
        strokes = format_html(mark, width, level, level) + strokes
    end_x, end_y = last.split(",")
    name = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" {}>{}<circle cx="{}" cy="{}" r="2.2"/></svg>',
        width, height, name, strokes, end_x, end_y,
    )  # fmt: skip
