"""The few kinds of block that a document is made of, whatever sets it: paper, Word, Markdown, mail."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 2 or 3; the document's title is not among the blocks."""

    text: str
    level: int = 2
    note: str = ""

    kind = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs as somebody wrote them, with their line breaks."""

    text: str
    is_quiet: bool = False

    kind = "text"


@dataclass(frozen=True, slots=True)
class Points:
    points: list[str]

    kind = "points"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values."""

    rows: list[tuple[str, str]]

    kind = "facts"


@dataclass(frozen=True, slots=True)
class Table:
    head: list[str]
    rows: list[list[str]]

    kind = "table"


Block = Heading | Text | Points | Facts | Table
