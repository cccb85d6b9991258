"""Comments on a pre-read: all of them by page, saying one, answering, settling and taking away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.text import typed
from meetings import rules
from meetings.errors import NotAllowed
from meetings.models import Meeting, PreRead, PreReadComment
from meetings.queries import comments as queries
from meetings.queries import reading
from meetings.services import comments as services
from meetings.views.loading import load

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def index(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """All threads, of one section with `?section=`, only open questions with `?open=1`; a POST adds one."""
    preread = load(request, pk, code)
    if preread.submitted_at is None:
        raise Http404
    if request.method == "POST":
        return _add(request, preread)
    return _page(request, preread)


def _add(request: HttpRequest, preread: PreRead) -> HttpResponse:
    text, section = typed(request.POST, "text"), typed(request.POST, "section")
    try:
        comment = services.add(
            preread=preread,
            section=section,
            text=text,
            is_question=bool(request.POST.get("is_question")),
            by=request.user,
            now=timezone.now(),
        )
    except NotAllowed as reason:
        return _page(request, preread, refused=str(reason), text=text, section=section)
    messages.success(
        request,
        _("Your question is with the department.") if comment.is_question else _("Your comment is kept."),
    )
    return redirect(_back(request, preread, comment))


def _page(
    request: HttpRequest,
    preread: PreRead,
    *,
    refused: str = "",
    text: str = "",
    section: str | None = None,
    parent: int | None = None,
) -> HttpResponse:
    threads = queries.threads(preread, request.user)
    chosen = section if section is not None else request.GET.get("section")
    if chosen is not None:
        threads = [thread for thread in threads if thread.comment.section == chosen]
    if request.GET.get("open"):
        threads = [thread for thread in threads if thread.is_open]
    found = reading.latest_reading(preread, request.user)
    names = reading.names(found) if found else {}
    page = Paginator(threads, queries.PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "preread": preread,
        "meeting": preread.meeting,
        "page": page,
        "names": names,
        "section": chosen,
        "only_open": bool(request.GET.get("open")),
        "can_comment": preread.meeting.status in Meeting.OPEN,
        "refused": refused,
        "text": text,
        "parent": parent,
        "is_question": not refused or bool(request.POST.get("is_question")),
    }
    return render(request, "meetings/preread_comments.html", context, status=INVALID if refused else 200)


@require_POST
def comment(request: HttpRequest, pk: int, code: str, comment: int) -> HttpResponse:
    """`do`: answer (with `text`; what is done without it), settle, unsettle, remove."""
    preread = load(request, pk, code)
    rows = PreReadComment.objects.visible_to(request.user).present().filter(preread=preread)
    found = get_object_or_404(rows.select_related("written_by", "parent", "preread__meeting"), pk=comment)
    do, now = request.POST.get("do", "answer"), timezone.now()
    if do not in VERBS:
        raise Http404
    if not _may(request, found, do):
        raise PermissionDenied
    text = typed(request.POST, "text")
    try:
        if do == "answer":
            services.answer(comment=found, text=text, by=request.user, now=now)
        else:
            VERBS[do](comment=found, by=request.user, now=now)
    except NotAllowed as reason:
        if do == "answer":
            return _page(
                request,
                preread,
                refused=str(reason),
                text=text,
                section=found.section,
                parent=found.parent_id or found.pk,
            )
        messages.error(request, str(reason))
    return redirect(_back(request, preread, found.parent or found))


VERBS: dict[str, Any] = {
    "answer": services.answer,
    "settle": services.settle,
    "unsettle": services.unsettle,
    "remove": services.remove,
}


def _may(request: HttpRequest, comment: PreReadComment, do: str) -> bool:
    if do == "answer":
        return True
    if do == "remove":
        return rules.can_remove_comment(request.user, comment)
    return rules.can_settle_comment(request.user, comment)


def _back(request: HttpRequest, preread: PreRead, comment: PreReadComment) -> str:
    """Where the form stood: the page it names if it is one of ours, else the newest revision."""
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = f"{preread.get_absolute_url()}?as=room"
    return f"{back.partition('#')[0]}#comment-{comment.pk}"
