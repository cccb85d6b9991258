"""Plain text: from forms, for terminals and for spreadsheets."""

from collections.abc import Collection, Mapping, Sequence
from unicodedata import east_asian_width
from uuid import UUID

# A cell that begins like this is run as a formula by spreadsheets, full-width signs included.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def width(text: str) -> int:
    """Columns that a text takes in a terminal: Chinese signs take two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def aligned(rows: Sequence[Sequence[str]], *, numbers: Collection[int] = ()) -> str:
    """A table of plain text with two spaces between the columns; those in `numbers` are set to the right."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]

    def line(row: Sequence[str]) -> str:
        cells = []
        for position, (cell, room) in enumerate(zip(row, widths, strict=True)):
            space = " " * (room - width(cell))
            cells.append(space + cell if position in numbers else cell + space)
        return "  ".join(cells).rstrip()

    return "\n".join(line(row) for row in rows)


def typed(data: Mapping[str, str], name: str) -> str:
    """What was typed into a field that no form checks: lines end as browsers count them, and NUL, which the database
    cannot hold, goes."""
    return data.get(name, "").replace("\r\n", "\n").replace("\0", "")


def whole(text: str) -> int:
    """A number or version that came with a form or an address; 0, which nothing has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0


def uuid_of(text: str) -> UUID | None:
    """An id that a browser made up and sent along; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def safe_cell(value: object) -> str:
    """A cell for a CSV file for a spreadsheet: a text that would run as a formula gets an apostrophe."""
    text = "" if value is None else str(value)
    if isinstance(value, str) and text.lstrip(" \ufeff").startswith(RISKY):
        return f"'{text}"
    return text
