"""Files of pre-reads: handing them in, opening them, taking them off, keeping them to a circle."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.limits import body_limit
from core.text import typed, whole
from meetings import rules
from meetings.errors import NotAllowed
from meetings.library import report_forms
from meetings.models import Attachment, PreRead, RequiredDocument
from meetings.queries import confidential
from meetings.queries import prereads as queries
from meetings.services import attachments as services
from meetings.views.loading import load_writable


@body_limit(services.largest_request)
@require_POST
def preread_files(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Attach `files` to `section` or as the required `document`; each that is refused is named with its reason."""
    preread = load_writable(request, pk, code)
    section, document = place(request, preread)
    attach_all(request, preread, request.FILES.getlist("files"), section=section, document=document)
    anchor = f"document-{document.pk}" if document else f"section-{section}" if section else "files"
    return redirect(f"{preread.get_absolute_url()}#{anchor}")


def place(request: HttpRequest, preread: PreRead) -> tuple[str, RequiredDocument | None]:
    """The section and the required document that a request names; what is not of this pre-read counts as none."""
    wanted = whole(typed(request.POST, "document"))
    documents = confidential.open_documents(request.user).filter(
        meeting=preread.meeting_id, department=preread.department_id
    )
    document = documents.select_related("item").filter(pk=wanted).first() if wanted else None
    section = typed(request.POST, "section")
    form = preread.meeting.template.preread_form
    return (section if report_forms.section(form, section) else ""), document


def attach_all(
    request: HttpRequest,
    preread: PreRead,
    files: list[UploadedFile],
    *,
    section: str = "",
    document: RequiredDocument | None = None,
) -> int:
    """Attach each file; says what was refused, and why. Returns how many were taken."""
    if not files:
        messages.error(request, _("Choose a file first."))
    taken = 0
    for file in files:
        try:
            services.attach(
                preread=preread,
                file=file,
                document=document,
                section=section,
                is_confidential=bool(request.POST.get("confidential")),
                by=request.user,
                now=timezone.now(),
            )
            taken += 1
        except (services.Refused, NotAllowed) as error:
            messages.error(request, str(error))
    return taken


@require_POST
def remove_attachment(request: HttpRequest, pk: int) -> HttpResponse:
    attachment = writable(request, pk)
    try:
        services.remove(attachment=attachment, by=request.user, now=timezone.now())
    except NotAllowed as error:
        messages.error(request, str(error))
    return redirect(f"{attachment.preread.get_absolute_url()}#files")


def writable(request: HttpRequest, pk: int) -> Attachment:
    """A file of a pre-read that this person writes; 404 for what they may not see, 403 for what is not theirs."""
    attachment = queries.readable_attachment(request.user, pk)
    if attachment is None:
        raise Http404
    if not rules.can_write_preread(request.user, attachment.preread):
        raise PermissionDenied
    return attachment


@require_GET
@never_cache
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """A file as a download and never interpreted: its name is only text (RFC 6266), nosniff is on.

    With `?view` a picture is shown in the browser; nothing else ever is.
    """
    found = queries.readable_attachment(request.user, pk)
    if found is None:
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    is_shown = found.is_picture and "view" in request.GET
    response = FileResponse(
        content, as_attachment=not is_shown, filename=found.name, content_type=found.content_type
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
