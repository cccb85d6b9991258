"""The two words that a proposal waits for, and the one that sends it back; see `actions.approval`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from actions import reminders
from actions.approval import CHECK, Chain, Step
from actions.errors import Incomplete, NotPossible
from actions.models import Action
from actions.services.capture import CHANGED_MEANWHILE, check, note, publish
from core import history
from people.models import User


@transaction.atomic
def propose(*, action: Action, by: User, now: datetime) -> Step | None:
    """Tell those who have the next word on a complete draft. Raises Incomplete; None when nobody is asked."""
    if findings := check(action=action, now=now):
        raise Incomplete(findings)
    step = Chain.of([action]).next_step(action)
    if step is not None:
        reminders.ask_for_word(action=action, step=step, by=by, now=now)
    return step


@transaction.atomic
def approve(*, action: Action, by: User, now: datetime, version: int | None = None) -> Action:
    """Check or confirm a draft, whichever comes next. What belongs to no meeting is published with the last word.
    `version` is the one that was read; without it the stored words count.

    Raises NotPossible for whoever has not the next word, and for a draft that was changed meanwhile; Incomplete for
    one that is no promise yet.
    """
    step = _own_step(action, by)
    if version is not None and version != action.version:
        raise NotPossible(str(CHANGED_MEANWHILE))
    if findings := check(action=action, now=now):
        raise Incomplete(findings)
    name = "checked" if step.kind == CHECK else "confirmed"
    history.acting(by)
    _claim(action, **{f"{name}_by": by, f"{name}_at": now}, sent_back_because="")
    history.record(actor=by, verb=f"actions.{name}", target=action)
    note(action, "approved", by=by, now=now)
    following = Chain.of([action]).next_step(action)
    reminders.forget_word(action=action)
    if following is not None:
        reminders.ask_for_word(action=action, step=following, by=by, now=now)
    elif action.meeting_id is None:
        publish(action=action, by=by, now=now)
    return action


@transaction.atomic
def refuse(*, action: Action, by: User, now: datetime, reason: str) -> Action:
    """Send a proposal back with the reason: who wrote it is told, and what was approved so far counts no more."""
    if not reason.strip():
        raise NotPossible(_("Say what must change, so that whoever proposed it knows what to do."))
    _own_step(action, by)
    history.acting(by)
    _claim(
        action,
        checked_by=None,
        checked_at=None,
        confirmed_by=None,
        confirmed_at=None,
        sent_back_because=reason.strip(),
    )
    history.record(actor=by, verb="actions.refused", target=action, note=reason.strip())
    note(action, "sent_back", by=by, now=now)
    reminders.forget_word(action=action)
    reminders.tell_refused(action=action, by=by, now=now)
    return action


def _own_step(action: Action, by: User) -> Step:
    step = Chain.of([action]).next_step(action)
    if step is None:
        raise NotPossible(_("This proposal waits for nobody's word."))
    if action.sent_back_because:
        raise NotPossible(_("It was sent back and has not been changed since."))
    if by not in step.people:
        raise NotPossible(_("The next word is for %(names)s.") % {"names": step.names})
    return step


def _claim(action: Action, **changed: Any) -> None:
    """Of two who speak at once, one is heard; nobody approves words that they have not seen."""
    claimed = Action.objects.filter(
        pk=action.pk,
        version=action.version,
        published_at=None,
        checked_at=action.checked_at,
        confirmed_at=action.confirmed_at,
    )
    if not claimed.update(version=F("version") + 1, **changed):
        raise NotPossible(str(CHANGED_MEANWHILE))
    for name, value in changed.items():
        setattr(action, name, value)
    action.version += 1
