"""The plan of a meeting: what it promised, and how far that has come."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from actions import services
from actions.approval import Chain, Step
from actions.models import Action
from actions.vagueness import Finding
from meetings.models import AgendaItem, Meeting, Obligation
from meetings.queries import confidential
from people.models import User

Status = Action.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One action of a plan; `findings` what a draft still lacks, `waits` whose word where the company checks them."""

    action: Action
    findings: list[Finding]
    waits: Step | None = None
    is_mine_to_approve: bool = False

    @property
    def may_approve(self) -> bool:
        """Complete, not sent back, and the next word is the reader's."""
        return self.is_mine_to_approve and not self.findings and not self.action.sent_back_because


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: so many of one kind, from where to where in percent."""

    code: str
    label: str | Promise
    count: int
    start: float
    width: float


# How a promise may stand, in the order of the bar; drafts and what was cancelled are none.
STANDINGS: dict[str, str | Promise] = {
    "accepted": pgettext_lazy("actions", "accepted"),
    "handed_in": pgettext_lazy("actions", "handed in"),
    "open": pgettext_lazy("actions", "open"),
    "late": pgettext_lazy("actions", "late"),
}


def standing_of(action: Action, now: datetime) -> str | None:
    if action.is_draft or action.status == Status.CANCELLED:
        return None
    if action.status in (Status.ACCEPTED, Status.SUBMITTED):
        return "accepted" if action.status == Status.ACCEPTED else "handed_in"
    return "late" if action.is_late(now) else "open"


def bar(actions: Iterable[Action], now: datetime) -> list[Part]:
    """How these stand, as parts of one bar; what there is none of is left out."""
    counts = Counter(standing for action in actions if (standing := standing_of(action, now)))
    total, parts, start = counts.total(), [], 0.0
    for code, label in STANDINGS.items():
        if counts[code]:
            width = counts[code] * 100 / total
            parts.append(Part(code, label, counts[code], round(start, 3), round(width, 3)))
            start += width
    return parts


@dataclass(frozen=True, slots=True)
class Share:
    """What one person promised in this meeting."""

    owner: User
    promised: int
    parts: list[Part]

    @property
    def late(self) -> int:
        return sum(part.count for part in self.parts if part.code == "late")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    meeting: Meeting
    item: AgendaItem | None
    lines: list[Line]
    duty: Obligation | None
    now: datetime

    @property
    def drafts(self) -> int:
        return sum(line.action.is_draft for line in self.lines)

    @property
    def incomplete(self) -> int:
        return sum(bool(line.findings) for line in self.lines)

    @property
    def waiting(self) -> int:
        """Complete drafts that somebody has to check or confirm."""
        return sum(line.waits is not None and not line.findings for line in self.lines)

    @property
    def to_approve(self) -> list[str]:
        """Those that wait for the reader, for one press: each with the version of its words, as "id-version"."""
        return [f"{line.action.pk}-{line.action.version}" for line in self.lines if line.may_approve]

    @property
    def late(self) -> int:
        return sum(line.action.is_late(self.now) for line in self.lines)

    @property
    def promised(self) -> int:
        """Published and not cancelled: what the bar is measured against."""
        return sum(not line.action.is_draft and line.action.status != Status.CANCELLED for line in self.lines)

    @property
    def accepted(self) -> int:
        return sum(line.action.status == Status.ACCEPTED for line in self.lines)

    @property
    def bar(self) -> list[Part]:
        return bar((line.action for line in self.lines), self.now)

    @property
    def shares(self) -> list[Share]:
        """Per owner, whoever is late most first; a plan of one person needs none."""
        by_owner: dict[User, list[Action]] = {}
        for line in self.lines:
            if line.action.owner is not None and standing_of(line.action, self.now):
                by_owner.setdefault(line.action.owner, []).append(line.action)
        if len(by_owner) < 2:
            return []
        shares = [Share(owner, len(rows), bar(rows, self.now)) for owner, rows in by_owner.items()]
        return sorted(shares, key=lambda share: (-share.late, -share.promised, share.owner.name_sort))

    @property
    def is_over(self) -> bool:
        return self.meeting.status == Meeting.Status.ENDED

    @property
    def waits_for_publication(self) -> bool:
        """Whether the host has to press the button: drafts, or the duty of an empty plan."""
        return self.is_over and (self.drafts > 0 or (self.duty is not None and self.duty.met_at is None))


def plan_of(meeting: Meeting, now: datetime, reader: User, item: AgendaItem | None = None) -> Plan:
    """What this person may read of a meeting's actions, or of one item's, in the order of the agenda."""
    actions = Action.objects.visible_to(reader).for_meeting(meeting)
    if item is not None:
        actions = actions.filter(agenda_item=item)
    shown = (
        actions.select_related("owner", "acceptor", "department", "agenda_item", "decision")
        .prefetch_related("criteria")
        .order_by("agenda_item__order", "pk")
    )
    rows = list(shown)
    chain = Chain.of(rows)
    steps = {action.pk: step for action in rows if (step := chain.next_step(action))}
    hidden = confidential.hidden_ids(meeting=meeting.pk, user=reader)
    for action in rows:
        if action.agenda_item_id in hidden:
            action.agenda_item = action.decision = None
    lines = [
        Line(
            action=action,
            findings=services.check(action=action, now=now) if action.is_draft else [],
            waits=steps.get(action.pk),
            is_mine_to_approve=reader in steps[action.pk].people if action.pk in steps else False,
        )
        for action in rows
    ]
    duty = meeting.obligations.filter(kind="action_plan").first()
    return Plan(meeting=meeting, item=item, lines=lines, duty=duty, now=now)
