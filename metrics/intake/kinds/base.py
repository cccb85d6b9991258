"""What a kind of report is. A new one is a module beside this and an entry in `kinds/__init__.py`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from metrics.intake.columns import Column, Style
from metrics.intake.problems import Problems

# One stored value: measure code, day, SKU ("" for the shop as such), value.
Figure = tuple[str, date, str, Decimal]


@dataclass(frozen=True, eq=False)
class ReportKind:
    """A report by its columns. One that is only recognised (`taken` False) is refused with its name."""

    code: str
    name_en: str
    platform: str
    columns: tuple[Column, ...]
    # So many column names in one line make the line the header.
    threshold: int
    taken: bool = True
    # The report speaks of one month as a whole; its "days" are first days of months.
    monthly: bool = False

    def reads(self, code: str) -> bool:
        """Whether a measure or a check needs the column; the others are known by name only."""
        return True

    def unfilled_without(self, column: str) -> list[str]:
        """The codes of measures that cannot be filled when an optional column is absent."""
        return []

    def tally(self, present: Mapping[str, int]) -> "Tally":
        """A fresh sum for one file that has these columns."""
        raise NotImplementedError

    def suppose_dates(self, locale: str, marketplace: str) -> str:
        """Which of day and month leads in dates that do not say it."""
        return "mdy" if locale in ("en", "") and marketplace in ("", "US", "CA") else "dmy"


@dataclass
class Tally:
    """Adds up one file, batch by batch. What it holds grows with days and products, not with rows."""

    # Days that have rows, with the first line and the number of rows of each: for the period and its checks.
    days: dict[int, list[int]] = field(default_factory=dict)
    currencies: dict[str, int] = field(default_factory=dict)
    marketplaces: dict[str, int] = field(default_factory=dict)
    # Marks of Excel: what was noticed → how often.
    excel: dict[str, int] = field(default_factory=dict)
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, columns: Mapping[str, Any], lines: Sequence[int], problems: Problems) -> None:
        """Take a cleaned batch: column code → values, and the line of each row."""
        raise NotImplementedError

    def figures(self, first: date, last: date) -> Iterable[Figure]:
        """All values for a period (both days included), zero where nothing was written on a covered day."""
        raise NotImplementedError

    def evidence(self) -> dict[str, Any]:
        """What else people like to know about the file."""
        return {}

    def judge(self, problems: Problems) -> None:
        """Tell what only shows when all rows have been read."""

    def mark(self, what: str, times: int = 1) -> None:
        if times:
            self.excel[what] = self.excel.get(what, 0) + times


__all__ = ["Column", "Figure", "ReportKind", "Style", "Tally"]
