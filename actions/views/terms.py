"""What a deadline in words means, while it is being typed."""

from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from actions.deadlines import REGION, remarks
from actions.forms import DeadlineFields
from core.templatetags.times import moment_words
from core.workdays import Workdays


@require_GET
@never_cache
def due_line(request: HttpRequest) -> HttpResponse:
    """The instant that the fields of a deadline name so far, and what is odd about it; for js/due.js as data, too."""
    form = DeadlineFields(request.GET)
    asked = request.GET.get("time_zone", "")
    form.offer_zones(asked if asked in available_timezones() else request.user.time_zone)
    if not form.is_valid():
        wrong = " ".join(str(one) for errors in form.errors.values() for one in errors)
        return render(request, "actions/_due_line.html", {"wrong": wrong})
    deadline = form.deadline()
    if deadline is None:
        return render(request, "actions/_due_line.html")
    local = deadline.at.astimezone(ZoneInfo(deadline.zone))
    counted = form.said is not None and form.said.in_workdays
    context = {
        "words": moment_words(deadline.at, deadline.zone),
        "day": local.date().isoformat(),
        "clock": "" if deadline.is_all_day else f"{local:%H:%M}",
        "remarks": remarks(deadline, now=timezone.now(), workdays=Workdays(REGION), counted=counted),
    }
    return render(request, "actions/_due_line.html", context)
