"""Blockers: what stands in the way, whose help is wanted, what they answer, and how it ends.

An action is blocked by one blocker at a time. Whoever was asked says what they will do and until when, and later that
it is solved; whether that frees the work is for its owner to say, so nothing goes on silently.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from actions import help_notices
from actions.errors import NotPossible
from actions.models import Action, Blocker
from actions.services.life import move, required
from core import history
from people import queries as people_queries
from people.models import Department, User

Status = Action.Status


@transaction.atomic
def block(
    *,
    action: Action,
    by: User,
    now: datetime,
    reason: str,
    needs_department: Department | None = None,
    needs_person: User | None = None,
    wanted_by: datetime | None = None,
) -> Blocker:
    """It cannot go on: say why, whose help is wanted and, perhaps, until when. Those asked are told; the deadline keeps
    running."""
    history.acting(by)
    reason = required(reason, _("Say what blocks it."))
    if needs_department is None and needs_person is None:
        raise NotPossible(_("Say whose help is needed: a department or a person."))
    if needs_person is not None and not needs_person.is_active:
        raise NotPossible(
            _("%(name)s has left the company. Choose somebody else.") % {"name": needs_person.name}
        )
    if wanted_by is not None and wanted_by <= now:
        raise NotPossible(_("Help cannot be wanted by a moment that has passed. Choose a later day."))
    blocker = Blocker(
        action=action,
        reason=reason,
        needs_department=needs_department,
        needs_person=needs_person,
        wanted_by=wanted_by,
        by=by,
        since=now,
    )
    _require_readers(blocker)
    move(action, Status.BLOCKED, by=by, now=now, text=reason)
    blocker.save()
    help_notices.tell_helpers(blocker=blocker, now=now)
    return blocker


@transaction.atomic
def answer(*, blocker: Blocker, text: str, helps_by: datetime, by: User, now: datetime) -> Blocker:
    """Whoever was asked says what they will do, and until when. A later answer takes the place of the first one, which
    the history keeps; the owner is told each time."""
    history.acting(by)
    text = required(text, _("Say what you will do."))
    if helps_by <= now:
        raise NotPossible(_("Choose a day that lies ahead."))
    before = {"answer": blocker.answer, "helps_by": blocker.helps_by}
    given = {"answer": text, "helps_by": helps_by, "answered_by": by, "answered_at": now, "offered_at": None}
    _write(blocker, **given)
    history.record(
        actor=by,
        verb="actions.help_answered",
        target=blocker.action,
        before=before if before["answer"] else None,
        after={"answer": text, "helps_by": helps_by},
    )
    help_notices.tell_answered(blocker=blocker, now=now)
    return blocker


@transaction.atomic
def offer(*, blocker: Blocker, by: User, now: datetime, text: str = "") -> Blocker:
    """Whoever was asked says that it is solved; the owner is told and says whether work can go on."""
    history.acting(by)
    if blocker.offered_at is not None:
        raise NotPossible(_("The owner has been told already that it is solved."))
    given: dict[str, object] = {"offered_at": now}
    if text.strip() or blocker.answered_at is None:
        words = text.strip() or _("It is solved.")
        given |= {"answer": words, "answered_by": by, "answered_at": now}
    _write(blocker, **given)
    history.record(
        actor=by, verb="actions.help_offered", target=blocker.action, after={"answer": blocker.answer}
    )
    help_notices.tell_offered(blocker=blocker, now=now)
    return blocker


@transaction.atomic
def lift(*, action: Action, by: User, now: datetime, text: str = "") -> Action:
    """The blocker is gone; work goes on."""
    history.acting(by)
    if action.status != Status.BLOCKED:
        raise NotPossible(_("This action is not blocked."))
    move(action, Status.DOING, by=by, now=now, text=text)
    action.blockers.filter(lifted_at=None).update(lifted_at=now, lifted_by=by)
    help_notices.forget(action=action)
    if action.owner is not None and action.owner != by:
        help_notices.tell_lifted(action=action, by=by, now=now)
    return action


def _write(blocker: Blocker, **columns: object) -> None:
    """Only while it is open: a word that comes after the end is refused."""
    if not Blocker.objects.filter(pk=blocker.pk, lifted_at=None).update(**columns):
        raise NotPossible(_("This blocker is gone already; no help is needed any more."))
    for name, value in columns.items():
        setattr(blocker, name, value)


def _require_readers(blocker: Blocker) -> None:
    """A department whose heads may not read a confidential action cannot help with it."""
    department = blocker.needs_department
    if department is None or blocker.needs_person is not None:
        return
    heads = list(people_queries.leads(department))
    closed = [one for one in heads if Action.objects.closed_to(one).filter(pk=blocker.action_id).exists()]
    if heads and len(closed) == len(heads):
        raise NotPossible(
            _("%(department)s may not read this confidential action. Name the person who is to help.")
            % {"department": department.name}
        )
