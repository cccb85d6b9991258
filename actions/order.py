"""The orders and groups that the list of actions offers, each one served by an index, and what they sort by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.expressions import RawSQL
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tables2.data import TableQuerysetData

from actions.models import Action, ActionQuerySet
from people.models import Department, User

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


class Walk:
    """The rows of a list that is sorted by owner, acceptor or department: person by person, each one's from an index.

    A join sorts all that fit before the first fifty are known. This goes along the sorted people, takes from each
    what fits by deadline, and stops when the page is full.
    """

    def __init__(self, actions: ActionQuerySet, order: Order) -> None:
        self.actions, self.order = actions, order

    @staticmethod
    def suits(order: Order) -> bool:
        """Whether the first thing that it sorts by is a person or a department, and the deadline the next one."""
        first = order.group or order.sort.removeprefix("-")
        return first in THROUGH and order.sort.removeprefix("-") in (first, USUAL)

    def rows(self, start: int, end: int) -> ActionQuerySet:
        """Of the whole list in its order those from `start` to `end`; one statement."""
        column = self.order.group or self.order.sort.removeprefix("-")
        model, key = (Department, "position") if column == "department" else (User, "name_sort")
        people = model._meta.db_table
        last = "DESC" if self.order.sort.startswith("-") else ""
        turned = "" if self.order.group else last
        by_due = "-" if last else ""
        one = self.actions.filter(**{f"{column}_id": RawSQL('"walk"."id"', ())})
        inner = one.order_by(f"{by_due}due_at", f"{by_due}pk").values("pk", "due_at")[:end]
        sql, given = inner.query.sql_with_params()
        # Names of our own tables and columns; what was typed comes as parameters.
        walk = f"SELECT id, {key} FROM {people} ORDER BY {key} {turned}, id {turned}"  # noqa: S608
        sorting = f"walk.{key} {turned}, walk.id {turned}, picked.due_at {last}, picked.id {last}"
        picked = RawSQL(  # noqa: S611
            f"SELECT picked.id FROM ({walk}) AS walk CROSS JOIN LATERAL ({sql}) AS picked (id, due_at)"  # noqa: S608
            f" ORDER BY {sorting} LIMIT %s OFFSET %s",
            (*given, end - start, start),
        )
        return Action.objects.filter(pk__in=picked).order_by(*self.order.keys())


class OrderedRows(TableQuerysetData):
    """Rows that come in their order already; the table only marks its column. `walk` takes pages in another way."""

    def __init__(self, rows: ActionQuerySet, walk: Walk | None = None) -> None:
        super().__init__(rows)
        self.walk = walk

    def order_by(self, aliases: Sequence[str]) -> None:
        """Nothing to do."""

    def __getitem__(self, key: Any) -> Any:
        if self.walk is not None and isinstance(key, slice):
            return self.walk.rows(key.start or 0, key.stop).with_people()
        return super().__getitem__(key)
