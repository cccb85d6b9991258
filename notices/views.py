from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from notices import entries, queries, services
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
