"""The minutes to take away: print view, PDF, Markdown, Word; whole or the excerpt of one department."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from core.text import typed
from meetings.models import Meeting, MinutesEdition, Pack
from meetings.packs import minutes_html, minutes_text, minutes_word
from meetings.queries import minutes_paper
from meetings.queries import packs as pack_queries
from meetings.services import packs as pack_services
from meetings.views import packs as pack_views
from people.models import Department

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _meeting(request: HttpRequest, pk: int) -> Meeting:
    found = Meeting.objects.visible_to(request.user).select_related("template", "host")
    return get_object_or_404(found, pk=pk)


def _paper(request: HttpRequest, pk: int) -> minutes_paper.Paper:
    """What this reader may know; `?department=` gives the excerpt of one that takes part."""
    meeting = _meeting(request, pk)
    if meeting.started_at is None:
        raise Http404
    department = None
    if code := typed(request.GET, "department"):
        there = meeting.departments.values("department")
        department = get_object_or_404(Department, code=code, pk__in=there)
    return minutes_paper.paper(meeting, reader=request.user, now=timezone.now(), department=department)


@require_safe
@never_cache
def print_view(request: HttpRequest, pk: int) -> HttpResponse:
    paper = _paper(request, pk)
    with timezone.override(paper.meeting.zone):
        context = minutes_html.context(paper, timezone.now())
        return render(request, "meetings/minutes_print.html", context)


@require_safe
@never_cache
def edition(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An earlier edition as it was circulated, without what this reader must not know."""
    meeting = _meeting(request, pk)
    found = get_object_or_404(
        MinutesEdition.objects.select_related("minutes__meeting__host"),
        minutes__meeting=meeting,
        number=number,
    )
    paper = minutes_paper.of_edition(found, reader=request.user)
    with timezone.override(meeting.zone):
        return render(request, "meetings/minutes_print.html", minutes_html.context(paper, timezone.now()))


@require_safe
@never_cache
def file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The same as Markdown or as a Word document."""
    makers = {
        "md": (lambda paper: minutes_text.markdown(paper).encode(), "text/markdown; charset=utf-8"),
        "docx": (minutes_word.document, WORD),
    }
    if form not in makers:
        raise Http404
    paper = _paper(request, pk)
    make, mimetype = makers[form]
    with timezone.override(paper.meeting.zone):
        content = make(paper)
    response = HttpResponse(
        content,
        content_type=mimetype,
        headers={
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
    about = [_("Minutes"), paper.department.name if paper.department else ""]
    name = pack_queries.plain_name(paper.meeting, about, form)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


# --- the PDF ------------------------------------------------------------------------------------------------
@require_GET
@never_cache
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that tells where the PDF stands; asks again by itself while it is made."""
    meeting = _meeting(request, pk)
    if not request.htmx:
        return redirect(f"{reverse('meetings:minutes', args=[pk])}#pack")
    return pack_views.card(request, meeting, Pack.Kind.MINUTES)


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the PDF made in the asker's language: for all, or for them alone where they may know more than all."""
    meeting = _meeting(request, pk)
    if meeting.started_at is None:
        raise Http404
    pack_services.ask(
        meeting=meeting,
        kind=Pack.Kind.MINUTES,
        language=request.user.language,
        reader=pack_queries.reader_for(meeting, request.user, Pack.Kind.MINUTES),
        by=request.user,
        now=timezone.now(),
    )
    if request.htmx:
        return pack_views.card(request, meeting, Pack.Kind.MINUTES)
    return redirect(f"{reverse('meetings:minutes', args=[pk])}#pack")
