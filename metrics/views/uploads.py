"""Is the data in? Handing in reports, and what became of each."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from metrics import bell, rules
from metrics.forms import StatedForm, UploadForm
from metrics.intake.problems import fold
from metrics.models import Measure, Shop, Upload
from metrics.queries import uploads as queries
from metrics.services import uploads as services
from metrics.tables import ProblemTable, UploadTable

# htmx: the answer counts, and the asking ends.
STOP_POLLING = 286

SEPARATORS = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs"), "|": _("bars")}
LANGUAGES = {
    "en": _("English"),
    "zh": _("Chinese"),
    "de": _("German"),
    "fr": _("French"),
    "it": _("Italian"),
    "es": _("Spanish"),
    "mx": _("Spanish (Mexico)"),
    "ja": _("Japanese"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """What is in and what is missing for each shop, and the way to hand in what is missing."""
    form = UploadForm()
    if request.method == "POST":
        if not rules.can_upload(request.user):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            received = [
                services.receive_upload(
                    file=file,
                    name=file.name,
                    size=file.size,
                    stated=form.stated(),
                    by=request.user,
                    now=timezone.now(),
                )
                for file in form.cleaned_data["files"]
            ]
            bell.ring_for(received)
            _tell(request, received)
            return redirect(received[0] if len(received) == 1 else "metrics:uploads")
    shops = queries.coverage(Shop.objects.active().visible_to(request.user).in_order())
    context = _files(request) | {
        "form": form,
        "can_upload": rules.can_upload(request.user),
        "max_bytes": settings.MAX_REPORT_BYTES,
        "shops": shops,
        "gaps": queries.gaps(shops),
        "shops_with_data": any(report.months for entry in shops for report in entry.reports),
    }
    return render(request, "metrics/uploads.html", context, status=422 if form.errors else 200)


@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """The list alone, while something is being read."""
    context = _files(request)
    status = 200 if context["is_busy"] else STOP_POLLING
    return render(request, "metrics/uploads.html#files", context, status=status)


def _files(request: HttpRequest) -> dict[str, Any]:
    visible = Upload.objects.visible_to(request.user)
    table = UploadTable(queries.listed(visible))
    RequestConfig(request, paginate={"per_page": 25}).configure(table)
    return {"table": table, "is_busy": visible.unfinished().exists()}


def _tell(request: HttpRequest, received: list[Upload]) -> None:
    """One sentence for all files; a single one has a page of its own that says more."""
    if len(received) == 1:
        return
    known = sum(upload.state == Upload.State.DUPLICATE for upload in received)
    refused = sum(upload.state == Upload.State.REJECTED for upload in received)
    sentences = [
        ngettext("%(count)s file is here.", "%(count)s files are here.", len(received))
        % {"count": len(received)}
    ]
    if known:
        sentences.append(
            ngettext("%(count)s was already there.", "%(count)s were already there.", known)
            % {"count": known}
        )
    if refused:
        sentences.append(
            ngettext("%(count)s cannot be taken.", "%(count)s cannot be taken.", refused) % {"count": refused}
        )
    sentences.append(gettext("What was found in each stands in the list of files below."))
    level = messages.WARNING if refused else messages.INFO
    messages.add_message(request, level, " ".join(sentences))


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of one file, and why."""
    return _show(request, _readable(request, pk))


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far reading is; when it is over, the page is loaded anew."""
    upload = _readable(request, pk)
    if upload.is_unfinished:
        return render(request, "metrics/upload.html#progress", {"upload": upload})
    response = HttpResponse(status=STOP_POLLING)
    response["HX-Refresh"] = "true"
    return response


@require_GET
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it was handed in; never shown in the browser."""
    upload = _readable(request, pk)
    if not rules.can_download(request.user):
        raise PermissionDenied
    if not upload.file or not upload.file.storage.exists(upload.file.name):
        raise Http404
    response = FileResponse(
        upload.file.open("rb"),
        as_attachment=True,
        filename=upload.original_name,
        content_type="application/octet-stream",
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    upload = _changeable(request, pk)
    try:
        services.reactivate(upload=upload, by=request.user, now=timezone.now())
    except services.NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("The figures of this file count again."))
    return redirect(upload)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    upload = _changeable(request, pk)
    try:
        services.withdraw(upload=upload, by=request.user, now=timezone.now())
    except services.NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, gettext("The figures of this file do not count any more. The file is kept.")
        )
    return redirect(upload)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a file again, with what a person now says of it."""
    upload = _changeable(request, pk)
    form = StatedForm(request.POST)
    if not form.is_valid():
        return _show(request, upload, form, status=422)
    try:
        services.retry(upload=upload, stated=form.stated(), by=request.user, now=timezone.now())
    except services.NotAllowed as error:
        form.add_error(None, str(error))
        return _show(request, upload, form, status=422)
    bell.ring_for([upload])
    return redirect(upload)


def _readable(request: HttpRequest, pk: int) -> Upload:
    return get_object_or_404(Upload.objects.visible_to(request.user).with_names(), pk=pk)


def _changeable(request: HttpRequest, pk: int) -> Upload:
    upload = _readable(request, pk)
    if not rules.can_upload(request.user):
        raise PermissionDenied
    return upload


def _show(
    request: HttpRequest, upload: Upload, form: StatedForm | None = None, status: int = 200
) -> HttpResponse:
    problems = upload.problems.order_by("level", "line", "pk")
    noticed = problems.count()
    if not rules.can_download(request.user):
        # They cite cells and whole rows of the file.
        problems = problems.none()
    table = ProblemTable(problems)
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    measures = Measure.objects.filter(code__in=upload.totals).order_by("pk")
    context = {
        "upload": upload,
        "folded": fold(problems[:2000]),
        "table": table,
        "noticed": noticed,
        "totals": [(measure, upload.totals[measure.code]) for measure in measures],
        "language": str(LANGUAGES.get(upload.locale, upload.locale)),
        "delimiter": str(SEPARATORS.get(upload.delimiter, upload.delimiter)),
        "first_day": _day(upload.evidence.get("first_day")),
        "last_day": _day(upload.evidence.get("last_day")),
        "can_change": rules.can_upload(request.user),
        "can_download": rules.can_download(request.user) and bool(upload.file),
        "form": form or StatedForm(initial=upload.stated),
    }
    return render(request, "metrics/upload.html", context, status=status)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
