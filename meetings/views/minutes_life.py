"""The steps of minutes: writing, circulating, objecting, approving, locking, correcting, and rating the meeting."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.text import typed, whole
from meetings import minutes_mail, rules
from meetings.errors import Conflict, NotAllowed
from meetings.forms.minutes import CirculateForm
from meetings.models import AgendaItem, Meeting, Minutes, MinutesEdition, Objection
from meetings.queries import confidential
from meetings.services import minutes as services
from meetings.services import ratings

CONFLICT, INVALID = 409, 422


def _meeting(request: HttpRequest, pk: int) -> Meeting:
    found = Meeting.objects.visible_to(request.user).select_related("template", "host")
    return get_object_or_404(found, pk=pk)


def _editable(request: HttpRequest, pk: int) -> Meeting:
    meeting = _meeting(request, pk)
    if not rules.can_edit_minutes(request.user, meeting):
        raise PermissionDenied
    return meeting


def _minutes(meeting: Meeting) -> Minutes:
    """The row that exists since the first text or step."""
    return get_object_or_404(Minutes.objects.select_related("meeting__host"), meeting=meeting)


def _item(request: HttpRequest, meeting: Meeting) -> AgendaItem | None:
    wanted = request.POST.get("item", "")
    if not wanted:
        return None
    return get_object_or_404(AgendaItem.objects.visible_to(request.user), meeting=meeting, pk=whole(wanted))


def _back(meeting: Meeting, part: str = "standing") -> HttpResponse:
    return redirect(f"{reverse('meetings:minutes', args=[meeting.pk])}#{part}")


def _refused(request: HttpRequest, meeting: Meeting, error: NotAllowed, part: str) -> HttpResponse:
    """The page again with the sentence; what was typed comes back with it."""
    from meetings.views import minutes  # leaf: the page shows these forms

    kept = {f"typed_{name}": typed(request.POST, name) for name in ("text", "reason", "words")}
    refused = {"part": part, "words": str(error), **kept}
    return minutes.show(request, meeting, refused=refused, status=INVALID)


# --- writing ------------------------------------------------------------------------------------------------
@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """200 with the new version, 409 with the stored text beside the sent one; by form a page with both."""
    meeting = _editable(request, pk)
    item = _item(request, meeting)
    text, wants_json = typed(request.POST, "text"), "application/json" in request.headers.get("Accept", "")
    try:
        stored = services.write(
            meeting=meeting,
            item=item,
            text=text,
            version=whole(request.POST.get("version", "")),
            by=request.user,
            now=timezone.now(),
        )
    except Conflict as conflict:
        theirs = conflict.theirs
        if wants_json:
            by = theirs.edited_by.name if theirs.pk else ""
            answer = {"message": str(conflict), "version": theirs.version, "theirs": theirs.text, "by": by}
            return JsonResponse(answer, status=CONFLICT)
        context = {"meeting": meeting, "item": item, "stored": theirs, "yours": text}
        return render(request, "meetings/minutes_conflict.html", context, status=CONFLICT)
    except NotAllowed as error:
        if wants_json:
            return JsonResponse({"message": str(error)}, status=INVALID)
        messages.error(request, str(error))
        return _back(meeting)
    if wants_json:
        return JsonResponse({"version": stored.version})
    return _back(meeting, f"item-{item.pk}" if item else "summary")


# --- circulating --------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def circulate(request: HttpRequest, pk: int) -> HttpResponse:
    """Who approves and until when one may object; then everybody gets one mail."""
    meeting = _editable(request, pk)
    now = timezone.now()
    minutes = Minutes.objects.filter(meeting=meeting).first() or Minutes(meeting=meeting)
    data = request.POST if request.method == "POST" else None
    form = CirculateForm(data, meeting=meeting, version=minutes.version, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            edition = services.circulate(
                meeting=meeting,
                approvers=form.cleaned_data["approvers"],
                objections_until=form.cleaned_data["until"],
                version=form.cleaned_data["version"],
                by=request.user,
                now=now,
            )
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            _say_circulated(request, meeting, edition)
            return _back(meeting)
    context = {
        "meeting": meeting,
        "minutes": minutes,
        "form": form,
        "recipients": len(minutes_mail.recipients(meeting)),
        "open_objections": minutes.objections.open().count() if minutes.pk else 0,
    }
    status = INVALID if request.method == "POST" else 200
    return render(request, "meetings/minutes_circulate.html", context, status=status)


def _say_circulated(request: HttpRequest, meeting: Meeting, edition: MinutesEdition) -> None:
    told = len(minutes_mail.recipients(meeting))
    words = ngettext(
        "Edition %(number)d is circulated: %(told)d person gets a mail.",
        "Edition %(number)d is circulated: %(told)d people get one mail each.",
        told,
    )
    messages.success(request, words % {"number": edition.number, "told": told})


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _meeting(request, pk)
    if not rules.can_lock_minutes(request.user, meeting):
        raise PermissionDenied
    try:
        services.take_back(
            minutes=_minutes(meeting),
            reason=typed(request.POST, "reason"),
            version=whole(request.POST.get("version", "")),
            by=request.user,
            now=timezone.now(),
        )
    except NotAllowed as error:
        return _refused(request, meeting, error, "take_back")
    messages.success(request, _("The minutes are a draft again. Mend them, then circulate them anew."))
    return _back(meeting)


# --- objecting ----------------------------------------------------------------------------------------------
@require_POST
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _meeting(request, pk)
    item = _item(request, meeting)
    try:
        services.object_to(
            minutes=_minutes(meeting),
            item=item,
            text=typed(request.POST, "text"),
            by=request.user,
            now=timezone.now(),
        )
    except NotAllowed as error:
        return _refused(request, meeting, error, "object")
    messages.success(
        request, _("Your objection stands with the minutes; the host and the recorder are told.")
    )
    return _back(meeting, "objections")


@require_POST
def answer(request: HttpRequest, pk: int, objection: int) -> HttpResponse:
    """Whoever edits the minutes takes it over or notes it; who raised it takes it back."""
    meeting = _meeting(request, pk)
    rows = Objection.objects.filter(minutes__meeting=meeting).exclude(
        item__in=confidential.hidden_ids(meeting=meeting.pk, user=request.user)
    )
    found = get_object_or_404(rows.select_related("minutes", "raised_by"), pk=objection)
    kind = request.POST.get("answer", "")
    is_own = found.raised_by_id == request.user.pk
    if kind == Objection.Answer.WITHDRAWN:
        if not is_own:
            raise PermissionDenied
    elif not rules.can_edit_minutes(request.user, meeting):
        raise PermissionDenied
    try:
        services.answer(
            objection=found,
            answer=kind,
            words=typed(request.POST, "words"),
            by=request.user,
            now=timezone.now(),
        )
    except NotAllowed as error:
        return _refused(request, meeting, error, str(found.pk))
    if kind == Objection.Answer.TAKEN:
        messages.success(
            request, _("Taken over: the minutes are a draft again. Mend them, then circulate them.")
        )
    return _back(meeting, "objections")


# --- approving and locking ----------------------------------------------------------------------------------
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _meeting(request, pk)
    minutes = _minutes(meeting)
    if not minutes.approvals.filter(user=request.user).exists():
        raise PermissionDenied
    edition = get_object_or_404(
        MinutesEdition, minutes=minutes, number=whole(request.POST.get("edition", ""))
    )
    try:
        services.approve(minutes=minutes, edition=edition, by=request.user, now=timezone.now())
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You have approved edition %(number)d.") % {"number": edition.number})
    return _back(meeting)


@require_POST
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _meeting(request, pk)
    if not rules.can_lock_minutes(request.user, meeting):
        raise PermissionDenied
    try:
        services.lock(minutes=_minutes(meeting), by=request.user, now=timezone.now())
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The minutes are locked. From now on there are corrections only."))
    return _back(meeting)


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _editable(request, pk)
    item = _item(request, meeting)
    try:
        services.correct(
            minutes=_minutes(meeting),
            item=item,
            text=typed(request.POST, "text"),
            by=request.user,
            now=timezone.now(),
        )
    except NotAllowed as error:
        return _refused(request, meeting, error, "correct")
    return _back(meeting, "corrections")


# --- rating -------------------------------------------------------------------------------------------------
@require_POST
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _meeting(request, pk)
    if not rules.can_rate(request.user, meeting):
        raise PermissionDenied
    try:
        ratings.rate(
            meeting=meeting,
            score=whole(request.POST.get("score", "")),
            reason=typed(request.POST, "reason"),
            by=request.user,
            now=timezone.now(),
        )
    except NotAllowed as error:
        return _refused(request, meeting, error, "rate")
    messages.success(request, _("Thank you. Your rating counts; nobody sees whose it is."))
    return _back(meeting, "rating")
