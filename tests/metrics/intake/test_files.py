"""Files as they should not be: each gets a sentence, and nothing is read that is not there."""

import io
import os
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook

from metrics.intake import pipeline
from metrics.intake.source import Source
from tests.metrics.intake.reports import HEADER, SAMPLES, codes, month, row, text, tried, written

pytestmark = pytest.mark.django_db

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
)


def workbook(rows: list[list[object]], title: str = "Sheet1") -> bytes:
    book = Workbook()
    book.active.title = title
    for cells in rows:
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(**parts: str) -> bytes:
    """A ZIP with these parts; `__` in a name is a slash, `_xml` the ending."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return out.getvalue()


def hollow_workbook(sheet: str) -> bytes:
    """A workbook whose one sheet has this XML."""
    return archive(
        **{
            "[Content_Types].xml": CONTENT_TYPES,
            "xl/workbook.xml": "<workbook/>",
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "file_empty"),
        ("noise.csv", os.urandom(200_000), "not_text"),
        ("noise.xlsx", os.urandom(200_000), "not_text"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(2000), "suffix_unknown"),
        ("report", b"date/time,type\n", "suffix_unknown"),
        ("report.csv.exe", b"MZ", "suffix_unknown"),
        ("page.xlsx", b"<!DOCTYPE html><html><body>Sign in</body></html>", "is_html"),
        ("page.csv", b"\xef\xbb\xbf\n <html><table><tr><td>1</td></tr></table></html>", "is_html"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "is_old_excel"),
        ("old.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "is_old_excel"),
        ("zip.xlsx", archive(**{"report.csv": "a,b\n1,2\n"}), "is_zip"),
        ("zip.csv", archive(**{"report.csv": "a,b\n1,2\n"}), "is_zip"),
        ("cut.xlsx", workbook([["a"]])[:500], "workbook_broken"),
        ("text.xlsx", b"date/time,type,total\n1,2,3\n", "not_workbook"),
        ("book.csv", workbook([["a", "b"]]), "is_workbook"),
        ("words.txt", b"Dear all,\nthe figures follow.\n", "unknown_report"),
        ("one.csv", b"a\n", "unknown_report"),
        ("blank.csv", b"\n\n\n", "unknown_report"),
        ("numbers.csv", b"1,2,3\n4,5,6\n", "unknown_report"),
    ],
)
def test_no_report(tmp_path, name, content, code):
    outcome = tried(written(tmp_path, content, name))

    assert (outcome.status, codes(outcome)) == ("rejected", [code])
    assert outcome.problems[0].message != code
    assert outcome.totals == {}


def test_fifty_megabytes_of_noise_are_refused_without_being_read(tmp_path, settings):
    path = tmp_path / "noise.csv"
    with path.open("wb") as out:
        out.truncate(settings.MAX_REPORT_BYTES + 1)

    outcome = tried(path)

    assert codes(outcome) == ["file_too_large"]


def test_noise_that_looks_like_text_ends_soon(tmp_path):
    noise = "".join(chr(33 + byte % 90) for byte in os.urandom(3_000_000))
    path = written(tmp_path, text(month()) + noise)

    outcome = tried(path)

    assert outcome.status == "rejected"
    assert len(outcome.problems) <= 60


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        ('<worksheet><sheetData><row r="1"><c r="XFD1048576"/></row></sheetData></worksheet>', "far cell"),
        ("<worksheet><sheetData><row r='1'><c r='XFD9'/></row></sheetData></worksheet>", "single quotes"),
        (
            (
                '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
                '<x:row r="1048576"/></x:sheetData></x:worksheet>'
            ),
            "prefix",
        ),
        ("<worksheet><sheetData><row>" + "<c/>" * 300 + "</row></sheetData></worksheet>", "no references"),
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>', "document type"),
    ],
)
def test_a_workbook_that_would_grow_is_not_opened(tmp_path, sheet, why):
    outcome = tried(written(tmp_path, hollow_workbook(sheet), "bomb.xlsx"))

    assert codes(outcome) == ["workbook_unsafe"], why


def test_a_workbook_that_unpacks_to_more_than_it_says_is_not_opened(tmp_path):
    outcome = tried(written(tmp_path, hollow_workbook(" " * 101 * 1024 * 1024), "bomb.xlsx"))

    assert codes(outcome) == ["workbook_unsafe"]


def test_a_report_as_workbook_reads_the_same(tmp_path):
    rows = [[one[name] for name in HEADER] for one in month()]
    for cells in rows:
        cells[HEADER.index("product sales")] = 6.29
        cells[HEADER.index("quantity")] = 1

    outcome = tried(written(tmp_path, workbook([["note"], HEADER, *rows], "数据"), "report.xlsx"))

    assert (codes(outcome), outcome.status, outcome.encoding, outcome.header_line) == (
        [],
        "dry_run",
        "xlsx",
        2,
    )
    assert outcome.totals["product_sales"] == Decimal("18.87")
    assert outcome.totals["orders"] == 3


# --- broken lines -----------------------------------------------------------------------------------------
def test_an_open_quotation_mark_is_found_in_its_line(tmp_path):
    lines = text(month(), quoting=1).splitlines(keepends=True)
    lines[2] = lines[2].replace('"Tie rack"', '"Tie rack')

    outcome = tried(written(tmp_path, "".join(lines)))

    assert [(problem.code, problem.line) for problem in outcome.problems] == [("quote_open", 3)]
    assert (outcome.rows_read, outcome.rows_accepted, outcome.rows_rejected) == (3, 2, 1)


def test_an_open_quotation_mark_swallows_no_other_line(tmp_path):
    rows = month()
    rows[0]["description"] = "Hanger, black"
    content = text(rows).replace('"Hanger, black"', '"Hanger, black')

    outcome = tried(written(tmp_path, content))

    assert [problem.line for problem in outcome.problems] == [2]
    assert (outcome.rows_read, outcome.rows_accepted) == (3, 2)


def test_a_line_with_cells_too_few_or_too_many_is_named(tmp_path):
    lines = text(month()).splitlines(keepends=True)
    lines[1] = lines[1].replace(",T-1,", ",T-1,,")
    lines[3] = "a,b,c\r\n"

    outcome = tried(written(tmp_path, "".join(lines)))

    assert [(p.code, p.line, p.params["found"]) for p in outcome.problems] == [
        ("row_width", 2, 31),
        ("row_width", 4, 3),
    ]
    assert (outcome.rows_read, outcome.rows_rejected) == (3, 2)


def test_all_bad_cells_are_told_with_line_column_and_text(tmp_path):
    rows = month()
    rows[0] |= {"product sales": "6,29", "total": "abc"}
    rows[1] |= {"date/time": "soon", "type": ""}
    rows[2] |= {"date/time": "Oct 32, 2025 1:00:00 AM PDT"}

    outcome = tried(written(tmp_path, text(rows)))

    assert [(p.line, p.column, p.text, p.code) for p in outcome.problems if p.level == "error"] == [
        (2, "product sales", "6,29", "not_a_number"),
        (2, "total", "abc", "not_a_number"),
        (3, "date/time", "soon", "not_a_date"),
        (3, "type", "", "cell_empty"),
        (4, "date/time", "Oct 32, 2025 1:00:00 AM PDT", "no_such_day"),
    ]
    assert (outcome.rows_read, outcome.rows_accepted, outcome.rows_rejected) == (3, 0, 3)


def test_blank_lines_are_left_out_and_counted(tmp_path):
    content = text(month()) + "," * 29 + "\r\n\r\n"

    outcome = tried(written(tmp_path, content))

    assert (outcome.rows_read, outcome.rows_accepted, outcome.rows_ignored) == (5, 3, 2)
    assert outcome.status == "dry_run"


def test_a_cell_of_many_megabytes_is_an_error_in_its_line(tmp_path):
    rows = month()
    rows[1]["description"] = "x" * 5_000_000

    outcome = tried(written(tmp_path, text(rows)))

    assert [(problem.code, problem.line) for problem in outcome.problems] == [("cell_too_long", 3)]
    assert len(outcome.problems[0].text) <= 200


def test_a_line_of_fifty_million_commas_is_not_taken_apart(tmp_path):
    outcome = tried(written(tmp_path, text(month()) + "," * 50_000_000))

    assert [(problem.code, problem.line) for problem in outcome.problems] == [("line_too_long", 5)]


def test_a_nul_character_is_an_error_in_its_line(tmp_path):
    outcome = tried(written(tmp_path, text([*month(), row(sku="a\0b")])))

    assert [(problem.code, problem.line) for problem in outcome.problems] == [("control_character", 5)]


def test_ten_thousand_problems_are_listed_and_the_rest_counted(tmp_path):
    outcome = tried(written(tmp_path, text([row(total="x") for _number in range(10_050)])))

    assert outcome.rows_rejected == 10_050
    assert len(outcome.problems) == 10_001
    assert outcome.problems[-1].params == {"count": 50}


def test_a_header_without_rows(tmp_path):
    assert codes(tried(written(tmp_path, text([])))) == ["no_rows"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "x" * 300 + ".csv", "报表\u202e.csv", "a\r\nb.csv", "😀.csv"]
)
def test_odd_names_are_only_text(tmp_path, name):
    path = written(tmp_path, text(month()))

    outcome = pipeline.run(Source(name, path.stat().st_size, lambda: path.open("rb")), commit=False)

    assert (outcome.status, outcome.file) == ("dry_run", name)


def test_a_settlement_file_is_recognised_and_refused_by_name():
    (path,) = (SAMPLES / "amazon_settlement").glob("*.txt")

    outcome = tried(path)

    assert (outcome.status, outcome.kind, codes(outcome)) == (
        "rejected",
        "amazon_settlement",
        ["kind_not_taken"],
    )
    assert "settlement" in outcome.problems[0].message.lower() or "结算" in outcome.problems[0].message
