"""What can be wrong with a file, each cause with one sentence for people.

A `Problem` carries its cause as a code and the particulars as parameters; the words are chosen when somebody reads
it, in that person's language. Errors refuse the whole file; warnings are told and the figures are taken.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import get_language, gettext_noop, pgettext
from django.utils.translation import gettext as _

from metrics.dictionary.measures import MEASURES

Level = Literal["error", "warning"]

SENTENCES: dict[str, str] = {
    # --- the file as such -----------------------------------------------------------------------------
    "file_empty": gettext_noop("The file is empty. Export it again and hand in the new file."),
    "file_too_large": gettext_noop(
        "The file has %(size)s; at most %(limit)s are taken. Export a shorter period."
    ),
    "suffix_unknown": gettext_noop(
        "A file ending in “%(suffix)s” is no report. Hand in .csv, .txt, .tsv or .xlsx."
    ),
    "not_text": gettext_noop(
        "This is neither text nor an Excel workbook: it holds bytes that no table contains. "
        "Export the file again."
    ),
    "is_html": gettext_noop(
        "This is a web page, not a table; often the login page was saved instead. Download the file again."
    ),
    "is_old_excel": gettext_noop(
        "This is an Excel workbook of the old kind (.xls). Save it as .xlsx or .csv."
    ),
    "is_zip": gettext_noop(
        "This is a ZIP archive, not an Excel workbook. Unpack it and hand in the file inside."
    ),
    "is_workbook": gettext_noop(
        "The file is an Excel workbook but is named “%(suffix)s”. Rename it to .xlsx."
    ),
    "not_workbook": gettext_noop(
        "The file is named .xlsx but is no Excel workbook. If it is text, rename it to .csv."
    ),
    "workbook_broken": gettext_noop(
        "Excel's own parts in this workbook are damaged. Save it again in Excel."
    ),
    "workbook_unsafe": gettext_noop(
        "This workbook unpacks to far more than a report holds (%(detail)s), so it is not opened."
    ),
    "encoding_unknown": gettext_noop(
        "The characters of this file cannot be read. Save it as “CSV UTF-8” and hand it in again."
    ),
    # --- which report ---------------------------------------------------------------------------------
    "unknown_report": gettext_noop(
        "No report that is known here has these columns: %(found)s. If it is one, check that the line with the "
        "column names is in the file."
    ),
    "header_incomplete": gettext_noop(
        "This looks like “%(report)s”, but too few of its columns are there. Missing: %(missing)s."
    ),
    "kind_not_taken": gettext_noop(
        "This is “%(report)s”. It was recognised, but its figures cannot be read yet. The file is kept."
    ),
    "kind_unknown": gettext_noop("There is no report called “%(kind)s” here. Known are: %(known)s."),
    "column_missing": gettext_noop("Column “%(column)s” is missing; without it the report cannot be read."),
    "column_twice": gettext_noop("Column “%(column)s” stands in the file twice. Remove one of them."),
    "column_absent": gettext_noop(
        "These columns are not in the file: %(columns)s. So these figures are not filled: %(measures)s."
    ),
    "column_unknown": gettext_noop("These columns are not known here and were left out: %(columns)s."),
    "column_damaged": gettext_noop("The column name “%(text)s” is damaged; it was read as “%(column)s”."),
    # --- rows and cells -------------------------------------------------------------------------------
    "quote_open": gettext_noop(
        "A quotation mark is not closed, or stands inside a cell, so the cells of this line cannot be told apart."
    ),
    "row_width": gettext_noop(
        "This line has %(found)s cells, the line with the column names has %(expected)s. A separator or a quotation "
        "mark is missing or too many."
    ),
    "cell_too_long": gettext_noop("This cell holds more than %(limit)s characters."),
    "line_too_long": gettext_noop("This line has more than %(limit)s characters; no report has such lines."),
    "cell_empty": gettext_noop("“%(column)s” is empty; every line needs it."),
    "not_a_number": gettext_noop("“%(text)s” is not a number. Write it like %(example)s."),
    "number_too_large": gettext_noop("“%(text)s” is too large to be an amount."),
    "number_damaged": gettext_noop(
        "Excel shows “%(text)s” for a cell that is too narrow; the number itself is lost."
    ),
    "not_a_date": gettext_noop("“%(text)s” is not a date that is known here, such as %(example)s."),
    "no_such_day": gettext_noop("There is no such day: “%(text)s”."),
    "not_a_month": gettext_noop("“%(text)s” is not a month, such as 2025-10."),
    "control_character": gettext_noop("This line holds a NUL character, which no report contains."),
    "damaged_text": gettext_noop("Some characters of this line could not be read; figures are not affected."),
    "too_many_broken": gettext_noop(
        "Too many lines cannot be told apart into cells, so reading stopped here. Export the report again."
    ),
    "more_problems": gettext_noop("%(count)s more problems are not listed."),
    # --- across rows ----------------------------------------------------------------------------------
    "no_rows": gettext_noop("The file has the column names but no line with figures."),
    "too_many_rows": gettext_noop("The file has more than %(limit)s lines. Export a shorter period."),
    "outside_period": gettext_noop(
        "%(day)s lies outside the stated period %(period)s (%(count)s lines of that day)."
    ),
    "several_months": gettext_noop("The file covers %(first)s to %(last)s, more than one month."),
    "period_incomplete": gettext_noop(
        "The figures run from %(first)s to %(last)s only. If the month was not over, hand in the file again later."
    ),
    "months_mixed": gettext_noop(
        "The file speaks of several months: %(months)s. Hand in one month per file."
    ),
    "period_overlaps": gettext_noop(
        "The figures of %(period)s partly overlap with “%(file)s” (%(other)s), which is already stored. State the "
        "period, or make that file invalid first."
    ),
    "fewer_days": gettext_noop(
        "This file covers %(first)s to %(last)s, fewer days than “%(file)s”, which it would replace. If that is "
        "meant, state the period."
    ),
    "row_sum": gettext_noop("The amounts of this line add up to %(sum)s, but its total says %(text)s."),
    "type_unknown": gettext_noop(
        "The type “%(text)s” is not known here. Its amounts count in “everything else” and in net proceeds."
    ),
    "types_foreign": gettext_noop(
        "%(count)s of %(rows)s lines have a type that is not known here, so orders and refunds cannot be told apart."
    ),
    "excel_resaved": gettext_noop(
        "The file was saved again by Excel: %(marks)s. The figures are not affected."
    ),
    "identity_damaged": gettext_noop(
        "Excel turned “%(text)s” into a rounded number; the product or order cannot be told from it."
    ),
    "date_order_assumed": gettext_noop(
        "Nothing in the file tells day from month in dates like “%(text)s”; they were read as %(order)s."
    ),
    # --- where it belongs -----------------------------------------------------------------------------
    "currency_differs": gettext_noop("The file is in %(found)s, but %(expected)s was expected (%(reason)s)."),
    "currencies_mixed": gettext_noop("The file holds several currencies: %(found)s. Hand in one per file."),
    "shop_unknown": gettext_noop("There is no shop with the code “%(shop)s”. Known are: %(known)s."),
    "shop_needed": gettext_noop("Say which shop the file belongs to: %(known)s."),
    "shop_missing": gettext_noop(
        "No shop of %(platform)s has been set up yet. Ask an administrator to add it."
    ),
    "shop_platform": gettext_noop(
        "The report comes from %(platform)s, but the shop “%(shop)s” is on %(other_platform)s."
    ),
    "marketplace_differs": gettext_noop(
        "The file speaks of %(found)s, but the shop “%(shop)s” sells on %(expected)s."
    ),
    "same_bytes": gettext_noop(
        "Exactly this file was already handed in as “%(file)s” on %(date)s. Nothing was changed."
    ),
    "same_bytes_replaced": gettext_noop(
        "Exactly this file was already handed in as “%(file)s” on %(date)s and has been replaced since. "
        "To use its figures again, make that file valid."
    ),
    "interrupted": gettext_noop(
        "Reading stopped because of a fault in the program (number %(number)s). Nothing was stored; try again."
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to tell: `text` is what stands in the file, `line` counts from 1 as an editor shows it."""

    level: Level
    code: str
    line: int | None = None
    column: str = ""
    text: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return sentence(self.code, self.params | {"text": self.text, "column": self.column})


