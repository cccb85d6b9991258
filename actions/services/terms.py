"""Changing what was promised: until when, and by whom. The old terms stay on record."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions import reminders, vagueness
from actions.deadlines import Deadline
from actions.errors import NotPossible
from actions.models import Action, DeadlineChange, Progress
from actions.services.parts import within_the_whole
from actions.services.requests import close_request
from core import history
from people.models import User

CHANGED_MEANWHILE = gettext_lazy(
    "Somebody has just changed this action. Reload the page to see how it stands now."
)


@transaction.atomic
def move_deadline(
    *, action: Action, deadline: Deadline, reason: str, by: User, now: datetime, asked_by: User | None = None
) -> DeadlineChange:
    """Give a new deadline with the reason. The old one is kept; a later one counts as a slip.

    `by` agrees to it, `asked_by` wanted it (the same person, unless the owner asked). Nobody moves the deadline of
    their own action. The reminders of the old deadline are withdrawn and those of the new one promised; owner and
    acceptor are told; what the owner has asked for meanwhile is closed.
    """
    history.acting(by)
    if by.pk == action.owner_id:
        raise NotPossible(_("Nobody moves the deadline of their own action. Ask whoever accepts it."))
    if not reason.strip():
        raise NotPossible(_("Say why the deadline moves."))
    if not action.is_owed or action.due_at is None:
        raise NotPossible(_("Only an open action has a deadline to move."))
    if deadline.at <= now:
        raise NotPossible(str(vagueness.MESSAGES["due.past"]))
    within_the_whole(action.parent, deadline)
    if deadline.at == action.due_at:
        raise NotPossible(_("This is the deadline it already has."))
    old = action.due_at
    is_slip = int(deadline.at > old)
    claimed = Action.objects.filter(pk=action.pk, due_at=old, status__in=Action.OWED)
    if not claimed.update(
        due_at=deadline.at,
        time_zone=deadline.zone,
        is_all_day=deadline.is_all_day,
        slips=F("slips") + is_slip,
        version=F("version") + 1,
    ):
        raise NotPossible(str(CHANGED_MEANWHILE))
    action.refresh_from_db(fields=["due_at", "time_zone", "is_all_day", "slips", "version"])
    change = DeadlineChange.objects.create(
        action=action,
        old_due_at=old,
        new_due_at=deadline.at,
        reason=reason.strip(),
        by=asked_by or by,
        approved_by=by,
        at=now,
    )
    close_request(action=action, by=by, now=now)
    history.record(
        actor=by,
        verb="actions.deadline",
        target=action,
        before={"due_at": old},
        after={"due_at": deadline.at},
        note=reason.strip(),
    )
    reminders.renew(action)
    reminders.tell_moved(action=action, change=change, now=now)
    return change


@transaction.atomic
def hand_over(*, action: Action, owner: User, by: User, now: datetime, reason: str = "") -> Action:
    """Give the action to another owner; who had it and who gets it are told, the reminders move along."""
    if not owner.is_active:
        raise NotPossible(str(vagueness.MESSAGES["owner.left"]))
    if owner.pk == action.acceptor_id:
        raise NotPossible(
            _("%(name)s is to accept it. Choose another acceptor first.") % {"name": owner.name}
        )
    if owner.pk == action.owner_id:
        raise NotPossible(_("%(name)s has it already.") % {"name": owner.name})
    before = action.owner
    _change_person(action, "owner", owner, by=by, now=now, reason=reason)
    close_request(action=action, by=by, now=now)
    reminders.renew(action)
    if owner != by:
        reminders.tell_owner(action=action, now=now)
    if before is not None and before.is_active and before != by:
        reminders.tell_former_owner(action=action, former=before, now=now)
    return action


@transaction.atomic
def change_acceptor(*, action: Action, acceptor: User, by: User, now: datetime, reason: str = "") -> Action:
    """Name another acceptor, for example when the first has left. What waits for acceptance then waits for them."""
    if not acceptor.is_active:
        raise NotPossible(str(vagueness.MESSAGES["acceptor.left"]))
    if acceptor.pk == action.owner_id:
        raise NotPossible(str(vagueness.MESSAGES["acceptor.owner"]))
    if acceptor.pk == action.acceptor_id:
        raise NotPossible(_("%(name)s is the acceptor already.") % {"name": acceptor.name})
    _change_person(action, "acceptor", acceptor, by=by, now=now, reason=reason)
    reminders.renew(action)
    if action.status == Action.Status.SUBMITTED:
        reminders.tell_acceptor(action=action, now=now)
    return action


def _change_person(action: Action, role: str, person: User, *, by: User, now: datetime, reason: str) -> None:
    history.acting(by)
    before = getattr(action, role)
    if not action.is_open:
        raise NotPossible(_("Only an open action changes hands."))
    claimed = Action.objects.filter(pk=action.pk, status=action.status, **{role: before})
    if not claimed.update(**{role: person, "version": F("version") + 1}):
        raise NotPossible(str(CHANGED_MEANWHILE))
    setattr(action, role, person)
    action.version += 1
    words = _("Owner: %(old)s → %(new)s") if role == "owner" else _("Acceptor: %(old)s → %(new)s")
    text = words % {"old": before.name if before else "—", "new": person.name}
    Progress.objects.create(
        action=action,
        text=f"{text}\n{reason.strip()}".strip(),
        status=action.status,
        by=by,
        at=now,
    )
    history.record(
        actor=by,
        verb=f"actions.{role}",
        target=action,
        before={role: before.pk if before else None},
        after={role: person.pk},
        note=reason.strip(),
    )
