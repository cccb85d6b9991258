"""The site's URLs and two floors: as little as a page behind the login can be."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from actions.models import Action
from benchmarks.pages import TABLE
from config.urls import urlpatterns as site


def one_query(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Action.objects.filter(owner=request.user).exists()))


def table(request: HttpRequest) -> HttpResponse:
    actions = Action.objects.select_related("owner", "acceptor", "department").order_by("due_at", "pk")[:50]
    return HttpResponse(engines["django"].from_string(TABLE).render({"actions": actions}, request))


urlpatterns = [*site, path("bare/one-query/", one_query), path("bare/table/", table)]
