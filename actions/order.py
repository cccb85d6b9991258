"""The orders and groups that the list of actions offers, each one served by an index, and what they sort by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tables2.data import TableQuerysetData

from actions.models import Action, ActionQuerySet

# Column → what it sorts by. The key closes each, so that pages neither repeat nor leave out a row.
ORDERS: dict[str, tuple[str, ...]] = {
    "number": ("pk",),
    "title": ("title", "pk"),
    "owner": ("owner__name_sort", "owner_id", "due_at", "pk"),
    "department": ("department__position", "department_id", "due_at", "pk"),
    "due_at": ("due_at", "pk"),
    "status": ("status", "due_at", "pk"),
    "acceptor": ("acceptor__name_sort", "acceptor_id", "due_at", "pk"),
    "slips": ("slips", "pk"),
    "meeting": ("meeting_id", "due_at", "pk"),
    "published_at": ("published_at", "pk"),
    "done_at": ("done_at", "pk"),
}
USUAL = "due_at"
# Orders through a table beside; what is published has an owner, an acceptor and a department.
THROUGH = {
    "owner": "owner__name_sort",
    "acceptor": "acceptor__name_sort",
    "department": "department__position",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A way to gather the rows: what sorts them together, which value parts them, and what its heading says."""

    label: str | Promise
    keys: tuple[str, ...]
    value: Callable[[Action], Any]
    words: Callable[[Action], str]


GROUPS: dict[str, Group] = {
    "owner": Group(
        label=_("Owner"),
        keys=("owner__name_sort", "owner_id"),
        value=lambda action: action.owner_id,
        words=lambda action: action.owner.name if action.owner else str(_("no owner")),
    ),
    "department": Group(
        label=_("Department"),
        keys=("department__position", "department_id"),
        value=lambda action: action.department_id,
        words=lambda action: action.department.name if action.department else str(_("no department")),
    ),
    "status": Group(
        label=pgettext_lazy("of an action", "Status"),
        keys=("status",),
        value=lambda action: action.status,
        words=lambda action: str(_("draft") if action.is_draft else Action.Status(action.status).label),
    ),
    "meeting": Group(
        label=_("Meeting"),
        keys=("-meeting_id",),
        value=lambda action: action.meeting_id,
        words=lambda action: action.meeting.title if action.meeting else str(_("without a meeting")),
    ),
}


@dataclass(frozen=True, slots=True)
class Order:
    """`sort` is a column, "-" before it for the other way round; `group` one of GROUPS or "". Nonsense is the usual."""

    sort: str = USUAL
    group: str = ""

    @classmethod
    def read(cls, sort: str, group: str) -> "Order":
        return cls(sort if sort.removeprefix("-") in ORDERS else USUAL, group if group in GROUPS else "")

    def apply(self, actions: ActionQuerySet, *, is_published: bool = True) -> ActionQuerySet:
        """The rows in this order. Published ones are joined to their people without room for none, so that the
        database may begin with the sorted people."""
        for column, path in THROUGH.items():
            if is_published and column in (self.sort.removeprefix("-"), self.group):
                actions = actions.filter(**{f"{path}__isnull": False})
        return actions.order_by(*self.keys())

    def keys(self) -> list[str]:
        turned = self.sort.startswith("-")
        own = [f"-{key}" if turned else key for key in ORDERS[self.sort.removeprefix("-")]]
        before = GROUPS[self.group].keys if self.group else ()
        taken = {key.removeprefix("-") for key in before}
        return [*before, *(key for key in own if key.removeprefix("-") not in taken)]


class OrderedRows(TableQuerysetData):
    """Rows that come in their order already; the table only marks its column."""

    def order_by(self, aliases: Sequence[str]) -> None:
        """Nothing to do."""
