from collections.abc import Mapping

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from actions import carry, rules, updates
from actions.forms.update import UpdateForm
from meetings.models import ActionList, Meeting
from people.models import Department

ROWS = 30


@require_GET
@vary_on_headers("HX-Request")
def agenda_list(request: HttpRequest, meeting_id: int, kind: str) -> HttpResponse:
    """The actions that an item of a progress meeting goes through: part of its pages, and a page of its own."""
    if kind not in ActionList.values:
        raise Http404
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=meeting_id)
    return show_list(request, meeting, kind)


def show_list(
    request: HttpRequest,
    meeting: Meeting,
    kind: str,
    *,
    bound: Mapping[int, UpdateForm] | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    """The list; in a meeting that is held with a form for each action that its reader may speak for.

    The first one without an answer is open, so that the next one comes up after each press.
    """
    now = timezone.now()
    actions = carry.listed(kind=kind, meeting=meeting, user=request.user, now=now)
    page = Paginator(actions, ROWS).get_page(request.GET.get("page"))
    is_held = meeting.status == Meeting.Status.IN_PROGRESS
    answers = updates.said_in(meeting, page.object_list) if meeting.started_at else {}
    rows = [
        updates.Row(action, said=answers.get(action.pk), bound=(bound or {}).get(action.pk))
        for action in page
    ]
    mine = {
        row.action.pk
        for row in rows
        if is_held and row.action.is_owed and rules.can_update(request.user, row.action, meeting)
    }
    context = {
        "meeting": meeting,
        "kind": kind,
        "label": ActionList(kind).label,
        "page": page,
        "now": now,
        "rows": rows,
        "mine": mine,
        "said": said,
        "answered": len(answers),
        "current": next((row.action.pk for row in rows if row.said is None and row.action.pk in mine), None),
        "departments": list(Department.objects.in_order()) if mine else [],
    }
    name = "actions/agenda_list.html#lines" if request.htmx else "actions/agenda_list.html"
    return render(request, name, context, status=status)
