"""Blocks of minutes as text: for mails, and as Markdown."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.templatetags.times import moment_words
from meetings.packs.blocks import Block, Facts, Heading, Points, Table, Text
from meetings.packs.minutes_words import Words
from meetings.queries.minutes_paper import Paper

# Signs that would be markup where they stand in somebody's words.
MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")
# At the start of a line these make a list, a quotation or a rule.
LINE_START = re.compile(r"^(\s*)([-+=>]|\d+[.)])", re.MULTILINE)


# --- mails --------------------------------------------------------------------------------------------------
def plain(blocks: Iterable[Block]) -> str:
    """For the text of a mail: paragraphs with empty lines between them, no markup."""
    parts: list[str] = []
    for block in blocks:
        match block:
            case Heading():
                parts.append(f"{block.text} · {block.note}" if block.note else block.text)
            case Text():
                parts.append(block.text.strip())
            case Points():
                parts.append("\n".join(f"· {point}" for point in block.points))
            case Facts():
                parts.append("\n".join(f"{name} · {value}" for name, value in block.rows))
            case Table():
                parts.append("\n".join(" · ".join(_one_line(cell) for cell in row) for row in block.rows))
    return "\n\n".join(parts)


def _one_line(text: str) -> str:
    return " ".join(text.split())


# --- Markdown -----------------------------------------------------------------------------------------------
def markdown(paper: Paper) -> str:
    """A document in CommonMark with tables; what people wrote stays words, whatever signs are in it."""
    words = Words(paper.content)
    parts = [f"# {escaped(words.title)}", f"*{escaped(words.subtitle)}*", escaped(standing(paper))]
    parts += [markdown_of(block) for block in words.blocks()]
    return "\n\n".join(parts) + "\n"


def standing(paper: Paper) -> str:
    """One line that says how far these minutes have come, and the digest to compare."""
    if paper.edition is None:
        return _("Draft: these minutes are not circulated yet and may still change.")
    return _("Edition %(number)d of %(time)s, %(state)s. SHA-256: %(digest)s") % {
        "number": paper.edition.number,
        "time": moment_words(paper.edition.made_at, paper.meeting.zone),
        "state": paper.state.label,
        "digest": paper.edition.digest,
    }


def markdown_of(block: Block) -> str:
    match block:
        case Heading():
            note = f" ({escaped(block.note)})" if block.note else ""
            return f"{'#' * block.level} {escaped(_one_line(block.text))}{note}"
        case Text():
            return _lines(block.text)
        case Points():
            return "\n".join("- " + _lines(point).replace("\n", "\n  ") for point in block.points)
        case Facts():
            return "\n".join(
                f"- **{escaped(name)}** {_lines(value)}".replace("\n", "\n  ") for name, value in block.rows
            )
        case Table():
            rows = [block.head, ["---"] * len(block.head), *block.rows]
            return "\n".join(
                "| "
                + " | ".join(cell if cell == "---" and place == 1 else _cell(cell) for cell in row)
                + " |"
                for place, row in enumerate(rows)
            )


def escaped(text: str) -> str:
    return LINE_START.sub(
        lambda found: (
            f"{found[1]}\\{found[2]}"
            if not found[2][0].isdigit()
            else f"{found[1]}{found[2][:-1]}\\{found[2][-1]}"
        ),
        MARKUP.sub(r"\\\1", text),
    )


def _lines(text: str) -> str:
    """Line breaks stay line breaks: two blanks before each."""
    return "  \n".join(escaped(line.strip()) for line in text.strip().splitlines())


def _cell(text: str) -> str:
    return "<br>".join(escaped(line) for line in text.strip().splitlines())
