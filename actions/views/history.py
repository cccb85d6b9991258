"""Everything that ever changed on an action."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from actions.queries.changes import MOST, changes_of
from actions.views.detail import readable


@require_GET
@never_cache
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what, when: also where many were changed at once, or somebody changed the row by hand."""
    action = readable(request, pk)
    context = {"action": action, "changes": changes_of(action), "most": MOST}
    return render(request, "actions/history.html", context)
