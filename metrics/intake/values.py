"""Texts of cells as numbers, days and months. Nothing here knows a report."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Literal

from metrics.intake.problems import BadCell

# Numbers are kept as whole millionths while they are added up: exact, and quick to sum.
SCALE = 6
ONE = 10**SCALE
LARGEST = 10**12 * ONE

DecimalMark = Literal[".", ","]
DayOrder = Literal["mdy", "dmy"]
Cell = str | int | float | bool | date | datetime

NOTHING = frozenset(["", "-", "--", "---", "—", "–", "n/a", "N/A", "#N/A"])
PLAIN = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?")
EXPONENT = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?[eE][+-]?\d{1,2}")
CURRENCY = re.compile(
    r"(?:(?:US|CA|C|A|AU|MX|R|S|NT|HK)?\$|€|£|¥|₹|₩|₫|₱|฿|zł|kr\.?|Rs\.?|RMB|元|円|(?:USD|EUR|GBP|JPY|CNY|CAD|AUD|MXN|INR|SEK|PLN|TRY|BRL|SGD|AED|SAR))"
)
GROUP = {".": r"[,'’ ]", ",": r"[.'’ ]"}
SHAPE = {
    mark: re.compile(rf"(\d+|\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}})?(?:{re.escape(mark)}(\d+))?")
    for mark, group in GROUP.items()
}


def scaled(value: Decimal) -> int:
    """A decimal as whole millionths, rounded to even beyond them."""
    return int(value.scaleb(SCALE).to_integral_value(rounding=ROUND_HALF_EVEN))


def unscaled(value: int) -> Decimal:
    return Decimal(value).scaleb(-SCALE)


def as_text(value: Decimal) -> str:
    """A decimal without needless zeros: 12147.22, 945, -0.0008."""
    shown = format(value.normalize(), "f")
    return "0" if shown in ("-0", "") else shown


def number(raw: Cell, mark: DecimalMark = ".") -> int | None:
    """A number as whole millionths; None for an empty cell. Raises BadCell.

    Knows thousands separators, a real minus, a minus behind, parentheses for negative, currency signs, and the
    exponents that Excel writes. A comma or point that does not fit the file's decimal mark is no number.
    """
    if isinstance(raw, str):
        if mark == "." and PLAIN.fullmatch(raw):
            return scaled(Decimal(raw))
        value = _spelled(raw, mark)
        if value is None:
            return None
    elif isinstance(raw, bool) or not isinstance(raw, int | float):
        raise BadCell("not_a_number", example="1,234.56")
    else:
        value = Decimal(repr(raw))
    if not value.is_finite() or abs(value) > LARGEST // ONE:
        raise BadCell("number_too_large")
    return scaled(value)


def _spelled(raw: str, mark: DecimalMark) -> Decimal | None:
    text = unicodedata.normalize("NFKC", raw).strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    text = text.removeprefix("'").strip()
    if text in NOTHING:
        return None
    if set(text) == {"#"}:
        raise BadCell("number_damaged")
    text = text.replace("\u2212", "-").replace("\u2010", "-").replace("\u2011", "-").replace("\u2013", "-")
    if EXPONENT.fullmatch(text):
        return Decimal(text.replace(",", "."))
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    text = CURRENCY.sub("", text, count=1).strip()
    for sign in ("-", "+"):
        if text.startswith(sign) or text.endswith(sign):
            negative ^= sign == "-"
            text = text.removeprefix(sign) if text.startswith(sign) else text.removesuffix(sign)
            text = CURRENCY.sub("", text.strip(), count=1).strip()
            break
    found = SHAPE[mark].fullmatch(text)
    if not found or not text or (found[1] is None and found[2] is None):
        raise BadCell("not_a_number", example="-1,234.56" if mark == "." else "-1.234,56")
    whole = re.sub(r"\D", "", found[1] or "0")
    try:
        value = Decimal(f"{whole}.{found[2] or 0}")
    except InvalidOperation:
        raise BadCell("number_too_large") from None
    return -value if negative else value


def decimal_mark(texts: Iterable[Cell], default: DecimalMark) -> DecimalMark:
    """Which of point and comma separates the decimals, judged from a file's own numbers."""
    votes: Counter[str] = Counter()
    for text in texts:
        if not isinstance(text, str):
            continue
        marks = re.findall(r"[.,]", text)
        if not marks or EXPONENT.fullmatch(text.strip()):
            continue
        last = marks[-1]
        whole, _mark, decimals = text.rpartition(last)
        digits = len(re.match(r"\d*", decimals)[0])  # type: ignore[index]  # \d* always matches
        if len(set(marks)) == 2:
            votes[last] += 1
        elif len(marks) > 1:
            votes["," if last == "." else "."] += 1
        elif digits != 3 or whole.strip("-+ ($€£") in ("", "0") or len(re.sub(r"\D", "", whole)) > 3:
            votes[last] += 1
    if votes["."] == votes[","]:
        return default
    return "." if votes["."] > votes[","] else ","


