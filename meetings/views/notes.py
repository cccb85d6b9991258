"""Notes of the room: small blocks that several people write at once. Each by htmx or as a plain form."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.text import uuid_of, whole
from meetings import writing as hints
from meetings.errors import Conflict, NotAllowed
from meetings.models import AgendaItem, Meeting, Note
from meetings.queries import lineage
from meetings.queries import notes as queries
from meetings.services import notes as services
from meetings.views.recording import (
    CONFLICT,
    INVALID,
    back,
    item_of,
    may_write,
    readable,
    text_of,
    wants_json,
    writable,
    wrong,
)

WORDS = {
    "writes": _("%s is writing here"),
    "write": _("%s are writing here"),
    "writes_new": _("%s is writing a note"),
    "write_new": _("%s are writing notes"),
    "between": pgettext_lazy("between names", ", "),
}


def context_for(
    request: HttpRequest, meeting: Meeting, room: Any = None, item: AgendaItem | None = None
) -> dict[str, Any]:
    """Notes of one item (the room's, unless another one is shown); none of one that is kept from the reader."""
    item = item or getattr(room, "item", None)
    found = Note.objects.visible_to(request.user).present().filter(meeting=meeting, item=item)
    return {
        "notes_item": item,
        "notes": lineage.attach(found.select_related("created_by", "edited_by"), request.user),
        "notes_may_write": may_write(request, meeting),
        "notes_stamp": queries.stamp(meeting, item),
        "notes_words": {code: str(words) for code, words in WORDS.items()},
    }


@require_GET
@never_cache
def room_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment again, after somebody wrote."""
    meeting = readable(request, pk)
    context = {"meeting": meeting, **context_for(request, meeting, item=item_of(request, meeting))}
    return render(request, "meetings/_room_notes.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def writing(request: HttpRequest, pk: int) -> HttpResponse:
    """Who else writes in an item, and a stamp that changes with its notes. A POST says that one writes oneself, too."""
    meeting = writable(request, pk)
    item = item_of(request, meeting)
    now = timezone.now()
    place = item.pk if item else 0
    if request.method == "POST":
        note = whole(request.POST.get("note", ""))
        hints.note_writer(meeting=meeting.pk, item=place, note=note, by=request.user, now=now)
    found = hints.writers(meeting=meeting.pk, item=place, now=now, besides=request.user)
    told = [{"name": one.name, "note": one.note} for one in found]
    return JsonResponse({"writing": told, "stamp": queries.stamp(meeting, item)})


@require_POST
def add_note(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = writable(request, pk)
    item = item_of(request, meeting)
    try:
        note = services.add(
            meeting=meeting,
            item=item,
            text=text_of(request),
            by=request.user,
            now=timezone.now(),
            key=uuid_of(request.POST.get("key", "")),
        )
    except NotAllowed as error:
        if request.htmx:
            return wrong(request, str(error), "#note-refused")
        messages.error(request, str(error))
        return back(meeting, item, "notes")
    if not request.htmx:
        return back(meeting, item, "notes")
    response = render(request, "meetings/_note.html", {"note": note, "meeting": meeting, "can_record": True})
    response.headers["HX-Trigger-After-Settle"] = "fupan:note-added"
    return response


@require_POST
def save_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """200 with the new version, 409 with the stored text beside the sent one; by form a page with both."""
    meeting = writable(request, pk)
    block = _block(request, meeting, note)
    try:
        stored = services.save(
            note=block,
            text=text_of(request),
            version=whole(request.POST.get("version", "")),
            by=request.user,
            now=timezone.now(),
        )
    except Conflict as conflict:
        return _both_texts(request, meeting, conflict)
    except NotAllowed as error:
        if wants_json(request):
            return JsonResponse({"message": str(error)}, status=INVALID)
        messages.error(request, str(error))
        return back(meeting, block.item, "notes")
    if wants_json(request):
        return JsonResponse({"version": stored.version})
    return back(meeting, block.item, "notes")


def _both_texts(request: HttpRequest, meeting: Meeting, conflict: Conflict) -> HttpResponse:
    theirs = conflict.theirs
    if wants_json(request):
        told = {
            "message": str(conflict),
            "version": theirs.version,
            "theirs": theirs.text,
            "by": theirs.edited_by.name,
        }
        return JsonResponse(told, status=CONFLICT)
    context = {"meeting": meeting, "note": theirs, "yours": conflict.yours}
    return render(request, "meetings/note_conflict.html", context, status=CONFLICT)


@require_POST
def remove_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    meeting = writable(request, pk)
    block = _block(request, meeting, note)
    try:
        services.remove(
            note=block,
            version=whole(request.POST.get("version", "")),
            by=request.user,
            now=timezone.now(),
        )
    except (Conflict, NotAllowed) as refused:
        messages.warning(request, str(refused))
    return back(meeting, block.item, "notes")


def _block(request: HttpRequest, meeting: Meeting, pk: int) -> Note:
    notes = Note.objects.visible_to(request.user).select_related("meeting", "item", "edited_by", "created_by")
    return get_object_or_404(notes, meeting=meeting, pk=pk)
