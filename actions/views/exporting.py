"""The list, filtered and sorted as on the page, as a file."""

import io
from tempfile import TemporaryFile

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from actions.exports import calendar_file, csv_lines, paper, workbook
from actions.models import ActionQuerySet
from actions.showing import Showing
from meetings.packs import pdf

# More than anybody reads in a spreadsheet; keeps one request from holding the database.
MOST = 50_000
MOST_IN_CALENDAR = 2_000
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """As CSV."""
    actions = list(_wanted(request).prefetch_related("criteria")[:MOST])
    return StreamingHttpResponse(
        csv_lines(actions),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_name("csv")}"'},
    )


@require_GET
def export_workbook(request: HttpRequest) -> FileResponse:
    """As an Excel workbook, which can be edited and read back (`actions.imports`)."""
    stream = TemporaryFile()  # noqa: SIM115 - the response closes it
    workbook.write(stream, list(_wanted(request).prefetch_related("criteria")[:MOST]))
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=_name("xlsx"), content_type=WORKBOOK)


@require_GET
def export_paper(request: HttpRequest) -> HttpResponseBase:
    """As a PDF; a machine that cannot set type says so and leads back to the list."""
    wanted, now = _wanted(request), timezone.now()
    actions = list(wanted.prefetch_related("criteria__evidence")[: paper.MOST])
    count = len(actions) if len(actions) < paper.MOST else wanted.count()
    try:
        content = paper.write(actions, count=count, language=request.user.language, now=now)
    except pdf.PangoMissing:
        messages.error(
            request,
            _("This server cannot make PDFs. Print the list in your browser, or export a workbook."),
        )
        return redirect(reverse("actions:list", query=request.GET))
    return FileResponse(
        io.BytesIO(content), as_attachment=True, filename=_name("pdf"), content_type="application/pdf"
    )


@require_GET
def export_calendar(request: HttpRequest) -> HttpResponse:
    """As a calendar file: each deadline an instant. The first ones by deadline, should there be very many."""
    rows = _wanted(request).select_related("owner", "agenda_item", "decision__agenda_item")
    content = calendar_file.write(list(rows.filter(due_at__isnull=False)[:MOST_IN_CALENDAR]), request.user)
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_name("ics")}"'},
    )


def _wanted(request: HttpRequest) -> ActionQuerySet:
    return Showing.of(request).rows()


def _name(ending: str) -> str:
    return f"actions-{timezone.localdate().isoformat()}.{ending}"
