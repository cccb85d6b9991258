from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from core import gallery
from core.templatetags.ui import THEMES

THEME_COOKIE = "fupan_theme"
A_YEAR = 365 * 24 * 60 * 60


@require_POST
@login_not_required
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keep the language or the colour scheme that was chosen in the menu, and go back to the page.

    Form fields: `language` (a code of settings.LANGUAGES), `theme` (light, dark, system), `next`; what is missing
    or unknown is left as it was. The language goes with the person, or with a cookie before login; the colour
    scheme goes with the browser.
    """
    response = HttpResponseRedirect(_safe_next(request))
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=A_YEAR,
            samesite="Lax",
            secure=request.is_secure(),
        )
        translation.activate(language)
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    return response


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    if is_here and target.startswith(("/", "http")):
        return target
    return "/"


@require_GET
@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """All parts of the interface on one page; only routed when DEBUG is on."""
    return render(request, "styleguide.html", gallery.context(request))
