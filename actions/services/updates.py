"""How an action stands, in one word and the next step: asked for before a progress meeting, and said in it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from actions import update_notices
from actions.errors import NotPossible
from actions.models import Action, Progress, UpdateRequest
from actions.services import blockers
from actions.services.life import start, submit
from core import history
from meetings.models import Meeting
from meetings.services import log
from people.models import Department, User

Status = Action.Status
Answer = Progress.Answer


@dataclass(frozen=True, slots=True)
class Given:
    """What an answer came to. `lacks` says why an action that is done was not handed in with it."""

    line: Progress
    is_handed_in: bool = False
    lacks: str = ""


@transaction.atomic
def give(
    *,
    action: Action,
    answer: str,
    by: User,
    now: datetime,
    next_step: str = "",
    reason: str = "",
    needs_department: Department | None = None,
    needs_person: User | None = None,
    wanted_by: datetime | None = None,
    meeting: Meeting | None = None,
) -> Given:
    """One of done, doing, not started, blocked, and the next step. All open requests about the action are answered.

    "doing" begins what was not begun and lifts a blocker; "blocked" needs a reason and whose help is wanted, unless
    it is blocked already; "done" hands the action in when its owner says so and every criterion is shown. It never
    closes one: that is the acceptor's word. `meeting` is the progress meeting in which it is said.
    Raises NotPossible when the action is not being worked on.
    """
    history.acting(by)
    if answer not in Answer.values:
        raise NotPossible(_("Choose how it stands: in progress, done, not started or blocked."))
    if not action.is_owed:
        raise NotPossible(_("This action is handed in or over; there is nothing to say about it any more."))
    if answer == Answer.BLOCKED and action.status != Status.BLOCKED:
        blockers.block(
            action=action,
            by=by,
            now=now,
            reason=reason,
            needs_department=needs_department,
            needs_person=needs_person,
            wanted_by=wanted_by,
        )
    elif answer in (Answer.DOING, Answer.DONE):
        _go_on(action, by=by, now=now)
    line = Progress.objects.create(
        action=action,
        text=reason.strip() if answer == Answer.BLOCKED else "",
        percent=100 if answer == Answer.DONE else None,
        answer=answer,
        next_step=next_step.strip()[:500],
        meeting=meeting,
        status=action.status,
        by=by,
        at=now,
    )
    UpdateRequest.objects.filter(action=action, answered_at=None).update(answered_at=now, answer=line)
    handed_in, lacks = _hand_in(action, by=by, now=now) if answer == Answer.DONE else (False, "")
    if meeting is not None:
        log.write(meeting=meeting, verb="action.answered", data={"row": {"id": action.pk}}, by=by, now=now)
    return Given(line, handed_in, lacks)


def _go_on(action: Action, *, by: User, now: datetime) -> None:
    if action.status == Status.BLOCKED:
        blockers.lift(action=action, by=by, now=now)
    elif action.status in (Status.TODO, Status.RETURNED):
        start(action=action, by=by, now=now)


def _hand_in(action: Action, *, by: User, now: datetime) -> tuple[bool, str]:
    """Handing in is the owner's step; what it lacks is said, and the answer stands all the same."""
    if by.pk != action.owner_id:
        return False, _("Its owner hands it in with the evidence.")
    before = action.status, action.done_at
    try:
        with transaction.atomic():
            submit(action=action, by=by, now=now)
    except NotPossible as refusal:
        action.status, action.done_at = before
        return False, str(refusal)
    return True, ""


@transaction.atomic
def ask(*, meeting: Meeting, actions: list[Action], now: datetime) -> int:
    """Ask the owners how these actions stand; one mail per person. Returns how many were asked for the first time."""
    known = set(UpdateRequest.objects.filter(meeting=meeting).values_list("action", "person"))
    fresh = [
        UpdateRequest(action=action, meeting=meeting, person=action.owner, asked_at=now)
        for action in actions
        if action.owner is not None and action.owner.is_active and (action.pk, action.owner_id) not in known
    ]
    UpdateRequest.objects.bulk_create(fresh, ignore_conflicts=True)
    by_person: dict[User, list[int]] = defaultdict(list)
    for one in fresh:
        by_person[one.person].append(one.action_id)
    update_notices.ask(meeting=meeting, by_person=by_person, now=now)
    return len(fresh)
