"""Planning a meeting: choose a type, fill in, check and send; change or cancel it afterwards."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.text import typed, whole
from meetings import rules
from meetings.errors import NotAllowed
from meetings.forms.plan import PlanForms
from meetings.forms.rows import AgendaRows
from meetings.models import Meeting, Template
from meetings.queries import overlaps, planning, readiness
from meetings.services import schedule

SAVE = "save"


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if not rules.can_schedule(request.user):
        raise PermissionDenied
    code = typed(request.GET, "template")
    if not code:
        return render(request, "meetings/choose.html", {"templates": planning.templates()})
    template = get_object_or_404(planning.begun_from(code, typed(request.POST, "version")))
    return _plan(request, template, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _to_plan(request, pk)
    if not meeting.is_planned:
        messages.error(
            request, _("This meeting has begun or was cancelled; its plan cannot be changed any more.")
        )
        return redirect(meeting)
    return _plan(request, meeting.template, meeting)


def _plan(request: HttpRequest, template: Template, meeting: Meeting | None) -> HttpResponse:
    """The form: shown, changed by one step (nothing is stored), or saved."""
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    do = data.get("do", SAVE) if data else ""
    step = do if do != SAVE else ""
    forms = PlanForms(template=template, by=request.user, now=now, meeting=meeting, data=data, step=step)
    clash = None
    if do == SAVE and forms.is_valid():
        try:
            return _saved(request, forms, meeting, now)
        except schedule.Overlapping as overlapping:
            clash = overlapping
        except NotAllowed as reason:
            forms.schedule.add_error(None, str(reason))
    context = {
        "forms": forms,
        "template": template,
        "meeting": meeting,
        "agenda": forms.agenda,
        "agenda_zone": forms.agenda.zone,
        "overlaps": overlaps.choices(clash.overlaps, forms.hidden) if clash else [],
        "clash": clash,
        "clashes": forms.clashes,
    }
    if request.htmx and step:
        # The agenda alone; the sum stands elsewhere on the page and goes along out of band.
        return render(request, "meetings/plan.html#step", {**context, "out_of_band": True})
    return render(request, "meetings/plan.html", context, status=409 if clash else 200)


def _saved(request: HttpRequest, forms: PlanForms, meeting: Meeting | None, now) -> HttpResponse:
    if meeting is None:
        meeting = schedule.draft(plan=forms.plan(), by=request.user, now=now)
        return redirect("meetings:check", meeting.pk)
    data = forms.schedule.cleaned_data
    meeting = schedule.change(
        meeting=meeting,
        plan=forms.plan(),
        revision=data["revision"] or 0,
        reason=data["reason"],
        choices=_choices(request.POST),
        seen=whole(request.POST.get("seen", "")),
        by=request.user,
        now=now,
    )
    if meeting.revision != (data["revision"] or 0) + 1:
        messages.info(
            request,
            _(
                "Somebody else changed this plan while you were writing. Their changes and yours are both in it."
            ),
        )
    if meeting.status == Meeting.Status.DRAFT:
        return redirect("meetings:check", meeting.pk)
    messages.success(request, _("The plan is changed. Whoever is concerned is told."))
    return redirect(meeting)


def _choices(data: QueryDict) -> dict[str, str]:
    """Whose version is taken where two people changed the same part; one button answers for all of them."""
    chosen = {name.removeprefix("choose-"): data.get(name, "") for name in data if name.startswith("choose-")}
    every = data.get("choose_all", "")
    return dict.fromkeys(data.getlist("overlap"), every) if every else chosen


@require_POST
def look_new(request: HttpRequest) -> HttpResponse:
    """Who and what is taken at the time that stands in the form, and which moments follow from it. Stores nothing."""
    if not rules.can_schedule(request.user):
        raise PermissionDenied
    begun_from = planning.begun_from(typed(request.GET, "template"), typed(request.POST, "version"))
    return _look(request, get_object_or_404(begun_from), None)


@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for a meeting that is there."""
    meeting = _to_plan(request, pk)
    return _look(request, meeting.template, meeting)


def _look(request: HttpRequest, template: Template, meeting: Meeting | None) -> HttpResponse:
    forms = PlanForms(
        template=template,
        by=request.user,
        now=timezone.now(),
        meeting=meeting,
        data=request.POST,
        step="look",
    )
    context = {
        "forms": forms,
        "template": template,
        "meeting": meeting,
        "agenda_zone": forms.agenda.zone,
        "clashes": forms.clashes,
        "is_live": True,
    }
    return render(request, "meetings/plan.html#look", context)


@require_POST
def agenda_check(request: HttpRequest) -> HttpResponse:
    """The sum against the length and the clock times, for what stands in the form just now. Stores nothing."""
    return render(
        request, "meetings/plan.html#sum", {"agenda": AgendaRows.of_post(request.POST), "is_live": True}
    )


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The last look at a draft: what will be sent to whom, and what is doubtful. Sends it."""
    meeting = _to_plan(request, pk)
    if meeting.status != Meeting.Status.DRAFT:
        return redirect(meeting)
    now = timezone.now()
    if request.method == "POST":
        try:
            schedule.send(meeting=meeting, by=request.user, now=now)
        except NotAllowed as reason:
            messages.error(request, str(reason))
            return redirect("meetings:check", meeting.pk)
        messages.success(request, _("The meeting is scheduled and the invitations are on their way."))
        return redirect(meeting)
    return render(request, "meetings/check.html", readiness.before_sending(meeting, now, by=request.user))


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _to_plan(request, pk)
    if not meeting.is_planned:
        messages.error(request, _("This meeting has begun or was cancelled already."))
        return redirect(meeting)
    problem = ""
    if request.method == "POST":
        try:
            schedule.cancel(
                meeting=meeting, reason=typed(request.POST, "reason"), by=request.user, now=timezone.now()
            )
        except NotAllowed as reason:
            problem = str(reason)
        else:
            messages.success(request, _("The meeting is cancelled."))
            return redirect(meeting)
    context = {"meeting": meeting, "problem": problem, "reason": typed(request.POST, "reason")}
    return render(request, "meetings/cancel.html", context)


def _to_plan(request: HttpRequest, pk: int) -> Meeting:
    """404 for who may not see it, 403 for who may see but not plan it."""
    found = Meeting.objects.visible_to(request.user).select_related("template", "host")
    meeting = get_object_or_404(found, pk=pk)
    if not rules.can_plan(request.user, meeting):
        raise PermissionDenied
    return meeting
