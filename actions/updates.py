"""Reads of updates: what a person was asked, what was said in a meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from actions.forms.update import UpdateForm
from actions.models import Action, Progress, UpdateRequest
from meetings.models import Meeting
from people.models import User

# A page of updates shows no more than this of what nobody asked for.
MOST = 30
ALIVE = (Meeting.Status.SCHEDULED, Meeting.Status.IN_PROGRESS)


@dataclass(slots=True)
class Row:
    """One action and what was sent about it. `said`: the last answer; `wanted_at`: when the meeting begins."""

    action: Action
    said: Progress | None = None
    wanted_at: datetime | None = None
    bound: UpdateForm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    asked: list[Row]
    answered: list[Row]
    others: list[Row]

    @property
    def total(self) -> int:
        return len(self.asked) + len(self.answered)


def page_of(user: User, now: datetime, bound: dict[int, UpdateForm] | None = None) -> Page:
    """What this person was asked before meetings that are still to be held, and their other actions; four queries."""
    requests = (
        UpdateRequest.objects.filter(person=user, meeting__status__in=ALIVE)
        .select_related("meeting", "answer", "action__department", "action__meeting")
        .order_by("meeting__starts_at", "action__due_at", "pk")
    )
    asked: dict[int, Row] = {}
    answered: dict[int, Row] = {}
    for one in requests:
        row = Row(one.action, said=one.answer, wanted_at=one.meeting.starts_at)
        is_open = one.answered_at is None and one.action.is_owed and one.action.owner_id == user.pk
        if is_open:
            asked.setdefault(one.action_id, row)
        elif one.answered_at is not None:
            answered.setdefault(one.action_id, row)
    known = {*asked, *answered}
    others = Action.objects.owed().mine(user).with_people().by_deadline().exclude(pk__in=known)[:MOST]
    rest = [Row(action) for action in others]
    for row in [*asked.values(), *answered.values(), *rest]:
        row.bound = (bound or {}).get(row.action.pk)
    only_answered = [row for pk, row in answered.items() if pk not in asked]
    return Page(asked=list(asked.values()), answered=only_answered, others=rest)


def said_in(meeting: Meeting, actions: Iterable[Action]) -> dict[int, Progress]:
    """The last answer about each of these actions in this meeting."""
    lines: QuerySet[Progress] = (
        Progress.objects.filter(meeting=meeting, action__in=[action.pk for action in actions])
        .exclude(answer="")
        .select_related("by")
        .order_by("at", "pk")
    )
    return {line.action_id: line for line in lines}
