"""How calendars reach us: one's own feed with its page, and replies that a mail gateway posts."""

import hashlib
import hmac

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings.models import CalendarFeed
from meetings.queries import feed as queries
from meetings.services import feed as feeds
from meetings.services import replies as services


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """One's own calendar address. POST makes a new one and shows it, this once."""
    address = ""
    if request.method == "POST":
        token = feeds.renew(owner=request.user, now=timezone.now())
        address = settings.SITE_URL + reverse("calendar_feed", args=[token])
    feed = CalendarFeed.objects.filter(owner=request.user).first()
    context = {
        "feed": feed,
        "address": address,
        # What phones and Outlook open as a subscription.
        "webcal": "webcal:" + address.partition(":")[2] if address else "",
        "reply_address": queries.calendar.reply_address(),
    }
    return render(request, "meetings/calendar.html", context)


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    if feeds.revoke(owner=request.user):
        messages.success(
            request, _("The address leads nowhere any more. Your calendar will stop showing it.")
        )
    return redirect("meetings:calendar")


@require_safe
@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar itself, for programs that cannot log in: whoever has the address reads it. 404 for all others."""
    owner = feeds.open_feed(token=token, now=timezone.now())
    if owner is None:
        return HttpResponse(status=404, content_type="text/plain")
    with translation.override(owner.language), timezone.override(owner.zone):
        content = queries.feed(owner, timezone.now())
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response: HttpResponse
    if etag in [one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))]:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="fupan.ics"'
    response.headers["ETag"] = etag
    response.headers["Referrer-Policy"] = "no-referrer"
    patch_cache_control(response, private=True, no_cache=True, max_age=0)
    return response


@csrf_exempt
@require_POST
@login_not_required
def replies(request: HttpRequest) -> HttpResponse:
    """Takes one mail (RFC 822) from the company's mail gateway, which shows its secret as `Authorization: Bearer …`.

    404 while no secret is set, 403 for a wrong one, 413 for a mail too large. Whatever the mail says, the answer is
    200 with what became of it: the gateway need not send it again.
    """
    if not settings.REPLY_SECRET:
        raise Http404
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(shown.encode(), settings.REPLY_SECRET.encode()):
        return JsonResponse({"error": "wrong secret"}, status=403)
    # A stranger's request is a few megabytes at most, see BodyLimitMiddleware.
    if len(request.body) > settings.MAX_REPLY_BYTES:
        return JsonResponse({"error": "too large"}, status=413)
    rows = services.take_in(raw=request.body, now=timezone.now())
    return JsonResponse({"answers": [{"outcome": row.outcome, "note": row.note} for row in rows]})
