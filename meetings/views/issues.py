"""The issue pool of a meeting: shown, filled, put in order. Working on one stands in `issue_steps`."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from core.text import typed, whole
from meetings import rules
from meetings.errors import NotAllowed
from meetings.forms.issues import WorkForm, needs_of, text_of
from meetings.models import AgendaItem, Issue, Meeting, Note, PreRead
from meetings.queries import confidential, evidence
from meetings.queries import issues as queries
from meetings.services import issues as services
from meetings.services.notes import RECORDABLE
from people.models import Department, User

CONFLICT, INVALID, CREATED = 409, 422, 201


# --- showing ------------------------------------------------------------------------------------------------
def context_for(
    request: HttpRequest, meeting: Meeting, room: Any = None, place: str = "room"
) -> dict[str, Any]:
    """What `_room_issues.html` needs, for this reader; `room` says which item is being discussed.

    `place` is where its forms lead back to without scripts: the "room", or the pool's own "page".
    """
    found = queries.pool(meeting, request.user)
    is_open = meeting.status in RECORDABLE
    may_work = is_open and rules.can_work_issues(request.user, meeting)
    may_raise = may_raise_issue(request, meeting)
    item = getattr(room, "item", None)
    departments = list(Department.objects.in_order()) if may_raise or may_work else []
    working = found.working
    return {
        "issue_pool": found,
        "issue_url": reverse("meetings:room_issues", args=[meeting.pk], query={"from": place}),
        "issue_from": place,
        "issue_item": item,
        "issue_is_solving": _is_for_solving(item),
        "issue_may_vote": rules.can_vote(request.user, meeting),
        "issue_may_order": meeting.status == Meeting.Status.IN_PROGRESS
        and rules.can_order_issues(request.user, meeting),
        "issue_may_work": may_work,
        "issue_departments": departments,
        "issue_form": WorkForm(issue=working.issue, departments=departments)
        if working and may_work
        else None,
        "may_raise_issue": may_raise,
    }


def may_raise_issue(request: HttpRequest, meeting: Meeting) -> bool:
    """Whether a page offers to put what it shows into the pool."""
    return meeting.status in RECORDABLE and rules.can_raise_issue(request.user, meeting)


def _is_for_solving(item: AgendaItem | None) -> bool:
    """An item that belongs to no department and is all discussion: where the pool is worked through."""
    return item is not None and not item.department_id and not item.report_minutes


def load(request: HttpRequest, pk: int) -> Meeting:
    meetings = Meeting.objects.visible_to(request.user).select_related("template", "host")
    return get_object_or_404(meetings, pk=pk)


def load_issue(request: HttpRequest, pk: int, issue: int) -> Issue:
    """An issue of the meeting; 404 for one that this person must not know of."""
    load(request, pk)
    rows = Issue.objects.visible_to(request.user).select_related("meeting__host", "meeting__template", "item")
    return get_object_or_404(rows, meeting=pk, pk=issue)


@require_GET
@never_cache
@vary_on_headers("HX-Request")
def pool(request: HttpRequest, pk: int) -> HttpResponse:
    """The pool: part of the room's pages, and a page of its own that stays after the meeting."""
    return show(request, load(request, pk))


def show(request: HttpRequest, meeting: Meeting, status: int = 200, **more: Any) -> HttpResponse:
    place = "room" if "room" in (request.POST.get("from"), request.GET.get("from")) else "page"
    context = {
        "meeting": meeting,
        **context_for(request, meeting, _Room(meeting, request.user), place),
        **more,
    }
    name = "meetings/_room_issues.html" if request.htmx else "meetings/issues.html"
    return render(request, name, context, status=status)


class _Room:
    """The item that the room is in, as this person may know it; read only where the page around it has not."""

    def __init__(self, meeting: Meeting, reader: User) -> None:
        clock = getattr(meeting, "clock", None)
        items = [clock.item] if clock and clock.item else []
        self.item: AgendaItem | None = next(iter(confidential.masked(items, reader)), None)


def done(request: HttpRequest, meeting: Meeting, words: str = "") -> HttpResponse:
    """The fragment again; for a plain form the page it stood on."""
    if request.htmx:
        return show(request, meeting)
    if words:
        messages.success(request, words)
    return redirect(_place(request, meeting))


