"""Who is writing a note just now: a hint for the others, kept in the cache for half a minute and never in a table.

Without the cache there is no hint, and nothing else is missing.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from people.models import User

LASTS = timedelta(seconds=30)
NEW = 0


@dataclass(frozen=True, slots=True)
class Writer:
    """`item` and `note` are ids; the note is NEW while it has not been kept yet, the item 0 for none."""

    user: int
    name: str
    item: int
    note: int
    at: float


def _key(meeting: int) -> str:
    return f"writing:{meeting}"


def writers(*, meeting: int, item: int, now: datetime, besides: User) -> list[Writer]:
    """Whoever else wrote in this item within the last half minute, the latest first."""
    found = [one for one in _read(meeting, now) if one.item == item and one.user != besides.pk]
    return sorted(found, key=lambda one: -one.at)


def note_writer(*, meeting: int, item: int, note: int, by: User, now: datetime) -> None:
    """Remember that this person writes there; the one place where they wrote before is forgotten."""
    mine = Writer(by.pk, by.name, item, note, now.timestamp())
    _write(meeting, [*(one for one in _read(meeting, now) if one.user != by.pk), mine])


def _read(meeting: int, now: datetime) -> list[Writer]:
    since = (now - LASTS).timestamp()
    return [Writer(**one) for one in cache.get(_key(meeting)) or [] if one["at"] > since]


def _write(meeting: int, found: list[Writer]) -> None:
    cache.set(_key(meeting), [asdict(one) for one in found], timeout=LASTS.seconds)
