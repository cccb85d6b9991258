"""One change of many actions: each by the rule and the service that would change it alone, and a word on each that
was left as it was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions import rules, services
from actions.deadlines import resolve
from actions.errors import NotPossible
from actions.models import Action
from actions.services.department import change_department
from actions.verbs import VERBS
from people.models import User

# As many as one can still look through; each takes some ten statements.
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`fields` are those of the form that it needs, `run` gets the action, the form's values, the person, the time."""

    label: str | Promise
    fields: tuple[str, ...]
    may: Callable[[User, Action], bool]
    who: str | Promise
    run: Callable[[Action, dict[str, Any], User, datetime], object]


@dataclass(slots=True)
class Outcome:
    changed: int = 0
    left: list[tuple[Action, str]] = field(default_factory=list)


def _by_verb(verb: str, *names: str) -> Callable[[Action, dict[str, Any], User, datetime], object]:
    """As the step of that name on the action's page, rule beyond its form included."""

    def run(action: Action, given: dict[str, Any], by: User, now: datetime) -> object:
        form: Any = SimpleNamespace(cleaned_data={name: given[name] for name in names})
        return VERBS[verb].run(action, form, by, now)

    return run


def _shift(action: Action, given: dict[str, Any], by: User, now: datetime) -> object:
    """By whole days where it was promised, so that its time of the day stays."""
    if action.due_at is None:
        raise NotPossible(_("Only an open action has a deadline to move."))
    local = action.due_at.astimezone(action.zone)
    deadline = resolve(
        day=local.date() + timedelta(days=given["days"]),
        clock=None if action.is_all_day else local.time(),
        zone=action.time_zone,
    )
    return services.move_deadline(action=action, deadline=deadline, reason=given["reason"], by=by, now=now)


def _department(action: Action, given: dict[str, Any], by: User, now: datetime) -> object:
    return change_department(
        action=action, department=given["department"], reason=given["reason"], by=by, now=now
    )


_MANAGERS = gettext_lazy("Only whoever gave it, the head of its department or the host may change this.")
CHANGES: dict[str, Change] = {
    "owner": Change(
        label=gettext_lazy("Owner"),
        fields=("owner",),
        may=rules.can_manage,
        who=_MANAGERS,
        run=_by_verb("owner", "owner", "reason"),
    ),
    "acceptor": Change(
        label=gettext_lazy("Acceptor"),
        fields=("acceptor",),
        may=rules.can_manage,
        who=_MANAGERS,
        run=_by_verb("acceptor", "acceptor", "reason"),
    ),
    "department": Change(
        label=gettext_lazy("Department"),
        fields=("department",),
        may=rules.can_manage,
        who=_MANAGERS,
        run=_department,
    ),
    "deadline": Change(
        label=gettext_lazy("Deadline, by days"),
        fields=("days", "reason"),
        may=rules.can_move_deadline,
        who=gettext_lazy("Only its acceptor, or whoever manages it, moves its deadline."),
        run=_shift,
    ),
    "cancel": Change(
        label=gettext_lazy("Cancel them"),
        fields=("reason",),
        may=rules.can_cancel,
        who=gettext_lazy("Only its acceptor, or whoever manages it, cancels it."),
        run=_by_verb("cancel", "reason"),
    ),
}


def apply(actions: Sequence[Action], code: str, given: dict[str, Any], *, by: User, now: datetime) -> Outcome:
    """Change those that may be changed. One that is refused leaves nothing behind and does not stop the others."""
    change, outcome = CHANGES[code], Outcome()
    for action in actions:
        if not change.may(by, action):
            outcome.left.append((action, str(change.who)))
            continue
        try:
            with transaction.atomic():
                change.run(action, given, by, now)
        except NotPossible as refused:
            outcome.left.append((action, str(refused)))
        else:
            outcome.changed += 1
    return outcome
