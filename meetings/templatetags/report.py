"""Words of the form of a pre-read: `{% load report %}`."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from meetings.queries.report import ROW_WORDS
from meetings.services.attachments import ACCEPT
from meetings.views.preread_parts import computed

register = template.Library()


@register.filter(name="of")
def of(mapping: Mapping[str, Any], key: str) -> Any:
    """`{{ draft.statements|of:metric.code }}`: a value by a key that is itself a variable."""
    return mapping[key]


@register.simple_tag
def row_name(kind: str, number: int) -> str:
    return f"{ROW_WORDS[kind]()} {number}"


@register.simple_tag
def none_yet(kind: str) -> str:
    return {
        "problems": _("No problems so far. Bring them early: what is known can be prepared."),
        "resources": _("Nothing is asked for."),
        "decisions": _("No decision is needed from this meeting."),
    }[kind]


@register.simple_tag
def add_words(kind: str) -> str:
    return {
        "problems": _("Add a problem"),
        "resources": _("Ask for resources"),
        "decisions": _("Ask for a decision"),
    }[kind]


@register.simple_tag
def resource_facts(row: Any) -> dict[str, str]:
    """What a resource request comes to, in words."""
    return computed(row)


@register.simple_tag
def accepted_files() -> str:
    return ACCEPT
