"""The list by status: a column for each, the actions in it as cards that can be moved on."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Value

from actions.models import Action, ActionQuerySet
from actions.order import Order
from actions.showing import Showing

Status = Action.Status
LIFE = (Status.TODO, Status.DOING, Status.BLOCKED, Status.SUBMITTED, Status.RETURNED)
COLUMNS = {
    "open": LIFE,
    "owed": tuple(status for status in LIFE if status in Action.OWED),
    "finished": Action.FINISHED,
    "all": (*LIFE, *Action.FINISHED),
    "draft": ("draft",),
}
# Nobody reads further down a column; the table has them all. Nor does anybody count further.
MOST_CARDS, MOST_COUNTED = 50, 200


@dataclass(frozen=True, slots=True)
class Column:
    """`count` goes up to MOST_COUNTED and one more."""

    status: str
    actions: list[Action]
    count: int

    most: ClassVar[int] = MOST_COUNTED

    @property
    def is_capped(self) -> bool:
        return self.count > self.most

    @property
    def left_out(self) -> int:
        return max(min(self.count, self.most) - len(self.actions), 0)


def board(showing: Showing) -> dict[str, Any]:
    """Two statements, however many columns: which actions stand in each in their order, and the rows of the first."""
    wanted = showing.filter.data["status"]
    statuses = COLUMNS.get(wanted, (wanted,))
    order = Order(showing.order.sort)
    is_published = showing.filter.is_published
    parts = [
        order.apply(_in(showing.actions, status), is_published=is_published).values_list("pk", Value(place))
        for place, status in enumerate(statuses)
    ]
    keys: list[list[int]] = [[] for _status in statuses]
    first, *others = (part[: MOST_COUNTED + 1] for part in parts)
    for key, place in first.union(*others, all=True):
        keys[place].append(key)
    drawn = [key for column in keys for key in column[:MOST_CARDS]]
    # Asked through the door again, as everything is; in the same order, so that columns keep theirs.
    rows = order.apply(showing.filter.seen.filter(pk__in=drawn), is_published=is_published).with_people()
    cards: dict[str, list[Action]] = {status: [] for status in statuses}
    for action in rows:
        cards["draft" if action.is_draft else action.status].append(action)
    return {
        "board_columns": [
            Column(status, cards[status], len(column)) for status, column in zip(statuses, keys, strict=True)
        ]
    }


def _in(actions: ActionQuerySet, status: str) -> ActionQuerySet:
    return actions if status == "draft" else actions.filter(status=status)
