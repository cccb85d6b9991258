"""What waits for a person, gathered from the apps that know."""

from dataclasses import dataclass
from datetime import UTC, datetime

from actions import queries as action_queries
from core.periods import Period
from core.work import Task, Urgency
from meetings import queries as meeting_queries
from metrics import queries as metric_queries
from people.models import User

# Where a task without a deadline stands in the order.
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A person's tasks in three groups, each sorted by urgency and deadline."""

    now: list[Task]
    coming: list[Task]
    waiting: list[Task]

    @property
    def late(self) -> int:
        return sum(task.urgency == Urgency.LATE for task in self.now)

    @property
    def today(self) -> int:
        return sum(task.urgency == Urgency.TODAY for task in self.now)

    @property
    def late_elsewhere(self) -> int:
        """What others owe this person and have not done in time."""
        return sum(task.urgency == Urgency.LATE for task in self.waiting)


def work_of(*, user: User, now: datetime) -> Work:
    """What waits for `user`: late or due today in `now`, the rest in `coming`, what others owe in `waiting`."""
    own, others = action_queries.work_for(user, now)
    tasks = sorted([*meeting_queries.tasks_for(user, now), *own], key=_order)
    return Work(
        now=[task for task in tasks if task.urgency <= Urgency.TODAY],
        coming=[task for task in tasks if task.urgency > Urgency.TODAY],
        waiting=sorted(others, key=_order),
    )


def _order(task: Task) -> tuple[Urgency, datetime, str]:
    return (task.urgency, task.due_at or NEVER, task.title)


def last_figures() -> Period | None:
    """The last month that has figures from every shop, for the line that says how fresh the data is."""
    return metric_queries.last_complete_period("month")
