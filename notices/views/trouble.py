"""The banner on every page of an administrator, when notices do not go out as they should."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.where import page_of
from notices import doubts, troubles


@require_GET
def banner(request: HttpRequest) -> HttpResponse:
    """A fragment; empty for everybody else and when all is well. A page does not lead to itself."""
    found = troubles.present() if doubts.may_look(request.user) else []
    here = page_of(request).path
    found = [trouble for trouble in found if not trouble.url or trouble.url != here]
    return render(request, "notices/_trouble.html", {"troubles": found})
