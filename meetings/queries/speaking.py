"""Speaking time: how long each department had the floor, and its share of all that was measured."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.models import Meeting, SpeakingTurn
from meetings.queries import confidential
from people.models import Department, User


@dataclass(frozen=True, slots=True)
class Share:
    """`department` None: the host, executives, people without one. `fraction` is of all measured time, 0 to 1."""

    department: Department | None
    length: timedelta
    fraction: float
    # Since when it speaks now.
    since: datetime | None

    @property
    def percent(self) -> int:
        return round(self.fraction * 100)

    @property
    def seconds(self) -> int:
        return round(self.length.total_seconds())

    @property
    def code(self) -> str:
        return self.department.code if self.department else ""


@dataclass(frozen=True, slots=True)
class Speaking:
    shares: list[Share]
    total: timedelta

    @property
    def current(self) -> Share | None:
        return next((share for share in self.shares if share.since), None)

    @property
    def spoken(self) -> list[Share]:
        """Those who have had the floor, the longest first."""
        return sorted((one for one in self.shares if one.seconds or one.since), key=lambda one: -one.length)


def speaking(meeting: Meeting, now: datetime, user: User | None) -> Speaking:
    """Every invited department in its order, others that spoke after them; three queries.

    What was measured in an item that is kept from this person is left out, for nobody in particular (the wall) that
    of every confidential item: who spoke there is nobody else's business.
    """
    hidden = confidential.hidden_ids(meeting=meeting.pk, user=user)
    turns = SpeakingTurn.objects.filter(meeting=meeting).select_related("department").order_by("pk")
    lengths: dict[int | None, timedelta] = defaultdict(timedelta)
    since: dict[int | None, datetime] = {}
    departments: dict[int | None, Department | None] = {
        row.department_id: row.department
        for row in meeting.departments.select_related("department").order_by("department__position", "pk")
    }
    for turn in turns:
        if turn.item_id in hidden:
            continue
        departments.setdefault(turn.department_id, turn.department)
        lengths[turn.department_id] += (turn.ended_at or max(now, turn.began_at)) - turn.began_at
        if turn.ended_at is None:
            since[turn.department_id] = turn.began_at
    total = sum(lengths.values(), timedelta())
    # Whoever belongs to no department comes last, and can always be chosen.
    departments[None] = departments.pop(None, None)
    shares = [
        Share(department, lengths[key], lengths[key] / total if total else 0.0, since.get(key))
        for key, department in departments.items()
    ]
    return Speaking(shares, total)
