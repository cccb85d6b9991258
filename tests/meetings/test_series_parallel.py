"""Two ticks at the same moment: the series' row is locked, so that each date is made once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from meetings.services import carry, occurrences
from tests.meetings.factories import NOW
from tests.meetings.test_carry import AFTER, add, hold, park
from tests.meetings.test_series import weekly

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work, times: int = 3) -> list:
    def run(_number):
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_parallel_ticks_make_each_meeting_once():
    series = weekly()
    before = series.meetings.count()
    made = at_once(lambda: len(occurrences.extend(series=series, now=NOW + timedelta(days=14))))
    assert sorted(made) == [0, 0, 2]
    assert series.meetings.count() == before + 2


def test_parallel_presses_bring_each_matter_once():
    series = weekly()
    first, second = series.meetings.order_by("starts_at")[:2]
    add(first, "Parcel prices")
    park(first, "Rename the brand?")
    hold(first, all_but=("Parcel prices",))
    brought = at_once(lambda: len(carry.bring_over(meeting=second, now=AFTER)))
    assert sorted(brought) == [0, 0, 2]
    assert second.items.exclude(carried_because="").count() == 2
