"""The rhythm of a series: RFC 5545 rules on the wall clock of one zone, in words, and the dates that come of them.

A rule here has no DTSTART, UNTIL or COUNT: when a series begins and ends stands in columns of its own. Dates are days
on a calendar; only at the end does a day and a time on the wall become an instant, so that ten o'clock stays ten
o'clock when the clocks change. No database: holidays come in as `Workdays`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import MONTHLY, WEEKLY, YEARLY, rrule
from dateutil.rrule import weekday as dateutil_weekday
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core import zones
from core.workdays import Workdays
from meetings import walltime

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = {"WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
QUARTER_ENDS = (3, 6, 9, 12)
MON_TO_FRI = tuple((0, number) for number in range(5))
# So many weeks, months or years between two dates at most; a larger number is a slip.
MOST_INTERVAL = 24
# 29 February comes every fourth year, once in a hundred years after eight: no rule has a longer pause.
SEARCH_YEARS = 41
LAST_YEAR = 9000
# Days of February, and of every other month, in the longest year.
LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class BadRuleError(Exception):
    """A rule that cannot be followed; the text is for people and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`weekdays` are (which of the month, 0 = each, -1 = last; weekday, Monday = 0)."""

    freq: str
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    position: int = 0

    # --- text -------------------------------------------------------------------------------------------
    @classmethod
    def parse(cls, text: str) -> "Rule":
        """Read `FREQ=WEEKLY;INTERVAL=2;BYDAY=TU`. Raises BadRuleError for what is no rule of a series."""
        parts: dict[str, str] = {}
        for part in text.strip().upper().removeprefix("RRULE:").split(";"):
            name, separator, value = part.partition("=")
            if not separator or not value or name in parts:
                raise BadRuleError(_("“%(text)s” is no rule of recurrence.") % {"text": text})
            parts[name] = value
        try:
            rule = cls._of_parts(parts)
        except (KeyError, ValueError):
            raise BadRuleError(_("“%(text)s” is no rule of recurrence.") % {"text": text}) from None
        if parts:
            raise BadRuleError(
                _("The part %(part)s of a rule is not understood here.") % {"part": min(parts)}
            )
        if rule.freq == "YEARLY" and rule.interval == 1 and len(rule.months) > 1:
            # “Each March, June …”: the same dates, said as months.
            rule = replace(rule, freq="MONTHLY")
        rule.check()
        return rule

    @classmethod
    def _of_parts(cls, parts: dict[str, str]) -> "Rule":
        freq = parts.pop("FREQ")
        parts.pop("WKST", None)
        return cls(
            freq=freq,
            interval=int(parts.pop("INTERVAL", "1")),
            weekdays=tuple(_weekday(one) for one in _split(parts.pop("BYDAY", ""))),
            month_days=tuple(int(one) for one in _split(parts.pop("BYMONTHDAY", ""))),
            months=tuple(int(one) for one in _split(parts.pop("BYMONTH", ""))),
            position=int(parts.pop("BYSETPOS", "0")),
        )

    def __str__(self) -> str:
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.months:
            parts.append("BYMONTH=" + ",".join(str(one) for one in self.months))
        if self.month_days:
            parts.append("BYMONTHDAY=" + ",".join(str(one) for one in self.month_days))
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(f"{nth or ''}{WEEKDAYS[day]}" for nth, day in self.weekdays))
        if self.position:
            parts.append(f"BYSETPOS={self.position}")
        return ";".join(parts)

    # --- checks -------------------------------------------------------------------------------------------
    def check(self) -> None:
        """Raises BadRuleError when the rule is no rhythm of meetings, or names only days that do not exist."""
        if self.freq not in FREQUENCIES:
            raise BadRuleError(_("A series comes back every so many weeks, months or years."))
        if not 1 <= self.interval <= MOST_INTERVAL:
            raise BadRuleError(
                _("Choose a number from 1 to %(most)d between two meetings.") % {"most": MOST_INTERVAL}
            )
        if any(not 1 <= month <= 12 for month in self.months):
            raise BadRuleError(_("A year has the months 1 to 12."))
        if any(not (1 <= day <= 31 or day == -1) for day in self.month_days):
            raise BadRuleError(_("A month has the days 1 to 31; -1 is the last one."))
        if any(nth not in (0, 1, 2, 3, 4, 5, -1) for nth, _day in self.weekdays) or self.position not in (
            0,
            1,
            -1,
        ):
            raise BadRuleError(_("A weekday of a month is its first to fifth or its last one."))
        self._check_days_exist()
        self._check_is_whole()

    def _check_is_whole(self) -> None:
        counted = any(nth for nth, _day in self.weekdays)
        if self.freq == "WEEKLY":
            is_whole = bool(self.weekdays) and not (
                counted or self.month_days or self.months or self.position
            )
        else:
            # One way to name the day: a number, a counted weekday, or the first/last of several weekdays.
            ways = [bool(self.month_days), counted, bool(self.position and self.weekdays and not counted)]
            is_whole = sum(ways) == 1 and not (self.month_days and (self.weekdays or self.position))
            is_whole = is_whole and (self.freq == "MONTHLY" or len(self.months) == 1)
        if not is_whole:
            raise BadRuleError(
                _(
                    "Say on which day the meeting is held: a weekday, a day of the month, or a month and a day."
                )
            )

    def _check_days_exist(self) -> None:
        months = self.months or tuple(range(1, 13))
        if self.month_days and not any(
            day <= LENGTHS[month - 1] for day in self.month_days for month in months
        ):
            raise BadRuleError(
                _(
                    "%(day)s never comes: %(month)s is shorter. Choose another day, or the last day of the month."
                )
                % {"day": _day_of(months[0], self.month_days[0]), "month": _month(months[0])}
            )

    @property
    def short_months(self) -> list[int]:
        """Months of the rule that do not have its day; the series leaves them out."""
        months = self.months or tuple(range(1, 13))
        # February is short of its 29th in three years out of four.
        usual = [28 if month == 2 else LENGTHS[month - 1] for month in months]
        return [
            month
            for month, days in zip(months, usual, strict=True)
            if any(day > days for day in self.month_days)
        ]

    # --- dates --------------------------------------------------------------------------------------------
    def dates(self, first: date, last: date | None = None) -> Iterator[date]:
        """The days of the rule counted from `first` on, in order, up to `last` (included)."""
        end = min(last or date(LAST_YEAR, 12, 31), date(LAST_YEAR, 12, 31))
        for found in rrule(
            FREQUENCIES[self.freq],
            dtstart=datetime.combine(first, time()),
            until=datetime.combine(end, time()),
            interval=self.interval,
            byweekday=[_BYDAY[day](nth) if nth else _BYDAY[day] for nth, day in self.weekdays] or None,
            bymonthday=self.month_days or None,
            bymonth=self.months or None,
            bysetpos=self.position or None,
        ):
            yield found.date()

    def anchor(self, first: date, last: date | None = None) -> date:
        """The first day of the rhythm, on or after `first`; “every second week” is counted from there.

        Raises BadRuleError when the rule has no day until `last`.
        """
        plain = replace(self, interval=1)
        limit = date(min(first.year + SEARCH_YEARS, LAST_YEAR), 12, 31)
        found = next(plain.dates(first, min(last or limit, limit)), None)
        if found is not None:
            return found
        if last is not None and last < first:
            raise BadRuleError(_("The series would end before it begins. Choose a later last day."))
        raise BadRuleError(
            _("This rhythm has no date until the last day. Choose a later last day, or another rhythm.")
        )

    def has(self, day: date, anchor: date) -> bool:
        """Whether the rhythm that is counted from `anchor` comes to this day."""
        return day >= anchor and any(one == day for one in self.dates(anchor, day))


_BYDAY = [dateutil_weekday(number) for number in range(7)]


def _split(text: str) -> list[str]:
    return text.split(",") if text else []


def _weekday(text: str) -> tuple[int, int]:
    return int(text[:-2] or 0), WEEKDAYS.index(text[-2:])


# --- instants ---------------------------------------------------------------------------------------------
def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant of one occurrence, as calendars agree on it (RFC 5545, 3.3.5): of an hour that comes twice the
    first one, and an hour that is left out begins as much later as the clocks jump."""
    try:
        return walltime.instant(day, clock, zone, 0)
    except walltime.NoSuchTime:
        skipped = datetime.combine(day, clock, tzinfo=zone).replace(fold=0)
        # By way of a fixed offset: the wall's time itself does not exist.
        return (skipped - (skipped.utcoffset() or timedelta())).replace(tzinfo=UTC).astimezone(zone)


