"""Pre-reads by their address, for whoever may open or write them."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from meetings import rules
from meetings.models import PreRead


def load(request: HttpRequest, pk: int, code: str) -> PreRead:
    """The pre-read of a department for a meeting; 404 for whoever may not open its page."""
    prereads = PreRead.objects.visible_to(request.user).select_related(
        "meeting__template", "meeting__host", "department"
    )
    return get_object_or_404(prereads, meeting=pk, department__code=code)


def load_writable(request: HttpRequest, pk: int, code: str) -> PreRead:
    """The same for writing; 403 for whoever only reads."""
    preread = load(request, pk, code)
    if not rules.can_write_preread(request.user, preread):
        raise PermissionDenied
    return preread
