"""Reading what a department handed in: the newest revision or an older one, what changed between two, receipts."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.text import whole
from meetings import rules
from meetings.errors import NotAllowed
from meetings.models import Meeting, PreRead, PreReadRevision
from meetings.queries import comments, frozen, receipts, revision_diff
from meetings.queries import reading as queries
from meetings.queries.revisions import Reading
from meetings.services import receipts as services
from meetings.views.loading import load


@require_safe
@never_cache
def revision(request: HttpRequest, pk: int, code: str, number: int) -> HttpResponse:
    """One revision under an address that stays."""
    return show(request, load(request, pk, code), number)


def show(request: HttpRequest, preread: PreRead, number: int | None = None) -> HttpResponse:
    """The page of a revision, the newest without a number; 404 where there is none."""
    revisions = _revisions(preread)
    chosen = _chosen(revisions, number)
    reading = _reading(request, preread, chosen)
    newest = revisions[0]
    is_newest = chosen.pk == newest.pk
    read = receipts.read_by(preread, request.user)
    is_own = rules.is_of_department(request.user, preread)
    follows = rules.can_follow_readers(request.user, preread)
    return render(
        request,
        "meetings/preread_read.html",
        {
            "preread": preread,
            "meeting": preread.meeting,
            "reading": reading,
            "differences": queries.known_differences(preread, reading),
            "revisions": revisions,
            "newest": newest,
            "is_newest": is_newest,
            "verdict": _verdict(chosen),
            "pinned": frozen.pinned_number(preread.meeting, preread),
            "talks": comments.talks(preread, request.user) if is_newest else None,
            "comments_url": _url("preread_comments", preread),
            "can_comment": preread.meeting.status in Meeting.OPEN,
            "can_write": rules.can_write_preread(request.user, preread),
            "can_read_draft": rules.can_read_draft(request.user, preread),
            "asks_to_read": is_newest and not is_own and chosen.number not in read,
            "has_read": chosen.number in read,
            "read_before": max((one for one in read if one < chosen.number), default=0),
            "readers": receipts.readers(preread) if follows and is_newest else None,
            "may_remind": follows and preread.meeting.status == Meeting.Status.SCHEDULED,
        },
    )


def _url(name: str, preread: PreRead) -> str:
    return reverse(f"meetings:{name}", args=[preread.meeting_id, preread.department.code])


def _revisions(preread: PreRead) -> list[PreReadRevision]:
    """Newest first; 404 before anything was handed in."""
    rows = preread.revisions.select_related("submitted_by").prefetch_related("reviews__reviewed_by")
    found = list(rows.order_by("-number"))
    if not found:
        raise Http404
    return found


def _chosen(revisions: list[PreReadRevision], number: int | None) -> PreReadRevision:
    found = next((one for one in revisions if number in (None, one.number)), None)
    if found is None:
        raise Http404
    return found


def _verdict(revision: PreReadRevision) -> Any:
    """The data owner's last word on it, if any."""
    return max(revision.reviews.all(), key=lambda review: (review.reviewed_at, review.pk), default=None)


def _reading(request: HttpRequest, preread: PreRead, revision: PreReadRevision) -> Reading:
    reading = queries.of_revision(preread, revision, request.user)
    if reading is None:
        raise Http404
    return reading


@require_safe
@never_cache
def changes(request: HttpRequest, pk: int, code: str, number: int) -> HttpResponse:
    """What changed from revision `?since=` (default: the one before) to this one."""
    preread = load(request, pk, code)
    revisions = _revisions(preread)
    new = _chosen(revisions, number)
    since = whole(request.GET.get("since", "")) or number - 1
    old = _chosen(revisions, since)
    if old.number > new.number:
        old, new = new, old
    before, after = _reading(request, preread, old), _reading(request, preread, new)
    return render(
        request,
        "meetings/preread_changes.html",
        {
            "preread": preread,
            "meeting": preread.meeting,
            "old": old,
            "new": new,
            "revisions": revisions,
            "changes": revision_diff.changes(before, after),
        },
    )


# --- receipts -----------------------------------------------------------------------------------------------
@require_POST
def mark_read(request: HttpRequest, pk: int, code: str, number: int) -> HttpResponse:
    """By the button, or by the page itself once its end was reached (`X-Requested-With: fetch`)."""
    preread = load(request, pk, code)
    found = get_object_or_404(preread.revisions, number=number)
    services.read(revision=found, by=request.user, now=timezone.now())
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    messages.success(request, _("Noted: you have read revision %(n)d.") % {"n": number})
    return redirect("meetings:preread_revision", pk, code, number)


@require_POST
def remind_readers(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Ask those who have not read the newest revision."""
    preread = load(request, pk, code)
    if not rules.can_follow_readers(request.user, preread):
        raise PermissionDenied
    try:
        people = services.remind(preread=preread, by=request.user, now=timezone.now())
    except NotAllowed as reason:
        messages.info(request, str(reason))
    else:
        names = pgettext("between names", ", ").join(person.name for person in people)
        messages.success(request, _("Asked to read it: %(names)s.") % {"names": names})
    return redirect(f"{preread.get_absolute_url()}?as=room#readers")
