"""The list by status: a column for each, the actions in it as cards that can be moved on."""

from dataclasses import dataclass
from typing import Any

from actions.models import Action, ActionQuerySet
from actions.order import Order
from actions.showing import Showing
from core.counting import MOST, capped

Status = Action.Status
LIFE = (Status.TODO, Status.DOING, Status.BLOCKED, Status.SUBMITTED, Status.RETURNED)
COLUMNS = {
    "open": LIFE,
    "owed": tuple(status for status in LIFE if status in Action.OWED),
    "finished": Action.FINISHED,
    "all": (*LIFE, *Action.FINISHED),
    "draft": ("draft",),
}
# Nobody reads further down a column; the table has them all.
MOST_CARDS = 50


@dataclass(frozen=True, slots=True)
class Column:
    """`count` goes up to MOST and one more."""

    status: str
    actions: list[Action]
    count: int

    @property
    def is_capped(self) -> bool:
        return self.count > MOST

    @property
    def left_out(self) -> int:
        return max(min(self.count, MOST) - len(self.actions), 0)


def board(showing: Showing) -> dict[str, Any]:
    """Three statements, however many columns: what stands in each, how many there are, the rows."""
    wanted = showing.filter.data["status"]
    statuses = COLUMNS.get(wanted, (wanted,))
    order = Order(showing.order.sort)
    parts = [_in(showing.actions, status) for status in statuses]
    counts = capped(parts)
    tops = [
        order.apply(part, is_published=showing.filter.is_published).values_list("pk", flat=True)[:MOST_CARDS]
        for part in parts
    ]
    keys = list(tops[0].union(*tops[1:], all=True))
    # Asked through the door again, as everything is; in the same order, so that columns keep theirs.
    rows = Action.objects.visible_to(showing.user).filter(pk__in=keys)
    cards: dict[str, list[Action]] = {status: [] for status in statuses}
    for action in order.apply(rows, is_published=showing.filter.is_published).with_people():
        cards["draft" if action.is_draft else action.status].append(action)
    return {
        "board_columns": [
            Column(status, cards[status], count) for status, count in zip(statuses, counts, strict=True)
        ]
    }


def _in(actions: ActionQuerySet, status: str) -> ActionQuerySet:
    return actions if status == "draft" else actions.filter(status=status)
