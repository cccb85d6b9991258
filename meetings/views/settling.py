"""Before a meeting: its figures settled, its pre-reads certified, declared ready, frozen."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.text import typed, whole
from meetings import rules
from meetings.errors import Conflict, NotAllowed, NotReady
from meetings.forms.settling import RulingForm
from meetings.models import Meeting, PreRead, PreReadRevision, Snapshot, Statement
from meetings.queries import blockers, frozen
from meetings.queries import settling as queries
from meetings.queries.differences import Difference
from meetings.services import readiness, review, settling, snapshot

CONFLICT, INVALID, NOTHING_NEW = 409, 422, 204


def _load(request: HttpRequest, pk: int) -> Meeting:
    meetings = Meeting.objects.visible_to(request.user).select_related("template", "host")
    return get_object_or_404(meetings, pk=pk)


def _load_to_run(request: HttpRequest, pk: int) -> Meeting:
    meeting = _load(request, pk)
    if not rules.can_run(request.user, meeting):
        raise PermissionDenied
    return meeting


# --- the figures ------------------------------------------------------------------------------------------
@require_GET
@never_cache
def figures(request: HttpRequest, pk: int) -> HttpResponse:
    return _figures(request, _load(request, pk))


@require_GET
@never_cache
def figures_news(request: HttpRequest, pk: int) -> HttpResponse:
    """The page's inner part when it differs from the version that was seen, 204 otherwise."""
    meeting = _load(request, pk)
    if request.GET.get("seen") == queries.version(meeting):
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "meetings/figures.html#board", _context(request, meeting))


def _figures(
    request: HttpRequest, meeting: Meeting, bound: dict[int, RulingForm] | None = None, status: int = 200
) -> HttpResponse:
    return render(request, "meetings/figures.html", _context(request, meeting, bound or {}), status=status)


def _context(
    request: HttpRequest, meeting: Meeting, bound: dict[int, RulingForm] | None = None
) -> dict[str, Any]:
    context = queries.page(meeting=meeting, user=request.user)
    bound = bound or {}

    def with_form(found: list[Difference]) -> list[tuple[Difference, RulingForm]]:
        return [(one, bound.get(one.statement.pk) or RulingForm(difference=one)) for one in found]

    return context | {
        "open": with_form(context["open"]),
        "settled": with_form(context["settled"]),
        "unreported": with_form(context["unreported"]),
        "can_run": rules.can_run(request.user, meeting),
    }


@require_POST
def rule(request: HttpRequest, pk: int, statement: int) -> HttpResponse:
    meeting = _load(request, pk)
    if not rules.can_settle(request.user):
        raise PermissionDenied
    found = get_object_or_404(Statement.objects.filter(preread__meeting=meeting), pk=statement)
    try:
        difference = settling.find(found)
    except NotAllowed as error:
        messages.warning(request, str(error))
        return redirect("meetings:figures", pk)
    form = RulingForm(request.POST, difference=difference)
    if not form.is_valid():
        return _figures(request, meeting, {found.pk: form}, INVALID)
    try:
        settling.rule(
            statement=found,
            verdict=form.cleaned_data["verdict"],
            reason=form.cleaned_data["reason"],
            seen=form.seen,
            by=request.user,
            now=timezone.now(),
        )
    except Conflict as error:
        # The reason stays; the values beside it are the present ones.
        again = RulingForm(
            difference=error.theirs,
            initial={
                "reason": error.yours,
                "stated": error.theirs.stated,
                "reported": error.theirs.reported,
            },
        )
        messages.warning(request, str(error))
        return _figures(request, meeting, {found.pk: again}, CONFLICT)
    except NotAllowed as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Settled. The department has been told."))
    return redirect(reverse("meetings:figures", args=[pk]) + f"#statement-{found.pk}")


# --- pre-reads --------------------------------------------------------------------------------------------
@require_POST
def review_preread(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """`do` certify or return; `revision` is the one that was looked at."""
    meeting = _load(request, pk)
    if not rules.can_settle(request.user):
        raise PermissionDenied
    preread = get_object_or_404(
        PreRead.objects.visible_to(request.user), meeting=meeting, department__code=code
    )
    revision = get_object_or_404(PreReadRevision, preread=preread, pk=whole(request.POST.get("revision", "")))
    comment = typed(request.POST, "comment")
    verb = review.return_ if request.POST.get("do") == "return" else review.certify
    try:
        verb(revision=revision, comment=comment, by=request.user, now=timezone.now())
    except NotAllowed as error:
        messages.warning(request, str(error))
        query = {"comment": comment[:500]} if comment.strip() else None
        return redirect(reverse("meetings:figures", args=[pk], query=query, fragment=f"preread-{code}"))
    messages.success(
        request,
        _("Returned. The department has been told and can write again.")
        if verb is review.return_
        else _("Certified. The department has been told."),
    )
    return redirect(reverse("meetings:figures", args=[pk], fragment="prereads"))


# --- ready ------------------------------------------------------------------------------------------------
@require_GET
@never_cache
def open_points(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of the meeting's page: what keeps it from being ready, and the host's word on it."""
    meeting = _load(request, pk)
    context = {
        "meeting": meeting,
        "ready": blockers.ready(meeting) if meeting.status == Meeting.Status.SCHEDULED else None,
        "can_run": rules.can_run(request.user, meeting),
        "snapshot": frozen.snapshot_of(meeting),
    }
    return render(request, "meetings/_open_points.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the meeting is ready; with open points the page asks for the reason. `do=withdraw` takes it back."""
    meeting = _load_to_run(request, pk)
    if request.method == "GET":
        if meeting.status != Meeting.Status.SCHEDULED:
            return redirect(meeting)
        return ask_reason(request, meeting, "meetings:declare_ready")
    now = timezone.now()
    if request.POST.get("do") == "withdraw":
        readiness.withdraw_ready(meeting=meeting, by=request.user, now=now)
        messages.info(request, _("No longer declared ready."))
        return redirect(meeting)
    try:
        readiness.declare_ready(
            meeting=meeting, by=request.user, now=now, reason=typed(request.POST, "reason")
        )
    except NotReady as error:
        return ask_reason(request, meeting, "meetings:declare_ready", str(error), INVALID)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Declared ready."))
    return redirect(meeting)


def ask_reason(
    request: HttpRequest, meeting: Meeting, name: str, problem: str = "", status: int = 200
) -> HttpResponse:
    """The open points, and the reason for going ahead all the same; `name` is where the form goes."""
    context = {
        "meeting": meeting,
        "ready": blockers.ready(meeting),
        "action": reverse(name, args=[meeting.pk]),
        "starts": name == "meetings:start",
        "problem": problem if request.POST.get("asked") else "",
        "reason": typed(request.POST, "reason"),
    }
    return render(request, "meetings/not_ready.html", context, status=status)


@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze figures and pre-reads now instead of at the start."""
    meeting = _load_to_run(request, pk)
    try:
        snapshot.freeze(meeting=meeting, cause=Snapshot.Cause.HOST, by=request.user, now=timezone.now())
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Frozen. What is imported or handed in from now on stands beside it."))
    return redirect("meetings:figures", pk)
