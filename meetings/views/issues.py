"""The issue pool of a meeting."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meetings.models import Meeting


def context_for(request: HttpRequest, meeting: Meeting, room: Any = None) -> dict[str, Any]:
    """What `_room_issues.html` needs, for this reader."""
    return {"issue_url": reverse("meetings:room_issues", args=[meeting.pk]), "may_raise_issue": False}


@require_GET
@never_cache
def pool(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk)
    return render(
        request, "meetings/_room_issues.html", {"meeting": meeting, **context_for(request, meeting)}
    )