class Refusal(Exception):
    """The file cannot be taken at all; the problem says why."""

    def __init__(
        self, code: str, *, line: int | None = None, column: str = "", text: str = "", **params: Any
    ) -> None:
        super().__init__(code)
        self.problem = Problem("error", code, line, column, shorten(text), params)


class Stopped(Exception):
    """Errors have been told; going on would tell nothing more."""


class BadCell(Exception):
    """A cell does not hold what its column needs."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """The words for a cause in the active language; parameters that are labels themselves arrive translated."""
    try:
        return _(SENTENCES[code]) % {name: _said(name, value) for name, value in params.items()}
    except (KeyError, ValueError):  # a code from an older version of the program
        return code


# Parameters that are words of ours, kept in English and translated when they are read.
OUR_WORDS = frozenset(["report", "platform", "other_platform", "marks", "order", "reason"])


def _said(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return pgettext("between the parts of a list", ", ").join(str(_said(name, part)) for part in value)
    if name == "measures":
        return _measure_name(value)
    return _(value) if name in OUR_WORDS and value else value


def _measure_name(code: str) -> str:
    known = next((measure for measure in MEASURES if measure.code == code), None)
    if known is None:
        return code
    return known.name_zh if (get_language() or "").startswith("zh") else known.name_en


def shorten(text: object, length: int = 200) -> str:
    """What stands in a cell, fit to be shown: one line, no NUL, not longer than the column that keeps it."""
    shown = " ".join(str(text).replace("\0", "␀").split())
    return shown if len(shown) <= length else shown[: length - 1] + "…"


@dataclass
class Problems:
    """The problems of one file. Keeps the first ten thousand and counts the rest, so that memory stays bounded."""

    limit: int = 10_000
    listed: list[Problem] = field(default_factory=list)
    unlisted: int = 0
    errors: int = 0
    # All lines with an error, listed or not, for counting rows.
    error_lines: set[int] = field(default_factory=set)

    def add(
        self,
        level: Level,
        code: str,
        line: int | None = None,
        column: str = "",
        text: object = "",
        **params: Any,
    ) -> None:
        if level == "error":
            self.errors += 1
            if line is not None:
                self.error_lines.add(line)
        if len(self.listed) < self.limit:
            self.listed.append(Problem(level, code, line, column, shorten(text), params))
        else:
            self.unlisted += 1

    def take(self, problem: Problem) -> None:
        self.errors += problem.level == "error"
        self.listed.append(problem)

    def stop_at_errors(self) -> None:
        if self.errors:
            raise Stopped

    def finished(self) -> list[Problem]:
        """Errors first, then in the order of the file; what was not listed is said at the end."""
        listed = sorted(self.listed, key=lambda problem: (problem.level != "error", problem.line or 0))
        if self.unlisted:
            listed.append(Problem("warning", "more_problems", params={"count": self.unlisted}))
        return listed


@dataclass
class Folded:
    """All problems of one cause and column, told once; `first` is a Problem or a row of UploadProblem."""

    first: Any
    lines: list[int]
    count: int

    @property
    def others(self) -> int:
        return self.count - 1


def fold(problems: Iterable[Any]) -> list[Folded]:
    """Problems of the same level, cause and column together, in the order in which each cause first appears."""
    causes: dict[tuple[str, str, str], Folded] = {}
    for problem in problems:
        key = (problem.level, problem.code, problem.column)
        if key not in causes:
            causes[key] = Folded(problem, [], 0)
        causes[key].count += 1
        if problem.line is not None:
            causes[key].lines.append(problem.line)
    return list(causes.values())
