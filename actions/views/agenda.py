from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from actions import carry
from meetings.models import ActionList, Meeting

ROWS = 30


@require_GET
@vary_on_headers("HX-Request")
def agenda_list(request: HttpRequest, meeting_id: int, kind: str) -> HttpResponse:
    """The open actions that an item of a progress meeting goes through: part of its pages, and a page of its own."""
    if kind not in ActionList.values:
        raise Http404
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=meeting_id)
    now = timezone.now()
    actions = carry.listed(kind=kind, meeting=meeting, user=request.user, now=now)
    page = Paginator(actions, ROWS).get_page(request.GET.get("page"))
    context = {"meeting": meeting, "kind": kind, "label": ActionList(kind).label, "page": page, "now": now}
    name = "actions/agenda_list.html#lines" if request.htmx else "actions/agenda_list.html"
    return render(request, name, context)
