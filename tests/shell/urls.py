"""The site, and the page with all parts of the interface, which a site without DEBUG does not have."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse, JsonResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from config.urls import urlpatterns as site
from core.views import styleguide


@login_not_required
def forbidden(request):
    raise PermissionDenied


@login_not_required
def broken(request):
    raise RuntimeError("broken on purpose")


@login_not_required
def garbled(request):
    raise SuspiciousOperation("garbled on purpose")


DRAFT = """{% extends "base.html" %}{% load static %}{% block title %}Draft{% endblock %}{% block content %}
<form method="post" action="/draft/" data-autosave="draft-1" data-autosave-url="/draft/">
<span data-autosave-state></span>{% csrf_token %}<input type="hidden" name="version" value="1">
<textarea name="text" aria-label="Text"></textarea></form>
<time data-countdown="2030-01-01T00:01:05Z" data-server-now="2030-01-01T00:00:00Z" id="ahead">?</time>
<time data-countdown="2029-12-31T22:59:00Z" id="behind">?</time>{% endblock %}
{% block scripts %}<script type="module" src="{% static 'js/autosave.js' %}"></script>
<script type="module" src="{% static 'js/countdown.js' %}"></script>{% endblock %}"""


def draft(request):
    """Keeps a text unless it says "conflict"; answers as an autosaving view does."""
    if request.method == "POST":
        if request.POST["text"] == "conflict":
            return JsonResponse({}, status=409)
        return JsonResponse({"version": int(request.POST["version"]) + 1})
    return HttpResponse(engines["django"].from_string(DRAFT).render({}, request))


SAMPLE = """{% extends "base.html" %}{% load ui %}
{% block title %}Sample{% endblock %}{% block page_title %}A page{% endblock %}
{% block topline %}{% topline "red" %}One thing is late.{% endtopline %}{% endblock %}
{% block actions %}<button class="btn btn-primary">Go on</button>{% endblock %}
{% block content %}<section class="card"><div class="card-body">
<input type="search" class="form-control" aria-label="Search">
<form method="post" action="/preferences/" data-confirm="Delete the note?" data-confirm-button="Delete">
{% csrf_token %}<input type="hidden" name="next" value="/zone/"><button class="btn" id="delete">Delete</button></form>
<button class="btn" id="fail" hx-get="/nowhere/" hx-target="#content">Fetch</button>
<button class="btn" id="lost" hx-get="/zone/" hx-target="#answer" hx-swap="innerHTML">Fetch</button><p id="answer"></p>
</div></section>{% endblock %}"""


def sample(request):
    return HttpResponse(engines["django"].from_string(SAMPLE).render({}, request))


def zone(request):
    return HttpResponse(str(timezone.get_current_timezone()))


urlpatterns = [
    path("styleguide/", styleguide),
    path("forbidden/", forbidden),
    path("broken/", broken),
    path("garbled/", garbled),
    path("zone/", zone),
    path("sample/", sample),
    path("draft/", draft),
    *site,
]
