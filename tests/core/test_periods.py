from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.periods import GRAINS, Period, add_months

DAYS = st.dates(min_value=date(2001, 1, 1), max_value=date(2090, 12, 31))
GRAIN = st.sampled_from(GRAINS)


@pytest.mark.parametrize(
    ("text", "start", "last", "grain"),
    [
        ("2025-10-31", date(2025, 10, 31), date(2025, 10, 31), "day"),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4), "week"),
        ("2025-10", date(2025, 10, 1), date(2025, 10, 31), "month"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31), "quarter"),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "year"),
        ("2025-10-01..2025-10-31", date(2025, 10, 1), date(2025, 10, 31), "month"),
        ("2025-10-02..2025-10-31", date(2025, 10, 2), date(2025, 10, 31), "range"),
    ],
)
def test_parse_reads_every_notation(text, start, last, grain):
    period = Period.parse(text)

    assert (period.start, period.last, period.grain) == (start, last, grain)


@pytest.mark.parametrize("text", ["", "October", "2025-13", "2025-Q5", "2025-W60", "2025-10-31..2025-10-01"])
def test_parse_refuses_what_is_no_period(text):
    with pytest.raises(ValueError):
        Period.parse(text)


@given(DAYS, GRAIN)
def test_code_is_read_back_as_the_same_period(day, grain):
    period = Period.containing(day, grain)

    assert Period.parse(period.code) == period


@given(DAYS, GRAIN)
def test_neighbours_touch_without_gap_or_overlap(day, grain):
    period = Period.containing(day, grain)

    assert day in period
    assert period.previous().end == period.start
    assert period.next().start == period.end
    assert period.next().previous() == period


@given(DAYS, st.integers(min_value=1, max_value=800))
def test_split_covers_every_day_once(day, length):
    whole = Period(day, day + timedelta(days=length))

    months = list(whole.split("month"))

    assert months[0].start <= whole.start
    assert months[-1].end >= whole.end
    assert all(left.end == right.start for left, right in pairwise(months))


def test_year_before_keeps_weekdays_for_days_and_weeks():
    day = Period.parse("2026-03-02")

    assert day.year_before().start.weekday() == day.start.weekday()
    assert Period.parse("2026-03").year_before() == Period.parse("2025-03")


def test_year_before_survives_the_leap_day():
    assert add_months(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert Period.parse("2024-02-28..2024-02-29").year_before().end == date(2023, 3, 1)


def test_label_is_in_the_readers_language():
    period = Period.parse("2025-Q4")

    with override("zh-hans"):
        chinese = period.label
    with override("en"):
        english = period.label

    assert english == "Q4 2025"
    assert chinese == "2025年第4季度"


@pytest.mark.parametrize(("day", "months"), [(date(9999, 12, 1), 1), (date(1, 1, 1), -1)])
def test_no_month_beyond_the_calendar(day, months):
    with pytest.raises(OverflowError):
        add_months(day, months)


@pytest.mark.parametrize(
    "text", ["9999-12", "9999-12-31", "9999-Q4", "9999", "9999-W52", "9999-12-01..9999-12-31"]
)
def test_periods_beyond_the_calendar_are_no_periods(text):
    with pytest.raises(ValueError, match=r"calendar|out of range"):
        Period.parse(text)
