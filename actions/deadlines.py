"""A deadline as people say it (a day, perhaps a time, a zone) made into an instant."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import datewords, zones

# A day without a time ends with the working day.
END_OF_DAY = time(18, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """`at` in UTC; `note` tells what had to be settled because the clocks are changed that night."""

    at: datetime
    zone: str
    is_all_day: bool
    note: str = ""


def resolve(*, day: date, clock: time | None, zone: str) -> Deadline:
    """The instant of a wall clock time in a zone.

    A time in the hour that does not exist becomes the same distance after the change, one in the hour that comes
    twice means its first occurrence; both are said in `note`, in the reader's language.
    """
    wall = datetime.combine(day, clock or END_OF_DAY, ZoneInfo(zone))
    at = wall.astimezone(UTC)
    shown = at.astimezone(ZoneInfo(zone))
    note = ""
    if shown.replace(tzinfo=None) != wall.replace(tzinfo=None):
        note = _(
            "%(wall)s does not exist in %(city)s that night (the clocks go forward); it becomes %(shown)s."
        ) % {
            "wall": date_format(wall, "H:i"),
            "city": zones.city(zone) or zone,
            "shown": date_format(shown, "H:i"),
        }
    elif wall.utcoffset() != wall.replace(fold=1).utcoffset():
        note = _(
            "%(wall)s comes twice in %(city)s that night (the clocks go back); the first one is meant."
        ) % {
            "wall": date_format(wall, "H:i"),
            "city": zones.city(zone) or zone,
        }
    return Deadline(at=at, zone=zone, is_all_day=clock is None, note=note)


def as_said(said: datewords.Said | None, *, zone: str) -> Deadline | None:
    """The instant of a day or time that was named in a sentence (`core.datewords`); counted hours are one already."""
    if said is None:
        return None
    if said.at is not None:
        return Deadline(at=said.at, zone=zone, is_all_day=False)
    return resolve(day=said.day, clock=said.clock, zone=zone)


def moved_to(*, day: date, clock: time | None, was: Deadline | None, zone: str) -> Deadline:
    """As `resolve`, but a deadline that had a time keeps it when only another day is given."""
    if clock is None and was is not None and not was.is_all_day:
        clock = was.at.astimezone(ZoneInfo(was.zone)).time()
    return resolve(day=day, clock=clock, zone=zone)
