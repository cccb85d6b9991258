"""What comes with a press of a button in the live room: the version that was seen, and the press's own id."""

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from core.text import whole
from meetings.services.room import Press


def press_of(request: HttpRequest) -> Press:
    """The press of a posted form, made now; a version that makes no sense is 0, which no clock has."""
    return Press(
        by=request.user,
        now=timezone.now(),
        version=whole(request.POST.get("version", "")),
        key=_uuid(request.POST.get("key", "")),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
