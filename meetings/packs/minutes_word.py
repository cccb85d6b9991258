"""Minutes as a Word document: real headings and tables, so that they can be worked with."""

import io
import re
from typing import Any

from django.utils.translation import get_language

from meetings.packs.blocks import Block, Facts, Heading, Points, Table, Text
from meetings.packs.minutes_text import standing
from meetings.packs.minutes_words import Words
from meetings.queries.minutes_paper import Paper

# What XML cannot hold; it may come along with pasted text.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CHINESE, LATIN = "Microsoft YaHei", "Calibri"


def document(paper: Paper) -> bytes:
    """A .docx with page numbers in its foot."""
    import docx  # leaf: only needed for this

    words = Words(paper.content)
    made = docx.Document()
    made.core_properties.title = clean(words.title)
    made.core_properties.author = clean(paper.meeting.host.name)
    made.core_properties.comments = ""
    made.core_properties.language = "zh-CN" if (get_language() or "").startswith("zh") else "en"
    _fonts(made)
    made.add_heading(clean(words.title), 0)
    made.add_paragraph(clean(words.subtitle), style="Subtitle")
    made.add_paragraph(clean(standing(paper)))
    for block in words.blocks():
        _put(made, block)
    _page_numbers(made.sections[0].footer.paragraphs[0])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def clean(text: str) -> str:
    return FORBIDDEN.sub("", text)


def _put(made: Any, block: Block) -> None:
    match block:
        case Heading():
            made.add_heading(
                clean(f"{block.text}  {block.note}" if block.note else block.text), block.level - 1
            )
        case Text():
            for paragraph in block.text.strip().split("\n\n"):
                made.add_paragraph(clean(paragraph.strip()))
        case Points():
            for point in block.points:
                made.add_paragraph(clean(point), style="List Bullet")
        case Facts():
            _table(made, [[name, value] for name, value in block.rows])
        case Table():
            _table(made, [block.head, *block.rows], has_head=True)


def _table(made: Any, rows: list[list[str]], *, has_head: bool = False) -> None:
    table = made.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = clean(text)
    if has_head:
        for cell in table.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
        _repeat(table.rows[0])
    made.add_paragraph()


def _repeat(row: Any) -> None:
    """The head stands on each page that the table reaches."""
    from docx.oxml import OxmlElement  # leaf

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - python-docx has no word for it


def _fonts(made: Any) -> None:
    """One face for Latin, one for Chinese signs, in every style that is used."""
    from docx.oxml.ns import qn  # leaf

    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "List Bullet"):
        style = made.styles[name]
        style.font.name = LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        fonts.set(qn("w:eastAsia"), CHINESE)


def _page_numbers(paragraph: Any) -> None:
    """ "1 / 3": Word and LibreOffice reckon both numbers."""
    from docx.oxml import OxmlElement  # leaf
    from docx.oxml.ns import qn  # leaf

    paragraph.alignment = 1
    for place, code in enumerate(("PAGE", "NUMPAGES")):
        if place:
            paragraph.add_run(" / ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        paragraph._p.append(field)  # noqa: SLF001 - python-docx has no word for fields