# --- days -----------------------------------------------------------------------------------------------
_MONTH_NAMES = {
    1: "jan january januar jänner janv janvier ene enero gen gennaio januari janeiro sty",
    2: "feb february februar feber févr fév février febrero febbraio februari fev fevereiro lut",
    3: "mar march mär märz mrz mars marzo mrt maart março",
    4: "apr april avr avril abr abril aprile kwi",
    5: "may mai mayo mag maggio mei maio maj",
    6: "jun june juni juin junio giu giugno junho cze",
    7: "jul july juli juil juillet julio lug luglio julho lip",
    8: "aug august août aou aoû ago agosto augustus sie",
    9: "sep sept september septembre septiembre set settembre setembro wrz",
    10: "oct october okt oktober octobre octubre ott ottobre out outubro paź",
    11: "nov november novembre noviembre novembro lis",
    12: "dec december dez dezember déc décembre dic diciembre dicembre dezembro gru",
}
MONTHS = {name: number for number, names in _MONTH_NAMES.items() for name in names.split()}
_WORD = r"([^\W\d_]+)\.?"
_HOUR = (
    r"(?:[\s,t]+(?:um|à|a las|alle|at|às)?\s*(?:上午|下午|凌晨|早上|中午|晚上|午前|午後|오전|오후)?\s*\d{1,2}"
    r"(?:\s*(?:[ap]\.?\s?m\.?))?)?"
)
NAMED_FIRST = re.compile(rf"{_WORD}\s+(\d{{1,2}}),?\s+(\d{{4}}|\d{{2}}){_HOUR}")
DAY_FIRST = re.compile(rf"(\d{{1,2}})\.?[\s-]+(?:de\s+)?{_WORD},?[\s-]+(?:de\s+)?(\d{{4}}|\d{{2}}){_HOUR}")
YEAR_FIRST = re.compile(rf"(\d{{4}})\s?[-/.年]\s?(\d{{1,2}})\s?[-/.月]\s?(\d{{1,2}})日?{_HOUR}")
NUMBERS_ONLY = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_HOUR}")
# What follows the first colon: minutes, seconds, half of the day, and the zone as written.
TIME_REST = re.compile(
    r"\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\s*(?:[ap]\.?\s?m\.?)?\s*"
    r"(?:\(?[a-z]{1,5}\)?\s*(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{1,2}(?::?\d{2})?)?",
)


