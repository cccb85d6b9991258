"""F4: on every change of the clocks, in every zone, promised moments keep their order and their meaning."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from actions import deadlines
from actions.ladder import Ladder
from actions.models import Action, EscalationStep
from meetings import recurrence
from notices import hours
from people.models import User

# Two years hold every kind of change that is in force; beyond them zones only repeat themselves.
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
STANDARD = [
    ("owner", timedelta(days=-3)),
    ("owner", timedelta(hours=-24)),
    ("owner", timedelta(0)),
    ("owner", timedelta(days=1)),
    ("owner", timedelta(days=2)),
    ("owner", timedelta(days=4)),
]


def changes(zone: ZoneInfo) -> list[date]:
    """The local days on which this zone's clocks change."""
    found, day = [], FIRST
    before = datetime(2025, 12, 31, 12, tzinfo=UTC).astimezone(zone).utcoffset()
    while day <= LAST:
        after = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).astimezone(zone).utcoffset()
        if after != before:
            found.append(day)
        before, day = after, day + timedelta(days=1)
    return found


@pytest.fixture(scope="module")
def days() -> dict[str, list[date]]:
    """Zone → the days around its changes; for a zone that never changes one day."""
    found = {}
    for name in sorted(available_timezones()):
        near = {day + timedelta(days=n) for day in changes(ZoneInfo(name)) for n in (-1, 0, 1)}
        found[name] = sorted(near) or [date(2026, 7, 1)]
    assert sum(len(one) > 1 for one in found.values()) > 100
    return found


@pytest.mark.parametrize("clock", [time(0, 30), time(2, 30), time(18, 0)])
def test_the_rungs_of_a_deadline_stay_in_order_and_apart(days, clock):
    """24 hours are 24 hours, whatever the clocks on the wall do; the deadline itself is what the wall says."""
    ladder = Ladder([EscalationStep(whom=whom, offset=offset) for whom, offset in STANDARD])
    person = User(pk=1, name="p")
    for name, near in days.items():
        for day in near:
            deadline = deadlines.resolve(day=day, clock=clock, zone=name)
            wall = deadline.at.astimezone(ZoneInfo(name))
            assert wall.date() == day or deadline.note, (name, day)
            assert wall.time() == clock or deadline.note, (name, day)
            action = Action(owner=person, due_at=deadline.at)
            rungs = ladder.rungs(action)
            instants = [rung.at for rung in rungs]
            assert [at - deadline.at for at in instants] == [offset for _whom, offset in STANDARD], (
                name,
                day,
            )
            assert all(rung.at < rung.expires_at for rung in rungs), (name, day)


@pytest.mark.parametrize("clock", [time(0, 0), time(2, 30), time(8, 30)])
def test_no_day_without_its_collected_mail_and_none_with_two(days, clock):
    for name, near in days.items():
        person = User(time_zone=name, digest_at=clock)
        for day in near:
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            moments = [noon - timedelta(days=2)]
            while moments[-1] < noon + timedelta(days=2):
                following = hours.next_digest(person, moments[-1])
                assert following > moments[-1], (name, day)
                moments.append(following)
            local = [one.astimezone(ZoneInfo(name)).date() for one in moments[1:]]
            assert local == sorted(set(local)), (name, day, local)
            # Samoa and its like once left a whole day out; none does in these years.
            assert all(b - a == timedelta(days=1) for a, b in pairwise(local)), (name, day)


def test_every_second_tuesday_at_ten_stays_at_ten(days):
    rule = recurrence.Rule.parse("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    dates = list(rule.dates(date(2026, 1, 6), LAST))
    for name in days:
        zone = ZoneInfo(name)
        instants = [recurrence.instant(day, time(10, 0), zone) for day in dates]
        assert {one.astimezone(zone).time() for one in instants} == {time(10, 0)}, name
        assert instants == sorted(set(instants)), name


@pytest.mark.parametrize(("begin", "end"), [(time(22, 0), time(7, 0)), (time(1, 0), time(3, 30))])
def test_quiet_hours_always_end(days, begin, end):
    for name, near in days.items():
        person = User(time_zone=name, quiet_from=begin, quiet_until=end)
        for day in near:
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
            for hour in range(26):
                at = moment + timedelta(hours=hour)
                until = hours.quiet_until(person, at)
                assert until is None or at < until <= at + timedelta(hours=12), (name, at)
                assert until is None or hours.quiet_until(person, until) is None, (name, at)