def refused(request: HttpRequest, meeting: Meeting, words: str, **more: Any) -> HttpResponse:
    """A sentence in the pool; what was typed stays in it."""
    if wants_json(request):
        return JsonResponse({"message": words}, status=INVALID)
    return show(request, meeting, status=INVALID, issue_refused=words, **more)


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _place(request: HttpRequest, meeting: Meeting) -> str:
    """Back to the room while it is on, if the form stood there; else to the pool's own page."""
    if request.POST.get("from") == "room" and meeting.status == Meeting.Status.IN_PROGRESS:
        item = whole(request.POST.get("item", ""))
        query = {"item": item} if item else None
        return reverse("meetings:live", args=[meeting.pk], query=query) + "#room-issues"
    return reverse("meetings:room_issues", args=[meeting.pk])


# --- raising ------------------------------------------------------------------------------------------------
@require_POST
def raise_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Put something into the pool: free text, or a figure, a passage or a note with or without words of its own."""
    meeting = load(request, pk)
    if not rules.can_raise_issue(request.user, meeting):
        raise PermissionDenied
    found, note = _evidence(request, meeting)
    try:
        issue, is_new = services.raise_issue(
            meeting=meeting,
            by=request.user,
            now=timezone.now(),
            text=text_of(request.POST),
            item=_item(request, meeting),
            found=found,
            note=note,
            needs=needs_of(request.POST),
        )
    except NotAllowed as error:
        return refused(request, meeting, str(error), issue_typed=text_of(request.POST))
    words = (
        _("In the issue pool: %(text)s") if is_new else _("Already in the pool; your vote counts: %(text)s")
    )
    words %= {"text": issue.text}
    if wants_json(request):
        answer = {"id": issue.pk, "text": issue.text, "message": words, "is_new": is_new}
        return JsonResponse(answer, status=CREATED if is_new else 200)
    response = done(request, meeting, words)
    if request.htmx and found is not None:
        # Pressed beside a figure: the pool that the answer brings is on another side of the page.
        response.headers["HX-Trigger"] = json.dumps({"fupan:toast": words})
    return response


def _evidence(request: HttpRequest, meeting: Meeting) -> tuple[evidence.Found | None, Note | None]:
    """What the form names; 404 for something that is not there for this person."""
    code, place = typed(request.POST, "metric"), typed(request.POST, "place")
    department, wanted = typed(request.POST, "preread"), request.POST.get("note", "")
    if wanted:
        notes = Note.objects.visible_to(request.user).present()
        note = get_object_or_404(notes, meeting=meeting, pk=whole(wanted))
        return evidence.of_note(note), note
    preread = None
    if department:
        rows = PreRead.objects.visible_to(request.user).select_related("department")
        preread = get_object_or_404(rows, meeting=meeting, department__code=department)
        preread.meeting = meeting
    if code:
        found = evidence.of_figure(meeting=meeting, code=code, preread=preread, reader=request.user)
    elif place and preread is not None:
        found = evidence.of_passage(meeting=meeting, place=place, preread=preread, reader=request.user)
    else:
        return None, None
    if found is None:
        raise Http404
    return found, None


def _item(request: HttpRequest, meeting: Meeting) -> AgendaItem | None:
    wanted = request.POST.get("item", "")
    if not wanted:
        return None
    return get_object_or_404(AgendaItem.objects.visible_to(request.user), meeting=meeting, pk=whole(wanted))


# --- votes and order ----------------------------------------------------------------------------------------
@require_POST
def vote(request: HttpRequest, pk: int, issue: int) -> HttpResponse:
    found = load_issue(request, pk, issue)
    if not rules.can_vote(request.user, found.meeting):
        raise PermissionDenied
    cast = services.take_vote_back if request.POST.get("vote") == "back" else services.vote
    try:
        cast(issue=found, by=request.user, now=timezone.now())
    except NotAllowed as error:
        return refused(request, found.meeting, str(error))
    return done(request, found.meeting)


@require_POST
def order(request: HttpRequest, pk: int, issue: int) -> HttpResponse:
    """One place up or down by the executive's word; `do=votes` lets the votes count again."""
    found = load_issue(request, pk, issue)
    if not rules.can_order_issues(request.user, found.meeting):
        raise PermissionDenied
    now, wanted = timezone.now(), request.POST.get("do", "")
    try:
        if wanted == "votes":
            services.order_by_votes(meeting=found.meeting, by=request.user, now=now)
        else:
            services.move(issue=found, up=wanted == "up", by=request.user, now=now)
    except NotAllowed as error:
        return refused(request, found.meeting, str(error))
    return done(request, found.meeting)
