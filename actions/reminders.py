"""Which promises to tell somebody an action makes; the notices app keeps them.

Clocks follow from the action's present state: the company's ladder of reminders around its deadline (`actions.ladder`),
and its milestones a day before they are due and when they are missed. `renew` brings the rows in line with the state
and is called by every service that changes what they follow from; `planned` says the same for all open actions to the
reconciler. What is told at once (`tell_…`) follows from an event and is not planned again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from actions import help_notices
from actions.ladder import CLOCKS, NEWS_FOR, RELATED, Ladder, Whom
from actions.models import Action, DeadlineChange, Milestone
from meetings.models import Meeting
from notices import services as notices
from notices.planning import Wanted
from people.models import User

if TYPE_CHECKING:
    from actions.approval import Step

AHEAD = timedelta(hours=24)
# What the reconciler looks ahead: it comes round every ten minutes, and a million actions are too many to read.
HORIZON = timedelta(days=3)
MILESTONE_CLOCKS = ("actions.milestone_soon", "actions.milestone_missed")


# --- the clocks -----------------------------------------------------------------------------------------------
def milestone_clocks(action: Action, milestone: Milestone) -> Iterator[Wanted]:
    if milestone.done_at is not None or not action.is_owed or action.owner is None:
        return
    yield Wanted(
        recipient=action.owner,
        subject=milestone,
        kind="actions.milestone_soon",
        due_at=milestone.due_at,
        send_at=milestone.due_at - AHEAD,
        expires_at=milestone.due_at,
    )
    yield Wanted(
        recipient=action.owner,
        subject=milestone,
        kind="actions.milestone_missed",
        due_at=milestone.due_at,
        expires_at=milestone.due_at + NEWS_FOR,
    )


def renew(action: Action) -> None:
    """Withdraw what waits, promise what the state asks for; what was sent already is not sent again."""
    notices.withdraw(subject=action, kinds=CLOCKS)
    wanted = list(Ladder().wanted(action))
    for milestone in action.milestones.filter(done_at=None):
        notices.withdraw(subject=milestone, kinds=MILESTONE_CLOCKS)
        wanted += milestone_clocks(action, milestone)
    notices.promise_all(_useful(wanted))


def renew_milestone(milestone: Milestone) -> None:
    notices.withdraw(subject=milestone, kinds=MILESTONE_CLOCKS)
    notices.promise_all(_useful(milestone_clocks(milestone.action, milestone)))


def _useful(wanted: Iterable[Wanted]) -> list[Wanted]:
    """Without those whose time has run out: a returned action is not due soon after its deadline."""
    now = timezone.now()
    return [one for one in wanted if one.expires_at is None or one.expires_at > now]


def planned() -> Iterator[Wanted]:
    """What open actions ask for now and within `HORIZON`, for the reconciler; in a few queries, row by row."""
    now, ladder = timezone.now(), Ladder()
    nearby = Action.objects.owed().filter(
        due_at__gt=now - NEWS_FOR - max(ladder.latest, timedelta(0)),
        due_at__lt=now + HORIZON - ladder.earliest,
    )
    people = nearby.select_related(*RELATED).order_by("pk")
    for action in people.iterator(chunk_size=2000):
        yield from (one for one in ladder.wanted(action) if one.due_at < now + HORIZON)
    milestones = Milestone.objects.open().filter(due_at__gt=now - NEWS_FOR, due_at__lt=now + HORIZON + AHEAD)
    for milestone in milestones.select_related("action__owner").order_by("pk").iterator(chunk_size=2000):
        yield from milestone_clocks(milestone.action, milestone)


def supervisors(action: Action) -> list[User]:
    """Who hears of trouble beside the owner: the department's heads, or whoever stands above them."""
    return Ladder(steps=()).people(action, Whom.SUPERVISOR)


# --- told at once ---------------------------------------------------------------------------------------------
def tell_owner(*, action: Action, now: datetime) -> None:
    """It is theirs now."""
    if action.owner is not None:
        notices.tell(recipient=action.owner, subject=action, kind="actions.assigned", at=now)


def tell_former_owner(*, action: Action, former: User, now: datetime) -> None:
    notices.tell(
        recipient=former,
        subject=action,
        kind="actions.handed_over",
        at=now,
        # As it was called then: they may not see it any more.
        params={"title": action.title},
    )


def tell_owners_of_plan(*, meeting: Meeting, actions: Sequence[Action], now: datetime) -> None:
    """One notice per owner, however many actions they took on."""
    by_owner: dict[User, list[int]] = defaultdict(list)
    for action in actions:
        if action.owner is not None:
            by_owner[action.owner].append(action.pk)
    notices.promise_all(
        Wanted(
            recipient=owner,
            subject=meeting,
            kind="actions.plan",
            due_at=now,
            params={"actions": ids},
        )
        for owner, ids in by_owner.items()
    )


def ask_for_word(*, action: Action, step: "Step", by: User, now: datetime) -> None:
    """Those who check or confirm a proposal of no meeting; proposals of meetings wait together in their plan."""
    if action.meeting_id is not None:
        return
    notices.promise_all(
        Wanted(recipient=person, subject=action, kind=f"actions.to_{step.kind}", due_at=now)
        for person in step.people
        if person != by
    )


def forget_word(*, action: Action) -> None:
    notices.withdraw(subject=action, kinds=["actions.to_check", "actions.to_confirm"])


def tell_refused(*, action: Action, by: User, now: datetime) -> None:
    """Who wrote it down learns what must change."""
    if action.created_by != by and action.created_by.is_active:
        notices.tell(
            recipient=action.created_by,
            subject=action,
            kind="actions.refused",
            at=now,
            params={"name": by.name, "text": action.sent_back_because},
        )


def tell_acceptor(*, action: Action, now: datetime) -> None:
    """It waits for their word; when the acceptor has left, for that of the department's leads or the host."""
    if action.acceptor is not None and action.acceptor.is_active:
        judges = [action.acceptor]
    else:
        judges = [person for person in supervisors(action) if person.pk != action.owner_id]
        if not judges and action.meeting is not None and action.meeting.host_id != action.owner_id:
            judges = [action.meeting.host]
    notices.promise_all(
        Wanted(recipient=judge, subject=action, kind="actions.submitted", due_at=now) for judge in judges
    )


def tell_verdict(*, action: Action, kind: str, now: datetime, text: str) -> None:
    notices.withdraw(subject=action, kinds=["actions.submitted"])
    if action.owner is not None:
        notices.tell(recipient=action.owner, subject=action, kind=kind, at=now, params={"text": text.strip()})


def tell_cancelled(*, action: Action, by: User, now: datetime) -> None:
    notices.withdraw(subject=action, kinds=["actions.submitted", "actions.assigned"])
    help_notices.forget(action=action)
    _tell_both(action, "actions.cancelled", by=by, now=now)


def tell_moved(*, action: Action, change: DeadlineChange, now: datetime) -> None:
    """Whoever agreed to it knows; whoever had asked does not yet."""
    _tell_both(action, "actions.moved", by=change.approved_by or change.by, now=now, change=change.pk)


def _tell_both(action: Action, kind: str, *, by: User, now: datetime, **params: int) -> None:
    """Owner and acceptor, but not whoever did it."""
    notices.promise_all(
        Wanted(recipient=person, subject=action, kind=kind, due_at=now, params=params)
        for person in (action.owner, action.acceptor)
        if person is not None and person.is_active and person != by
    )
