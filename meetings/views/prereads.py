"""Pages of a department's pre-read: writing it, reading what was handed in, its files, reminding the others."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.text import typed, whole
from meetings import rules
from meetings.errors import Conflict, NotAllowed
from meetings.forms.prereads import AttachmentForm
from meetings.models import Meeting, PreRead
from meetings.queries import confidential
from meetings.queries import prereads as queries
from meetings.services import attachments as files
from meetings.services import prereads as services

CONFLICT = 409


def _load(request: HttpRequest, pk: int, code: str) -> PreRead:
    prereads = PreRead.objects.visible_to(request.user).select_related(
        "meeting__template", "meeting__host", "department"
    )
    return get_object_or_404(prereads, meeting=pk, department__code=code)


def _load_writable(request: HttpRequest, pk: int, code: str) -> PreRead:
    preread = _load(request, pk, code)
    if not rules.can_write_preread(request.user, preread):
        raise PermissionDenied
    return preread


# --- the page -------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def preread(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    if request.method == "POST":
        return _write(request, _load_writable(request, pk, code))
    found = _load(request, pk, code)
    if not rules.can_read_draft(request.user, found):
        return _read(request, found)
    if request.GET.get("as") == "room" and found.submitted_at:
        return _read(request, found)
    return _form(request, found)


def _write(request: HttpRequest, preread: PreRead) -> HttpResponse:
    """Without JavaScript, and for the buttons: all texts come at once, `do` says what is to be done."""
    do, now = request.POST.get("do", "save"), timezone.now()
    try:
        if do == "reopen":
            services.reopen(preread=preread, by=request.user, now=now)
            messages.info(
                request, _("You can write again. What you submitted stays readable until you submit anew.")
            )
            return redirect(preread)
        conflicts = services.save_texts(preread=preread, sent=_sent(request.POST), by=request.user, now=now)
        if conflicts:
            return _form(request, preread, conflicts=conflicts, status=CONFLICT)
        if do == "submit":
            revision = services.submit(preread=preread, by=request.user, now=now)
            messages.success(
                request,
                _("Submitted, marked as late.")
                if revision.is_late
                else _("Submitted. The host can see it now."),
            )
        else:
            messages.success(request, _("Draft saved. Only your department and the data owner see it."))
    except NotAllowed as error:
        return _form(request, preread, error=str(error), status=CONFLICT)
    return redirect(preread)


def _sent(data: QueryDict) -> list[services.Sent]:
    """The texts of a form: `text:<kind>:<key>` with `version:<kind>:<key>` beside each."""
    sent = []
    for name, text in data.items():
        prefix, _colon, place = name.partition(":")
        kind, colon, key = place.partition(":")
        if prefix == "text" and colon:
            version = str(data.get(f"version:{place}", ""))
            sent.append(services.Sent(kind, key, _clean(str(text)), whole(version)))
    return sent


def _clean(text: str) -> str:
    """Line ends as browsers count them; NUL, which the database cannot hold, goes."""
    return text.replace("\r\n", "\n").replace("\0", "")


def _form(
    request: HttpRequest,
    preread: PreRead,
    *,
    conflicts: list[Conflict] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    texts = confidential.texts_for(
        preread.texts.select_related("edited_by").order_by("position", "pk"),
        meeting=preread.meeting_id,
        user=request.user,
    )
    blocks = queries.blocks(preread, texts)
    figures = queries.figures(preread, texts)
    causes = {figure.row.metric.code: queries.cause_block(figure) for figure in figures}
    can_write = rules.can_write_preread(request.user, preread) and preread.is_writable
    if request.method == "POST":
        _put_back(request, [*blocks, *causes.values()], conflicts or [])
    attachments = list(
        confidential.open_files(request.user)
        .filter(preread=preread, removed_at=None)
        .select_related("added_by", "document")
        .order_by("pk")
    )
    documents = list(
        confidential.open_documents(request.user)
        .filter(meeting=preread.meeting_id, department=preread.department_id)
        .order_by("order", "pk")
    )
    handed_in = {attachment.document_id for attachment in attachments}
    return render(
        request,
        "meetings/preread.html",
        {
            "preread": preread,
            "meeting": preread.meeting,
            "blocks": blocks,
            "figures": [(figure, causes[figure.row.metric.code]) for figure in figures],
            "unexplained": sum(
                figure.is_moved and not causes[figure.row.metric.code].text.strip() for figure in figures
            ),
            "without_source": queries.without_source(queries.metric_codes(preread)),
            "attachments": attachments,
            "documents": [(document, document.pk in handed_in) for document in documents],
            "missing_documents": sum(document.pk not in handed_in for document in documents),
            "attachment_form": AttachmentForm(documents=documents),
            "max_bytes": settings.MAX_ATTACHMENT_BYTES,
            "revisions": list(preread.revisions.select_related("submitted_by").order_by("-number")),
            "can_write": can_write,
            "may_reopen": preread.status == PreRead.Status.SUBMITTED
            and rules.can_write_preread(request.user, preread),
            "is_overdue": preread.is_overdue(timezone.now()),
            "conflicts": conflicts or [],
            "error": error,
        },
        status=status,
    )


def _put_back(request: HttpRequest, blocks: list[queries.Block], conflicts: list[Conflict]) -> None:
    """Show again what was typed; beside a conflict also the stored text, whose version a second save replaces."""
    typed = {(one.kind, one.key): one for one in _sent(request.POST)}
    theirs = {(conflict.theirs.kind, conflict.theirs.key): conflict.theirs for conflict in conflicts}
    for block in blocks:
        place = (block.kind, block.key)
        if place in typed:
            block.text = typed[place].text
        if place in theirs:
            block.theirs = theirs[place]


def _read(request: HttpRequest, preread: PreRead) -> HttpResponse:
    reading = queries.latest_reading(preread, request.user)
    if reading is None:
        raise Http404
    return render(
        request,
        "meetings/preread_read.html",
        {
            "preread": preread,
            "meeting": preread.meeting,
            "reading": reading,
            "can_write": rules.can_write_preread(request.user, preread),
        },
    )


# --- one text at a time -----------------------------------------------------------------------------------
@require_POST
def preread_text(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Store one text as it is typed. 200 with the new version, 409 with the other person's text."""
    preread = _load_writable(request, pk, code)
    version = request.POST.get("version", "")
    sent = services.Sent(
        kind=typed(request.POST, "kind"),
        key=typed(request.POST, "key"),
        text=typed(request.POST, "text"),
        version=whole(version),
    )
    try:
        stored = services.save_text(preread=preread, sent=sent, by=request.user, now=timezone.now())
    except Conflict as conflict:
        return JsonResponse(conflict_words(conflict), status=CONFLICT)
    except NotAllowed as error:
        return JsonResponse({"message": str(error)}, status=CONFLICT)
    return JsonResponse({"version": stored.version})


