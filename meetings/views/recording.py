"""What every view of the recorder needs: the meeting, the item, who may write, and the way back for plain forms."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.text import typed, whole
from meetings import rules
from meetings.models import AgendaItem, Meeting
from meetings.services.notes import RECORDABLE

CONFLICT, INVALID = 409, 422


def readable(request: HttpRequest, pk: int) -> Meeting:
    meetings = Meeting.objects.visible_to(request.user).select_related("template", "host")
    return get_object_or_404(meetings, pk=pk)


def writable(request: HttpRequest, pk: int) -> Meeting:
    meeting = readable(request, pk)
    if not rules.can_record(request.user, meeting):
        raise PermissionDenied
    return meeting


def may_write(request: HttpRequest, meeting: Meeting) -> bool:
    """Whether this page offers to write; after the end the minutes may still be completed."""
    return meeting.status in RECORDABLE and rules.can_record(request.user, meeting)


def item_of(request: HttpRequest, meeting: Meeting) -> AgendaItem | None:
    """The agenda item that a form or an address names; 404 for one that this person must not know of."""
    wanted = request.POST.get("item", "") or request.GET.get("item", "")
    if not wanted:
        return None
    return get_object_or_404(AgendaItem.objects.visible_to(request.user), meeting=meeting, pk=whole(wanted))


def back(meeting: Meeting, item: AgendaItem | None, part: str) -> HttpResponse:
    """Where a plain form returns to: the room while it is on, the minutes afterwards."""
    name = "meetings:minutes" if meeting.status == Meeting.Status.ENDED else "meetings:live"
    query = f"?item={item.pk}" if item and name == "meetings:live" else ""
    return redirect(f"{reverse(name, args=[meeting.pk])}{query}#{part}")


def text_of(request: HttpRequest) -> str:
    return typed(request.POST, "text")


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def wrong(request: HttpRequest, words: str, place: str) -> HttpResponse:
    """A sentence beside the form that was sent; what was typed stays in it."""
    response = render(request, "meetings/_refused.html", {"words": words}, status=INVALID)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = place, "innerHTML"
    return response
