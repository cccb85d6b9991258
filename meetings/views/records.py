"""The record of one item as a whole: notes, decisions and parked matters, to write or to read."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meetings.models import AgendaItem, Meeting
from meetings.views import decisions, notes, parking
from meetings.views.recording import may_write, readable


def record_context(request: HttpRequest, meeting: Meeting, item: AgendaItem | None) -> dict[str, Any]:
    """Notes, decisions and parked matters of one item with the forms that the reader may use."""
    return {
        "can_record": may_write(request, meeting),
        **notes.context_for(request, meeting, item=item),
        **decisions.context_for(request, meeting, item=item),
        **parking.context_for(request, meeting, item=item),
    }


@require_GET
@never_cache
def record(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Notes and decisions of one item to read."""
    meeting = readable(request, pk)
    shown = get_object_or_404(AgendaItem.objects.visible_to(request.user), meeting=meeting, pk=item)
    context = {"meeting": meeting, "item": shown, **record_context(request, meeting, shown)}
    return render(request, "meetings/_record_read.html", context)
