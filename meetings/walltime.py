"""From what a clock on the wall shows to an instant: the hour that does not exist, and the one that comes twice."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class NoSuchTime(Exception):
    """The clocks are put forward over this time. `before` and `after` are the walls' times around the gap."""

    def __init__(self, before: datetime, after: datetime) -> None:
        super().__init__(f"{before:%H:%M} to {after:%H:%M}")
        self.before, self.after = before, after


class TwoSuchTimes(Exception):
    """The clocks are put back over this time: it comes twice. `first` and `second` are both, aware."""

    def __init__(self, first: datetime, second: datetime) -> None:
        super().__init__(f"{first.isoformat()} or {second.isoformat()}")
        self.first, self.second = first, second


def instant(day: date, clock: time, zone: ZoneInfo, fold: int | None = None) -> datetime:
    """The instant at which the clocks of `zone` show this; `fold` 0 or 1 chooses where there are two.

    Raises NoSuchTime, and TwoSuchTimes when `fold` is None.
    """
    first = datetime.combine(day, clock, tzinfo=zone).replace(fold=0)
    second = first.replace(fold=1)
    jump = _offset(second) - _offset(first)
    if not jump:
        return first
    # In a gap the later reading (fold=1) has the larger offset, in a repeated hour the smaller one.
    if jump > timedelta(0):
        change = _change_between(second.astimezone(UTC), first.astimezone(UTC), zone)
        raise NoSuchTime((change - timedelta(minutes=1)).astimezone(zone), change.astimezone(zone))
    if fold is None:
        raise TwoSuchTimes(first, second)
    return second if fold else first


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def _change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The minute at which the offset of `zone` changes, which it does once between the two instants (UTC)."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(second=0, microsecond=0)
