"""The arithmetic of agendas, with examples and with properties that hold for any agenda."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.agenda import CannotFit, Slot, fit, planned_sum, timings
from meetings.library import BUSINESS_REVIEW

PUBLISHED = [Slot(part.report, part.discussion) for part in BUSINESS_REVIEW.modules]

minutes = st.integers(min_value=0, max_value=240)
slot = st.builds(Slot, report=minutes, discussion=minutes, is_pinned=st.booleans())
agendas = st.lists(slot, max_size=30)
lengths = st.integers(min_value=5, max_value=1440)


def test_published_four_hour_agenda_is_55_minutes_over():
    assert planned_sum(PUBLISHED) == 295
    assert planned_sum(PUBLISHED) - BUSINESS_REVIEW.planned_minutes == 55


def test_published_agenda_fits_four_hours():
    fitted = fit(PUBLISHED, 240)

    assert [s.minutes for s in fitted] == [10, 50, 35, 35, 25, 25, 35, 25]
    assert [s.report for s in fitted] == [10, 15, 10, 10, 10, 10, 0, 0]


def test_fit_leaves_pinned_items_alone():
    items = [Slot(15, 0, is_pinned=True), *PUBLISHED[1:]]

    fitted = fit(items, 240)

    assert fitted[0] == items[0]
    assert planned_sum(fitted) == 240


def test_fit_stretches_a_short_agenda():
    assert fit([Slot(10, 20), Slot(0, 30)], 120) == [Slot(20, 40), Slot(0, 60)]


@pytest.mark.parametrize(
    ("items", "length", "fitted"),
    [
        # 23 minutes are pinned; 37 are left: seven steps, and two odd minutes for the longest.
        ([Slot(23, 0, True), Slot(10, 20), Slot(10, 0)], 60, [Slot(23, 0, True), Slot(10, 17), Slot(10, 0)]),
        ([Slot(30, 0), Slot(10, 0)], 47, [Slot(37, 0), Slot(10, 0)]),
        ([Slot(0, 10), Slot(0, 10)], 29, [Slot(0, 19), Slot(0, 10)]),
    ],
)
def test_odd_minutes_go_to_the_longest_item(items, length, fitted):
    assert fit(items, length) == fitted


def test_fit_of_a_fitting_agenda_changes_nothing():
    fitted = fit(PUBLISHED, 240)

    assert fit(fitted, 240) == fitted


@pytest.mark.parametrize(
    ("items", "length", "words"),
    [
        ([Slot(200, 50, True), Slot(5, 5)], 240, "pinned items alone take 250"),
        ([Slot(50, 0, True), Slot(5, 0), Slot(5, 0), Slot(5, 0)], 60, "leave 10 minutes for 3 items"),
        ([Slot(20, 20, True)], 60, "no item left"),
        ([Slot(0, 0)], 60, "no item left"),
        ([], 60, "no item left"),
    ],
)
@pytest.mark.usefixtures("english")
def test_impossible_fit_says_what_to_do(items, length, words):
    with pytest.raises(CannotFit, match=words):
        fit(items, length)


@given(agendas, lengths)
def test_fit_is_exact_or_refused(items, length):
    try:
        fitted = fit(items, length)
    except CannotFit:
        free = [s for s in items if not s.is_pinned and s.minutes]
        rest = length - sum(s.minutes for s in items if s.is_pinned)
        assert rest < 5 * len(free) or (rest and not free)
        return

    assert planned_sum(fitted) == length
    assert len(fitted) == len(items)
    pinned = planned_sum(s for s in items if s.is_pinned)
    in_steps = [s.report % 5 == s.discussion % 5 == 0 for s in fitted if not s.is_pinned and s.minutes]
    assert in_steps.count(False) == (1 if (length - pinned) % 5 else 0)
    for before, after in zip(items, fitted, strict=True):
        if before.is_pinned or not before.minutes:
            assert after == before
        else:
            assert after.minutes >= 5
            assert after.report >= 0
            assert after.discussion >= 0
            assert before.report or not after.report
            assert before.discussion or not after.discussion


@given(st.lists(slot.filter(lambda s: s.minutes and not s.is_pinned), min_size=2, max_size=12), lengths)
def test_fit_never_lets_a_shorter_item_overtake_a_longer_one(items, length):
    try:
        fitted = fit(items, length)
    except CannotFit:
        return

    by_length = sorted(zip(items, fitted, strict=True), key=lambda pair: pair[0].minutes)
    for (short, fitted_short), (long, fitted_long) in pairwise(by_length):
        if short.minutes < long.minutes:
            assert fitted_short.minutes <= fitted_long.minutes


@given(st.integers(1, 60).map(lambda n: n * 5), st.integers(1, 60).map(lambda n: n * 5), lengths)
def test_fit_keeps_the_ratio_within_one_step(report, discussion, length):
    length -= length % 5
    if length < 10:
        return

    (fitted,) = fit([Slot(report, discussion)], length)

    assert abs(fitted.report - length * report / (report + discussion)) <= 5


@given(agendas)
def test_timings_follow_each_other(items):
    start = datetime(2026, 11, 24, 6, tzinfo=UTC)

    times = timings(items, start)

    at = start
    for timing, s in zip(times, items, strict=True):
        assert timing.starts_at == at
        assert timing.discussion_at - timing.starts_at == timedelta(minutes=s.report)
        assert timing.ends_at - timing.discussion_at == timedelta(minutes=s.discussion)
        at = timing.ends_at
    assert at - start == timedelta(minutes=planned_sum(items))
