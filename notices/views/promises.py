"""The promise page: who was told what, when, by which channel, in which state."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from notices import promises as reads
from notices.models import Notice
from people.models import User

PAGE_SIZE = 30


@require_GET
def promises(request: HttpRequest, about: str, pk: int) -> HttpResponse:
    """About a record ("actions.action", 12) or for a person ("person", 3); `?state=` shows one state only."""
    target = reads.find(about, pk, request.user)
    if target is None:
        raise Http404
    notices = reads.of(target)
    totals = reads.totals(notices)
    state = request.GET.get("state", "")
    state = state if state in totals else ""
    page = Paginator(notices.filter(state=state) if state else notices, PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "target": target,
        "is_person": isinstance(target, User),
        "url": getattr(target, "get_absolute_url", lambda: "")(),
        "page": page,
        "lines": reads.lines(page.object_list, request.user),
        "state": state,
        "totals": [
            {"state": one, "label": Notice.State(one).label, "count": totals[one], "tone": reads.TONES[one]}
            for one in Notice.State.values
            if one in totals
        ],
        "count": sum(totals.values()),
    }
    return render(request, "notices/promises.html", context)
