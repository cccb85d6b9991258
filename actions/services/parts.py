"""Parts of an action: one level below the whole, each with an owner and a deadline of its own."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from actions.deadlines import Deadline
from actions.errors import NotPossible
from actions.models import Action
from core.templatetags.times import moment_words
from people.models import User


def may_have_parts(whole: Action) -> None:
    """Raises NotPossible for a part itself, a draft, and what is handed in or over."""
    if whole.parent_id is not None:
        raise NotPossible(_("This is a part itself. Add the new part to the whole action."))
    if not whole.is_owed:
        raise NotPossible(_("Parts are added while the action is being worked on."))


def within_the_whole(whole: Action | None, deadline: Deadline | None) -> None:
    """A part is due no later than the whole. Raises NotPossible."""
    if whole is None or deadline is None or not whole.is_owed or whole.due_at is None:
        return
    if deadline.at > whole.due_at:
        raise NotPossible(
            _("It is a part of %(reference)s, which is due on %(when)s. Move that deadline first.")
            % {"reference": whole.reference, "when": moment_words(whole.due_at, whole.zone)}
        )


def require_parts_closed(action: Action, reason: str) -> None:
    """What is handed in while parts are open says why; the reason stands in the log. Raises NotPossible."""
    if reason.strip():
        return
    open_ones = [part.reference for part in action.parts.open().order_by("pk")]
    if open_ones:
        raise NotPossible(
            ngettext(
                "A part is still open: %(parts)s. Finish it first, or say why the action is done without it.",
                "Parts are still open: %(parts)s. Finish them first, or say why the action is done without them.",
                len(open_ones),
            )
            % {"parts": pgettext("between names", ", ").join(open_ones)}
        )


def acceptor_of_part(whole: Action, owner: User | None) -> User | None:
    """Whoever answers for the whole accepts its parts; their own part is accepted as the whole is."""
    return whole.acceptor if owner == whole.owner else whole.owner


def reparent(action: Action, into: Action, *, now: datetime) -> None:
    """The parts of an action that is merged go along. Raises NotPossible where they would be parts of a part."""
    if not action.parts.exists():
        return
    if into.parent_id is not None:
        raise NotPossible(
            _("%(action)s has parts of its own and cannot become one with a part.")
            % {"action": action.reference}
        )
    action.parts.update(parent=into)
