"""A deadline as people say it (a day, perhaps a time, a zone) made into an instant."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import datewords, zones
from core.templatetags.times import day_words
from core.workdays import SATURDAY, Workdays

# A day without a time ends with the working day.
END_OF_DAY = time(18, 0)
# Whose holidays and make-up workdays count when workdays are counted.
REGION = "CN"
MOST_REMARKS = 3


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


def as_said(said: datewords.Said | None, *, zone: str, clock: time | None = None) -> Deadline | None:
    """The instant of a day or time that was named in a sentence (`core.datewords`); counted hours are one already.

    `clock` is the time that counts when only a day was named: moving the day keeps it.
    """
    if said is None:
        return None
    if said.at is not None:
        return Deadline(at=said.at, zone=zone, is_all_day=False)
    return resolve(day=said.day, clock=said.clock or clock, zone=zone)


def read(text: str, *, now: datetime, zone: str, workdays: Workdays) -> datewords.Said:
    """What somebody typed as a deadline: "+24h", "+3 工作日", "下周二 18:00", "2 Dec 6pm".

    Raises ValueError in the reader's language when it names no day, or says more than that.
    """
    said = datewords.find(text, now=now, zone=ZoneInfo(zone), workdays=workdays)
    if said is None:
        raise ValueError(
            _("“%(text)s” names no day. Type it like +24h, +3 workdays, next Tuesday 18:00, or 2 Dec.")
            % {"text": text}
        )
    if rest := re.sub(r"[\s,.，。、]+", "", datewords.without(text, said)):
        raise ValueError(
            _("“%(rest)s” is not understood. Type one day, and a time if need be: next Tuesday 18:00.")
            % {"rest": rest}
        )
    return said


def remarks(deadline: Deadline, *, now: datetime, workdays: Workdays, counted: bool) -> list[str]:
    """What is odd about a deadline: over already, no workday, or one because of a holiday. With `counted` workdays,
    also the days until then that are (not) worked against the calendar, the first few of them."""
    local = deadline.at.astimezone(ZoneInfo(deadline.zone))
    day, today = local.date(), now.astimezone(ZoneInfo(deadline.zone)).date()
    found = [deadline.note] if deadline.note else []
    if deadline.at <= now:
        found.append(_("This is over already."))
    if counted:
        between = (today + timedelta(days=number) for number in range(1, (day - today).days))
        odd = [one for one in between if (one.weekday() < SATURDAY) != workdays.is_workday(one)]
        found += [_odd_words(one, workdays) for one in odd[:MOST_REMARKS]]
        if len(odd) > MOST_REMARKS:
            rest = len(odd) - MOST_REMARKS
            found.append(ngettext("and %(n)d more such day", "and %(n)d more such days", rest) % {"n": rest})
    if not workdays.is_workday(day) or day.weekday() >= SATURDAY:
        found.append(_odd_words(day, workdays))
    if caveat := workdays.caveat([today, day]) if counted else "":
        found.append(caveat)
    return found


def _odd_words(day: date, workdays: Workdays) -> str:
    facts = {"day": day_words(day), "why": workdays.why(day)}
    if workdays.is_workday(day):
        return (
            _("%(day)s is a workday: %(why)s") % facts if facts["why"] else _("%(day)s is a workday") % facts
        )
    return _("%(day)s is no workday: %(why)s") % facts if facts["why"] else _("%(day)s is no workday") % facts
