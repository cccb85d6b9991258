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
MOST_SHEETS = 30
MOST_BYTES = 100 * 1024 * 1024
MOST_COLUMNS = 200
MOST_ROWS = 200_000
# A reader lays out every place up to the last cell, empty or not.
MOST_CELLS = 8_000_000
# A text that many cells share stands in the file once and in memory once for each of them.
MOST_CHARACTERS = 256 * 1024 * 1024
RELATIONS, STRINGS, BOOK = "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml", "xl/workbook.xml"


def check(stream: BinaryIO) -> None:
    """Refuse what is no workbook, and what would unpack to more than a report holds. Raises Refusal.

    Sizes that the archive declares are not believed: every part is really unpacked, a piece at a time, and every
    part that may be a sheet is read as XML for where its cells lie, because one cell in the last corner makes a reader
    lay out all.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_parts(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Refusal("workbook_broken") from error


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    # Readers do not tell capital letters from small ones, and of two parts of one name they take either.
    names = {part.filename.lower() for part in parts}
    if "[content_types].xml" not in names or BOOK not in names:
        raise Refusal("is_zip")
    if len(parts) > MOST_PARTS or len(names) < len(parts):
        raise Refusal("workbook_unsafe", detail=f"{len(parts)} parts")
    if sum(part.file_size for part in parts) > MOST_BYTES:
        raise Refusal("workbook_unsafe", detail=f"{sum(part.file_size for part in parts) >> 20} MiB")
    watches = _watch_all(archive)
    # Any part that the book names may be one of its sheets; all that are XML have been looked at.
    if relations := watches.get(RELATIONS):
        for target in relations.targets:
            if not target.lower().endswith(".xml"):
                raise Refusal("workbook_unsafe", detail=target[:60])
    if (book := watches[BOOK]) and book.sheets > MOST_SHEETS:
        raise Refusal("workbook_unsafe", detail=f"{book.sheets} sheets")
    _check_strings(archive, watches)


def _watch_all(archive: zipfile.ZipFile) -> "dict[str, _Watch | None]":
    """Unpack every part and look at all that are XML; by name in small letters."""
    left = MOST_BYTES
    watches: dict[str, _Watch | None] = {}
    for part in archive.infolist():
        name = part.filename.lower()
        watch = watches[name] = _Watch() if name.endswith((".xml", ".rels")) else None
        with archive.open(part) as unpacked:
            while piece := unpacked.read(1 << 18):
                left -= len(piece)
                if left < 0:
                    raise Refusal("workbook_unsafe", detail=f"> {MOST_BYTES >> 20} MiB")
                if watch:
                    watch.feed(piece)
    return watches


def _check_strings(archive: zipfile.ZipFile, watches: "dict[str, _Watch | None]") -> None:
    """How much text the cells of one sheet hold when each has its own copy."""
    strings = watches.get(STRINGS)
    if not strings or not strings.lengths:
        return
    longest = max(strings.lengths)
    for part in archive.infolist():
        watch = watches[part.filename.lower()]
        if not watch or watch.sharing * longest <= MOST_CHARACTERS:
            continue
        weight = _Weight(strings.lengths)
        with archive.open(part) as unpacked:
            while piece := unpacked.read(1 << 18):
                weight.feed(piece)


class _Xml:
    """Reads XML and refuses document types, the way in for entities that multiply."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def feed(self, piece: bytes) -> None:
        try:
            self.parser.Parse(piece)
        except expat.ExpatError as error:
            raise Refusal("workbook_broken") from error

    @staticmethod
    def _doctype(*_arguments: object) -> None:
        raise Refusal("workbook_unsafe", detail="DOCTYPE")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _end(self, name: str) -> None:
        """Most have nothing to do here."""


class _Watch(_Xml):
    """Follows the cells of a sheet and refuses those that lie far out; notes what else counts, whatever part it is."""

    def __init__(self) -> None:
        super().__init__()
        self.row = self.column = self.last_row = self.last_column = 0
        self.in_data = self.in_string = False
        self.sharing = self.sheets = 0
        self.lengths: list[int] = []
        self.targets: list[str] = []

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "c" if self.in_data:
                self._cell(attributes)
            case "row" if self.in_data:
                given = attributes.get("r", "")
                self.row = _row_number(given) if given else self.row + 1
                self.column = 0
                self._reach()
            case "sheetData":
                self.in_data = True
            case "si":
                self.lengths.append(0)
                self.parser.CharacterDataHandler = self._text
            case "sheet":
                self.sheets += 1
            case "Relationship":
                self.targets.append(attributes.get("Target", ""))

    def _end(self, name: str) -> None:
        if name.endswith(" si") or name == "si":
            self.parser.CharacterDataHandler = None

    def _text(self, text: str) -> None:
        self.lengths[-1] += len(text)

    def _cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r", "")
        self.column = _column_number(place) or self.column + 1
        self.row = max(self.row, _row_number(place))
        self.sharing += attributes.get("t") == "s"
        self._reach()

    def _reach(self) -> None:
        rows = self.last_row = max(self.last_row, self.row)
        columns = self.last_column = max(self.last_column, self.column)
        if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
            raise Refusal("workbook_unsafe", detail=f"{rows} × {columns}")


class _Weight(_Xml):
    """Adds up the shared texts that the cells of a sheet refer to."""

    def __init__(self, lengths: list[int]) -> None:
        super().__init__()
        self.lengths = lengths
        self.total = 0
        self.is_shared = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "c":
                self.is_shared = attributes.get("t") == "s"
            case "v" if self.is_shared:
                self.parser.CharacterDataHandler = self._number

    def _end(self, name: str) -> None:
        self.parser.CharacterDataHandler = None

    def _number(self, text: str) -> None:
        number = int(text) if text.strip().isdecimal() and len(text) < 12 else -1
        self.total += self.lengths[number] if 0 <= number < len(self.lengths) else 0
        if self.total > MOST_CHARACTERS:
            raise Refusal("workbook_unsafe", detail=f"> {MOST_CHARACTERS >> 20} MiB")


def _column_number(reference: str) -> int:
    number = 0
    for letter in reference:
        if not ("A" <= letter <= "Z" or "a" <= letter <= "z"):
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number


def _row_number(reference: str) -> int:
    digits = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$")
    return int(digits) if digits.isdecimal() and len(digits) < 12 else (MOST_ROWS + 1 if digits else 0)


def sheets(stream: BinaryIO) -> tuple[CalamineWorkbook, list[str]]:
    """The opened book and the names of the sheets that can be seen, in their order; no sheet is read yet."""
    try:
        book = CalamineWorkbook.from_filelike(stream)
        return book, [
            about.name
            for about in book.sheets_metadata
            if "visible" in str(about.visible).lower() and "work" in str(about.typ).lower()
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise Refusal("workbook_broken") from error


def pieces(book: CalamineWorkbook, name: str, size: int) -> Iterator[tuple[range, list[list[Cell]]]]:
    """The rows of a sheet, `size` at a time, with their numbers as Excel shows them; cells keep their types."""
    try:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise Refusal("workbook_broken") from error
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
