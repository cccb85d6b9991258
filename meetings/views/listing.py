"""The list: what is next and is it ready, and what was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from meetings import rules
from meetings.filters import MeetingFilter
from meetings.models import Meeting
from meetings.queries import lists
from meetings.tables import PastTable, UpcomingTable

UPCOMING_ROWS, PAST_ROWS = 15, 25


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = Meeting.objects.visible_to(request.user).select_related("template", "host")
    found = MeetingFilter(request.GET, queryset=mine)
    upcoming = UpcomingTable(lists.with_readiness(found.qs.open()))
    past = PastTable(lists.with_outcome(found.qs.past()))
    RequestConfig(request, paginate={"per_page": UPCOMING_ROWS}).configure(upcoming)
    RequestConfig(request, paginate={"per_page": PAST_ROWS}).configure(past)
    context = {
        "filter": found,
        "is_filtered": any(request.GET.get(name) for name in ("q", "type", "status")),
        "upcoming": upcoming,
        "past": past,
        "next": lists.next_visible(request.user, now),
        "can_schedule": rules.can_schedule(request.user),
    }
    return render(request, "meetings/list.html#tables" if request.htmx else "meetings/list.html", context)
