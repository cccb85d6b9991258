"""Columns as declared objects: what they are called in which language, and what a cell of them must hold.

A cleaned column is an array as long as the batch. Each distinct text is cleaned once and remembered, so that a file
of a million cells costs a few thousand conversions.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from metrics.intake import values
from metrics.intake.problems import BadCell, Problems
from metrics.intake.values import Cell, DayOrder, DecimalMark

Holds = Literal["text", "amount", "day", "month"]
# Stands in an array where a cell could not be read or is empty; no amount and no day can be that small.
MISSING = np.iinfo(np.int64).min


@lru_cache(4096)
def normalised(name: object) -> str:
    """A column name with all that does not matter taken away: width, case, spaces, dashes, marks and units behind."""
    text = unicodedata.normalize("NFKC", str(name)).strip().strip("\ufeff\"'").casefold()
    for odd, plain in (("’", "'"), ("‘", "'"), ("`", "'"), ("–", "-"), ("—", "-"), ("‑", "-"), ("_", " ")):
        text = text.replace(odd, plain)
    text = " ".join(text.split())
    for unit in ("(#)", "($)", "(₹)", "(€)", "(£)"):
        text = text.removesuffix(unit).rstrip()
    return text.rstrip(":").rstrip()


@dataclass(frozen=True)
class Column:
    """One column of a report. `names` gives its header per language; the first English one is shown to people."""

    code: str
    holds: Holds
    names: dict[str, tuple[str, ...]]
    required: bool = False
    # Every line needs a value; otherwise an empty cell is nothing (text) or zero (amount).
    filled: bool = False

    @property
    def label(self) -> str:
        return self.names["en"][0]


@dataclass(frozen=True)
class Style:
    """How this file writes numbers and dates."""

    decimal_mark: DecimalMark = "."
    day_order: DayOrder = "mdy"


class Memory(dict[Any, Any]):
    """Cleaned values by raw cell. Forgets all when it grows large, so that memory stays bounded."""

    LIMIT = 100_000

    def __init__(self, clean: Callable[[Any], Any], missing: Any) -> None:
        super().__init__()
        self.clean = clean
        self.missing = missing
        self.bad: dict[Any, BadCell] = {}

    def __missing__(self, raw: Any) -> Any:
        if len(self) > self.LIMIT:
            self.clear()
        try:
            value = self.clean(raw)
        except BadCell as problem:
            self.bad[raw] = problem
            value = self.missing
        self[raw] = value
        return value


@dataclass
class Reader:
    """Cleans one column of one file, batch after batch, and tells the cells it cannot read."""

    column: Column
    index: int
    style: Style
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        clean, missing = {
            "text": (text, ""),
            "amount": (self._amount, MISSING),
            "day": (self._day, MISSING),
            "month": (values.month, MISSING),
        }[self.column.holds]
        self.memory = Memory(clean, missing)  # type: ignore[arg-type]
        self.rests = Memory(self._rest, False)

    def read(self, cells: Sequence[Cell], lines: Sequence[int], problems: Problems) -> Any:
        """The column as int64 (amounts in millionths, days as ordinals; MISSING where unreadable) or list of texts."""
        if self.column.holds == "text":
            read = self._texts(cells)
            if self.column.filled:
                self._tell_empty(read, lines, problems)
            return read
        if self.column.holds == "day":
            found = self._days(cells)
        else:
            found = np.fromiter(map(self.memory.__getitem__, cells), np.int64, len(cells))
        if self.memory.bad or self.rests.bad or self.column.filled:
            self._tell(found, cells, lines, problems)
        if self.column.holds == "amount" and not self.column.filled:
            # An empty amount is none; a cell that could not be read has been told and refuses the file.
            found[found == MISSING] = 0
        return found

    def _amount(self, raw: Cell) -> int:
        value = values.number(raw, self.style.decimal_mark)
        return MISSING if value is None else value

    def _day(self, raw: Cell) -> int:
        if isinstance(raw, datetime):
            return raw.date().toordinal()
        if isinstance(raw, date):
            return raw.toordinal()
        if not str(raw).strip():
            return MISSING
        return values.day(text(raw), self.style.day_order)

    @staticmethod
    def _rest(rest: str) -> bool:
        if not values.is_time_rest(rest):
            raise BadCell("not_a_date", example="Oct 1, 2025 12:23:28 AM PDT")
        return True

    def _texts(self, cells: Sequence[Cell]) -> list[str]:
        try:
            together = "\n".join(cells)  # type: ignore[arg-type]  # numbers in workbooks raise
        except TypeError:
            return [*map(self.memory.__getitem__, cells)]
        framed = f"\n{together}\n"
        if any(mark in framed for mark in UNTIDY):
            return [*map(self.memory.__getitem__, cells)]
        return list(cells)  # type: ignore[arg-type]

    def _days(self, cells: Sequence[Cell]) -> Any:
        """The day stands before the first colon; minutes, seconds and zone repeat from day to day."""
        parts = [cell.partition(":") if isinstance(cell, str) else (cell, "", "") for cell in cells]
        heads, _colons, rests = zip(*parts, strict=True)
        found = np.fromiter(map(self.memory.__getitem__, heads), np.int64, len(cells))
        wrong = {rest for rest in set(rests) if rest and not self.rests[rest]}
        if wrong:
            found[[rest in wrong for rest in rests]] = MISSING
        return found

    def _tell_empty(self, read: list[str], lines: Sequence[int], problems: Problems) -> None:
        for position, value in enumerate(read):
            if not value:
                problems.add("error", "cell_empty", lines[position], self.column.label)

    def _tell(self, found: Any, cells: Sequence[Cell], lines: Sequence[int], problems: Problems) -> None:
        for position in np.flatnonzero(found == MISSING).tolist():
            cell = cells[position]
            bad = self.memory.bad.get(cell) or (
                isinstance(cell, str)
                and (
                    self.memory.bad.get(cell.partition(":")[0]) or self.rests.bad.get(cell.partition(":")[2])
                )
            )
            if bad:
                problems.add("error", bad.code, lines[position], self.column.label, cell, **bad.params)
            elif self.column.filled:
                problems.add("error", "cell_empty", lines[position], self.column.label)


# What `text` takes away, as it shows in many cells with line feeds between them.
UNTIDY = ("\n ", " \n", "\n'", "\n=", "\t", "\r", "\0", "\u00a0", "\u3000")


def text(raw: Cell) -> str:
    """A text cell without the guards that people and Excel put around codes: `="468…"`, `'1630`, `'ABE2'`."""
    shown = (
        raw
        if isinstance(raw, str)
        else values.as_text(values.Decimal(repr(raw)))
        if isinstance(raw, int | float)
        else str(raw)
    )
    shown = shown.strip()
    if shown.startswith('="') and shown.endswith('"') and len(shown) > 2:
        shown = shown[2:-1]
    if shown.startswith("'"):
        shown = shown[1:].removesuffix("'")
    return shown.replace("\0", "").strip()
