"""The pack of a meeting: asked for, its progress, its download, and the same content for the browser's own printer."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from meetings.models import Meeting, Pack
from meetings.packs import content, pdf
from meetings.queries import packs as queries
from meetings.services import packs as services

# htmx: the answer counts, and the asking ends.
STOP_POLLING = 286


def _meeting(request: HttpRequest, pk: int) -> Meeting:
    found = Meeting.objects.visible_to(request.user).select_related("template", "host")
    return get_object_or_404(found, pk=pk)


@require_GET
@never_cache
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the meeting's page that tells where its pack stands; asks again by itself while one is made."""
    meeting = _meeting(request, pk)
    if not request.htmx:
        return redirect(f"{meeting.get_absolute_url()}#pack")
    return card(request, meeting)


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the pack made in the asker's language: for all, or for them alone where they may know more than all."""
    meeting = _meeting(request, pk)
    services.ask(
        meeting=meeting,
        language=request.user.language,
        reader=queries.reader_for(meeting, request.user),
        by=request.user,
        now=timezone.now(),
    )
    if request.htmx:
        return card(request, meeting)
    return redirect(f"{meeting.get_absolute_url()}#pack")


# By kind: the addresses of the card, of asking and of the print view.
ADDRESSES = {
    Pack.Kind.AGENDA: ("meetings:pack", "meetings:pack_ask", "meetings:print"),
    Pack.Kind.MINUTES: ("meetings:minutes_pack", "meetings:minutes_pack_ask", "meetings:minutes_print"),
}


def card(request: HttpRequest, meeting: Meeting, kind: Pack.Kind = Pack.Kind.AGENDA) -> HttpResponse:
    """Where the PDF of this kind stands."""
    standing = queries.standing(meeting, request.user, kind)
    card_url, ask_url, print_url = (reverse(name, args=[meeting.pk]) for name in ADDRESSES[kind])
    is_polling = request.method == "GET" and request.GET.get("poll")
    return render(
        request,
        "meetings/_pack_card.html",
        {
            "meeting": meeting,
            "standing": standing,
            "is_minutes": kind == Pack.Kind.MINUTES,
            "card_url": card_url,
            "ask_url": ask_url,
            "print_url": print_url,
            "step": queries.step_words(standing.making) if standing.making else "",
            "no_pango": bool(standing.failed and standing.failed.problem == services.NO_PANGO),
            "packages": pdf.DEBIAN_PACKAGES,
        },
        status=STOP_POLLING if is_polling and not standing.making else 200,
    )


@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """A finished pack, as a download; 404 also for one that was made before something in it became confidential."""
    found = queries.openable(request.user, pk)
    if found is None:
        raise Http404
    try:
        stream = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        stream, as_attachment=True, filename=queries.file_name(found), content_type="application/pdf"
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
@never_cache
def print_view(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a page, for the browser's printer: works on a machine without pango, and holds what this reader
    may know."""
    meeting = _meeting(request, pk)
    reader = queries.reader_for(meeting, request.user)
    with timezone.override(meeting.zone):
        found = content.gather(meeting, reader=reader)
    return render(
        request,
        "meetings/print.html",
        {"meeting": meeting, "content": found, "on_paper": False, "readable": (), "made_at": timezone.now()},
    )