def day(head: str, order: DayOrder = "mdy") -> int:
    """The day at the beginning of a date text, as its ordinal. Raises BadCell.

    `head` is the text up to the first colon, so that a file with thousands of instants has few different heads.
    The day is the one written, in whatever zone the report writes; nothing is converted.
    """
    text = unicodedata.normalize("NFKC", head).strip().casefold()
    parts: tuple[str | int, ...]
    if found := NAMED_FIRST.fullmatch(text):
        parts = found[3], _month(found[1]), found[2]
    elif found := DAY_FIRST.fullmatch(text):
        parts = found[3], _month(found[2]), found[1]
    elif found := YEAR_FIRST.fullmatch(text):
        parts = found[1], found[2], found[3]
    elif found := NUMBERS_ONLY.fullmatch(text):
        first, second = found[1], found[3]
        day_leads = order == "dmy" or found[2] == "."
        parts = (found[4], second, first) if day_leads else (found[4], first, second)
    else:
        raise BadCell("not_a_date", example="Oct 1, 2025 12:23:28 AM PDT")
    year, month, day_of_month = (int(part) for part in parts)
    return _ordinal(year + 2000 if year < 100 else year, month, day_of_month)


def _month(name: str) -> int:
    try:
        return MONTHS[name]
    except KeyError:
        raise BadCell("not_a_date", example="Oct 1, 2025 12:23:28 AM PDT") from None


def _ordinal(year: int, month: int, day_of_month: int) -> int:
    try:
        found = date(year, month, day_of_month)
    except ValueError:
        raise BadCell("no_such_day") from None
    if not 2000 <= found.year <= 2099:
        raise BadCell("no_such_day")
    return found.toordinal()


def is_time_rest(text: str) -> bool:
    """Whether what follows the first colon of a date text is the rest of a time."""
    return TIME_REST.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold()) is not None


def day_order(heads: Iterable[str], default: DayOrder) -> tuple[DayOrder, str]:
    """Whether 3/4/2025 is March or April, judged from all dates; with an example when nothing decides it.

    A part above 12 is a day. Failing that, a report covers one month: the part that stays the same while the other
    changes is the month.
    """
    firsts: set[int] = set()
    seconds: set[int] = set()
    example = ""
    for head in heads:
        found = NUMBERS_ONLY.fullmatch(unicodedata.normalize("NFKC", head).strip().casefold())
        if found and found[2] != ".":
            firsts.add(int(found[1]))
            seconds.add(int(found[3]))
            example = example or found[0]
    if not firsts:
        return default, ""
    if max(firsts) > 12 or max(seconds) > 12:
        return ("dmy" if max(firsts) > 12 else "mdy"), ""
    if (len(firsts) == 1) != (len(seconds) == 1):
        return ("mdy" if len(firsts) == 1 else "dmy"), ""
    return default, example


MONTH_SHAPES = (
    re.compile(r"(?P<y>\d{4})[-/.年 ](?P<m>\d{1,2})月?(?:[-/.]\d{1,2}(?:[ t]00:00(?::00)?)?)?"),
    re.compile(r"(?P<m>\d{1,2})[-/.](?P<y>\d{4})"),
    re.compile(r"(?P<n>[^\W\d_]+)\.?[-/ ,]+(?P<y>\d{4}|\d{2})"),
    re.compile(r"(?P<y>\d{4}|\d{2})[-/ ](?P<n>[^\W\d_]+)\.?"),
)


def month(raw: Cell) -> int:
    """The first day of a month as its ordinal. Raises BadCell.

    Excel turns 2025-09 into `Sep-25` and 2025-01 into `25-Jan`: beside a month's name, two digits are the year.
    """
    if isinstance(raw, date):
        return (
            raw.replace(day=1).toordinal()
            if not isinstance(raw, datetime)
            else raw.date().replace(day=1).toordinal()
        )
    text = unicodedata.normalize("NFKC", str(raw)).strip().strip("'\"").casefold()
    for shape in MONTH_SHAPES:
        if found := shape.fullmatch(text):
            parts = found.groupdict()
            number = MONTHS.get(parts["n"]) if "n" in parts else int(parts["m"])
            year = int(parts["y"])
            if number and 1 <= number <= 12:
                return _ordinal(year + 2000 if year < 100 else year, number, 1)
    raise BadCell("not_a_month")


def looks_like_excel_month(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z]{3}-\d{2}|\d{1,2}-[A-Za-z]{3}", text.strip()))
