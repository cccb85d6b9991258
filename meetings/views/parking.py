"""The parking lot of the room: off-topic matters that must not get lost."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from meetings.errors import NotAllowed
from meetings.models import AgendaItem, Meeting, ParkedItem
from meetings.services import notes as services
from meetings.views.recording import back, item_of, may_write, readable, text_of, writable


def context_for(
    request: HttpRequest, meeting: Meeting, room: Any = None, item: AgendaItem | None = None
) -> dict[str, Any]:
    """What was parked while one item was on (the room's, unless another one is shown)."""
    item = item or getattr(room, "item", None)
    found = ParkedItem.objects.visible_to(request.user).filter(meeting=meeting, item=item)
    return {
        "parked_item": item,
        "parked": list(found.select_related("parked_by").order_by("pk")),
        "parked_may_write": may_write(request, meeting),
    }


@require_GET
@never_cache
def room_parked(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment again, after something was parked."""
    meeting = readable(request, pk)
    context = {"meeting": meeting, **context_for(request, meeting, item=item_of(request, meeting))}
    return render(request, "meetings/_room_parked.html", context)


@require_POST
def park(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = writable(request, pk)
    item = item_of(request, meeting)
    try:
        services.park(
            meeting=meeting, item=item, text=text_of(request)[:500], by=request.user, now=timezone.now()
        )
    except NotAllowed as error:
        messages.error(request, str(error))
    return back(meeting, item, "parked")
