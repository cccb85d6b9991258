from datetime import date

import pytest

from core.periods import Period
from metrics.queries import Coverage, Known, last_complete_period
from tests.metrics.builders import STORAGE, TRANSACTIONS, covered, shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def us():
    us = shop()
    covered(us, "2025-02", "2025-03", "2025-04", "2025-05", "2025-06")
    return us


@pytest.mark.parametrize(
    ("grain", "before", "expected"),
    [
        ("month", None, "2025-06"),
        ("month", date(2025, 6, 1), "2025-05"),
        ("month", date(2025, 5, 31), "2025-04"),
        ("month", date(2026, 1, 1), "2025-06"),
        ("week", None, "2025-W26"),
        ("day", None, "2025-06-30"),
        ("quarter", None, "2025-Q2"),
        ("quarter", date(2025, 6, 30), None),
        ("year", None, None),
    ],
)
def test_last_complete_period(us, grain, before, expected):
    found = last_complete_period(grain, before)

    assert (found.code if found else None) == expected


def test_gaps_are_jumped_over(us):
    covered(us, "2025-08-01..2025-08-20")

    assert last_complete_period("month") == Period.month(2025, 6)


def test_monthly_reports_are_not_waited_for(us):
    covered(us, "2025-02", kind=STORAGE)

    assert last_complete_period("month") == Period.month(2025, 6)


def test_every_active_shop_counts(us):
    other = shop("us-two")
    covered(other, "2025-04", "2025-05")

    assert last_complete_period("month") == Period.month(2025, 5)
    other.is_active = False
    other.save()
    assert last_complete_period("month") == Period.month(2025, 6)


def test_nothing_there():
    assert last_complete_period("month") is None


def test_overlapping_uploads_count_once(us):
    covered(us, "2025-07-01..2025-07-20", "2025-07-15..2025-07-31")
    coverage = Coverage.of([us])

    assert coverage.known([TRANSACTIONS], Period.month(2025, 7)) is Known.WHOLLY
    assert coverage.days([TRANSACTIONS], Period.month(2025, 7)) == 31
    assert coverage.gaps([TRANSACTIONS], Period.month(2025, 7)) == []


def test_gaps(us):
    other = shop("us-two")
    covered(other, "2025-03", "2025-05-11..2025-05-20")
    coverage = Coverage.of([us, other])

    assert coverage.gaps([TRANSACTIONS], Period.parse("2025-Q1")) == [
        (date(2025, 1, 1), date(2025, 3, 1)),
    ]
    assert coverage.gaps([TRANSACTIONS], Period.month(2025, 5)) == [
        (date(2025, 5, 1), date(2025, 5, 11)),
        (date(2025, 5, 21), date(2025, 6, 1)),
    ]
    assert coverage.known([TRANSACTIONS], Period.month(2024, 1)) is Known.NOT
    assert coverage.known([STORAGE], Period.month(2025, 5)) is Known.NOT
    assert coverage.bounds() == (date(2025, 2, 1), date(2025, 7, 1))
    assert coverage.bounds([STORAGE]) is None
