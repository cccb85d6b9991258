"""Files made to break their reader: each is refused at once, before anything lays it out in memory."""

import io
import os
import time
import zipfile

import pytest

from metrics.intake import read, workbook
from metrics.intake.problems import Refusal
from metrics.intake.source import Source

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0"?>'


def sheet(rows: str, head: str = HEAD) -> str:
    return f'{head}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def two_cells(last: str) -> str:
    """A1 and one far away: a reader lays out everything between."""
    number = "".join(sign for sign in last if sign.isdigit())
    return sheet(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{number}"><c r="{last}"><v>1</v></c></row>')


FAR = two_cells("XFD1048576")


def book(
    content: str | bytes = FAR,
    *,
    part: str = "xl/worksheets/sheet1.xml",
    target: str = "",
    sheets: int = 1,
    strings: str = "",
    more: dict[str, bytes] | None = None,
) -> bytes:
    """A workbook of the least that readers want, with one odd thing."""
    names = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="r1"/>' for n in range(sheets))
    target = target or part.removeprefix("xl/")
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{RELATIONS.replace("relationships", "content-types")}"/>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="{target}"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        part: content,
        **({"xl/sharedStrings.xml": strings} if strings else {}),
        **(more or {}),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def shared(length: int) -> str:
    return f'{HEAD}<sst xmlns="{MAIN}"><si><t>{"x" * length}</t></si></sst>'


def referring(rows: int) -> str:
    row = '<c t="s"><v>0</v></c>' * 20
    return sheet(f"<row>{row}</row>" * rows)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

BOMBS = {
    "one cell in the last corner": book,
    "the sheet lies in another folder": lambda: book(part="xl/other/sheet1.xml"),
    "the sheet has another ending": lambda: book(part="xl/worksheets/sheet1.bin"),
    "the ending in capital letters": lambda: book(part="xl/worksheets/SHEET1.XML"),
    "the folder in capital letters": lambda: book(
        part="xl/Worksheets/Sheet1.xml", target="worksheets/sheet1.xml"
    ),
    "cells without a place": lambda: book(sheet(f"<row>{'<c><v>1</v></c>' * 300}</row>")),
    "a row far down without cells": lambda: book(sheet('<row r="1048576"/>')),
    "a number of a row without end": lambda: book(two_cells("A" + "9" * 40)),
    "a corner that is far in both directions": lambda: book(two_cells("GR200000")),
    "many sheets from one part": lambda: book(two_cells("A150000"), sheets=150),
    "one long text shared by many cells": lambda: book(referring(500), strings=shared(1_000_000)),
    "two parts of one name": lambda: book(two_cells("A1"), more={"xl/worksheets/Sheet1.xml": FAR.encode()}),
    "far more than it seems": lambda: book(two_cells("A1"), more={"xl/media/a.bin": b"\0" * (110 << 20)}),
    "hundreds of parts": lambda: book(two_cells("A1"), more={f"xl/{n}.bin": b"" for n in range(300)}),
    "entities that multiply": lambda: book(sheet("<row><c><v>&b;</v></c></row>", HEAD + LAUGHS)),
    "an entity from the disk": lambda: book(sheet("<row><c><v>&a;</v></c></row>", HEAD + OUTSIDE)),
    "an entity from the disk, in UTF-16": lambda: book(
        sheet("<row><c><v>&a;</v></c></row>", '<?xml version="1.0" encoding="UTF-16"?>' + OUTSIDE).encode(
            "utf-16"
        )
    ),
}


def source(data: bytes, name: str = "report.xlsx") -> Source:
    return Source(name, len(data), lambda: io.BytesIO(data))


@pytest.mark.parametrize("what", BOMBS)
def test_a_bomb_is_refused_before_it_is_read(what):
    data = BOMBS[what]()
    begun = time.process_time()

    with pytest.raises(Refusal) as refusal:
        read.open_report(source(data))

    assert refusal.value.problem.code in ("workbook_unsafe", "workbook_broken")
    assert time.process_time() - begun < 3
    assert len(data) < 200_000


def test_what_a_company_really_sends_is_read():
    data = book(
        sheet(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="30000"><c r="AD30000"><v>1</v></c></row>'
        ),
        strings=shared(32_000),
        sheets=3,
    )

    document = read.open_report(source(data))
    layouts = document.layouts()

    assert len(layouts) == 3
    _lines, rows = next(document.pieces(layouts[0]))
    assert rows[0][0] == "x" * 32_000


def test_a_text_shared_by_many_is_taken_while_it_stays_small():
    workbook.check(io.BytesIO(book(referring(2000), strings=shared(2000))))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("noise.csv", lambda: os.urandom(20 << 20)),
        ("noise.xlsx", lambda: b"PK\x03\x04" + os.urandom(20 << 20)),
        ("one-cell.csv", lambda: b'"' + b"a" * (20 << 20)),
        ("one-line.csv", lambda: b"a," * (10 << 20)),
        ("quotes.csv", lambda: b'a,"b\n' * (1 << 20)),
        ("nothing.csv", lambda: b"\0" * (20 << 20)),
        ("feeds.txt", lambda: b"\n" * (5 << 20)),
    ],
)
def test_noise_is_told_from_a_report_soon(name, data):
    noise = source(data(), name)
    begun = time.process_time()

    rows = 0
    try:
        document = read.open_report(noise)
        for layout in document.layouts()[:4]:
            rows = max(rows, len(document.head(layout)))
    except Refusal:
        pass

    assert rows <= read.HEAD_ROWS
    assert time.process_time() - begun < 10