def conflict_words(conflict: Conflict) -> dict[str, Any]:
    """Both sides of a conflict for a script; texts are put into the page as text, never as markup."""
    theirs = conflict.theirs
    return {
        "message": str(conflict),
        "version": theirs.version,
        "theirs": theirs.text,
        "by": theirs.edited_by.name if theirs.edited_by else "",
    }


# --- files --------------------------------------------------------------------------------------------------
@require_POST
def preread_files(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    preread = _load_writable(request, pk, code)
    documents = confidential.open_documents(request.user).filter(
        meeting=preread.meeting_id, department=preread.department_id
    )
    form = AttachmentForm(request.POST, request.FILES, documents=list(documents))
    if not form.is_valid():
        for errors in form.errors.values():
            for error in errors:
                messages.error(request, str(error))
        return redirect(preread)
    for file in form.cleaned_data["files"]:
        try:
            files.attach(
                preread=preread,
                file=file,
                document=form.cleaned_data["document"],
                by=request.user,
                now=timezone.now(),
            )
        except (files.Refused, NotAllowed) as error:
            messages.error(request, str(error))
    return redirect(f"{preread.get_absolute_url()}#files")


@require_POST
def remove_attachment(request: HttpRequest, pk: int) -> HttpResponse:
    attachment = queries.readable_attachment(request.user, pk)
    if attachment is None:
        raise Http404
    if not rules.can_write_preread(request.user, attachment.preread):
        raise PermissionDenied
    try:
        files.remove(attachment=attachment, by=request.user, now=timezone.now())
    except NotAllowed as error:
        messages.error(request, str(error))
    return redirect(f"{attachment.preread.get_absolute_url()}#files")


@require_GET
@never_cache
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """A file, always as a download and never interpreted: its name is only text (RFC 6266), nosniff is on."""
    found = queries.readable_attachment(request.user, pk)
    if found is None:
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


# --- reminding by hand ----------------------------------------------------------------------------------------
@require_POST
def nudge(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind one department (`department=<code>`) or all whose pre-read is missing; says who was told."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk)
    if not rules.can_run(request.user, meeting):
        raise PermissionDenied
    missing = meeting.prereads.missing().select_related("department", "meeting").in_order()
    if code := typed(request.POST, "department"):
        missing = missing.filter(department__code=code)
    results = services.nudge(meeting=meeting, prereads=missing, by=request.user, now=timezone.now())
    if not results:
        messages.info(request, _("Nobody to remind: every pre-read is in."))
    for result in results:
        messages.add_message(
            request, messages.SUCCESS if result.told else messages.WARNING, nudge_words(result)
        )
    return redirect(f"{meeting.get_absolute_url()}#prereads")


def nudge_words(result: services.Nudge) -> str:
    if result.told:
        names = pgettext("between names", ", ").join(person.name for person in result.told)
        return _("%(department)s: reminded %(names)s.") % {
            "department": result.department.name,
            "names": names,
        }
    return _("%(department)s: not reminded, it %(reason)s.") % {
        "department": result.department.name,
        "reason": result.reason,
    }