def clock_note(day: date, clock: time, zone: ZoneInfo) -> str:
    """What the reader must know when the clocks change over this time; "" on all other days."""
    city = zones.city(zone.key) or zone.key
    words = {"time": date_format(clock, "H:i"), "zone": city}
    try:
        walltime.instant(day, clock, zone)
    except walltime.NoSuchTime:
        begins = date_format(instant(day, clock, zone), "H:i")
        return _(
            "%(time)s does not exist on this day in %(zone)s, the clocks are put forward: it begins at %(begins)s."
        ) % {**words, "begins": begins}
    except walltime.TwoSuchTimes:
        return (
            _(
                "%(time)s comes twice on this day in %(zone)s, the clocks are put back: the first one is meant."
            )
            % words
        )
    return ""


# --- occurrences ------------------------------------------------------------------------------------------
KEPT, SKIPPED, MOVED = "kept", "skipped", "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One date of a series. `occurs_at` is the rule's instant, `starts_at` when it is held (the same unless moved).

    `holiday` names why the rule's day is not worked, `note` speaks of clocks and of dates that fall together.
    """

    day: date
    occurs_at: datetime
    starts_at: datetime
    outcome: str = KEPT
    holiday: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """All that decides the dates of a series; `start` is its first day, `last` its last (None: open)."""

    rule: Rule
    start: date
    clock: time
    zone: ZoneInfo
    last: date | None = None
    on_holiday: str = "keep"

    def occurrences(self, workdays: Workdays) -> Iterator[Occurrence]:
        """Every date of the rule in order, and what becomes of it. Those that are held never coincide: one that
        would be moved onto the day of its neighbour is left out."""
        taken: date | None = None
        days = self.rule.dates(self.start, self.last)
        day = next(days, None)
        while day is not None:
            following = next(days, None)
            one = self._occurrence(day, workdays, taken, following)
            if one.outcome != SKIPPED:
                taken = one.starts_at.astimezone(self.zone).date()
            yield one
            day = following

    def _occurrence(
        self, day: date, workdays: Workdays, taken: date | None, following: date | None
    ) -> Occurrence:
        occurs_at = instant(day, self.clock, self.zone)
        note = clock_note(day, self.clock, self.zone)
        if workdays.is_workday(day):
            return Occurrence(day=day, occurs_at=occurs_at, starts_at=occurs_at, note=note)
        holiday = workdays.why(day) or _("weekend")
        target = self._target(day, workdays)
        outcome = KEPT if target == day else SKIPPED if target is None else MOVED
        if target is not None and outcome == MOVED:
            # Later ones come first to their own day, earlier ones have theirs.
            if (following and target >= following) or (taken and target <= taken):
                target, outcome, note = None, SKIPPED, _("would fall together with the date beside it")
            else:
                note = clock_note(target, self.clock, self.zone)
        starts_at = instant(target, self.clock, self.zone) if target is not None else occurs_at
        return Occurrence(
            day=day, occurs_at=occurs_at, starts_at=starts_at, outcome=outcome, holiday=holiday, note=note
        )

    def _target(self, day: date, workdays: Workdays) -> date | None:
        match self.on_holiday:
            case "skip":
                return None
            case "next":
                return workdays.next(day)
            case "previous":
                return workdays.previous(day)
        return day

    def from_instant(self, moment: datetime, workdays: Workdays) -> Iterator[Occurrence]:
        """Those that are held, or would have been, after this instant."""
        return (one for one in self.occurrences(workdays) if max(one.starts_at, one.occurs_at) > moment)

    def preview(self, workdays: Workdays, now: datetime, count: int) -> list[Occurrence]:
        return list(islice(self.from_instant(now, workdays), count))


# --- words ------------------------------------------------------------------------------------------------
def describe(rule: Rule) -> str:
    """The rhythm in the reader's language: “every second Tuesday”, “the last Friday of each month”."""
    if rule.freq == "WEEKLY":
        words = _weekly(rule)
    elif rule.months == QUARTER_ENDS and rule.interval == 1:
        words = _("%(day)s of each quarter") % {"day": _which(rule)}
    elif rule.freq == "YEARLY" or len(rule.months) == 1:
        words = _yearly(rule)
    else:
        words = _monthly(rule)
    if rule.short_months and len(rule.short_months) < 12:
        return _("%(rhythm)s (%(exception)s)") % {"rhythm": words, "exception": _shortage(rule)}
    return words


