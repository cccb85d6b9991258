"""From not started to accepted: every change of status goes through `move`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actions import ledger, reminders
from actions.errors import NotPossible
from actions.models import Action, Progress
from actions.services.criteria import require_proof
from actions.services.parts import require_parts_closed
from actions.services.requests import close_request
from core import history
from people.models import User

Status = Action.Status


@transaction.atomic
def start(*, action: Action, by: User, now: datetime) -> Action:
    """Begin, or begin again after a return. What was handed in is taken back, what is blocked is freed instead."""
    if action.status not in (Status.TODO, Status.RETURNED):
        raise NotPossible(_not_from_here(action.status))
    return move(action, Status.DOING, by=by, now=now)


@transaction.atomic
def submit(*, action: Action, by: User, now: datetime, text: str = "") -> Action:
    """Hand it in. Every criterion needs evidence, the word of the figures, or a reason why there is nothing to show.

    While parts of it are open, `text` says why it is done without them. Sets `done_at`, stops the clocks, tells the
    acceptor (or, if they have left, whoever may judge instead).
    """
    require_parts_closed(action, text)
    move(action, Status.SUBMITTED, by=by, now=now, text=text, done_at=now)
    require_proof(action)
    close_request(action=action, by=by, now=now)
    reminders.renew(action)
    reminders.tell_acceptor(action=action, now=now)
    return action


@transaction.atomic
def take_back(*, action: Action, by: User, now: datetime) -> Action:
    """The owner found that it is not done after all; the clocks run again."""
    if action.status != Status.SUBMITTED:
        raise NotPossible(_("Only what was handed in can be taken back."))
    move(action, Status.DOING, by=by, now=now, done_at=None)
    reminders.renew(action)
    return action


@transaction.atomic
def accept(*, action: Action, by: User, now: datetime, text: str = "") -> Action:
    """Somebody other than the owner says that the criteria are met.

    Sets `accepted_at`, `accepted_by`, and for good how late it was (`late_seconds`).
    """
    _not_the_owner(action, by)
    move(
        action,
        Status.ACCEPTED,
        by=by,
        now=now,
        text=text,
        accepted_at=now,
        accepted_by=by,
        late_seconds=ledger.lateness(action),
    )
    require_proof(action)
    reminders.tell_verdict(action=action, kind="actions.accepted", now=now, text=text)
    return action


@transaction.atomic
def send_back(*, action: Action, by: User, now: datetime, text: str) -> Action:
    """Return it with the reason; it is owed again by its old deadline."""
    _not_the_owner(action, by)
    text = required(text, _("Say what is still missing, so that the owner knows what to do."))
    move(action, Status.RETURNED, by=by, now=now, text=text, done_at=None)
    reminders.renew(action)
    reminders.tell_verdict(action=action, kind="actions.returned", now=now, text=text)
    return action


@transaction.atomic
def cancel(*, action: Action, by: User, now: datetime, reason: str) -> Action:
    """End it undone, with the reason; the clocks stop, owner and acceptor are told."""
    close(action, by=by, now=now, reason=required(reason, _("Say why the action is cancelled.")))
    reminders.tell_cancelled(action=action, by=by, now=now)
    return action


def close(action: Action, *, by: User, now: datetime, reason: str, **columns: Any) -> None:
    """End it undone without telling anybody: what blocks it, what was asked for and the clocks end with it."""
    history.acting(by)
    action.blockers.filter(lifted_at=None).update(lifted_at=now, lifted_by=by)
    move(action, Status.CANCELLED, by=by, now=now, text=reason, cancel_reason=reason, **columns)
    close_request(action=action, by=by, now=now)
    reminders.renew(action)


def move(action: Action, to: str, *, by: User, now: datetime, text: str = "", **columns: Any) -> Action:
    """Write the status with the columns that belong to it, one line of the log and one of the history.

    The UPDATE asks for the status that was read: of two people, or two clicks, exactly one finds its row.
    """
    history.acting(by)
    before = action.status
    if action.is_draft:
        raise NotPossible(_("This action is still a draft. Publish it first."))
    if to not in Action.NEXT[before]:
        raise NotPossible(_not_from_here(before))
    if not Action.objects.filter(pk=action.pk, status=before).update(status=to, **columns):
        action.refresh_from_db(fields=["status"])
        raise NotPossible(_not_from_here(action.status))
    action.status = to
    for name, value in columns.items():
        setattr(action, name, value)
    Progress.objects.create(action=action, text=text.strip(), status=to, is_move=True, by=by, at=now)
    history.record(
        actor=by,
        verb="actions.status",
        target=action,
        before={"status": before},
        after={"status": to},
        note=text.strip(),
    )
    return action


def _not_from_here(status: str) -> str:
    return _("This step is not possible any more: the action is now “%(status)s”.") % {
        "status": Status(status).label
    }


def _not_the_owner(action: Action, by: User) -> None:
    if by.pk == action.owner_id:
        raise NotPossible(_("Nobody accepts their own action."))


def required(text: str, complaint: str) -> str:
    if not text.strip():
        raise NotPossible(complaint)
    return text.strip()
