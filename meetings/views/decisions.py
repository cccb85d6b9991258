"""Decisions of the room: recorded the moment they fall, corrected with their number kept."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.text import whole
from meetings.errors import Conflict, NotAllowed
from meetings.forms.decisions import DecisionForm
from meetings.models import AgendaItem, Decision, DecisionRequest, Meeting
from meetings.queries import capture, requests
from meetings.services import decisions as services
from meetings.views.recording import CONFLICT, INVALID, back, item_of, may_write, readable, writable


def context_for(
    request: HttpRequest,
    meeting: Meeting,
    room: Any = None,
    item: AgendaItem | None = None,
    form: DecisionForm | None = None,
) -> dict[str, Any]:
    """Decisions of one item (the room's, unless another one is shown) with the form that records another."""
    item = item or getattr(room, "item", None)
    found = Decision.objects.visible_to(request.user).filter(meeting=meeting, agenda_item=item)
    may = may_write(request, meeting)
    return {
        "decisions_item": item,
        "decisions": list(found.with_marks().in_order()),
        "decisions_may_write": may,
        "decisions_asked": requests.waiting(meeting, request.user, item) if item else [],
        "decision_form": form or (DecisionForm(meeting=meeting, user=request.user) if may else None),
    }


@require_GET
@never_cache
def room_decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment again, after something was decided."""
    meeting = readable(request, pk)
    return _fragment(request, meeting, item_of(request, meeting))


def _fragment(
    request: HttpRequest,
    meeting: Meeting,
    item: AgendaItem | None,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"meeting": meeting, **context_for(request, meeting, item=item, form=form)}
    return render(request, "meetings/_room_decisions.html", context, status=status)


@require_POST
def record_decision(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = writable(request, pk)
    item = item_of(request, meeting)
    form = DecisionForm(request.POST, meeting=meeting, user=request.user)
    if _record(request, meeting, item, form):
        return _fragment(request, meeting, item) if request.htmx else back(meeting, item, "decisions")
    if request.htmx:
        return _fragment(request, meeting, item, form, INVALID)
    context = {"meeting": meeting, "item": item, "decision_form": form}
    return render(request, "meetings/decision_form.html", context, status=INVALID)


@require_http_methods(["GET", "POST"])
@never_cache
def decide(request: HttpRequest, pk: int, asked: int) -> HttpResponse:
    """Answer a department's request: with one of its options in one step, or in a form that it has filled in."""
    meeting = writable(request, pk)
    found = next((one for one in requests.waiting(meeting, request.user) if one.request.pk == asked), None)
    if found is None:
        if DecisionRequest.objects.filter(pk=asked, preread__meeting=meeting).exclude(decision=None).exists():
            messages.warning(request, _("This was decided in the meantime. Look at the decision first."))
            return back(meeting, None, "decisions")
        raise Http404
    item = requests.item_of(found, meeting, request.user)
    # The one whom the department named decides, where they take part; else whoever usually does.
    decider = found.decider if found.decider and capture.takes_part(found.decider, meeting) else None
    decider = decider or capture.usual_decider(meeting)
    form = DecisionForm(meeting=meeting, user=request.user, initial=found.as_decision(decider))
    status = 200
    if request.method == "POST":
        option = found.option(request.POST.get("option", ""))
        sent = found.as_decision(decider, option) if option else request.POST
        form = DecisionForm(sent, meeting=meeting, user=request.user)
        if _record(request, meeting, item, form, found.request):
            return back(meeting, item, "decisions")
        status = INVALID
    context = {"meeting": meeting, "item": item, "asked": found, "decision_form": form}
    return render(request, "meetings/decision_form.html", context, status=status)


def _record(
    request: HttpRequest,
    meeting: Meeting,
    item: AgendaItem | None,
    form: DecisionForm,
    asked: DecisionRequest | None = None,
) -> bool:
    """Write down what the form says; False when something is missing, which the form then says."""
    if not form.is_valid():
        return False
    try:
        services.record(
            meeting=meeting,
            item=item,
            content=form.content,
            request=asked,
            by=request.user,
            now=timezone.now(),
        )
    except NotAllowed as error:
        form.add_error(None, str(error))
        return False
    return True


@require_http_methods(["GET", "POST"])
@never_cache
def change_decision(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    meeting = writable(request, pk)
    found = get_object_or_404(
        Decision.objects.visible_to(request.user).select_related(
            "meeting", "agenda_item", "decided_by", "supersedes"
        ),
        meeting=meeting,
        pk=decision,
    )
    form = DecisionForm(request.POST or None, instance=found, meeting=meeting, user=request.user)
    if request.method == "POST" and form.is_valid():
        # The form has put the new values into its instance; the service compares with the stored row.
        try:
            services.change(
                decision=Decision.objects.visible_to(request.user).select_related("meeting").get(pk=found.pk),
                content=form.content,
                version=whole(request.POST.get("version", "")),
                by=request.user,
                now=timezone.now(),
            )
            return back(meeting, found.agenda_item, f"decision-{found.pk}")
        except (Conflict, NotAllowed) as error:
            theirs = error.theirs if isinstance(error, Conflict) else None
            form.add_error(None, str(error))
            return _page(request, meeting, found, form, theirs=theirs, status=CONFLICT)
    status = INVALID if request.method == "POST" else 200
    return _page(request, meeting, found, form, status=status)


def _page(
    request: HttpRequest,
    meeting: Meeting,
    decision: Decision,
    form: DecisionForm,
    *,
    theirs: Decision | None = None,
    status: int,
) -> HttpResponse:
    """After a conflict the hidden version is the stored one: saving again then replaces what is shown as theirs."""
    stored = theirs or decision
    context = {
        "meeting": meeting,
        "item": decision.agenda_item,
        "decision": decision,
        "decision_form": form,
        "theirs": theirs,
        "version": stored.version,
    }
    return render(request, "meetings/decision_form.html", context, status=status)
