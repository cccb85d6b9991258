"""Proposed, checked, confirmed, published: who has the next word on a draft where the company wants it so.

The head of the owner's department checks, an executive confirms. Nobody passes judgement on what they are to do
themselves. A step that nobody could take (no head beside the owner, nobody of the circle of a confidential item) is
left out, so that no draft waits for ever. `Company.checks_actions` switches all of it on.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Self

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actions import vagueness
from actions.models import Action
from core.models import Company
from meetings.models import Participant
from people import queries as people
from people.models import Membership, User

CHECK, CONFIRM = "check", "confirm"
LABELS = {CHECK: _("the head of the department checks it"), CONFIRM: _("an executive confirms it")}


@dataclass(frozen=True, slots=True)
class Step:
    """What a draft waits for, and the people who may take this step."""

    kind: str
    people: tuple[User, ...]

    @property
    def names(self) -> str:
        return ", ".join(person.name for person in self.people)


@dataclass(frozen=True, slots=True)
class Chain:
    """Who may approve what, read for some drafts at once: one query where the company checks nothing, else five."""

    is_on: bool
    heads: dict[int | None, list[User]] = field(default_factory=dict)
    executives: list[User] = field(default_factory=list)
    deciding: dict[int | None, list[User]] = field(default_factory=dict)
    confidential: Collection[int] = ()

    @classmethod
    def of(cls, actions: Sequence[Action]) -> Self:
        drafts = [action for action in actions if action.is_draft]
        if not drafts or not Company.current().checks_actions:
            return cls(is_on=False)
        heads: dict[int | None, list[User]] = defaultdict(list)
        rows = Membership.objects.filter(
            department__in={action.department_id for action in drafts if action.department_id},
            role__in=Membership.HEADS,
            user__is_active=True,
        )
        for row in rows.select_related("user").order_by("user__name_sort", "user"):
            heads[row.department_id].append(row.user)
        deciding: dict[int | None, list[User]] = defaultdict(list)
        seats = Participant.objects.filter(
            meeting__in={action.meeting_id for action in drafts if action.meeting_id},
            role=Participant.Role.EXECUTIVE,
            user__is_active=True,
        )
        for seat in seats.select_related("user").order_by("user__name_sort", "user"):
            deciding[seat.meeting_id].append(seat.user)
        closed = Action.objects.filter(
            Q(agenda_item__is_confidential=True) | Q(decision__agenda_item__is_confidential=True),
            pk__in=[action.pk for action in drafts],
        )
        return cls(
            is_on=True,
            heads=heads,
            executives=list(people.executives()),
            deciding=deciding,
            confidential=set(closed.values_list("pk", flat=True)),
        )

    def next_step(self, action: Action) -> Step | None:
        """What the draft waits for; None when it may be published, or the company checks nothing."""
        if not self.is_on or not action.is_draft or action.confirmed_at is not None:
            return None
        if action.checked_at is None and (
            heads := self._others(action, self.heads.get(action.department_id))
        ):
            return Step(CHECK, heads)
        above = [*self.executives, *self.deciding.get(action.meeting_id, ())]
        if executives := self._others(action, list(dict.fromkeys(above))):
            return Step(CONFIRM, executives)
        return None

    def may_approve(self, user: User, action: Action) -> bool:
        step = self.next_step(action)
        return step is not None and user in step.people

    def findings(self, action: Action) -> list[vagueness.Finding]:
        """What still stands between a complete draft and its publication, in the words of the other findings."""
        step = self.next_step(action)
        if action.sent_back_because and step is not None:
            return [vagueness.finding("approval.sent_back", reason=action.sent_back_because)]
        if step is None:
            return []
        return [vagueness.finding(f"approval.{step.kind}", names=step.names)]

    def _others(self, action: Action, who: Sequence[User] | None) -> tuple[User, ...]:
        """Those of them who do not own it, and who may read it."""
        others = [person for person in who or () if person.pk != action.owner_id]
        if action.pk in self.confidential:
            mine = Action.objects.filter(pk=action.pk)
            others = [person for person in others if mine.visible_to(person).exists()]
        return tuple(others)
