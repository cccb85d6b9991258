"""Quiet hours and the collected mail, in every zone and over every change of clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest

from notices import hours
from people.models import User

SHANGHAI = {"time_zone": "Asia/Shanghai"}


def person(start=None, end=None, digest=time(8, 30), **fields):
    return User(quiet_from=start, quiet_until=end, digest_at=digest, **fields)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "end"),
    [
        (utc(2026, 3, 2, 13, 59), None),  # 21:59 in Shanghai
        (utc(2026, 3, 2, 14, 0), utc(2026, 3, 3, 0, 0)),  # 22:00 → 08:00
        (utc(2026, 3, 2, 16, 30), utc(2026, 3, 3, 0, 0)),  # 00:30
        (utc(2026, 3, 3, 0, 0), None),  # 08:00
    ],
)
def test_quiet_hours_past_midnight_are_the_persons_own(at, end):
    assert hours.quiet_until(person(time(22), time(8), **SHANGHAI), at) == end


def test_quiet_hours_within_a_day():
    siesta = person(time(13), time(15), time_zone="Europe/Madrid")
    assert hours.quiet_until(siesta, utc(2026, 3, 2, 12, 30)) == utc(2026, 3, 2, 14)
    assert hours.quiet_until(siesta, utc(2026, 3, 2, 14)) is None
    assert hours.quiet_until(person(**SHANGHAI), utc(2026, 3, 2, 18)) is None


def test_the_collected_mail_waits_for_the_end_of_the_quiet_hours():
    sleeper = person(time(22), time(9), digest=time(7), **SHANGHAI)
    assert hours.next_digest(sleeper, utc(2026, 3, 2, 12)) == utc(2026, 3, 3, 1)  # 09:00


def test_no_zone_has_a_day_without_its_mail_or_an_hour_without_end():
    """Over a year in every zone: mails strictly in order, at most 26 hours apart; quiet hours end within a day."""
    for name in sorted(available_timezones()):
        if name in ("Factory", "localtime"):
            continue
        somebody = person(time(23, 30), time(2, 15), digest=time(2, 30), time_zone=name)
        moment, end = utc(2027, 1, 1), utc(2028, 1, 1)
        while moment < end:
            following = hours.next_digest(somebody, moment)
            assert timedelta(0) < following - moment <= timedelta(hours=26), (name, moment)
            assert hours.quiet_until(somebody, following) is None, (name, following)
            moment = following
        for offset in range(0, 48 * 40, 7):
            at = utc(2027, 3, 1) + timedelta(minutes=30 * offset)
            quiet = hours.quiet_until(somebody, at)
            assert quiet is None or timedelta(0) < quiet - at < timedelta(hours=5), (name, at)
