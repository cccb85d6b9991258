"""What is to be done, until when, how it is accepted: the middle of most mails about an action."""

from django.utils.translation import gettext as _

from actions.models import Action
from core.templatetags.times import moment_words


def of(action: Action) -> str:
    lines = [f"{action.reference}  {action.title}"]
    if action.due_at is not None:
        lines.append(_("Deadline: %(when)s") % {"when": moment_words(action.due_at)})
    if action.acceptor is not None:
        lines.append(_("Accepted by: %(name)s") % {"name": action.acceptor.name})
    criteria = [one.text for one in sorted(action.criteria.all(), key=lambda one: one.position)]
    if criteria:
        lines.append(_("Done means:"))
        lines += [f"· {text}" for text in criteria]
    return "\n".join(lines)


def after(sentence: str, action: Action) -> str:
    """A sentence of the mail's own, then the facts."""
    return f"{sentence}\n\n{of(action)}"
