"""Cells of lists as plain texts: dates in the forms that people and programs write them, and no formulas."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from core import datewords
from core.text import RISKY
from metrics.intake.values import Cell

INSTANT = "%Y-%m-%dT%H:%MZ"
# What anybody promises lies between these.
FIRST_YEAR, LAST_YEAR = 1970, 2200
_ISO = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?"
    r"(?:[T\s]*(?P<H>\d{1,2})[:：点](?P<M>\d{2})(?:[:：]\d{2}(?:\.\d+)?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_DAY_FIRST = re.compile(
    r"(?P<d>\d{1,2})(?P<dot>[./-])(?P<m>\d{1,2})[./-](?P<y>\d{4})(?:\s+(?P<H>\d{1,2}):(?P<M>\d{2})(?::\d{2})?)?"
)


def text(cell: Cell) -> str:
    """As it is meant: without the apostrophe that keeps spreadsheets from running it."""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    found = str(cell).replace("\r\n", "\n").replace("\0", "").strip()
    return found[1:] if found.startswith("'") and found[1:].lstrip(" \ufeff").startswith(RISKY) else found


def deadline(cell: Cell, *, now: datetime, zone: ZoneInfo) -> str | None:
    """A day, a wall clock time or an instant (ending in Z) as text; "" for an empty cell, None for what is none.

    What is said in words ("next Friday 18:00", "下周五") is counted from `now`. 03/05/2027 can be two days, so it is
    none, unless one of its numbers is no month.
    """
    found = _deadline(cell, now=now, zone=zone)
    # At the ends of the calendar a clock of another zone has no such day.
    return found if not found or FIRST_YEAR <= int(found[:4]) <= LAST_YEAR else None


def _deadline(cell: Cell, *, now: datetime, zone: ZoneInfo) -> str | None:
    if isinstance(cell, datetime | date):
        return text(cell)
    found = text(cell)
    if not found:
        return ""
    if match := _ISO.fullmatch(found):
        return _built(match.groupdict())
    if match := _DAY_FIRST.fullmatch(found):
        return _built(_ordered(match.groupdict()))
    said = datewords.find(found, now=now, zone=zone)
    if said is None or datewords.without(found, said).strip(" ,，。."):
        return None
    if said.at is not None:
        return said.at.astimezone(UTC).strftime(INSTANT)
    return said.day.isoformat() + (said.clock.strftime(" %H:%M") if said.clock else "")


def _ordered(parts: dict[str, str | None]) -> dict[str, str | None]:
    """With points the day comes first; with strokes only what cannot be a month is the day."""
    first, second = int(parts["d"] or 0), int(parts["m"] or 0)
    if parts["dot"] == "." or first > 12 or first == second:
        return parts
    if second > 12:
        return parts | {"d": parts["m"], "m": parts["d"]}
    return parts | {"d": "0"}


def _built(parts: dict[str, str | None]) -> str | None:
    zone = parts.get("zone")
    try:
        day = date(int(parts["y"] or 0), int(parts["m"] or 0), int(parts["d"] or 0))
        if parts["H"] is None:
            return day.isoformat()
        wall = f"{day.isoformat()} {int(parts['H']):02}:{parts['M']}"
        if zone is None:
            return wall if int(parts["H"]) < 24 and int(parts["M"] or 0) < 60 else None
        return datetime.strptime(f"{wall} {zone}", "%Y-%m-%d %H:%M %z").astimezone(UTC).strftime(INSTANT)
    except (ValueError, OverflowError):
        return None


def people(cell: str) -> list[str]:
    """The names in a cell, as chat programs list them."""
    return [name.strip().lstrip("@") for name in re.split(r"[,，、;；\n]+", cell) if name.strip().lstrip("@")]
