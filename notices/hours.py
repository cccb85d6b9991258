"""When somebody may be disturbed: quiet hours and the moment of the collected mail, in the person's own time zone.

Wall times are turned into instants on the day itself, so clocks that are put forward or back make neither a day without
its collected mail nor an hour without an end: a wall time that a day lacks is the instant just after the gap, one that
it has twice is the first of the two.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from people.models import User

DAY = timedelta(days=1)


def quiet_until(person: User, at: datetime) -> datetime | None:
    """The end of the quiet hours in which `at` (aware) lies; None when the person may be disturbed then."""
    start, end = person.quiet_from, person.quiet_until
    if start is None or end is None:
        return None
    local = at.astimezone(person.zone)
    goes_past_midnight = start > end
    began_today = local.time() >= start and (goes_past_midnight or local.time() < end)
    began_yesterday = goes_past_midnight and local.time() < end
    if not (began_today or began_yesterday):
        return None
    day = local.date() + DAY if goes_past_midnight and began_today else local.date()
    moment = _instant(person, day, end)
    return moment if moment > at else None


def next_digest(person: User, after: datetime) -> datetime:
    """The first moment later than `after` (aware) at which the person's collected mail goes out."""
    today = after.astimezone(person.zone).date()
    days = (today + n * DAY for n in range(3))
    return next(moment for day in days if (moment := digest_of(person, day)) > after)


def digest_of(person: User, day: date) -> datetime:
    """The moment of the collected mail of one day; when it falls into the quiet hours, their end."""
    moment = _instant(person, day, person.digest_at)
    return quiet_until(person, moment) or moment


def _instant(person: User, day: date, wall: time) -> datetime:
    # In UTC: two datetimes of one zone are compared by their wall times, which a change of clocks makes wrong.
    return datetime.combine(day, wall, tzinfo=person.zone).astimezone(UTC)
