"""One meeting: before it is held, is it ready; after it, what came of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.text import typed
from meetings.errors import NotAllowed
from meetings.models import Meeting, Participant
from meetings.queries import detail as queries
from meetings.services.reply import reply as answer


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    found = Meeting.objects.visible_to(request.user).select_related("template", "host")
    meeting = get_object_or_404(found, pk=pk)
    context = queries.page(meeting=meeting, user=request.user, now=timezone.now())
    return render(request, "meetings/detail.html", context)


@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own answer to an invitation; 404 for who is not invited."""
    found = Participant.objects.select_related("meeting", "user")
    participant = get_object_or_404(
        found.filter(meeting__in=Meeting.objects.visible_to(request.user)), meeting=pk, user=request.user
    )
    try:
        answer(
            participant=participant,
            to=typed(request.POST, "reply"),
            note=typed(request.POST, "note"),
            now=timezone.now(),
        )
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("Your reply is noted; the host sees it."))
    return redirect("meetings:detail", pk)
