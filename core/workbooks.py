"""Excel workbooks with one sheet, written by hand: the few parts of the format that a list needs.

Every text is a string and says so, so that no program takes it for a formula; one that would look like a formula when
somebody edits its cell is marked as quoted, too. Dates are real dates, numbers real numbers.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from core.text import RISKY

Cell = str | int | float | date | datetime | None
# What a cell of Excel holds at most, and what XML cannot hold.
LONGEST = 32_767
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel counts days from here, as if 1900 had been a leap year.
DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - wall clock, as the cells
PLAIN, HEAD, MOMENT, DAY, QUOTED = range(5)

_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"""  # noqa: E501 - as the format wants it
_ROOT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"""  # noqa: E501
_PARTS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"""  # noqa: E501
_BOOK = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name={name} sheetId="1" r:id="rId1"/></sheets></workbook>"""  # noqa: E501
# The cell styles stand in the order of PLAIN, HEAD, MOMENT, DAY, QUOTED.
_STYLES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE7EEF0"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf fontId="1" fillId="2" applyFont="1" applyFill="1"/><xf numFmtId="164" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" horizontal="left"/></xf><xf numFmtId="165" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" horizontal="left"/></xf><xf quotePrefix="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""  # noqa: E501


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column and its width in characters; a hidden one is there, but not seen."""

    label: str
    width: int = 14
    is_hidden: bool = False


def write(stream: IO[bytes], *, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    """A workbook with one sheet: the head stays in sight and offers filters. Moments come as local time."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _ROOT)
        archive.writestr("xl/_rels/workbook.xml.rels", _PARTS)
        archive.writestr("xl/workbook.xml", _BOOK.format(name=quoteattr(_sheet_name(name))))
        archive.writestr("xl/styles.xml", _STYLES)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for piece in _sheet(columns, rows):
                sheet.write(piece.encode())


def _sheet(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Iterable[str]:
    letters = [_letters(place) for place in range(len(columns))]
    yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    yield '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView '
    yield 'workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
    yield "</sheetViews><cols>"
    for place, column in enumerate(columns, start=1):
        hidden = ' hidden="1"' if column.is_hidden else ""
        yield f'<col min="{place}" max="{place}" width="{column.width}" customWidth="1"{hidden}/>'
    yield "</cols><sheetData>"
    head = "".join(
        _cell(f"{letter}1", column.label, HEAD) for letter, column in zip(letters, columns, strict=True)
    )
    yield f'<row r="1">{head}</row>'
    number = 1
    for number, row in enumerate(rows, start=2):
        cells = "".join(_cell(f"{letter}{number}", cell) for letter, cell in zip(letters, row, strict=True))
        yield f'<row r="{number}">{cells}</row>'
    yield f'</sheetData><autoFilter ref="A1:{letters[-1]}{number}"/></worksheet>'


def _cell(place: str, value: Cell, style: int | None = None) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, int | float):
        return f'<c r="{place}" s="{PLAIN}"><v>{value}</v></c>'
    if isinstance(value, datetime):
        length = value.replace(tzinfo=None) - DAY_ZERO
        return f'<c r="{place}" s="{MOMENT}"><v>{length.days + length.seconds / 86_400:.8f}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="{DAY}"><v>{(value - DAY_ZERO.date()).days}</v></c>'
    if style is None:
        style = QUOTED if value.lstrip(" \ufeff").startswith((*RISKY, "'")) else PLAIN
    text = escape(FORBIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST])
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(place: int) -> str:
    """0 → A, 26 → AA."""
    found = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(65 + rest) + found
    return found


def _sheet_name(name: str) -> str:
    """Excel takes 31 characters and none of these."""
    return re.sub(r"[\[\]:*?/\\]", " ", FORBIDDEN.sub("", name)).strip("' ")[:31] or "1"
