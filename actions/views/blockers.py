from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from actions.queries import blockers
from people.models import Department


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Who waits for whose help, for how long, and what waits for mine? `?asking=`, `?helping=`: department codes."""
    now = timezone.now()
    known = {one.code: one for one in Department.objects.in_order()}
    asking, helping = (known.get(request.GET.get(name, "")) for name in ("asking", "helping"))
    context = {
        "heat": blockers.heat(request.user, now),
        "mine": list(blockers.asked_of(request.user)),
        "calls": blockers.waiting(
            request.user, asking=asking.code if asking else "", helping=helping.code if helping else ""
        ),
        "asking": asking,
        "helping": helping,
        "now": now,
    }
    return render(request, "actions/blockers.html", context)
