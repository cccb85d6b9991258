"""The top line of the list of actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.models import Action, ActionQuerySet
from core.counting import MOST, capped
from people.models import User

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Among all actions one sees: what is late, due soon, for oneself to accept; and how many the filter shows.

    Each goes up to MOST and one more, which stands for "more than that".
    """

    late: int
    due_this_week: int
    to_accept: int
    shown: int

    @property
    def tone(self) -> str:
        return "red" if self.late else "yellow" if self.due_this_week or self.to_accept else "green"

    @property
    def most(self) -> int:
        return MOST


def standing(user: User, now: datetime, shown: ActionQuerySet) -> Standing:
    """One statement; `shown` is what the filter leaves."""
    seen = Action.objects.visible_to(user)
    numbers = capped([seen.overdue(now), seen.due_within(now, WEEK), seen.to_accept(user), shown])
    return Standing(late=numbers[0], due_this_week=numbers[1], to_accept=numbers[2], shown=numbers[3])
