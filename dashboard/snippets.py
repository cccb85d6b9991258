"""The few words around what was looked for."""

from collections.abc import Iterable
from dataclasses import dataclass

from core import grams

AROUND = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a snippet; what was found is marked."""

    text: str
    is_match: bool = False


def holds(text: str, wanted: Iterable[str]) -> bool:
    """Whether all words stand in the text; the index knows only that their pairs of characters do."""
    said = grams.plain(text)
    return all(word in said for word in wanted)


def snippet(text: str, wanted: Iterable[str]) -> list[Piece]:
    """The surroundings of the first word that is found, with every word marked in them; the beginning without one."""
    said, places = _plain_with_places(text)
    spans = sorted(_spans(said, places, wanted))
    start = max((spans[0][0] if spans else 0) - AROUND, 0)
    end = min(start + 3 * AROUND, len(text))
    pieces = [Piece("…")] if start else []
    at = start
    for left, right in spans:
        if left < at or right > end:
            continue
        pieces += [Piece(text[at:left]), Piece(text[left:right], is_match=True)]
        at = right
    pieces.append(Piece(text[at:end]))
    if end < len(text):
        pieces.append(Piece("…"))
    return [piece for piece in pieces if piece.text]


def _plain_with_places(text: str) -> tuple[str, list[int]]:
    """The text as queries see it, and for each of its characters the place in the text that it came from."""
    said: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for each in grams.plain(character):
            said.append(each)
            places.append(place)
    return "".join(said), places


def _spans(said: str, places: list[int], wanted: Iterable[str]) -> Iterable[tuple[int, int]]:
    for word in wanted:
        at = said.find(word)
        while at >= 0:
            yield places[at], places[at + len(word) - 1] + 1
            at = said.find(word, at + len(word))