def _shortage(rule: Rule) -> str:
    if rule.short_months == [2] and rule.months == (2,):
        return _("leap years only")
    if rule.short_months == [2]:
        return _("February is left out unless it has that day")
    return _("months without that day are left out")


def _weekly(rule: Rule) -> str:
    days = pgettext("between names", ", ").join(_weekday_name(day) for _nth, day in rule.weekdays)
    if rule.interval == 1:
        return pgettext("rhythm", "every %(day)s") % {"day": days}
    if rule.interval == 2:
        return _("every second %(day)s") % {"day": days}
    return ngettext("%(day)s, every %(count)d week", "%(day)s, every %(count)d weeks", rule.interval) % {
        "day": days,
        "count": rule.interval,
    }


def _monthly(rule: Rule) -> str:
    day = _which(rule)
    if rule.months:
        months = pgettext("between names", ", ").join(_month(one) for one in rule.months)
        return _("%(day)s of %(months)s") % {"day": day, "months": months}
    if rule.interval == 1:
        return _("%(day)s of each month") % {"day": day}
    return ngettext(
        "%(day)s of the month, every %(count)d month",
        "%(day)s of the month, every %(count)d months",
        rule.interval,
    ) % {"day": day, "count": rule.interval}


def _yearly(rule: Rule) -> str:
    month = rule.months[0]
    if rule.month_days and rule.month_days[0] > 0:
        day = _day_of(month, rule.month_days[0])
    else:
        day = _("%(day)s of %(months)s") % {"day": _which(rule), "months": _month(month)}
    if rule.interval == 1:
        return _("every year on %(day)s") % {"day": day}
    return ngettext("every %(count)d year on %(day)s", "every %(count)d years on %(day)s", rule.interval) % {
        "day": day,
        "count": rule.interval,
    }


