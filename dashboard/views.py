from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import grams
from core.text import typed
from dashboard import queries
from dashboard import search as searching
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


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Everything that was said and promised, as far as this person may read it."""
    query = typed(request.GET, "q").strip()[: grams.LONGEST_QUERY]
    kind = request.GET.get("kind", "")
    kind = kind if kind in searching.SOURCES else ""
    groups = searching.search(query=query, user=request.user, kind=kind)
    context = {
        "query": query,
        "kind": kind,
        "groups": [group for group in groups if group.hits],
        "found": sum(len(group.hits) for group in groups),
        "is_cut": any(group.is_cut for group in groups),
        "can_be_searched": bool(grams.words(query)),
        "kinds": {code: source.label for code, source in searching.SOURCES.items()},
    }
    return render(request, "dashboard/search.html", context)
