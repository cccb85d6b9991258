"""The owner asks for another deadline; the acceptor, or whoever manages the action, gives it or does not."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from actions import term_notices, vagueness
from actions.deadlines import Deadline
from actions.errors import NotPossible
from actions.models import Action, DeadlineChange, DeadlineRequest
from core import history
from people.models import User

State = DeadlineRequest.State


@transaction.atomic
def ask_deadline(
    *, action: Action, deadline: Deadline, reason: str, by: User, now: datetime
) -> DeadlineRequest:
    """Ask for another deadline with the reason; whoever may grant it is told. The old one counts until then.

    Raises NotPossible for a day that is over or the deadline it has, and while another request waits.
    """
    history.acting(by)
    if not reason.strip():
        raise NotPossible(_("Say why the deadline moves."))
    if deadline.at <= now:
        raise NotPossible(str(vagueness.MESSAGES["due.past"]))
    if not action.is_owed or action.due_at is None:
        raise NotPossible(_("Only an open action has a deadline to move."))
    if deadline.at == action.due_at:
        raise NotPossible(_("This is the deadline it already has."))
    try:
        with transaction.atomic():
            request = DeadlineRequest.objects.create(
                action=action,
                old_due_at=action.due_at,
                new_due_at=deadline.at,
                time_zone=deadline.zone,
                is_all_day=deadline.is_all_day,
                reason=reason.strip(),
                asked_by=by,
                asked_at=now,
            )
    except IntegrityError as error:
        raise NotPossible(
            _("Another deadline has been asked for already. Take that back before you ask again.")
        ) from error
    history.record(
        actor=by,
        verb="actions.deadline_asked",
        target=action,
        before={"due_at": action.due_at},
        after={"due_at": deadline.at},
        note=reason.strip(),
    )
    term_notices.ask(request=request, now=now)
    return request


@transaction.atomic
def grant_deadline(*, request: DeadlineRequest, by: User, now: datetime, answer: str = "") -> DeadlineChange:
    """Agree: the deadline moves as it was asked for. Raises NotPossible when the owner answers themselves, the day
    that was asked for is over by now, or the request is answered already."""
    from actions.services.terms import move_deadline  # which closes requests

    _answered(request, State.GRANTED, by=by, now=now, answer=answer)
    deadline = Deadline(at=request.new_due_at, zone=request.time_zone, is_all_day=request.is_all_day)
    return move_deadline(
        action=request.action,
        deadline=deadline,
        reason=request.reason,
        by=by,
        now=now,
        asked_by=request.asked_by,
    )


@transaction.atomic
def refuse_deadline(*, request: DeadlineRequest, by: User, now: datetime, answer: str) -> DeadlineRequest:
    """Say no, and why; the deadline stays, and whoever asked is told."""
    if not answer.strip():
        raise NotPossible(_("Say why the deadline stays."))
    _answered(request, State.REFUSED, by=by, now=now, answer=answer)
    history.record(
        actor=by,
        verb="actions.deadline_refused",
        target=request.action,
        before={"due_at": request.old_due_at},
        after={"due_at": request.new_due_at},
        note=answer.strip(),
    )
    term_notices.answer(request=request, now=now)
    return request


@transaction.atomic
def withdraw_request(*, request: DeadlineRequest, by: User, now: datetime) -> DeadlineRequest:
    """Who asked takes it back; nobody needs to answer any more."""
    if by.pk != request.asked_by_id:
        raise NotPossible(_("Only who asked takes it back."))
    _close(request, State.WITHDRAWN, by=by, now=now)
    history.record(actor=by, verb="actions.deadline_withdrawn", target=request.action)
    term_notices.forget(action=request.action)
    return request


def close_request(*, action: Action, by: User, now: datetime) -> None:
    """What the owner asked for is of no use any more: handed in, cancelled, handed over, or moved otherwise."""
    still_open = DeadlineRequest.objects.filter(action=action, state=State.OPEN)
    if still_open.update(state=State.WITHDRAWN, answered_by=by, answered_at=now):
        term_notices.forget(action=action)


def _answered(request: DeadlineRequest, state: str, *, by: User, now: datetime, answer: str) -> None:
    if by.pk in (request.asked_by_id, request.action.owner_id):
        raise NotPossible(_("Nobody moves the deadline of their own action. Ask whoever accepts it."))
    _close(request, state, by=by, now=now, answer=answer.strip())
    term_notices.forget(action=request.action)


def _close(request: DeadlineRequest, state: str, *, by: User, now: datetime, **columns: Any) -> None:
    """Of two who answer at once, one is heard."""
    history.acting(by)
    columns |= {"state": state, "answered_by": by, "answered_at": now}
    if not DeadlineRequest.objects.filter(pk=request.pk, state=State.OPEN).update(**columns):
        raise NotPossible(_("This request has been answered already; reload the page to see how."))
    for name, value in columns.items():
        setattr(request, name, value)
