"""Open matters of a series: bring them into the next meeting, drop one, put a parked one off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.text import typed
from meetings import rules
from meetings.errors import NotAllowed
from meetings.models import AgendaItem, Meeting, ParkedItem
from meetings.services import carry


def _load(request: HttpRequest, pk: int) -> Meeting:
    found = Meeting.objects.visible_to(request.user).select_related("template", "host", "series")
    return get_object_or_404(found, pk=pk)


def _to_plan(request: HttpRequest, pk: int) -> Meeting:
    meeting = _load(request, pk)
    if not rules.can_plan(request.user, meeting):
        raise PermissionDenied
    return meeting


@require_POST
def bring_over(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _to_plan(request, pk)
    try:
        brought = carry.bring_over(meeting=meeting, by=request.user, now=timezone.now())
    except NotAllowed as reason:
        messages.error(request, str(reason))
        return redirect(meeting)
    if brought:
        words = ngettext("%(count)d item is brought over.", "%(count)d items are brought over.", len(brought))
        messages.success(request, words % {"count": len(brought)})
    else:
        messages.info(request, _("The meetings before left nothing open that is not on this agenda already."))
    return redirect(meeting)


@require_POST
def drop(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    meeting = _to_plan(request, pk)
    shown = get_object_or_404(AgendaItem.objects.visible_to(request.user).filter(meeting=meeting), pk=item)
    try:
        carry.drop(item=shown, by=request.user, now=timezone.now())
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The item is off this agenda."))
    return redirect(meeting)


@require_POST
def review_parked(request: HttpRequest, pk: int, parked: int) -> HttpResponse:
    """Say on which day a parked matter is looked at again; an empty day means the next meeting."""
    meeting = _load(request, pk)
    if not rules.can_record(request.user, meeting):
        raise PermissionDenied
    row = get_object_or_404(ParkedItem.objects.visible_to(request.user), meeting=meeting, pk=parked)
    text = typed(request.POST, "review_on").strip()
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and day is None:
        messages.error(request, _("Write the day as year-month-day, for example 2026-11-24."))
    else:
        try:
            carry.put_off(parked=row, until=day, by=request.user)
        except NotAllowed as reason:
            messages.error(request, str(reason))
        else:
            messages.success(
                request, _("The matter waits until then.") if day else _("It comes to the next meeting.")
            )
    return redirect(meeting.series or meeting)
