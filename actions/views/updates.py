"""How actions stand: on the page that the mail leads to, and one after the other in a progress meeting."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from actions import autopilot, carry, rules, services, updates
from actions.errors import NotPossible
from actions.forms.update import UpdateForm
from actions.models import Action
from actions.views.agenda import show_list
from meetings.models import ActionList, Meeting
from people.models import Department


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """How do my actions stand? One press for each."""
    return _show(request)


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner's word on one of their actions; then the next one."""
    action = get_object_or_404(Action.objects.visible_to(request.user).with_people(), pk=pk)
    if not rules.can_work(request.user, action):
        raise PermissionDenied
    form = UpdateForm(request.POST, action=action)
    said = _given(request, form, None)
    if said is None:
        return _show(request, {action.pk: form}, status=422)
    messages.success(request, said)
    page = updates.page_of(request.user, timezone.now())
    anchor = f"#update-{page.asked[0].action.pk}" if page.asked else ""
    return redirect(reverse("actions:updates") + anchor)


@require_POST
def give_in_meeting(request: HttpRequest, meeting_id: int, kind: str, pk: int) -> HttpResponse:
    """What was said of an action in the room: by the recorder, the host, or its owner."""
    if kind not in ActionList.values:
        raise Http404
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=meeting_id)
    shown = carry.of_departments(carry.readable(request.user), meeting)
    action = get_object_or_404(shown.with_people(), pk=pk)
    if not rules.can_update(request.user, action, meeting):
        raise PermissionDenied
    form = UpdateForm(request.POST, action=action)
    said = _given(request, form, meeting)
    if request.htmx:
        bound = {action.pk: form} if said is None else {}
        return show_list(request, meeting, kind, bound=bound, said=said or "")
    if said is None:
        return show_list(request, meeting, kind, bound={action.pk: form}, status=422)
    messages.success(request, said)
    return redirect("actions:agenda_list", meeting.pk, kind)


@require_GET
def progress(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Does the agenda fit, what has no room, and who has not said how it stands? Part of the meeting's page."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=meeting_id)
    if not autopilot.is_progress(meeting):
        raise Http404
    context = {
        "meeting": meeting,
        "agenda": autopilot.built(meeting=meeting, now=timezone.now(), user=request.user),
        "coverage": autopilot.coverage(meeting=meeting, user=request.user),
    }
    name = "actions/progress.html#state" if request.htmx else "actions/progress.html"
    return render(request, name, context)


def _given(request: HttpRequest, form: UpdateForm, meeting: Meeting | None) -> str | None:
    """What to say when it was stored; None with the error in the form."""
    if not form.is_valid():
        return None
    try:
        given = services.give_update(
            action=form.action, by=request.user, now=timezone.now(), meeting=meeting, **form.cleaned_data
        )
    except NotPossible as error:
        form.add_error(None, str(error))
        return None
    words = {"reference": form.action.reference, "answer": given.line.get_answer_display()}
    if given.is_handed_in:
        return _("%(reference)s: done and handed in.") % words
    if given.lacks:
        return _("%(reference)s: done. Not handed in yet: %(lacks)s") % {**words, "lacks": given.lacks}
    return _("%(reference)s: %(answer)s.") % words


def _show(
    request: HttpRequest, bound: dict[int, UpdateForm] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "page": updates.page_of(request.user, timezone.now(), bound),
        "departments": list(Department.objects.in_order()),
        "now": timezone.now(),
    }
    return render(request, "actions/updates.html", context, status=status)
