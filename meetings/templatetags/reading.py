"""Parts of a pre-read as it is read: `{% load reading %}`."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone

from meetings.models import Attachment, PreRead
from meetings.queries import reading as queries
from meetings.queries import windows
from meetings.queries.comments import Talk
from meetings.queries.reading import Layout
from meetings.queries.revisions import Reading
from meetings.queries.windows import State

register = template.Library()


@register.simple_tag(takes_context=True)
def lay_out(context: template.Context, reading: Reading) -> Layout:
    """{% lay_out reading as page %}: what needs attention first, then the rest (`queries.reading.Layout`)."""
    return queries.lay_out(reading, context.get("differences") or ())


@register.simple_tag
def preread_window(preread: PreRead) -> State:
    """{% preread_window preread as window %}: its instants, and whom to ask once they are over."""
    return windows.state(preread, timezone.now())


@register.filter
def is_image(file: Attachment) -> bool:
    return queries.is_image(file)


@register.filter
def lies_ahead(moment: datetime) -> bool:
    return moment > timezone.now()


@register.filter
def at_key(found: dict[str, Any], key: str) -> Any:
    return found.get(key)


@register.inclusion_tag("meetings/_talk.html", takes_context=True)
def talk(context: template.Context, section: str) -> dict[str, Any]:
    """What was said on a section and the form to say more; nothing on pages that show none (`talks`)."""
    talks: dict[str, Talk] | None = context.get("talks")
    return {
        "talk": (talks or {}).get(section) or Talk(section),
        "is_shown": talks is not None,
        "can_comment": context.get("can_comment"),
        "text": "",
        "refused": "",
        "parent": None,
        "is_question": True,
        **{
            name: context.get(name)
            for name in ("preread", "meeting", "request", "csrf_token", "comments_url")
        },
    }


@register.filter
def place(prefix: str, key: object) -> str:
    """A section's key: `{{ "figure"|place:metric.code }}`."""
    return f"{prefix}:{key}"
