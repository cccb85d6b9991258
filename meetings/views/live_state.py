"""Where the room stands, for the scripts of its screens: asked for every two seconds where no stream of events runs."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.text import whole
from meetings.models import Meeting
from meetings.queries import live


@require_GET
@never_cache
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of the room and the news since event `?after=`; 304 while nothing has happened.

    X-Server-Time (milliseconds since 1970) comes with both answers, so that browsers correct their own clocks.
    """
    mark = live.mark(Meeting.objects.visible_to(request.user), pk)
    if mark is None:
        raise Http404
    if request.headers.get("If-None-Match") == mark.etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        meeting = get_object_or_404(Meeting, pk=pk)
        response = JsonResponse(live.message(meeting, after=known(request)))
    response.headers["ETag"] = mark.etag
    response.headers["X-Server-Time"] = str(round(timezone.now().timestamp() * 1000))
    return response


def known(request: HttpRequest) -> int | None:
    """The newest event that the browser was told, when it says so."""
    text = request.GET.get("after", "")
    return whole(text) if text else None
