"""Calendar periods: half-open ranges of days with a grain. Weeks are ISO weeks (Monday to Sunday)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Literal, Self, cast, get_args

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

Grain = Literal["day", "week", "month", "quarter", "year", "range"]
GRAINS: tuple[Grain, ...] = get_args(Grain)[:-1]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` (included) to `end` (excluded)."""

    start: date
    end: date
    grain: Grain = "range"

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("A period ends after it starts.")

    # --- making one ---------------------------------------------------------------------------------
    @classmethod
    def containing(cls, day: date, grain: Grain) -> Self:
        """The day, week, month, quarter or year in which `day` lies."""
        match grain:
            case "day":
                return cls(day, day + timedelta(days=1), "day")
            case "week":
                monday = day - timedelta(days=day.weekday())
                return cls(monday, monday + timedelta(days=7), "week")
            case "month":
                first = day.replace(day=1)
                return cls(first, add_months(first, 1), "month")
            case "quarter":
                first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
                return cls(first, add_months(first, 3), "quarter")
            case "year":
                return cls(date(day.year, 1, 1), date(day.year + 1, 1, 1), "year")
        raise ValueError(f"No period of grain {grain!r} can be found for a day.")

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        return cls.containing(date(year, month, 1), "month")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2025-10-31`, `2025-W41`, `2025-10`, `2025-Q4`, `2025` or `2025-10-01..2025-10-31` (both included).

        Raises ValueError for anything else.
        """
        try:
            return cls._read(text.strip())
        except OverflowError:
            raise ValueError("The calendar does not reach that far.") from None

    @classmethod
    def _read(cls, text: str) -> Self:
        if ".." in text:
            first, last = (date.fromisoformat(part) for part in text.split("..", 1))
            return cls(first, last + timedelta(days=1), "range").tidy()
        if match := re.fullmatch(r"(\d{4})-?W(\d{1,2})", text, re.IGNORECASE):
            return cls.containing(date.fromisocalendar(int(match[1]), int(match[2]), 1), "week")
        if match := re.fullmatch(r"(\d{4})-?Q([1-4])", text, re.IGNORECASE):
            return cls.containing(date(int(match[1]), int(match[2]) * 3 - 2, 1), "quarter")
        if match := re.fullmatch(r"(\d{4})-(\d{1,2})", text):
            return cls.month(int(match[1]), int(match[2]))
        if re.fullmatch(r"\d{4}", text):
            return cls.containing(date(int(text), 1, 1), "year")
        return cls.containing(date.fromisoformat(text), "day")

    def tidy(self) -> Self:
        """The same days with their natural grain, where they are exactly a day, week, month, quarter or year."""
        for grain in GRAINS:
            natural = self.containing(self.start, grain)
            if natural.end == self.end and natural.start == self.start:
                return natural
        return self

    # --- neighbours ---------------------------------------------------------------------------------
    def previous(self) -> Self:
        """The period just before: the month before a month, as many days before a free range."""
        if self.grain == "range":
            return type(self)(self.start - (self.end - self.start), self.start, "range")
        return self.containing(self.start - timedelta(days=1), self.grain)

    def next(self) -> Self:
        if self.grain == "range":
            return type(self)(self.end, self.end + (self.end - self.start), "range")
        return self.containing(self.end, self.grain)

    def year_before(self) -> Self:
        """The comparable period a year ago. Days and weeks go back 364 days, so that weekdays match."""
        if self.grain in ("day", "week"):
            return type(self)(self.start - timedelta(days=364), self.end - timedelta(days=364), self.grain)
        if self.grain == "range":
            return type(self)(add_months(self.start, -12), add_months(self.end, -12), "range")
        return self.containing(add_months(self.start, -12), self.grain)

    def split(self, grain: Grain) -> Iterator[Self]:
        """The periods of `grain` that touch this one, in order; the outer ones may reach beyond it."""
        part = self.containing(self.start, grain)
        while part.start < self.end:
            yield part
            part = part.next()

    # --- facts ----------------------------------------------------------------------------------------
    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def code(self) -> str:
        """The text that `parse` reads back; the same in every language."""
        match self.grain:
            case "day":
                return self.start.isoformat()
            case "week":
                year, week, _weekday = self.start.isocalendar()
                return f"{year}-W{week:02}"
            case "month":
                return f"{self.start:%Y-%m}"
            case "quarter":
                return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
            case "year":
                return str(self.start.year)
        return f"{self.start}..{self.last}"

    @property
    def label(self) -> str:
        """The name for people, in their language."""
        match self.grain:
            case "day":
                return formats.date_format(self.start, "DATE_FORMAT")
            case "week":
                year, week, _weekday = self.start.isocalendar()
                return _("Week %(week)d, %(year)d") % {"week": week, "year": year}
            case "month":
                return formats.date_format(self.start, "YEAR_MONTH_FORMAT")
            case "quarter":
                return _("Q%(quarter)d %(year)d") % {
                    "quarter": (self.start.month + 2) // 3,
                    "year": self.start.year,
                }
            case "year":
                return pgettext("a year", "%(year)d") % {"year": self.start.year}
        return _("%(first)s to %(last)s") % {
            "first": formats.date_format(self.start, "SHORT_DATE_FORMAT"),
            "last": formats.date_format(self.last, "SHORT_DATE_FORMAT"),
        }

    def __str__(self) -> str:
        return self.code


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of a month that is shorter.

    Raises OverflowError beyond the years that dates can have.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError("There is no date in that year.")
    month += 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def is_grain(text: str) -> bool:
    return cast("Grain", text) in GRAINS
