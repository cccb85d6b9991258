"""Pages of a department's pre-read: writing it, reading what was handed in, reminding the others."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.limits import body_limit
from core.text import typed, whole
from meetings import rules
from meetings.errors import Conflict, NotAllowed
from meetings.forms.report import Draft
from meetings.models import Meeting, PreRead, PreReadText
from meetings.queries import frozen
from meetings.queries import prereads as queries
from meetings.queries.reading import known_differences, returned
from meetings.queries.report import Lack, Report, report
from meetings.services import attachments as files
from meetings.services import prereads as services
from meetings.views import preread_steps as steps
from meetings.views import reading
from meetings.views.loading import load, load_writable

CONFLICT, INVALID = 409, 422


# --- the page -------------------------------------------------------------------------------------------
@body_limit(files.largest_request)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def preread(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    if request.method == "POST":
        return _write(request, load_writable(request, pk, code))
    found = load(request, pk, code)
    if not rules.can_read_draft(request.user, found):
        return reading.show(request, found, whole(request.GET.get("revision", "")) or None)
    shown = request.GET.get("as")
    number = whole(request.GET.get("revision", "")) or None
    if (shown == "room" or number) and found.submitted_at:
        return reading.show(request, found, number)
    if shown == "preview" or not (found.is_writable and rules.can_write_preread(request.user, found)):
        return _closed(request, found, is_preview=shown == "preview")
    if request.GET.get("part") == "nav":
        return render(request, "meetings/_report_nav.html", _nav(found, report(found, request.user)))
    return _form(request, Draft(found, request.user))


def _write(request: HttpRequest, preread: PreRead) -> HttpResponse:
    """All of the form comes at once and is stored first; `do` says what else is to be done."""
    do, now = request.POST.get("do", "save"), timezone.now()
    try:
        if do == "reopen":
            services.reopen(preread=preread, by=request.user, now=now)
            messages.info(
                request, _("You can write again. What you submitted stays readable until you submit anew.")
            )
            return redirect(preread)
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect(preread)
    draft = Draft(preread, request.user, request.POST)
    lacks: list[Lack] = []
    try:
        if not draft.save(texts=_sent(request.POST), by=request.user, now=now):
            return _form(request, draft, status=CONFLICT if draft.conflicts else INVALID)
        return redirect(f"{preread.get_absolute_url()}{steps.take(request, preread, do, now)}")
    except services.Incomplete as error:
        lacks, words = error.lacks, ""
    except NotAllowed as error:
        words = str(error)
    preread.refresh_from_db(fields=["status", "submitted_at", "saved_at"])
    if not preread.is_writable and not _typed_more(request, preread):
        messages.error(request, words)
        return redirect(preread)
    return _form(request, draft, error=words, lacks=lacks, status=CONFLICT)


def _typed_more(request: HttpRequest, preread: PreRead) -> bool:
    """Whether the form holds a text that is not stored, and must therefore stay on the page."""
    stored = dict(preread.texts.values_list("key", "text"))
    return any(one.text != stored.get(one.key, "") for one in _sent(request.POST))


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
    request: HttpRequest, draft: Draft, *, error: str = "", lacks: Sequence[Lack] = (), status: int = 200
) -> HttpResponse:
    preread = draft.preread
    if request.method == "POST":
        if draft.is_whole and not error:
            # Stored meanwhile: show what is stored, with its versions.
            draft = Draft(preread, request.user)
        _put_back(request, draft.report.blocks, draft.conflicts)
    context = {
        **_nav(preread, draft.report),
        "draft": draft,
        "sections": list(draft.sections),
        "max_bytes": settings.MAX_ATTACHMENT_BYTES,
        "revisions": list(preread.revisions.select_related("submitted_by").order_by("-number")),
        "error": error,
        "refused": [str(field.errors.as_text()).removeprefix("* ") for field in draft.errors] + draft.refused,
        "wanting": lacks,
    }
    return render(request, "meetings/preread.html", context, status=status)


def _nav(preread: PreRead, found: Report) -> dict[str, Any]:
    """The top line and the list of sections: how far the report is."""
    return {
        "preread": preread,
        "meeting": preread.meeting,
        "report": found,
        "is_overdue": preread.is_overdue(timezone.now()),
        "returned": returned(preread),
        "pinned": frozen.pinned_number(preread.meeting, preread),
        "takes_revision": rules.takes_revision(preread, timezone.now()),
    }


def _put_back(request: HttpRequest, blocks: list[queries.Block], conflicts: list[Conflict]) -> None:
    """Show again what was typed; beside a conflict also the stored text, whose version a second save replaces."""
    typed = {(one.kind, one.key): one for one in _sent(request.POST)}
    texts = [conflict.theirs for conflict in conflicts if isinstance(conflict.theirs, PreReadText)]
    theirs = {(text.kind, text.key): text for text in texts}
    for block in blocks:
        place = (block.kind, block.key)
        if place in typed:
            block.text = typed[place].text
        if place in theirs:
            block.theirs = theirs[place]


def _closed(request: HttpRequest, preread: PreRead, *, is_preview: bool) -> HttpResponse:
    """What the department and the data owner see when they do not write: the report as the room will see it."""
    can_write = rules.can_write_preread(request.user, preread)
    is_working = preread.is_writable
    shown = (
        queries.preview(preread, request.user, timezone.now())
        if is_working
        else queries.latest_reading(preread, request.user)
    )
    return render(
        request,
        "meetings/preread_closed.html",
        {
            "preread": preread,
            "meeting": preread.meeting,
            "reading": shown,
            "differences": known_differences(preread, shown) if shown else [],
            "is_preview": is_preview and is_working,
            "is_working": is_working,
            "can_write": can_write,
            "may_reopen": can_write
            and preread.status in (PreRead.Status.SUBMITTED, PreRead.Status.CERTIFIED),
            "is_overdue": preread.is_overdue(timezone.now()),
            "revisions": list(preread.revisions.select_related("submitted_by").order_by("-number")),
        },
    )


# --- reminding by hand ----------------------------------------------------------------------------------------
@require_POST
def nudge(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind one department (`department=<code>`) or all whose pre-read is missing; says who was told."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk)
    if not rules.can_run(request.user, meeting):
        raise PermissionDenied
    missing = meeting.prereads.owed().select_related("department", "meeting").in_order()
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
