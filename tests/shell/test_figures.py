from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.templatetags.charts import sparkline
from core.templatetags.figures import figure_words, plain, short_words


def render(source: str, **context) -> str:
    return Template("{% load figures charts %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (Decimal("1234567.891"), "money", "1,234,567.89"),
        (Decimal("-4321.5"), "money", "−4,321.50"),
        (Decimal("0.1234"), "percent", "12.3%"),
        (Decimal("0.12345"), "%", "12.3%"),
        (Decimal("-0.0004"), "percent", "0.0%"),
        (12345, "count", "12,345"),
        (Decimal("2.5"), "count", "3"),
        (Decimal("3.14159"), "×", "3.14"),
        (Decimal("3.14159"), SimpleNamespace(unit="ratio", decimals=3), "3.142"),
        (0, "money", "0.00"),
        (None, "money", "—"),
        ("", "money", "—"),
        (Decimal("NaN"), "money", "—"),
        ("what", "money", "—"),
    ],
)
def test_figure_by_unit(value, unit, expected):
    assert figure_words(value, unit) == expected


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_full_figures_look_the_same_in_both_languages(language):
    with translation.override(language):
        assert render("{{ value|figure:'money' }}", value=Decimal("1234567.5")) == "1,234,567.50"


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (Decimal(9999), "9,999", "9,999"),
        (Decimal(12345), "12.3k", "1.23万"),
        (Decimal(123456), "123k", "12.3万"),
        (Decimal(1234567), "1.23M", "123万"),
        (Decimal(-250000000), "−250M", "−2.50亿"),
        (Decimal("12.5"), "12.50", "12.50"),
        (None, "—", "—"),
    ],
)
def test_short_figures_count_as_the_language_does(value, english, chinese):
    with translation.override("en"):
        assert short_words(value, "money") == english
    with translation.override("zh-hans"):
        assert short_words(value, "money") == chinese


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12),
    st.integers(0, 4),
)
def test_plain_digits_read_back_as_the_rounded_number(number, decimals):
    text = plain(number, decimals)

    assert abs(Decimal(text.replace(",", "").replace("−", "-")) - number) <= Decimal(1).scaleb(-decimals) / 2
    assert "-" not in text


@pytest.mark.parametrize(
    ("value", "direction", "tone", "word"),
    [
        (Decimal("0.042"), "up", "change-good", "up"),
        (Decimal("0.042"), "down", "change-bad", "up"),
        (Decimal("-0.117"), "up", "change-bad", "down"),
        (Decimal("-0.117"), "down", "change-good", "down"),
    ],
)
def test_change_is_coloured_by_what_is_good_and_says_its_way(value, direction, tone, word):
    with translation.override("en"):
        html = render("{{ value|change:metric }}", value=value, metric=SimpleNamespace(direction=direction))

    assert tone in html
    assert f">{word} <" in html
    assert ("+4.2%" if word == "up" else "−11.7%") in html


def test_change_without_comparison_or_without_change_has_no_colour():
    with translation.override("en"):
        none = render("{{ value|change:'up' }}", value=None)
        flat = render("{{ value|change:'up' }}", value=Decimal("0.0001"))

    assert "no comparison" in none
    assert "unchanged" in flat
    assert "change-" not in none + flat


def test_sparkline_leaves_gaps_and_needs_two_points():
    html = sparkline([1, 2, None, 4, 5], "six weeks")

    assert html.count("<polyline") == 2
    assert sparkline([1, None, 2]).count("<polyline") == 2
    assert 'aria-label="six weeks"' in html
    assert "<svg" not in sparkline([None, 4])


def test_chart_brings_its_table_without_scripts():
    data = {
        "id": "sales",
        "title": "Sales <in> USD",
        "unit": "money",
        "labels": ["W1", "W2"],
        "series": [{"role": "actual", "name": "Actual", "values": [Decimal("1.5"), None]}],
    }

    html = render("{% chart data %}", data=data)

    assert "Sales &lt;in&gt; USD" in html
    assert ">1.50</td>" in html
    assert ">—</td>" in html
    assert 'data-source="sales-data"' in html
    assert '<script id="sales-data" type="application/json">' in html
