"""What an exported line held, as a short mark for each field that may be edited.

A line that comes back tells by its marks which cells somebody edited, whatever has happened to the action meanwhile:
a cell that still fits its mark was not touched, and says nothing about what the action is now.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2s

from actions.models import Action

FIELDS = ("title", "owner", "acceptor", "department", "due", "zone", "criteria", "description")
LENGTH = 4
SHAPE = re.compile(rf"f1:([0-9a-f]{{{LENGTH * 2 * len(FIELDS)}}})")

# Field → its content in one plain form; a person or a department by its number.
Content = Mapping[str, str]


def of(action: Action, criteria: Sequence[str]) -> dict[str, str]:
    return {
        "title": plain(action.title),
        "owner": str(action.owner_id or ""),
        "acceptor": str(action.acceptor_id or ""),
        "department": str(action.department_id or ""),
        "due": instant(action.due_at),
        "zone": action.time_zone,
        "criteria": plain("\n".join(criteria)),
        "description": plain(action.description),
    }


def plain(text: str) -> str:
    """Lines without the spaces at their ends, which spreadsheets lose, and without empty ones at the end."""
    return "\n".join(line.strip() for line in text.replace("\r\n", "\n").strip().split("\n"))


def instant(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") if moment else ""


def write(content: Content) -> str:
    return "f1:" + "".join(_short(content[field]) for field in FIELDS)


def read(text: str) -> dict[str, str] | None:
    """Field → mark; None when there is none, or somebody has written into it."""
    found = SHAPE.fullmatch(text.strip())
    if not found:
        return None
    size = LENGTH * 2
    return {field: found[1][place * size :][:size] for place, field in enumerate(FIELDS)}


def fits(mark: str, content: str) -> bool:
    return mark == _short(content)


def _short(text: str) -> str:
    return blake2s(text.encode(), digest_size=LENGTH).hexdigest()
