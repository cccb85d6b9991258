"""What the buttons of a pre-read do besides storing it: `do` is "verb" or "verb:place" or "verb:kind:id"."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.text import whole
from meetings.errors import NotAllowed
from meetings.models import PreRead
from meetings.queries import confidential
from meetings.queries.report import missing_documents
from meetings.services import attachments as files
from meetings.services import prereads as services
from meetings.services import report_rows
from meetings.views.attachments import attach_all, writable


def take(request: HttpRequest, preread: PreRead, do: str, now: datetime) -> str:
    """Do it, and give the place on the page to go on at ("#…" or ""). Raises NotAllowed, Incomplete and Http404."""
    verb, _colon, place = do.partition(":")
    if verb == "submit":
        return _submit(request, preread, now)
    if verb == "add":
        row = report_rows.add(preread=preread, kind=place, by=request.user, now=now)
        return f"#{place}-{row.pk}"
    if verb in ("remove", "restore", "up", "down"):
        return _change_row(request, preread, verb, place, now)
    if verb == "attach":
        return _attach(request, preread, place)
    if verb in ("drop", "close", "open"):
        return _change_file(request, preread, verb, place, now)
    written = PreRead.objects.visible_to(request.user).filter(pk=preread.pk, status__in=PreRead.WRITABLE)
    if not written.exists():
        raise NotAllowed(_("This pre-read was submitted in the meantime. Reopen it to change it."))
    messages.success(request, _("Draft saved. Only your department and the data owner see it."))
    return ""


def _submit(request: HttpRequest, preread: PreRead, now: datetime) -> str:
    revision = services.submit(preread=preread, by=request.user, now=now)
    messages.success(
        request,
        _("Submitted, marked as late.") if revision.is_late else _("Submitted. The host can see it now."),
    )
    if missing := [document.name for document in missing_documents(preread, request.user)]:
        messages.warning(
            request,
            ngettext(
                "A required document is missing: %(names)s. Reopen the pre-read to add it.",
                "Required documents are missing: %(names)s. Reopen the pre-read to add them.",
                len(missing),
            )
            % {"names": pgettext("between names", ", ").join(missing)},
        )
    return ""


def _change_row(request: HttpRequest, preread: PreRead, verb: str, place: str, now: datetime) -> str:
    kind, _colon, pk = place.partition(":")
    row = report_rows.model_of(kind).objects.filter(preread=preread, pk=whole(pk)).first()
    hidden = confidential.hidden_ids(meeting=preread.meeting_id, user=request.user)
    if row is None or getattr(row, "item_id", None) in hidden:
        raise Http404
    row.preread = preread
    if verb == "remove":
        report_rows.remove(row=row, by=request.user, now=now)
        return f"#section-{kind}"
    if verb == "restore":
        report_rows.restore(row=row, by=request.user, now=now)
    else:
        report_rows.move(row=row, up=verb == "up", by=request.user, now=now)
    return f"#{kind}-{row.pk}"


def _attach(request: HttpRequest, preread: PreRead, place: str) -> str:
    """Files chosen in a section (`files:<section>`) or beside a required document (`files:document-<id>`)."""
    chosen = request.FILES.getlist(f"files:{place}")
    documents = confidential.open_documents(request.user).filter(
        meeting=preread.meeting_id, department=preread.department_id
    )
    document = documents.filter(pk=whole(place.removeprefix("document-"))).first()
    attach_all(request, preread, chosen, section="" if document else place, document=document)
    return f"#{place}" if document else f"#section-{place}"


def _change_file(request: HttpRequest, preread: PreRead, verb: str, place: str, now: datetime) -> str:
    attachment = writable(request, whole(place))
    if attachment.preread_id != preread.pk:
        raise Http404
    if verb == "drop":
        files.remove(attachment=attachment, by=request.user, now=now)
    else:
        files.set_confidential(
            attachment=attachment, is_confidential=verb == "close", by=request.user, now=now
        )
    return f"#section-{attachment.section}" if attachment.section else "#files"
