"""The site's URLs and floors: as little as a page behind the login can be."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from actions.models import Action
from benchmarks.pages import TABLE
from config.urls import urlpatterns as site
from meetings.models import Meeting


def one_query(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Action.objects.filter(owner=request.user).exists()))


def table(request: HttpRequest) -> HttpResponse:
    actions = Action.objects.select_related("owner", "acceptor", "department").order_by("due_at", "pk")[:50]
    return HttpResponse(engines["django"].from_string(TABLE).render({"actions": actions}, request))


def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that a meeting's page is made of, in one plain table each."""
    shown = Meeting.objects.select_related("template", "host").get(pk=pk)
    context = {
        "meeting": shown,
        "items": shown.items.select_related("department").order_by("order"),
        "people": shown.participants.in_order(),
        "prereads": shown.prereads.select_related("department").in_order(),
    }
    return HttpResponse(engines["django"].from_string(MEETING).render(context, request))


MEETING = """{% extends "base.html" %}{% block content %}<h2>{{ meeting.title }}</h2>
<table>{% for one in items %}<tr><td>{{ one.title }}</td><td>{{ one.department.name }}</td>
<td>{{ one.report_minutes }}</td><td>{{ one.discussion_minutes }}</td></tr>{% endfor %}</table>
<table>{% for one in people %}<tr><td>{{ one.user.name }}</td><td>{{ one.get_role_display }}</td>
<td>{{ one.department.name }}</td><td>{{ one.get_reply_display }}</td></tr>{% endfor %}</table>
<table>{% for one in prereads %}<tr><td>{{ one.department.name }}</td><td>{{ one.due_at }}</td>
<td>{{ one.get_status_display }}</td></tr>{% endfor %}</table>{% endblock %}"""

urlpatterns = [
    *site,
    path("bare/one-query/", one_query),
    path("bare/table/", table),
    path("bare/meeting/<int:pk>/", meeting),
]
