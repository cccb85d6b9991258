from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dashboard import queries
from meetings import queries as meeting_queries

# How many tasks of one group are shown at first; `?all=<group>` shows the others, too.
SHOWN = 20


@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    """The first page after login: what must I do now?"""
    now = timezone.now()
    context = {
        "work": queries.work_of(user=request.user, now=now),
        "meeting": meeting_queries.next_for(request.user, now),
        "last_figures": queries.last_figures(),
        "now": now,
        "shown": SHOWN,
        "opened": request.GET.get("all", ""),
    }
    return render(request, "dashboard/my_work.html", context)
