"""A time zone as a calendar entry describes it (VTIMEZONE, RFC 5545 3.6.5).

Programs that do not know the zone's name take the changes of the clocks from here. Changes that follow a yearly rule
("last Sunday of March") are written as that rule, which holds without end, so that a series may go on for years;
others are listed one by one.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

# So many years after the last instant a rule is checked before it is believed.
YEARS_AHEAD = 12
# The clocks of one zone are not changed twice within so short a time.
STEP = timedelta(days=7)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Change:
    """The clocks are changed at `at`, which is read off the clock as it runs before."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_standard: bool


def component(zone: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """The zone's clocks from before `first` (aware) until long after `last`."""
    found = Timezone()
    found.add("tzid", zone.key)
    start = first.astimezone(zone).replace(
        month=1, day=1, hour=0, minute=0, second=0, microsecond=0
    ) - timedelta(days=366)
    end = last.astimezone(zone) + timedelta(days=366 * YEARS_AHEAD)
    found.add_component(_beginning(start))
    kinds: defaultdict[tuple, list[Change]] = defaultdict(list)
    for change in _changes(zone, start.astimezone(UTC), end.astimezone(UTC)):
        kinds[change.before, change.after, change.name, change.is_standard].append(change)
    for changes in kinds.values():
        found.add_component(_part(changes, end))
    return found


@lru_cache(maxsize=64)
def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> tuple[Change, ...]:
    return tuple(_walk(zone, start, end))


def _walk(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Change]:
    weeks = int((end - start) / STEP)
    for low, high in pairwise(start + STEP * number for number in range(weeks + 1)):
        before, after = _offset(low, zone), _offset(high, zone)
        if before == after:
            continue
        moment = _moment_of(low, high, zone)
        local = moment.astimezone(zone)
        yield Change(
            at=(moment + before).replace(tzinfo=None),
            before=before,
            after=after,
            name=local.tzname() or "",
            is_standard=not local.dst(),
        )


def _moment_of(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the offset changes, between two instants in UTC."""
    before = _offset(low, zone)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _beginning(start: datetime) -> TimezoneStandard | TimezoneDaylight:
    """What the clocks show before the first change that is listed."""
    part = TimezoneDaylight() if start.dst() else TimezoneStandard()
    part.DTSTART = start.replace(tzinfo=None)
    part.TZOFFSETFROM = part.TZOFFSETTO = start.utcoffset() or timedelta()
    part.add("tzname", start.tzname() or "")
    return part


def _part(changes: list[Change], end: datetime) -> TimezoneStandard | TimezoneDaylight:
    """The changes from one offset to another: as a rule where they follow one to the end, else one by one."""
    first = changes[0]
    part = TimezoneStandard() if first.is_standard else TimezoneDaylight()
    part.DTSTART = first.at
    part.TZOFFSETFROM, part.TZOFFSETTO = first.before, first.after
    part.add("tzname", first.name)
    rule = _rule(changes, end)
    if rule:
        part.add("rrule", rule)
    elif len(changes) > 1:
        part.add("rdate", [change.at for change in changes[1:]])
    return part


def _rule(changes: list[Change], end: datetime) -> vRecur | None:
    """Every year on the n-th or the last such weekday of a month, when all of them are and no year is left out."""
    months = {change.at.month for change in changes}
    weekdays = {change.at.weekday() for change in changes}
    clocks = {change.at.time() for change in changes}
    years = [change.at.year for change in changes]
    whole = list(range(years[0], years[0] + len(years)))
    if len(months) > 1 or len(weekdays) > 1 or len(clocks) > 1 or years != whole or years[-1] < end.year - 1:
        return None
    numbers = {(change.at.day - 1) // 7 + 1 for change in changes}
    if all((change.at + timedelta(days=7)).month != change.at.month for change in changes):
        number = -1
    elif len(numbers) == 1:
        (number,) = numbers
    else:
        return None
    return vRecur({"FREQ": "YEARLY", "BYMONTH": months.pop(), "BYDAY": f"{number}{DAYS[weekdays.pop()]}"})
