"""Series: begun from a planned meeting, looked at as a whole, changed from a date on, ended."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.text import typed, whole
from meetings import rules
from meetings.errors import NotAllowed
from meetings.forms.series import RhythmForm, SeriesForm, beginning, usual_rule
from meetings.models import Meeting, Series
from meetings.queries import series as queries
from meetings.recurrence import BadRuleError
from meetings.services import series as services

ROWS = 25
INVALID = 422


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    page = Paginator(queries.listed(request.user, now), ROWS).get_page(request.GET.get("page"))
    rows = [(series, queries.words(series)) for series in page]
    context = {"rows": rows, "page": page, "can_schedule": rules.can_schedule(request.user)}
    return render(request, "meetings/series_list.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    series = _readable(request, pk)
    return render(request, "meetings/series.html", queries.page(series, request.user, timezone.now()))


# --- beginning ------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a series of a planned meeting: choose the rhythm, see the dates, send one invitation for all."""
    found = Meeting.objects.visible_to(request.user).select_related("template", "host", "series")
    meeting = get_object_or_404(found, pk=pk)
    if not rules.can_plan(request.user, meeting):
        raise PermissionDenied
    if meeting.series is not None:
        return redirect(meeting.series)
    if not meeting.is_planned:
        messages.error(request, _("A series begins with a meeting that is still to be held."))
        return redirect(meeting)
    now = timezone.now()
    data = request.POST if request.method == "POST" else beginning(meeting)
    form = RhythmForm(data, usual=usual_rule(meeting))
    preview = None
    if form.is_valid():
        try:
            preview = _preview_of_meeting(request, form, meeting, now)
            if request.method == "POST" and request.POST.get("do") != "preview":
                series = services.start(meeting=meeting, terms=form.terms, by=request.user, now=now)
                return _begun(request, series)
        except (BadRuleError, NotAllowed) as problem:
            form.add_error("rhythm", str(problem))
    context = {"meeting": meeting, "form": form, "preview": preview, "zone": meeting.time_zone}
    return _form(request, "meetings/repeat.html", context, form)


def _preview_of_meeting(
    request: HttpRequest, form: RhythmForm, meeting: Meeting, now: datetime
) -> queries.Preview:
    rhythm = services.rhythm_from(meeting=meeting, terms=form.terms)
    region = form.cleaned_data["holiday_region"]
    return queries.preview(rhythm=rhythm, region=region, pattern=meeting, by=request.user, now=now)


def _begun(request: HttpRequest, series: Series) -> HttpResponse:
    number = series.meetings.count()
    words = ngettext(
        "The series begins: %(count)d meeting is planned. Everybody gets one invitation for all dates.",
        "The series begins: %(count)d meetings are planned. Everybody gets one invitation for all dates.",
        number,
    )
    messages.success(request, words % {"count": number})
    return redirect(series)


# --- changing -------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    series = _to_change(request, pk)
    if isinstance(series, HttpResponse):
        return series
    now = timezone.now()
    planned = list(
        series.meetings.filter(status__in=Meeting.PLANNED, starts_at__gt=now)
        .select_related("template")
        .order_by("occurs_at", "pk")
    )
    form = SeriesForm(request.POST if request.method == "POST" else None, series=series, planned=planned)
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            preview = queries.preview(
                rhythm=form.rhythm(now),
                region=form.cleaned_data["holiday_region"],
                pattern=form.first_meeting or (planned[0] if planned else None),
                by=request.user,
                now=now,
            )
            if request.POST.get("do") != "preview":
                return _changed(request, series, form, now)
        except (BadRuleError, NotAllowed) as problem:
            form.add_error("rhythm" if isinstance(problem, BadRuleError) else None, str(problem))
    zone = form.cleaned_data["time_zone"] if preview else series.time_zone
    context = {"series": series, "form": form, "preview": preview, "planned": planned, "zone": zone}
    return _form(request, "meetings/series_change.html", context, form)


def _changed(request: HttpRequest, series: Series, form: SeriesForm, now: datetime) -> HttpResponse:
    after = services.change_following(
        series=series,
        first=form.first_meeting,
        change=form.change,
        revision=form.cleaned_data["revision"],
        reason=form.cleaned_data["reason"],
        by=request.user,
        now=now,
    )
    if after != series:
        messages.success(
            request,
            _("The earlier meetings stay as they were; from the chosen date on this is a series of its own."),
        )
    else:
        messages.success(request, _("The series is changed. Whoever is concerned is told."))
    return redirect(after)


@require_POST
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave one date out."""
    series = _to_change(request, pk)
    if isinstance(series, HttpResponse):
        return series
    try:
        services.skip(
            series=series,
            occurs_at=_moment(typed(request.POST, "date")),
            reason=typed(request.POST, "reason"),
            by=request.user,
            now=timezone.now(),
        )
    except NotAllowed as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("This date is left out."))
    return redirect(series)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    series = _to_change(request, pk)
    if isinstance(series, HttpResponse):
        return series
    now = timezone.now()
    today = now.astimezone(series.zone).date()
    problem = ""
    last_day = typed(request.POST, "last_day") or today.isoformat()
    if request.method == "POST":
        try:
            day = _day(last_day)
            services.end(
                series=series,
                last_day=day,
                reason=typed(request.POST, "reason"),
                revision=whole(request.POST.get("revision", "")) or 0,
                by=request.user,
                now=now,
            )
        except NotAllowed as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("The series ends. Whoever is concerned is told."))
            return redirect(series)
    ahead = series.meetings.filter(status__in=Meeting.PLANNED, starts_at__gt=now).order_by("starts_at")
    context = {
        "series": series,
        "words": queries.words(series),
        "ahead": ahead,
        "last_day": last_day,
        "reason": typed(request.POST, "reason"),
        "problem": problem,
        "revision": request.POST.get("revision") or series.revision,
    }
    return render(request, "meetings/series_end.html", context, status=INVALID if problem else 200)


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise NotAllowed(_("This is no date of the series any more. Open its page again."))
    return moment


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise NotAllowed(_("Write the day as year-month-day, for example 2026-11-24."))
    return day


# --- helpers ----------------------------------------------------------------------------------------------
def _form(request: HttpRequest, template: str, context: dict[str, Any], form: RhythmForm) -> HttpResponse:
    """The page again, or for a change in the form its preview alone."""
    if request.htmx and request.method == "POST":
        return render(request, "meetings/_series_preview.html", context)
    wrong = request.method == "POST" and bool(form.errors)
    return render(request, template, context, status=INVALID if wrong else 200)


def _readable(request: HttpRequest, pk: int) -> Series:
    return get_object_or_404(queries.readable(request.user), pk=pk)


def _to_change(request: HttpRequest, pk: int) -> Series | HttpResponse:
    """404 for who may not see it, 403 for who may not change it; back to its page when it has ended."""
    series = _readable(request, pk)
    if not rules.can_run_series(request.user, series):
        raise PermissionDenied
    if series.status != Series.Status.ACTIVE:
        messages.error(request, _("This series has ended; it cannot be changed any more."))
        return redirect(series)
    return series
