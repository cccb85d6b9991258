"""The lines of a file for its page: in groups, worst first, in the words of whoever reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.exports.columns import BY_CODE
from actions.imports.lines import CHANGED, NEW, REFUSED, SAME
from actions.imports.records import Remark
from actions.models import Action
from core.templatetags.times import moment_words
from people.models import User

# What a line becomes → its name, its tone and its icon; in the order of the page.
GROUPS: dict[str, tuple[str | Promise, str, str]] = {
    REFUSED: (pgettext_lazy("lines", "Refused"), "red", "ban"),
    CHANGED: (pgettext_lazy("lines", "Changed"), "blue", "edit"),
    NEW: (pgettext_lazy("lines", "New"), "green", "plus"),
    SAME: (_("As it is here"), "secondary", "check"),
}
# What a line says of an action that is not for its reader any more.
CLOSED: dict[str, Any] = {
    "title": "",
    "edits": [],
    "problems": [{"code": "not_yours", "params": {}}],
    "notes": [],
}


@dataclass(frozen=True, slots=True)
class Shown:
    line: int
    title: str
    # None where there is none yet, or none that may be read any more.
    action: Action | None
    edits: list[dict[str, Any]]
    problems: list[str]
    notes: list[str]
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    label: str | Promise
    tone: str
    icon: str
    lines: list[Shown]

    @property
    def is_open(self) -> bool:
        """What stays as it is need not be read, unless something is to be said about it."""
        return self.code != SAME or any(line.notes for line in self.lines)


def shown_lines(rows: Sequence[dict[str, Any]], reader: User) -> list[Group]:
    """One query for the actions of all lines; empty groups are left out. What is the same stands below what is said."""
    ids = {row["action"] for row in rows if row["action"]}
    actions = Action.objects.visible_to(reader).in_bulk(ids) if ids else {}
    groups: dict[str, list[Shown]] = {code: [] for code in GROUPS}
    for row in rows:
        action, values = actions.get(row["action"]), row["record"]["values"]
        # What was open to its reader when the file was looked at, or exported, may be closed by now.
        told = row if action or not row["action"] else CLOSED
        groups[row["change"]].append(
            Shown(
                line=row["line"],
                title=told["title"],
                action=action,
                edits=[edit | {"label": BY_CODE[edit["field"]].label} for edit in told["edits"]],
                problems=[_said(one) for one in told["problems"]],
                notes=[_said(one) for one in told["notes"]],
                values=values | {"due": _due(values.get("due", ""))},
            )
        )
    groups[SAME].sort(key=lambda line: not line.notes)
    return [Group(code, *GROUPS[code], lines) for code, lines in groups.items() if lines]


def _due(said: str) -> str:
    """An instant, as Trello writes it, in the reader's zone; anything else as it stands in the file."""
    return moment_words(datetime.fromisoformat(said)) if said.endswith("Z") else said


def _said(remark: dict[str, Any]) -> str:
    params = dict(remark["params"])
    if (code := params.get("field", "")) in BY_CODE:
        params["field"] = str(BY_CODE[code].label)
    return str(Remark(remark["code"], params))
