"""Reads about pre-reads, by noun: figures, texts being written, revisions as they are read, where departments stand.

What other modules use is named here; it lives in `figures`, `revisions`, `board` and `report`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from meetings.models import PreRead, PreReadText
from meetings.queries.board import Board, Standing, board
from meetings.queries.figures import (
    Figure,
    figures,
    metric_codes,
    metric_items,
    tolerances,
    without_source,
)
from meetings.queries.revisions import (
    Reading,
    content,
    latest_reading,
    preview,
    readable_attachment,
    readings,
)

__all__ = [
    "Block",
    "Board",
    "Figure",
    "Reading",
    "Standing",
    "blocks",
    "board",
    "cause_block",
    "content",
    "figures",
    "latest_reading",
    "metric_codes",
    "metric_items",
    "preview",
    "readable_attachment",
    "readings",
    "tolerances",
    "without_source",
]


@dataclass(slots=True)
class Block:
    """One text as its writer sees it: the stored row, what was typed when it could not be saved, and a conflict."""

    kind: str
    key: str
    row: PreReadText | None
    text: str
    version: int
    theirs: PreReadText | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()


def blocks(preread: PreRead, texts: Iterable[PreReadText]) -> list[Block]:
    """The answers of a pre-read in the order of the form, causes left out."""
    rows = [text for text in texts if text.kind != PreReadText.Kind.CAUSE]
    return [Block(row.kind, row.key, row, row.text, row.version) for row in rows]


def cause_block(figure: Figure) -> Block:
    """The text field for the cause of a move; its row comes into being with the first word."""
    return Block(
        PreReadText.Kind.CAUSE, figure.row.metric.code, figure.cause, figure.cause_text, figure.cause_version
    )
