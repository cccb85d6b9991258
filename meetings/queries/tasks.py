"""What meetings ask of a person now, for the page "my work"."""

from datetime import datetime

from core.work import Task
from people.models import User


def tasks_for(user: User, now: datetime) -> list[Task]:
    """Everything that waits for this person in meetings, unsorted."""
    return []
