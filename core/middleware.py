from collections.abc import Callable
from urllib.parse import urlencode, urlunsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.views.defaults import page_not_found

from core.where import page_of

GetResponse = Callable[[HttpRequest], HttpResponse]


class HtmxLoginRedirectMiddleware:
    """Send the whole page to the login when a session has expired.

    A fragment request would otherwise follow the 302 and put the login form into the middle of the page.
    Stands outside LoginRequiredMiddleware, whose redirect it translates. After the login one comes back to the
    page one was on (HX-Current-URL), not to the fragment.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("HX-Request") != "true" or request.user.is_authenticated:
            return response
        if response.status_code == 302 and response.headers.get("Location", "").startswith(
            self._login_path()
        ):
            return self._whole_page_login(request)
        return response

    @staticmethod
    def _login_path() -> str:
        return resolve_url(settings.LOGIN_URL)

    def _whole_page_login(self, request: HttpRequest) -> HttpResponse:
        here = page_of(request)
        back = urlunsplit(("", "", here.path or "/", here.query, ""))
        target = f"{self._login_path()}?{urlencode({REDIRECT_FIELD_NAME: back})}"
        return HttpResponse(status=204, headers={"HX-Redirect": target})


class UserPreferencesMiddleware:
    """Speak the person's language and show the person's local time.

    Before login the browser's Accept-Language (or the language cookie) has decided, see LocaleMiddleware.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(request.user.zone):
            response = self.get_response(request)
        response.headers["Content-Language"] = translation.get_language()
        return response


class OwnNotFoundMiddleware:
    """Show the site's own page for what a view does not find, also while DEBUG is on.

    The local demo runs with DEBUG, and a person who follows an old link should not see the list of all URLs.
    Addresses that no pattern knows still get Django's technical page there.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return (
            page_not_found(request, exception) if settings.DEBUG and isinstance(exception, Http404) else None
        )


class BodyLimitMiddleware:
    """Refuse requests that are larger than anything the site takes, before a byte of them is read.

    Django limits form fields but not files: these are written to disk while the form is taken apart, which happens
    for strangers, too, because the CSRF check needs the form.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        size = self._size(request)
        if size > settings.MAX_REQUEST_BYTES or (
            size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and not request.user.is_authenticated
        ):
            return render(request, "413.html", status=413)
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            limit = self._own_limit(request)
            if limit is not None and size > limit:
                return render(request, "413.html", {"limit": limit // 1024**2}, status=413)
        return self.get_response(request)

    @staticmethod
    def _own_limit(request: HttpRequest) -> int | None:
        """A view may take less than the site does (`core.limits.body_limit`)."""
        try:
            view = resolve(request.path_info).func
        except Resolver404:
            return None
        limit = getattr(view, "body_limit", None)
        return None if limit is None else limit()

    @staticmethod
    def _size(request: HttpRequest) -> int:
        """As announced; Django reads no byte more. What is no number, Django takes for nothing."""
        try:
            return int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return 0


class PrivateMiddleware:
    """Keep what somebody sees who is logged in out of shared caches and off the disk of the browser.

    So the way back after signing out shows nothing. A view that says more itself (`never_cache`) is left alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "no-store" not in response.headers.get("Cache-Control", ""):
            patch_cache_control(response, private=True, no_store=True)
        return response
