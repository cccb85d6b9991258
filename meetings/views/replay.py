"""The replay of a meeting: where the room stood at any moment, rebuilt from its log."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.text import whole
from meetings import replay as log
from meetings.queries import replays as queries
from meetings.views import room_parts
from meetings.views.room import level_words


@require_GET
@never_cache
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """`event`: after that event; `at`: so many seconds after the start; without either as it stands last."""
    meeting = room_parts.load(request, pk)
    seconds = request.GET.get("at", "")
    moment = queries.moment(
        meeting,
        request.user,
        timezone.now(),
        number=whole(request.GET.get("event", "")),
        seconds=whole(seconds) if seconds else None,
    )
    if moment is None:
        return redirect(meeting)
    events = moment.events
    level = moment.room.level(moment.at)
    context = {
        "meeting": meeting,
        "moment": moment,
        "room": moment.room,
        "clock": moment.room.clock,
        "lines": moment.room.lines(moment.at),
        "remaining": moment.room.remaining(moment.at),
        "projected_end": moment.room.projected_end(moment.at),
        "level": level,
        "level_words": level_words()[f"level_{level}"],
        "is_ended": moment.found.meeting.get("status") == "ended",
        "broken": log.broken(meeting, events),
        "differences": log.differences(meeting, log.rebuild(events)),
    }
    return render(request, "meetings/replay.html", context)
