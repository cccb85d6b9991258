"""The recorder's line: one key, one sentence, and it is kept."""

from typing import Any

from django.http import HttpRequest

from meetings.models import Meeting
from meetings.views.recording import may_write


def context_for(request: HttpRequest, meeting: Meeting, room: Any = None) -> dict[str, Any]:
    return {"capture_may": may_write(request, meeting)}
