"""The columns of an exported list: their names, and what stands in them. Importing reads the same names back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from actions.exports import marks
from actions.models import Action
from core.workbooks import Cell
from people.models import User


@dataclass(frozen=True, slots=True)
class Column:
    code: str
    label: str | Promise
    value: Callable[[Action, "People"], Cell]
    width: int = 14


class People:
    """How a person is called in a list: by name, and with the address where two people share it."""

    def __init__(self, actions: Sequence[Action]) -> None:
        self.same: dict[str, set[int]] = {}
        for action in actions:
            for person in (action.owner, action.acceptor):
                if person is not None:
                    self.same.setdefault(person.name, set()).add(person.pk)

    def called(self, person: User | None) -> str:
        if person is None:
            return ""
        return f"{person.name} <{person.email}>" if len(self.same[person.name]) > 1 else person.name


def _local(moment: datetime | None, action: Action) -> datetime | None:
    """The wall clock of the action's zone, to the minute."""
    if moment is None:
        return None
    return moment.astimezone(action.zone).replace(tzinfo=None, second=0, microsecond=0)


def criteria_of(action: Action) -> list[str]:
    return [one.text for one in sorted(action.criteria.all(), key=lambda one: one.position)]


COLUMNS: tuple[Column, ...] = (
    Column("number", gettext_lazy("Number"), lambda action, _people: action.reference, 9),
    Column("title", gettext_lazy("Action"), lambda action, _people: action.title, 48),
    Column(
        "status",
        gettext_lazy("Status"),
        lambda action, _people: str(_("draft")) if action.is_draft else str(action.get_status_display()),
        12,
    ),
    Column("owner", gettext_lazy("Owner"), lambda action, people: people.called(action.owner)),
    Column("acceptor", gettext_lazy("Acceptor"), lambda action, people: people.called(action.acceptor)),
    Column("department", gettext_lazy("Department"), lambda action, _people: str(action.department or "")),
    Column("due", gettext_lazy("Deadline"), lambda action, _people: _local(action.due_at, action), 17),
    Column("zone", gettext_lazy("Time zone"), lambda action, _people: action.time_zone, 17),
    Column(
        "criteria",
        gettext_lazy("Acceptance criteria"),
        lambda action, _people: "\n".join(criteria_of(action)),
        48,
    ),
    Column("description", gettext_lazy("Description"), lambda action, _people: action.description, 48),
    Column("slips", gettext_lazy("Times postponed"), lambda action, _people: action.slips, 10),
    Column("meeting", gettext_lazy("Meeting"), lambda action, _people: str(action.meeting or ""), 30),
    Column("done", gettext_lazy("Handed in"), lambda action, _people: _local(action.done_at, action), 17),
    Column(
        "accepted",
        pgettext_lazy("action", "Accepted"),
        lambda action, _people: _local(action.accepted_at, action),
        17,
    ),
    Column(
        "link",
        gettext_lazy("Link"),
        lambda action, _people: f"{settings.SITE_URL}{action.get_absolute_url()}",
        36,
    ),
    # Last, and hidden in workbooks: what the line held when it was written, so that only edits are read back.
    Column(
        "mark",
        gettext_lazy("Check (leave as it is)"),
        lambda action, _people: marks.write(marks.of(action, criteria_of(action))),
        12,
    ),
)
BY_CODE: Mapping[str, Column] = {column.code: column for column in COLUMNS}


def cells(action: Action, people: People) -> list[Cell]:
    return [column.value(action, people) for column in COLUMNS]
