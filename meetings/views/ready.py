"""Is this meeting ready? One page for whoever runs it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from meetings import rules
from meetings.models import Meeting
from meetings.queries import ready_page as queries


@require_safe
@never_cache
def ready(request: HttpRequest, pk: int) -> HttpResponse:
    """For the host, the deputy and administrators; a meeting that is over has nothing to get ready for."""
    found = Meeting.objects.visible_to(request.user).select_related("template", "host")
    meeting = get_object_or_404(found, pk=pk)
    if not rules.can_run(request.user, meeting):
        raise PermissionDenied
    if meeting.status not in Meeting.OPEN:
        return redirect(meeting)
    context = queries.page(meeting=meeting, user=request.user, now=timezone.now())
    return render(request, "meetings/ready.html", context)
