"""What the page of the minutes shows beside the record: how far they have come, and what this reader may do."""

from dataclasses import dataclass, field
from datetime import datetime

from meetings import rules
from meetings.models import (
    AgendaItem,
    ClosingMark,
    Correction,
    Meeting,
    Minutes,
    MinutesApproval,
    MinutesEdition,
    MinutesText,
    Objection,
    Rating,
)
from meetings.queries import confidential, minutes_content, minutes_paper, minutes_reading
from meetings.queries import cost as costs
from people.models import Department, User


@dataclass(slots=True)
class Passage:
    """The summary, or what stands for an item's notes: the stored row, if there is one."""

    item: int | None
    row: MinutesText | None = None

    @property
    def text(self) -> str:
        return self.row.text if self.row else ""

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0


@dataclass(slots=True)
class Standing:
    """The minutes for one reader; nothing in it belongs to an item that is kept from them."""

    minutes: Minutes
    editions: list[MinutesEdition]
    edition: MinutesEdition | None
    is_genuine: bool
    approvals: list[MinutesApproval]
    objections: list[Objection]
    corrections: list[Correction]
    passages: dict[int | None, Passage]
    closing: ClosingMark | None
    closing_points: list[str] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
    rating: minutes_content.Content | None = None
    my_rating: Rating | None = None
    cost: costs.Cost | None = None
    can_edit: bool = False
    can_write: bool = False
    can_circulate: bool = False
    can_take_back: bool = False
    can_approve: bool = False
    can_lock: bool = False
    can_object: bool = False
    can_correct: bool = False
    can_rate: bool = False

    @property
    def steps(self) -> list[tuple[Minutes.State, str]]:
        """The four states with "done", "now" or "" for each."""
        states = list(Minutes.State)
        place = states.index(Minutes.State(self.minutes.state))
        return [
            (state, "now" if at == place else "done" if at < place else "") for at, state in enumerate(states)
        ]

    @property
    def approved(self) -> int:
        return sum(one.approved_at is not None for one in self.approvals)

    @property
    def open_objections(self) -> int:
        return sum(not one.answer for one in self.objections)

    def passage_of(self, item: AgendaItem | None) -> Passage | None:
        """What stands for an item's notes; None for what belongs to no item, and for a masked one."""
        if item is None or item.is_masked:
            return None
        return self.passages.get(item.pk, Passage(item.pk))

    @property
    def summary(self) -> Passage:
        return self.passages.get(None, Passage(None))


def standing(meeting: Meeting, user: User, now: datetime) -> Standing:
    """The number of queries does not depend on how much was said."""
    minutes = Minutes.objects.filter(meeting=meeting).first() or Minutes(meeting=meeting)
    hidden = confidential.hidden_ids(meeting=meeting.pk, user=user)
    is_there = minutes.pk is not None
    edition = minutes_paper.newest(minutes) if is_there else None
    closing = ClosingMark.objects.filter(meeting=meeting).select_related("marked_by").first()
    found = Standing(
        minutes=minutes,
        editions=list(minutes_paper.editions(meeting)) if is_there else [],
        edition=edition,
        is_genuine=edition is not None and minutes_content.is_unchanged(edition),
        approvals=list(minutes.approvals.select_related("user").order_by("pk")) if is_there else [],
        objections=_shown(
            Objection.objects.select_related("item", "raised_by", "answered_by"), minutes, hidden
        ),
        corrections=_shown(Correction.objects.select_related("item", "made_by"), minutes, hidden),
        passages=_passages(minutes, hidden),
        closing=closing,
        closing_points=minutes_reading.point_words(closing.points, hidden) if closing else [],
        departments=list(
            Department.objects.filter(pk__in=meeting.departments.values("department")).order_by("position")
        ),
    )
    _about_the_meeting(found, meeting, user)
    _rights(found, meeting, user, now)
    return found


def _shown(rows, minutes: Minutes, hidden: set[int]) -> list:  # type: ignore[no-untyped-def,type-arg]
    if minutes.pk is None:
        return []
    return [one for one in rows.filter(minutes=minutes).order_by("pk") if one.item_id not in hidden]


def _passages(minutes: Minutes, hidden: set[int]) -> dict[int | None, Passage]:
    if minutes.pk is None:
        return {}
    rows = MinutesText.objects.filter(minutes=minutes).select_related("edited_by")
    return {row.item_id: Passage(row.item_id, row) for row in rows if row.item_id not in hidden}


def _about_the_meeting(found: Standing, meeting: Meeting, user: User) -> None:
    if meeting.status != Meeting.Status.ENDED:
        return
    found.rating = minutes_content.rating(meeting)
    found.my_rating = Rating.objects.filter(meeting=meeting, user=user).first()
    if rules.can_read_costs(user):
        found.cost = costs.cost(meeting)


def _rights(found: Standing, meeting: Meeting, user: User, now: datetime) -> None:
    state = found.minutes.state
    is_over = meeting.status == Meeting.Status.ENDED
    found.can_edit = is_over and rules.can_edit_minutes(user, meeting)
    found.can_write = found.can_circulate = found.can_edit and state == Minutes.State.DRAFT
    found.can_correct = found.can_edit and state == Minutes.State.LOCKED
    may_lock = is_over and rules.can_lock_minutes(user, meeting)
    found.can_take_back = may_lock and state == Minutes.State.CIRCULATED
    found.can_lock = may_lock and state == Minutes.State.APPROVED
    found.can_object = rules.can_object(user, found.minutes, now)
    found.can_rate = rules.can_rate(user, meeting)
    found.can_approve = state == Minutes.State.CIRCULATED and any(
        one.user_id == user.pk and one.approved_at is None for one in found.approvals
    )
