"""Where the room stands, for the scripts of its screens: asked for every two seconds where no stream of events runs."""

from django.db.models import QuerySet
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
    return respond(request, Meeting.objects.visible_to(request.user), pk)


def respond(request: HttpRequest, meetings: QuerySet[Meeting], pk: int) -> HttpResponse:
    """The answer for whoever may look at one of these `meetings`; one query while nothing has happened."""
    mark = live.mark(meetings, pk)
    if mark is None:
        raise Http404
    if request.headers.get("If-None-Match") == mark.etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = JsonResponse(live.message(get_object_or_404(Meeting, pk=pk), after=_known(request)))
    response.headers["ETag"] = mark.etag
    response.headers["X-Server-Time"] = str(round(timezone.now().timestamp() * 1000))
    return response


@require_GET
@never_cache
def stream(request: HttpRequest, pk: int) -> HttpResponse:
    """The address of the stream, where no proxy sends it to the process of the streams (`meetings.stream`).

    204 tells a browser that there is none here; it asks for the state instead.
    """
    if live.mark(Meeting.objects.visible_to(request.user), pk) is None:
        raise Http404
    return HttpResponse(status=204)


def _known(request: HttpRequest) -> int | None:
    """The newest event that the browser was told, when it says so."""
    text = request.GET.get("after", "")
    return whole(text) if text else None
