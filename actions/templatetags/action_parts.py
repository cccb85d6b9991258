"""Parts of the pages of actions: `{% load action_parts %}`."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from actions.models import Action
from core.templatetags.ui import badge

register = template.Library()

Status = Action.Status
# Status → tone and icon; the same everywhere.
LOOKS: dict[str, tuple[str, str]] = {
    Status.TODO: ("secondary", "circle-dashed"),
    Status.DOING: ("blue", "progress"),
    Status.BLOCKED: ("orange", "hand-stop"),
    Status.SUBMITTED: ("purple", "clipboard-check"),
    Status.RETURNED: ("yellow", "arrow-back-up"),
    Status.ACCEPTED: ("green", "circle-check"),
    Status.CANCELLED: ("secondary", "ban"),
}


@register.simple_tag
def state(action: Action) -> SafeString:
    """How an action stands, as icon and word; a draft says that it is one."""
    if action.is_draft:
        return badge("draft", _("draft"), "secondary", "edit")
    return state_of(action.status)


@register.simple_tag
def state_of(status: str) -> SafeString:
    """A status as icon and word."""
    tone, picture = LOOKS[status]
    return badge(status, str(Status(status).label), tone, picture)
