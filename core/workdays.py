"""Which days are worked: weekends, public holidays, China's make-up workdays, and the company's own word over them all.

China moves workdays around its holidays (调休) and publishes the list late in the year before. Until then a year has
its statutory days only, and every page that shows dates of such a year says so (`caveat`). What the company enters as
`WorkdayOverride` (administration, or `manage.py workdays`) comes before any list.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.utils.dateformat import format as date_format
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from core.models import WorkdayOverride

# Offered in forms; any two-letter code that the library knows is understood. "" counts weekends alone.
REGIONS = {
    "CN": gettext_lazy("China"),
    "HK": gettext_lazy("Hong Kong"),
    "US": gettext_lazy("United States"),
    "CA": gettext_lazy("Canada"),
    "MX": gettext_lazy("Mexico"),
    "GB": gettext_lazy("United Kingdom"),
    "DE": gettext_lazy("Germany"),
    "FR": gettext_lazy("France"),
    "IT": gettext_lazy("Italy"),
    "ES": gettext_lazy("Spain"),
    "JP": gettext_lazy("Japan"),
    "AU": gettext_lazy("Australia"),
}
# Regions whose workdays are moved by an official list each year.
MOVED_BY_LIST = ("CN",)
SATURDAY = 5
# No run of days off is longer; a search that goes on for so long has met nonsense.
LONGEST = 370


def is_known(region: str) -> bool:
    return not region or region in holidays.list_supported_countries()


@lru_cache(maxsize=256)
def _official(region: str, year: int, language: str) -> holidays.HolidayBase:
    """The library's year; it fills itself for one year only, so that no other year slips in."""
    offered = holidays.list_localized_countries().get(region, [])
    chosen = language if language in offered else "en_US" if "en_US" in offered else None
    return holidays.country_holidays(region, years=year, language=chosen, expand=False)


def _language() -> str:
    return "zh_CN" if (get_language() or "").startswith("zh") else "en_US"


class Workdays:
    """The workdays of one region. Reads the company's own entries once; keep it for as long as one page takes."""

    def __init__(self, region: str) -> None:
        """Raises ValueError for a region that is not known."""
        if not is_known(region):
            raise ValueError(_("“%(region)s” is no region whose holidays are known.") % {"region": region})
        self.region = region

    @cached_property
    def overrides(self) -> dict[date, WorkdayOverride]:
        return {row.day: row for row in WorkdayOverride.objects.filter(region=self.region)}

    def is_workday(self, day: date) -> bool:
        if override := self.overrides.get(day):
            return override.is_workday
        if not self.region:
            return day.weekday() < SATURDAY
        return _official(self.region, day.year, "en_US").is_working_day(day)

    def why(self, day: date) -> str:
        """The name of the holiday or make-up workday, in the reader's language; "" for an ordinary day."""
        if override := self.overrides.get(day):
            return override.name
        if not self.region:
            return ""
        year = _official(self.region, day.year, _language())
        moved = self._moved(day.year)
        if day in moved:
            return _("make-up workday for %(day)s") % {"day": _short(moved[day])}
        for worked, off in moved.items():
            if off == day:
                return _("day off, worked on %(day)s") % {"day": _short(worked)}
        # Two holidays on one day stand one after the other.
        return (year.get(day) or "").replace("; ", pgettext("between names", ", "))

    def _moved(self, year: int) -> dict[date, date]:
        """Make-up workday → the day off it makes up for, as the names of a year's days off tell."""
        if self.region not in MOVED_BY_LIST:
            return {}
        return {
            date.fromisoformat(found[0]): off
            for off, name in _official(self.region, year, "zh_CN").items()
            if (found := _MOVED.search(name))
        }

    def next(self, day: date) -> date:
        """The first workday after this one."""
        return self._seek(day, 1)

    def previous(self, day: date) -> date:
        """The last workday before this one."""
        return self._seek(day, -1)

    def _seek(self, day: date, step: int) -> date:
        for _number in range(LONGEST):
            day += timedelta(days=step)
            if self.is_workday(day):
                return day
        raise ValueError(_("There is no workday for more than a year. Check the exceptional days."))

    def add(self, day: date, count: int) -> date:
        """So many workdays later (earlier, below zero); 0 gives the day itself, worked or not."""
        for _number in range(abs(count)):
            day = self._seek(day, 1 if count > 0 else -1)
        return day

    def is_official(self, year: int) -> bool:
        """Whether this year's moved workdays are known: from the official list, or entered by the company."""
        if self.region not in MOVED_BY_LIST:
            return True
        if any(day.year == year for day in self.overrides):
            return True
        return bool(self._moved(year))

    def caveat(self, days: Iterable[date]) -> str:
        """The warning for a page that shows these days; "" when all their years are known."""
        years = sorted({day.year for day in days})
        unknown = [year for year in years if not self.is_official(year)]
        if not unknown:
            return ""
        return ngettext(
            "China's make-up workdays of %(years)s are not known here yet: dates in that year count statutory "
            "holidays only and may still move.",
            "China's make-up workdays of %(years)s are not known here yet: dates in those years count statutory "
            "holidays only and may still move.",
            len(unknown),
        ) % {"years": pgettext("between names", ", ").join(str(year) for year in unknown)}


# The library words a day off that is worked on another day as 休息日（由 2026-02-14 调休）.
_MOVED = re.compile(r"\d{4}-\d\d-\d\d(?= 调休)")


def _short(day: date) -> str:
    return date_format(day, pgettext("date format", "j M"))


def is_workday(day: date, region: str) -> bool:
    return Workdays(region).is_workday(day)


def why(day: date, region: str) -> str:
    return Workdays(region).why(day)


def next_workday(day: date, region: str) -> date:
    return Workdays(region).next(day)


def previous_workday(day: date, region: str) -> date:
    return Workdays(region).previous(day)


def add_workdays(day: date, count: int, region: str) -> date:
    return Workdays(region).add(day, count)


def is_official(year: int, region: str) -> bool:
    return Workdays(region).is_official(year)