def _which(rule: Rule) -> str:
    """“the last Friday”, “day 15”, “the last day”, “the last weekday”."""
    if rule.month_days:
        day = rule.month_days[0]
        return _("the last day") if day == -1 else _("day %(day)d") % {"day": day}
    if rule.position:
        is_week = rule.weekdays == MON_TO_FRI
        names = pgettext("between names", ", ").join(_weekday_name(day) for _nth, day in rule.weekdays)
        day_words = _("weekday (Monday to Friday)") if is_week else names
        if rule.position == -1:
            return _("the last %(day)s") % {"day": day_words}
        return _("the first %(day)s") % {"day": day_words}
    nth, weekday = rule.weekdays[0]
    ordinals = {
        1: _("the first %(day)s"),
        2: _("the second %(day)s"),
        3: _("the third %(day)s"),
        4: _("the fourth %(day)s"),
        5: _("the fifth %(day)s"),
        -1: _("the last %(day)s"),
    }
    return ordinals[nth] % {"day": _weekday_name(weekday)}


def _weekday_name(number: int) -> str:
    # Any Monday will do.
    return date_format(date(2024, 1, 1) + timedelta(days=number), "l")


def _month(number: int) -> str:
    return date_format(date(2024, number, 1), pgettext("date format of a month alone", "F"))


def _day_of(month: int, day: int) -> str:
    return _("%(day)d %(month)s") % {"day": day, "month": _month(month)}
