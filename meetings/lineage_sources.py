"""What became of notes and issues elsewhere: apps to the right of meetings say so here, from `ready()`."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from people.models import User


@dataclass(frozen=True, slots=True)
class Became:
    """One thing that was made of a note or an issue: its kind ("issue", "decision", "action", "parked", "carried"),
    how people cite it, where it stands."""

    kind: str
    words: str
    url: str


# Ids of notes, ids of issues and the reader → what became of them, by ("note" | "issue", id).
Key = tuple[str, int]
Source = Callable[[Collection[int], Collection[int], User], dict[Key, list[Became]]]
_SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Ask this function, too; it reads what it needs in one query and leaves out what the reader may not see."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def of(*, notes: Collection[int], issues: Collection[int], reader: User) -> dict[Key, list[Became]]:
    """What the registered sources say."""
    found: dict[Key, list[Became]] = {}
    for source in _SOURCES:
        for key, rows in source(notes, issues, reader).items():
            found.setdefault(key, []).extend(rows)
    return found
