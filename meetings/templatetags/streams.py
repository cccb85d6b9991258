"""Where a screen of the room finds its stream."""

import re
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse

register = template.Library()
PORT = re.compile(r":\d+$")


@register.simple_tag(takes_context=True)
def stream_url(context: dict[str, Any], name: str, *args: Any) -> str:
    """The address of a stream: on the site itself, or on the port of its own that a local site gives it
    (`EVENTS_PORT`), under the name by which this page was asked for."""
    path = reverse(name, args=args)
    if not settings.EVENTS_PORT:
        return path
    request = context["request"]
    host = PORT.sub("", request.get_host())
    return f"{request.scheme}://{host}:{settings.EVENTS_PORT}{path}"
