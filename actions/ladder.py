"""The ladder of reminders: which rungs the company has, who stands on them for an action, and when each speaks.

A rung is so long before or after the deadline and names a part in the action: the owner, the acceptor, the head of
the department, the host of the meeting, the executives. Where nobody fills that part (no head, no meeting, the head
owns it; or they may not read a confidential item) the next part above speaks instead.

Each notice is about its rung's own instant. The notices of one person fold into each other: what was not sent before
the next rung of the same person has come is of no use any more, so that after an outage everybody gets one word.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _

from actions.models import Action, EscalationStep
from core.templatetags.times import duration_words
from notices.planning import Wanted
from people import queries as people_queries
from people.models import Membership, User

Whom = EscalationStep.Whom
UPWARD = (Whom.OWNER, Whom.ACCEPTOR, Whom.SUPERVISOR, Whom.HOST, Whom.EXECUTIVE)
# After two weeks a missed deadline is no news; it stands in the lists anyway.
NEWS_FOR = timedelta(days=14)

AHEAD, LATE, LATE_OF_OTHERS = "actions.due_soon", "actions.overdue", "actions.overdue_lead"
CLOCKS = (AHEAD, LATE, LATE_OF_OTHERS)
# What the ladder reads through an action, in the words of select_related.
RELATED = ("owner", "acceptor", "meeting__host", "agenda_item", "decision__agenda_item")


def offset_words(offset: timedelta) -> str:
    """How far from the deadline, as text: 3 d before the deadline."""
    if not offset:
        return _("At the deadline")
    words = _("%(time)s before the deadline") if offset < timedelta(0) else _("%(time)s after the deadline")
    return words % {"time": duration_words(abs(offset))}


def rung_words(whom: str, offset: timedelta) -> str:
    return _("%(when)s: %(whom)s") % {"when": offset_words(offset), "whom": Whom(whom).label}


class Rung(NamedTuple):
    """One notice of the ladder: who is told at which instant, and as what."""

    at: datetime
    person: User
    kind: str
    expires_at: datetime


class Ladder:
    """The rungs in use. What belongs to no single action is read once, when it is first asked for."""

    def __init__(self, steps: Sequence[EscalationStep] | None = None) -> None:
        found = EscalationStep.objects.filter(is_active=True) if steps is None else steps
        self.steps = sorted(found, key=lambda step: (step.offset, UPWARD.index(Whom(step.whom))))

    @property
    def earliest(self) -> timedelta:
        return min((step.offset for step in self.steps), default=timedelta(0))

    @property
    def latest(self) -> timedelta:
        return max((step.offset for step in self.steps), default=timedelta(0))

    def wanted(self, action: Action) -> Iterator[Wanted]:
        """What is to be told about the deadline of an action, while it is owed."""
        if not action.is_owed or action.due_at is None or action.owner is None:
            return
        for rung in self.rungs(action):
            yield Wanted(
                recipient=rung.person,
                subject=action,
                kind=rung.kind,
                due_at=rung.at,
                expires_at=rung.expires_at,
            )

    def asks_for(self, action: Action, *, recipient_id: int, kind: str, at: datetime) -> bool:
        """Whether this very notice is among those that are wanted: only the rungs of its instant are looked at."""
        if not action.is_owed or action.due_at is None or action.owner is None:
            return False
        return not self._was_told_anyway(action, at) and any(
            action.due_at + step.offset == at
            and self._kind(step.offset, recipient_id == action.owner_id) == kind
            and any(person.pk == recipient_id for person in self.people(action, step.whom))
            for step in self.steps
        )

    def rungs(self, action: Action) -> list[Rung]:
        """The notices of an action that has a deadline, by instant; who stands on two at once is told once."""
        assert action.due_at is not None
        instants: dict[User, dict[datetime, str]] = defaultdict(dict)
        for step in self.steps:
            at = action.due_at + step.offset
            if self._was_told_anyway(action, at):
                continue
            for person in self.people(action, step.whom):
                instants[person].setdefault(at, self._kind(step.offset, person.pk == action.owner_id))
        rungs = []
        for person, kinds in instants.items():
            moments = sorted(kinds)
            for at, following in zip(moments, [*moments[1:], None], strict=True):
                end = following or max(at, action.due_at) + NEWS_FOR
                if at < action.due_at:
                    end = min(end, action.due_at)
                rungs.append(Rung(at, person, kinds[at], end))
        return sorted(rungs, key=lambda rung: (rung.at, rung.person.pk))

    @staticmethod
    def _was_told_anyway(action: Action, at: datetime) -> bool:
        """Whether the deadline was nearer than this rung when the action was published: the plan's mail names it."""
        assert action.due_at is not None
        return at < action.due_at and action.published_at is not None and at <= action.published_at

    @staticmethod
    def _kind(offset: timedelta, is_owner: bool) -> str:
        if offset < timedelta(0):
            return AHEAD
        return LATE if is_owner else LATE_OF_OTHERS

    def people(self, action: Action, whom: str) -> list[User]:
        """Who is told on this rung: the first part from there upwards that somebody fills who may read the action."""
        for part in UPWARD[UPWARD.index(Whom(whom)) :]:
            found = [person for person in self._in_part(part, action) if self._may_be_told(person, action)]
            if found:
                return found
        return []

    def _in_part(self, part: str, action: Action) -> list[User]:
        if part == Whom.OWNER:
            # Also one who has left: their notices are then passed on upwards when they are due.
            return [action.owner] if action.owner else []
        found: list[User | None]
        if part == Whom.ACCEPTOR:
            found = [action.acceptor]
        elif part == Whom.SUPERVISOR:
            found = [*self.leads[action.department_id]]
        elif part == Whom.HOST:
            found = [action.meeting.host if action.meeting else None]
        else:
            found = [*self.executives]
        return [one for one in found if one is not None and one.is_active and one.pk != action.owner_id]

    @cached_property
    def leads(self) -> dict[int | None, list[User]]:
        """The active heads of every department, by name."""
        found: dict[int | None, list[User]] = defaultdict(list)
        rows = Membership.objects.filter(role=Membership.Role.LEAD, user__is_active=True)
        for row in rows.select_related("user").order_by("user__name_sort", "user_id"):
            found[row.department_id].append(row.user)
        return found

    @cached_property
    def executives(self) -> list[User]:
        return list(people_queries.executives())

    def _may_be_told(self, person: User, action: Action) -> bool:
        if person.pk in (action.owner_id, action.acceptor_id) or not _is_confidential(action):
            return True
        return Action.objects.visible_to(person).filter(pk=action.pk).exists()


def _is_confidential(action: Action) -> bool:
    """Whether it was promised on a confidential item, which is not for everybody above."""
    items = [action.agenda_item, action.decision.agenda_item if action.decision else None]
    return any(item is not None and item.is_confidential for item in items)
