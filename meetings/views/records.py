"""What the recorder writes down: notes, decisions, parked matters. Each by htmx or as a plain form."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.text import typed, whole
from meetings import rules
from meetings.errors import Conflict, NotAllowed
from meetings.forms.decisions import DecisionForm
from meetings.models import AgendaItem, Decision, Meeting, Note
from meetings.queries import minutes
from meetings.services import decisions as decision_services
from meetings.services import notes as services

CONFLICT, INVALID = 409, 422


def record_context(
    request: HttpRequest, meeting: Meeting, item: AgendaItem | None, chapter: minutes.Chapter
) -> dict[str, Any]:
    """Notes and decisions of one item with the forms that the reader may use."""
    is_open = meeting.status in services.RECORDABLE
    can_record = is_open and rules.can_record(request.user, meeting)
    return {
        "notes": chapter.notes,
        "decisions": chapter.decisions,
        "parked": chapter.parked,
        "can_record": can_record,
        "decision_form": DecisionForm(meeting=meeting) if can_record else None,
    }


def _load(request: HttpRequest, pk: int) -> Meeting:
    meetings = Meeting.objects.visible_to(request.user).select_related("template", "host")
    meeting = get_object_or_404(meetings, pk=pk)
    if not rules.can_record(request.user, meeting):
        raise PermissionDenied
    return meeting


def _item(request: HttpRequest, meeting: Meeting) -> AgendaItem | None:
    wanted = request.POST.get("item", "")
    if not wanted:
        return None
    return get_object_or_404(AgendaItem.objects.visible_to(request.user), meeting=meeting, pk=whole(wanted))


def _back(meeting: Meeting, item: AgendaItem | None, part: str) -> HttpResponse:
    """Where a plain form returns to: the room while it is on, the minutes afterwards."""
    name = "meetings:minutes" if meeting.status == Meeting.Status.ENDED else "meetings:live"
    query = f"?item={item.pk}" if item and name == "meetings:live" else ""
    return redirect(f"{reverse(name, args=[meeting.pk])}{query}#{part}")


def _text(request: HttpRequest) -> str:
    return typed(request.POST, "text")


def _wrong(request: HttpRequest, words: str, room: str) -> HttpResponse:
    """A sentence beside the form that was sent; what was typed stays in it."""
    response = render(request, "meetings/_refused.html", {"words": words}, status=INVALID)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = room, "innerHTML"
    return response


# --- notes ----------------------------------------------------------------------------------------------
@require_POST
def add_note(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _load(request, pk)
    item = _item(request, meeting)
    try:
        note = services.add(
            meeting=meeting, item=item, text=_text(request), by=request.user, now=timezone.now()
        )
    except NotAllowed as error:
        if request.htmx:
            return _wrong(request, str(error), "#note-refused")
        messages.error(request, str(error))
        return _back(meeting, item, "notes")
    if not request.htmx:
        return _back(meeting, item, "notes")
    response = render(request, "meetings/_note.html", {"note": note, "meeting": meeting, "can_record": True})
    response.headers["HX-Trigger-After-Settle"] = "fupan:note-added"
    return response


@require_POST
def save_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """200 with the new version, 409 with the stored text beside the sent one; by form a page with both."""
    meeting = _load(request, pk)
    block = get_object_or_404(
        Note.objects.visible_to(request.user).select_related("item", "edited_by", "created_by"),
        meeting=meeting,
        pk=note,
    )
    version = request.POST.get("version", "")
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        stored = services.save(
            note=block,
            text=_text(request),
            version=whole(version),
            by=request.user,
            now=timezone.now(),
        )
    except Conflict as conflict:
        if wants_json:
            theirs = conflict.theirs
            return JsonResponse(
                {
                    "message": str(conflict),
                    "version": theirs.version,
                    "theirs": theirs.text,
                    "by": theirs.edited_by.name,
                },
                status=CONFLICT,
            )
        context = {"meeting": meeting, "note": conflict.theirs, "yours": conflict.yours}
        return render(request, "meetings/note_conflict.html", context, status=CONFLICT)
    except NotAllowed as error:
        if wants_json:
            return JsonResponse({"message": str(error)}, status=INVALID)
        messages.error(request, str(error))
        return _back(meeting, block.item, "notes")
    if wants_json:
        return JsonResponse({"version": stored.version})
    return _back(meeting, block.item, "notes")


@require_POST
def remove_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    meeting = _load(request, pk)
    block = get_object_or_404(
        Note.objects.visible_to(request.user).select_related("item"), meeting=meeting, pk=note
    )
    version = request.POST.get("version", "")
    try:
        services.remove(
            note=block,
            version=whole(version),
            by=request.user,
            now=timezone.now(),
        )
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    return _back(meeting, block.item, "notes")


@require_POST
def park(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _load(request, pk)
    item = _item(request, meeting)
    try:
        services.park(
            meeting=meeting, item=item, text=_text(request)[:500], by=request.user, now=timezone.now()
        )
    except NotAllowed as error:
        messages.error(request, str(error))
    return _back(meeting, item, "parked")


# --- decisions --------------------------------------------------------------------------------------------
def _decisions(
    request: HttpRequest, meeting: Meeting, item: AgendaItem | None, form: DecisionForm, status: int = 200
) -> HttpResponse:
    rows = [row for row in minutes.decisions(meeting) if row.agenda_item_id == (item.pk if item else None)]
    context = {
        "meeting": meeting,
        "item": item,
        "decisions": rows,
        "can_record": True,
        "decision_form": form,
    }
    if request.htmx:
        return render(request, "meetings/_decisions.html", context, status=status)
    return render(request, "meetings/decision_form.html", context, status=status)


@require_POST
def record_decision(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _load(request, pk)
    item = _item(request, meeting)
    form = DecisionForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return _decisions(request, meeting, item, form, INVALID)
    try:
        decision_services.record(
            meeting=meeting, item=item, content=form.content, by=request.user, now=timezone.now()
        )
    except NotAllowed as error:
        form.add_error(None, str(error))
        return _decisions(request, meeting, item, form, INVALID)
    if request.htmx:
        return _decisions(request, meeting, item, DecisionForm(meeting=meeting))
    return _back(meeting, item, "decisions")


@require_http_methods(["GET", "POST"])
@never_cache
def change_decision(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    meeting = _load(request, pk)
    found = get_object_or_404(
        Decision.objects.visible_to(request.user).select_related("meeting", "agenda_item", "decided_by"),
        meeting=meeting,
        pk=decision,
    )
    form = DecisionForm(request.POST or None, instance=found, meeting=meeting)
    version = request.POST.get("version", "")
    if request.method == "POST" and form.is_valid():
        # The form has put the new values into its instance; the service compares with the stored row.
        try:
            decision_services.change(
                decision=Decision.objects.visible_to(request.user).select_related("meeting").get(pk=found.pk),
                content=form.content,
                version=whole(version),
                by=request.user,
                now=timezone.now(),
            )
            return _back(meeting, found.agenda_item, f"decision-{found.pk}")
        except (Conflict, NotAllowed) as error:
            theirs = error.theirs if isinstance(error, Conflict) else None
            form.add_error(None, str(error))
            return _decision_page(request, meeting, found, form, theirs=theirs, status=CONFLICT)
    status = INVALID if request.method == "POST" else 200
    return _decision_page(request, meeting, found, form, status=status)


def _decision_page(
    request: HttpRequest,
    meeting: Meeting,
    decision: Decision,
    form: DecisionForm,
    *,
    theirs: Decision | None = None,
    status: int,
) -> HttpResponse:
    """After a conflict the hidden version is the stored one: saving again then replaces what is shown as theirs."""
    stored = theirs or decision
    context = {
        "meeting": meeting,
        "item": decision.agenda_item,
        "decision": decision,
        "decision_form": form,
        "theirs": theirs,
        "version": stored.version,
    }
    return render(request, "meetings/decision_form.html", context, status=status)


@require_GET
@never_cache
def record(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Notes and decisions of one item to read; participants' pages ask for it every few seconds."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk)
    shown = get_object_or_404(AgendaItem.objects.visible_to(request.user), meeting=meeting, pk=item)
    context = {
        "meeting": meeting,
        "item": shown,
        "notes": Note.objects.visible_to(request.user)
        .present()
        .filter(item=shown)
        .select_related("created_by", "edited_by"),
        "decisions": Decision.objects.visible_to(request.user)
        .filter(agenda_item=shown)
        .select_related("decided_by")
        .in_order(),
        "parked": shown.parked.select_related("parked_by").order_by("pk"),
    }
    return render(request, "meetings/_record_read.html", context)
