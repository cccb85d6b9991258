"""The person's own list of notices, and its bell."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.templatetags.times import moment_words
from notices import entries, queries, services, snoozing
from notices.forms import SnoozeForm
from notices.models import Notice

PAGE_SIZE = 30


@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """The person's own notices: the unread ones first, then the others, each newest first and by day."""
    notices = Notice.objects.visible_to(request.user)
    unread_count = notices.unread().count()
    page = Paginator(queries.in_reading_order(notices), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "notices/list.html",
        {
            "page": page,
            "sections": entries.sections(queries.with_subjects(page.object_list), request.user),
            "unread_count": unread_count,
            "snoozed_count": queries.snoozed_count(request.user),
        },
    )


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The number in the navigation; empty when everything is read."""
    return render(request, "notices/_bell.html", {"count": queries.unread_count(request.user)})


@require_POST
def mark_read(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    services.mark_read(by=request.user, notice=notice)
    page = request.GET.get("page", "")
    return redirect(reverse("notices:list", query={"page": page} if page.isdecimal() else None))


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    services.mark_read(by=request.user)
    return redirect("notices:list")


@require_http_methods(["GET", "HEAD", "POST"])
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one of the person's own notices off, once, with a reason."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    (entry,) = entries.of(queries.with_subjects([notice]), request.user)
    latest = snoozing.latest(notice, now=timezone.now())
    form = SnoozeForm(request.POST if request.method == "POST" else None, latest=latest)
    if request.method == "POST" and form.is_valid():
        try:
            until = snoozing.snooze(
                notice=notice,
                until=timezone.now() + form.cleaned_data["length"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("It comes back %(when)s.") % {"when": moment_words(until)})
            return redirect("notices:list")
    status = 422 if form.is_bound else 200
    context = {"form": form, "entry": entry, "refusal": snoozing.refusal(notice, now=timezone.now())}
    return render(request, "notices/snooze.html", context, status=status)


@require_GET
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the links in mails lead: marks the notice as read and goes on to what it is about."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    services.mark_read(by=request.user, notice=notice)
    target = entries.target(notice)
    if target and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return redirect(target)
    messages.info(request, _("What this notice was about is not there any more."))
    return redirect("notices:list")
