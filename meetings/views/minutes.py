"""The minutes: everything a meeting left behind on one page, and the duties that follow it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meetings import rules
from meetings.forms.decisions import DecisionForm
from meetings.models import Meeting, Minutes, Obligation
from meetings.queries import frozen, minutes_page
from meetings.queries import minutes as queries
from meetings.queries import room as rooms
from meetings.services import notes as note_services


@require_GET
@never_cache
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    meetings = Meeting.objects.visible_to(request.user).select_related("template", "host")
    return show(request, get_object_or_404(meetings, pk=pk))


def show(
    request: HttpRequest, meeting: Meeting, *, refused: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    """The page; `refused` is the sentence about a form of it, and what was typed into it."""
    now = timezone.now()
    standing = minutes_page.standing(meeting, request.user, now)
    room = rooms.room(meeting, request.user)
    chapters = queries.chapters(meeting, room.items, request.user)
    lines = {line.item.pk: line for line in room.lines(now)}
    duties = queries.duties(meeting, now)
    can_record = (
        meeting.status in note_services.RECORDABLE
        and standing.minutes.state == Minutes.State.DRAFT
        and rules.can_record(request.user, meeting)
    )
    return render(
        request,
        "meetings/minutes.html",
        {
            "meeting": meeting,
            "standing": standing,
            "refused": refused or {},
            "scores": range(1, 11),
            "chapters": [
                (
                    chapter,
                    lines.get(chapter.item.pk) if chapter.item else None,
                    standing.passage_of(chapter.item),
                )
                for chapter in chapters
            ],
            "people": list(meeting.participants.in_order()),
            "duties": [(duty, _may_fulfil(request, meeting, duty.obligation)) for duty in duties],
            "next_duty": next((duty for duty in duties if duty.state == Obligation.State.OPEN), None),
            "missed": [duty for duty in duties if duty.state == Obligation.State.BREACHED],
            "decision_count": sum(len(chapter.decisions) for chapter in chapters),
            "note_count": sum(len(chapter.notes) for chapter in chapters),
            "can_record": can_record,
            "decision_form": DecisionForm(meeting=meeting, user=request.user) if can_record else None,
            "length": meeting.ended_at - meeting.started_at
            if meeting.ended_at and meeting.started_at
            else None,
            "can_run": rules.can_run(request.user, meeting),
            "snapshot": frozen.snapshot_of(meeting),
            "changed_figures": sum(
                each.changed_since is not None for each in frozen.frozen_figures(meeting, request.user)
            )
            if frozen.snapshot_of(meeting)
            else 0,
            "went_ahead": queries.went_ahead(meeting),
        },
        status=status,
    )


def _may_fulfil(request: HttpRequest, meeting: Meeting, obligation: Obligation) -> bool:
    """By hand only what no other page fulfils: publishing the action plan and circulating
    the minutes do that by themselves."""
    return (
        not obligation.is_fulfilled_elsewhere
        and obligation.met_at is None
        and rules.can_fulfil(request.user, obligation)
    )
