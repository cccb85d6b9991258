"""Moves on the board: which step of an action's life brings it from one column to another, and who may take it.

A move is never more than the step on the action's own page: the same rule, the same form, the same service.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from actions import forms
from actions.models import Action
from actions.verbs import VERBS
from people.models import User

Status = Action.Status

_TO: dict[str, dict[str, str]] = {
    Status.DOING: {
        Status.TODO: "start",
        Status.RETURNED: "start",
        Status.BLOCKED: "lift",
        Status.SUBMITTED: "take-back",
    },
    Status.BLOCKED: dict.fromkeys((Status.TODO, Status.DOING, Status.RETURNED), "block"),
    Status.SUBMITTED: dict.fromkeys((Status.TODO, Status.DOING, Status.RETURNED), "submit"),
    Status.ACCEPTED: {Status.SUBMITTED: "accept"},
    Status.RETURNED: {Status.SUBMITTED: "return"},
    Status.CANCELLED: dict.fromkeys(Action.OPEN, "cancel"),
}
# Steps that cannot be taken without words.
WORDED = {"block", "return", "cancel"}
LABELS: dict[str, str | Promise] = {
    "start": gettext_lazy("Start"),
    "lift": gettext_lazy("The blocker is gone"),
    "take-back": gettext_lazy("Take back"),
    "block": gettext_lazy("Blocked: ask for help"),
    "submit": gettext_lazy("Hand in"),
    "accept": pgettext_lazy("action", "Accept"),
    "return": gettext_lazy("Return it"),
    "cancel": gettext_lazy("Cancel the action"),
}
WHO: dict[str, str | Promise] = {
    "start": gettext_lazy("Only its owner says that it has begun."),
    "take-back": gettext_lazy("Only its owner takes back what was handed in."),
    "block": gettext_lazy("Only its owner says that it is blocked."),
    "submit": gettext_lazy("Only its owner hands it in."),
    "lift": gettext_lazy("Only its owner, or whoever manages it, says that the blocker is gone."),
    "accept": gettext_lazy("Only its acceptor accepts it."),
    "return": gettext_lazy("Only its acceptor returns it."),
    "cancel": gettext_lazy("Only its acceptor, or whoever manages it, cancels it."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A way on from where the action stands; the form is bound when it was sent and refused."""

    to: str
    verb: str
    form: forms.VerbForm

    @property
    def label(self) -> str | Promise:
        return LABELS[self.verb]

    @property
    def is_worded(self) -> bool:
        return self.verb in WORDED


def verb_for(action: Action, to: str) -> str:
    """The step that brings it there; "" when there is none from where it stands."""
    return "" if action.is_draft else _TO.get(to, {}).get(action.status, "")


def may(user: User, action: Action, verb: str) -> bool:
    return VERBS[verb].may(user, action)


def why_not(action: Action, to: str) -> str:
    """Why no step leads there."""
    if action.is_draft:
        return _("This action is still a draft. Publish it first.")
    return _("From “%(here)s” there is no step to “%(there)s”.") % {
        "here": Status(action.status).label,
        "there": Status(to).label if to in Status else to,
    }


def steps(action: Action, user: User, sent: tuple[str, forms.VerbForm] | None = None) -> list[Step]:
    """What this person can do with it now, in the order of an action's life."""
    found = []
    for to in _TO:
        verb = verb_for(action, to)
        if verb and may(user, action, verb):
            form = sent[1] if sent and sent[0] == verb else None
            found.append(Step(to, verb, form or form_for(action, user, verb)))
    return found


def form_for(action: Action, user: User, verb: str) -> forms.VerbForm:
    return VERBS[verb].form(action=action, user=user, auto_id=f"move_{verb}_%s")
