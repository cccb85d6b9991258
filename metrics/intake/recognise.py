"""Which report a file is: by its column names, in every language, separator and encoding that it may have."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from metrics.intake.columns import Column, normalised
from metrics.intake.kinds.base import ReportKind
from metrics.intake.problems import Problems, Refusal, shorten
from metrics.intake.read import Document, Layout, Row


@dataclass
class Found:
    """What was recognised, with the evidence for it."""

    kind: ReportKind
    layout: Layout
    header_line: int
    locale: str
    header: list[str]
    # Column code → position in the line.
    positions: dict[str, int]
    # Lines above the column names, as texts.
    preamble: list[str]
    unknown: list[str] = field(default_factory=list)
    damaged: list[tuple[str, Column]] = field(default_factory=list)

    @property
    def width(self) -> int:
        return len(self.header)

    def evidence(self) -> dict[str, Any]:
        """What a person needs to believe it: how many names fitted, in which language, where."""
        return {
            "columns_known": len(self.positions),
            "columns_in_file": self.width,
            "columns_unknown": self.unknown[:50],
            "preamble_lines": len(self.preamble),
            "sheet": self.layout.sheet_name,
        }


@cache
def names_of(kind: ReportKind) -> dict[str, tuple[Column, frozenset[str]]]:
    """Normalised column name → the column and the languages that call it so."""
    names: dict[str, tuple[Column, frozenset[str]]] = {}
    for column in kind.columns:
        for locale, aliases in column.names.items():
            for alias in aliases:
                key = normalised(alias)
                _column, locales = names.get(key, (column, frozenset()))
                names[key] = (column, locales | {locale})
    return names


def find(document: Document, kinds: Sequence[ReportKind]) -> Found:
    """The report with the most column names in one line. Raises Refusal when no line has enough of any.

    A line counts as the header by how many names it holds, so a preamble line that begins like the header is
    passed over. Ties go to the earlier layout (likelier encoding, commoner separator) and the earlier line.
    """
    best: tuple[int, ReportKind, Layout, int] | None = None
    widest: Row | None = None
    for layout in document.layouts():
        for position, (_line, cells) in enumerate(head := document.head(layout)):
            if widest is None or len(cells) > len(widest[1]):
                widest = head[position]
            keys = {normalised(cell) for cell in cells}
            for kind in kinds:
                score = _score(kind, keys)
                if score > (best[0] if best else 0):
                    best = (score, kind, layout, position)
    if best is None or best[0] < min(3, best[1].threshold):
        shown = [shorten(cell, 40) for cell in (widest[1] if widest else []) if str(cell).strip()][:6]
        raise Refusal("unknown_report", found=", ".join(shown) or "—")
    score, kind, layout, position = best
    head = document.head(layout)
    found = _matched(kind, layout, head[position], head[:position])
    if score < kind.threshold:
        missing = [column.label for column in kind.columns if column.code not in found.positions]
        raise Refusal(
            "header_incomplete", line=found.header_line, report=kind.name_en, missing=", ".join(missing[:8])
        )
    return found


def _score(kind: ReportKind, keys: set[str]) -> int:
    """How many different columns of the kind a line with these normalised names has."""
    names = names_of(kind)
    return len({names[key][0].code for key in keys & names.keys()})


def _matched(kind: ReportKind, layout: Layout, header: Row, above: list[Row]) -> Found:
    names = names_of(kind)
    line, cells = header
    while cells and not str(cells[-1]).strip():
        cells = cells[:-1]
    found = Found(
        kind, layout, line, "en", [str(cell) for cell in cells], {}, [_joined(row) for _line, row in above]
    )
    votes: Counter[str] = Counter()
    for position, cell in enumerate(cells):
        key = normalised(cell)
        if key in names:
            column, locales = names[key]
            votes.update(locales)
        elif repaired := _repaired(key, names, found.positions):
            column = repaired
            found.damaged.append((shorten(cell, 80), column))
        else:
            if key:
                found.unknown.append(shorten(cell, 80))
            continue
        if column.code in found.positions:
            raise Refusal("column_twice", line=line, column=shorten(cell, 80))
        found.positions[column.code] = position
    # English on a tie: some languages share names with it.
    found.locale = max(votes, key=lambda locale: (votes[locale], locale == "en")) if votes else "en"
    return found


def _repaired(
    key: str, names: dict[str, tuple[Column, frozenset[str]]], taken: dict[str, int]
) -> Column | None:
    """The column whose name has any letter where this one has `?`: what is left of ä or é after a careless export."""
    if "?" not in key and "\ufffd" not in key:
        return None
    pattern = re.compile("".join("." if letter in "?\ufffd" else re.escape(letter) for letter in key))
    fitting = {column.code: column for name, (column, _l) in names.items() if pattern.fullmatch(name)}
    fitting = {code: column for code, column in fitting.items() if code not in taken}
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def _joined(cells: Iterable[object]) -> str:
    return shorten(" ".join(str(cell) for cell in cells if str(cell).strip()), 400)


def tell(found: Found, problems: Problems) -> None:
    """What is odd about the columns: names that are missing, damaged or not known."""
    absent = [column for column in found.kind.columns if column.code not in found.positions]
    unfilled: dict[str, list[str]] = {}
    for column in absent:
        if column.required:
            problems.add("error", "column_missing", found.header_line, column.label)
        elif measures := found.kind.unfilled_without(column.code):
            unfilled[column.label] = measures
    if unfilled:
        named = sorted({measure for measures in unfilled.values() for measure in measures})
        problems.add("warning", "column_absent", found.header_line, columns=[*unfilled], measures=named)
    for shown, column in found.damaged:
        problems.add("warning", "column_damaged", found.header_line, column.label, shown)
    if found.unknown:
        problems.add("warning", "column_unknown", found.header_line, columns=", ".join(found.unknown[:20]))
