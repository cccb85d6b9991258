"""Excel workbooks: looked at part by part before anything opens them, then read by calamine."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from metrics.intake.problems import Refusal
from metrics.intake.values import Cell

MOST_PARTS = 200
MOST_BYTES = 100 * 1024 * 1024
MOST_COLUMNS = 200
MOST_ROWS = 200_000


def check(stream: BinaryIO) -> None:
    """Refuse what is no workbook, and what would unpack to more than a report holds. Raises Refusal.

    Sizes that the archive declares are not believed: every part is really unpacked, a piece at a time, and every
    sheet is read as XML for where its cells lie, because one cell in the last corner makes a reader lay out all.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_parts(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Refusal("workbook_broken") from error


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refusal("is_zip")
    if len(parts) > MOST_PARTS:
        raise Refusal("workbook_unsafe", detail=f"{len(parts)} parts")
    if sum(part.file_size for part in parts) > MOST_BYTES:
        raise Refusal("workbook_unsafe", detail=f"{sum(part.file_size for part in parts) >> 20} MiB")
    left = MOST_BYTES
    for part in parts:
        is_xml = part.filename.endswith((".xml", ".rels"))
        watch = (
            _Extent()
            if part.filename.startswith("xl/worksheets/") and is_xml
            else _NoDoctype()
            if is_xml
            else None
        )
        with archive.open(part) as unpacked:
            while piece := unpacked.read(1 << 18):
                left -= len(piece)
                if left < 0:
                    raise Refusal("workbook_unsafe", detail=f"> {MOST_BYTES >> 20} MiB")
                if watch:
                    watch.feed(piece)


class _NoDoctype:
    """Reads XML and refuses document types, the way in for entities that multiply."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, piece: bytes) -> None:
        try:
            self.parser.Parse(piece)
        except expat.ExpatError as error:
            raise Refusal("workbook_broken") from error

    @staticmethod
    def _doctype(*_arguments: object) -> None:
        raise Refusal("workbook_unsafe", detail="DOCTYPE")


class _Extent(_NoDoctype):
    """Follows the cells of a sheet and refuses those that lie far out."""

    def __init__(self) -> None:
        super().__init__()
        self.row = self.column = 0
        self.parser.StartElementHandler = self._element

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "row":
                given = attributes.get("r", "")
                self.row = int(given) if given.isdecimal() else self.row + 1
                self.column = 0
            case "c":
                self.column = _column_number(attributes.get("r", "")) or self.column + 1
                self.row = max(self.row, _row_number(attributes.get("r", "")))
            case _:
                return
        if self.row > MOST_ROWS or self.column > MOST_COLUMNS:
            raise Refusal("workbook_unsafe", detail=f"{self.row} × {self.column}")


def _column_number(reference: str) -> int:
    number = 0
    for letter in reference:
        if not ("A" <= letter <= "Z" or "a" <= letter <= "z"):
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number


def _row_number(reference: str) -> int:
    digits = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$")
    return int(digits) if digits.isdecimal() else 0


def sheets(stream: BinaryIO) -> list[tuple[str, Any]]:
    """The sheets that can be seen, by name, in their order."""
    try:
        book = CalamineWorkbook.from_filelike(stream)
        return [
            (about.name, book.get_sheet_by_name(about.name))
            for about in book.sheets_metadata
            if "visible" in str(about.visible).lower() and "work" in str(about.typ).lower()
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise Refusal("workbook_broken") from error


def pieces(sheet: Any, size: int) -> Iterator[tuple[range, list[list[Cell]]]]:
    """The rows of a sheet, `size` at a time, with their numbers as Excel shows them; cells keep their types."""
    rows = sheet.to_python(skip_empty_area=False)
    for first in range(0, len(rows), size):
        piece = [[_plain(cell) for cell in cells] for cells in rows[first : first + size]]
        yield range(first + 1, first + len(piece) + 1), piece


def _plain(cell: Any) -> Cell:
    if isinstance(cell, bool):
        return str(cell).upper()  # as Excel shows it; True would pass for 1
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, time | timedelta):
        return str(cell)
    if isinstance(cell, str | int | float | date | datetime):
        return cell
    return "" if cell is None else str(cell)
