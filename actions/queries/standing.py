"""The top line of the list of actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.models import ActionQuerySet
from core.counting import MOST, capped_with_keys
from people.models import User

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Among all actions one sees: what is late, due soon, for oneself to accept.

    Each goes up to MOST and one more, which stands for "more than that".
    """

    late: int
    due_this_week: int
    to_accept: int

    @property
    def tone(self) -> str:
        return "red" if self.late else "yellow" if self.due_this_week or self.to_accept else "green"

    @property
    def most(self) -> int:
        return MOST


def standing(
    user: User, now: datetime, seen: ActionQuerySet, shown: ActionQuerySet
) -> tuple[Standing, list[int]]:
    """How it stands, and the keys of what the filter shows, up to MOST and one more; one statement.

    `seen` is what this person may read, `shown` what the filter leaves of it, each in an order.
    """
    counted = [seen.overdue(now), seen.due_within(now, WEEK), seen.to_accept(user)]
    (late, due_this_week, to_accept), keys = capped_with_keys(counted, shown)
    return Standing(late=late, due_this_week=due_this_week, to_accept=to_accept), keys
