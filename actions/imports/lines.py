"""A line of a file held against what is here: what it says, what would become of it, and why."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from actions.deadlines import Deadline
from actions.imports.records import Record, Remark
from actions.models import Action
from people.models import Department, User

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
LONGEST_TITLE = 300


@dataclass(slots=True)
class Edit:
    """A field that would change, with both contents as people read them."""

    field: str
    old: str
    new: str


@dataclass(slots=True)
class Terms:
    """What a line says, understood. `given` are the fields that the file has and that are not left to us."""

    title: str = ""
    description: str = ""
    criteria: list[str] = field(default_factory=list)
    owner: User | None = None
    acceptor: User | None = None
    department: Department | None = None
    deadline: Deadline | None = None
    given: frozenset[str] = frozenset()


@dataclass(slots=True)
class Line:
    """What would become of one line."""

    record: Record
    change: str = SAME
    action: Action | None = None
    terms: Terms = field(default_factory=Terms)
    edits: list[Edit] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    # The fields that somebody edited.
    edited: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        return {
            "line": self.record.line,
            "change": self.change,
            "action": self.action.pk if self.action else None,
            "title": self.terms.title or self.record.values.get("title", "")[:LONGEST_TITLE],
            "record": self.record.as_json(),
            "edits": [asdict(edit) for edit in self.edits],
            "problems": [asdict(one) for one in self.problems],
            "notes": [asdict(one) for one in self.notes],
        }


def counts(lines: Sequence[Line]) -> dict[str, int]:
    return {change: sum(line.change == change for line in lines) for change in (NEW, CHANGED, SAME, REFUSED)}
