"""Decisions that departments asked for in their pre-reads: as they were handed in, until the meeting has taken them."""

from dataclasses import dataclass
from typing import Any

from meetings.models import AgendaItem, Decision, DecisionRequest, Meeting, PreReadRevision
from meetings.queries import confidential
from people.models import Department, User


@dataclass(frozen=True, slots=True)
class Option:
    """One of the ways to decide; `index` is its place in the request."""

    index: int
    text: str
    effect: str
    is_recommended: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in the words of the last revision, which may differ from the working text behind it."""

    request: DecisionRequest
    department: Department
    question: str
    background: str
    options: list[Option]
    reason: str
    decider: User | None
    item_id: int | None

    @property
    def recommended(self) -> Option | None:
        return next((option for option in self.options if option.is_recommended), None)

    def option(self, index: str) -> Option | None:
        return next((option for option in self.options if str(option.index) == index), None)

    def as_decision(self, decider: User | None, option: Option | None = None) -> dict[str, Any]:
        """What a decision about it says, as the values of its form; with the option that was taken."""
        lines = (
            f"{one.index + 1}. {one.text}" + (f" — {one.effect}" if one.effect else "")
            for one in self.options
        )
        reasons = (self.recommended.text if self.recommended else "", self.reason)
        return {
            "text": f"{self.question}\n{option.text}" if option else self.question,
            "kind": Decision.Kind.DECISION,
            "outcome": Decision.Outcome.DECIDED,
            "decided_by": decider.pk if decider else "",
            "options": "\n".join(lines),
            "recommendation": "\n".join(part for part in reasons if part),
            "chosen": option.text[:200] if option else "",
        }


def handed_in(meeting: Meeting) -> dict[int, dict[str, Any]]:
    """What the last revisions ask for, by the id of the request."""
    newest = (
        PreReadRevision.objects.filter(preread__meeting=meeting)
        .order_by("preread_id", "-number")
        .distinct("preread_id")
        .values_list("content", flat=True)
    )
    return {row["id"]: row for content in newest for row in content.get("decisions", [])}


def waiting(meeting: Meeting, user: User, item: AgendaItem | None = None) -> list[Asked]:
    """Those that nobody has answered yet, without those of items kept from this person; of one item, if given.

    A request without an item belongs to the item that its department presents.
    """
    asked = handed_in(meeting)
    if not asked:
        return []
    hidden = confidential.hidden_ids(meeting=meeting.pk, user=user)
    rows = (
        DecisionRequest.objects.present()
        .filter(pk__in=asked, decision=None)
        .select_related("preread__department")
        .order_by("preread", "position", "pk")
    )
    shown = []
    for request in rows:
        own = asked[request.pk]["item_id"]
        if own in hidden:
            continue
        is_of_item = (
            own == item.pk if item and own else item and item.department_id == request.preread.department_id
        )
        if item is None or is_of_item:
            shown.append(request)
    deciders = User.objects.in_bulk({asked[request.pk]["decider_id"] for request in shown} - {None})
    return [_asked(request, asked[request.pk], deciders) for request in shown]


def _asked(request: DecisionRequest, said: dict[str, Any], deciders: dict[int, User]) -> Asked:
    options = [
        Option(index, option.get("text", ""), option.get("effect", ""), index == said.get("recommended"))
        for index, option in enumerate(said.get("options") or [])
    ]
    return Asked(
        request=request,
        department=request.preread.department,
        question=said["question"],
        background=said.get("background", ""),
        options=options,
        reason=said.get("reason", ""),
        decider=deciders.get(said.get("decider_id") or 0),
        item_id=said["item_id"],
    )


def item_of(asked: Asked, meeting: Meeting, user: User) -> AgendaItem | None:
    """The item that it is decided in: its own, else the first one that its department presents."""
    items = AgendaItem.objects.visible_to(user).filter(meeting=meeting).in_order()
    if asked.item_id:
        return items.filter(pk=asked.item_id).first()
    return items.filter(department=asked.department).first()
