"""What a person has to do, in one shape for all apps, so that one page can show all of it."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import IntEnum
from zoneinfo import ZoneInfo


class Urgency(IntEnum):
    """Order of a list of tasks: smaller comes first."""

    LATE = 0
    TODAY = 1
    SOON = 2
    LATER = 3
    WAITING = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that waits for a person: `title` says what, `step` the verb on the button, `context` where from."""

    kind: str
    title: str
    url: str
    step: str
    urgency: Urgency
    due_at: datetime | None = None
    context: str = ""
    icon: str = "circle"
    # The obligations that this line stands for, each as "kind:number": together the lines of a person hold each once.
    covers: tuple[str, ...] = ()


def urgency(due_at: datetime | None, now: datetime, today_ends_at: datetime) -> Urgency:
    """Late, due before the person's day ends, within seven days, or later."""
    if due_at is None:
        return Urgency.LATER
    if due_at < now:
        return Urgency.LATE
    if due_at <= today_ends_at:
        return Urgency.TODAY
    return Urgency.SOON if (due_at - now).days < 7 else Urgency.LATER


class Clock:
    """What time it is for a person, whose day ends in their own zone."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.now = now
        self.today_ends_at = datetime.combine(now.astimezone(zone).date(), time.max, zone)

    def urgency(self, due_at: datetime | None) -> Urgency:
        return urgency(due_at, self.now, self.today_ends_at)
