"""The screens of a live room: the page of host, participant and recorder, put together from the parts of the room.

Each part brings `context_for(request, meeting, room)`, whose names begin with its noun, and a template
`_room_<noun>.html` that refreshes itself. This module knows where they stand and who sees which of them first.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meetings import rules
from meetings.models import AgendaItem, Meeting, Participant
from meetings.queries import confidential, minutes, my_part
from meetings.queries import room as queries
from meetings.queries.prereads import without_source
from meetings.views import attendance, capture, floor, issues, needed, priority, replan, roles, speaking
from meetings.views.records import record_context
from meetings.views.room import clock_words, level_words, load_meeting

Context = dict[str, Any]
# Whose `context_for` fills the page beside the panel of the item.
PARTS = (priority, replan, attendance, speaking, floor, roles, issues, needed, capture)


class View(NamedTuple):
    """One side of the page: on a wide screen the agenda always stands beside the chosen one."""

    code: str
    label: Any
    icon: str
    key: str


VIEWS = (
    View("screen", pgettext_lazy("side of the live room", "On screen"), "presentation", "1"),
    View("record", pgettext_lazy("side of the live room", "Record"), "notes", "2"),
    View("issues", gettext_lazy("Issue pool"), "sitemap", "3"),
    View("people", pgettext_lazy("side of the live room", "People"), "users", "4"),
    View("agenda", gettext_lazy("Agenda"), "list-check", "5"),
)


# --- the page -------------------------------------------------------------------------------------------
@require_GET
@never_cache
def live(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = load_meeting(request, pk)
    if meeting.status == Meeting.Status.ENDED:
        return redirect("meetings:minutes", pk)
    return page(request, meeting)


def page(request: HttpRequest, meeting: Meeting, status: int = 200) -> HttpResponse:
    now = timezone.now()
    room = queries.room(meeting, request.user)
    can_keep_time = rules.can_keep_time(request.user, meeting)
    context = {
        **clock_context(request, meeting, room, now),
        "can_run": rules.can_run(request.user, meeting),
        "can_keep_time": can_keep_time,
        "can_close": rules.can_close(request.user, meeting),
        "is_time": rules.is_time_to_start(meeting, now),
        "views": VIEWS,
        "writes": writes_record(request, meeting),
        "page_keys": _keys(request, meeting),
        **panel_context(request, meeting, shown_item(request, room)),
    }
    if room.clock:
        for part in PARTS:
            context |= part.context_for(request, meeting, room)
    return render(request, "meetings/live.html", context, status=status)


def clock_context(request: HttpRequest, meeting: Meeting, room: queries.Room, now: datetime) -> Context:
    """What every screen with a clock needs, drawn once by the server and counted on by the browser."""
    return {
        "meeting": meeting,
        "room": room,
        "clock": room.clock,
        "state": room.state(),
        "lines": room.lines(now),
        "remaining": room.remaining(now),
        "item_remaining": room.remaining(now) + room.rest_of_item(),
        "meeting_remaining": room.planned_end - now,
        "level": room.level(now),
        "level_words": level_words(),
        "projected_end": room.projected_end(now),
        "mine": my_part.next_part(room, request.user, now) if request.user.is_authenticated else None,
        "now": now,
        "words": clock_words(),
    }


def shown_item(request: HttpRequest, room: queries.Room) -> AgendaItem | None:
    """The item that was asked for (the recorder may stay with an earlier one), else the current one."""
    wanted = request.GET.get("item", "")
    return next((item for item in room.items if str(item.pk) == wanted), room.item)


def panel_context(request: HttpRequest, meeting: Meeting, item: AgendaItem | None) -> Context:
    """What stands beside the clock for one item: the pre-read, the notes, the decisions."""
    chapter = minutes.chapters(meeting, [item], request.user)[0] if item else minutes.Chapter(None)
    return {
        "meeting": meeting,
        "item": item,
        "view": _view(request, meeting),
        "chapter": chapter,
        "without_source": _not_in_the_table(chapter),
        "may_raise_issue": issues.may_raise_issue(request, meeting),
        **record_context(request, meeting, item),
    }


def _view(request: HttpRequest, meeting: Meeting) -> str:
    """Which side is open at first: whoever writes the record begins with it, everybody else sees what is shown."""
    wanted = request.GET.get("view", "")
    if wanted in {view.code for view in VIEWS}:
        return wanted
    return "record" if writes_record(request, meeting) else "screen"


def writes_record(request: HttpRequest, meeting: Meeting) -> bool:
    """The recorder; whoever runs the meeting where there is none."""
    if rules.role_in(request.user, meeting) == Participant.Role.RECORDER:
        return True
    return rules.can_run(request.user, meeting) and not _has_recorder(meeting)


def _has_recorder(meeting: Meeting) -> bool:
    return meeting.participants.filter(role=Participant.Role.RECORDER).exists()


def _not_in_the_table(chapter: minutes.Chapter) -> list[str]:
    """Metrics of the item that its reading leaves out because no report fills them; newer readings show them all."""
    if chapter.item is None or chapter.reading is None:
        return []
    shown = {figure.row.metric.code for figure in chapter.reading.figures}
    return without_source([code for code in chapter.item.metric_codes if code not in shown])


@require_GET
@never_cache
def panel(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """The fragment for one item; the page loads it when the room moves on."""
    meeting = load_meeting(request, pk)
    found = get_object_or_404(meeting.items.select_related("department", "presenter_user"), pk=item)
    (shown,) = confidential.masked([found], request.user)
    return render(request, "meetings/_live_panel.html", panel_context(request, meeting, shown))


# --- keys -----------------------------------------------------------------------------------------------
def _keys(request: HttpRequest, meeting: Meeting) -> list[tuple[str, str]]:
    """The keys of this person's page with their words, for the help that `?` opens."""
    steer = [
        (_("Space"), _("Pause, resume")),
        ("→", _("Next item")),
        ("←", _("Back")),
        ("t", _("To the discussion")),
        ("+", _("5 minutes more")),
    ]
    write = [("n d a i p", _("Note, decision, action, issue, park: take one down"))]
    places = [("1 – 4", _("What is shown, the record, the issue pool, people"))]
    rows = [
        ("j k", _("To the next figure, to the one before")),
        ("i", _("A figure that has the focus into the issue pool")),
    ]
    common = [("s", _("Sound on or off"))]
    steers = rules.can_keep_time(request.user, meeting)
    writes = rules.can_record(request.user, meeting)
    return [*(steer if steers else []), *(write if writes else []), *places, *rows, *common]
