"""Series as pages show them: the rhythm, the dates to come and what becomes of each, what was held, what is left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from core.workdays import REGIONS, Workdays
from meetings import rules
from meetings.models import AgendaItem, Meeting, ParkedItem, Series, SeriesException
from meetings.queries.conflicts import Conflicts, conflicts_of_each
from meetings.recurrence import SKIPPED, BadRuleError, Occurrence, Rhythm, Rule, describe
from people.models import User

SHOWN_AHEAD, SHOWN_PAST = 12, 20
# Nobody looks further; a series whose dates are all left out must not be searched for ever.
FARTHEST = timedelta(days=3 * 366)


def rhythm_of(series: Series) -> Rhythm:
    """Raises BadRuleError for a rule that was put into the table by other means and is none."""
    return Rhythm(
        rule=Rule.parse(series.rule),
        start=series.starts_on,
        clock=series.starts_at,
        zone=series.zone,
        last=series.ends_on,
        on_holiday=series.on_holiday,
    )


def upcoming(rhythm: Rhythm, workdays: Workdays, now: datetime) -> Iterator[Occurrence]:
    """The dates after `now`, left-out ones too, for as far ahead as anybody looks."""
    for one in rhythm.from_instant(now, workdays):
        if one.occurs_at > now + FARTHEST:
            return
        yield one


def words(series: Series) -> str:
    try:
        return describe(Rule.parse(series.rule))
    except BadRuleError as problem:
        return str(problem)


# --- the list -----------------------------------------------------------------------------------------
def listed(user: User, now: datetime) -> QuerySet[Series]:
    """With `next_at` and `open_count` (planned meetings ahead), running ones first, soonest first."""
    ahead = Q(meetings__status=Meeting.Status.SCHEDULED, meetings__starts_at__gt=now)
    visible = Series.objects.filter(pk__in=Series.objects.visible_to(user).values("pk"))
    return (
        visible.annotate(
            next_at=Min("meetings__starts_at", filter=ahead), open_count=Count("meetings", filter=ahead)
        )
        .select_related("host", "template")
        .order_by("status", "next_at", "title", "pk")
    )


# --- one series -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """One date: what the rule says of it, and the meeting that was made for it (None: not yet, or left out)."""

    occurrence: Occurrence
    meeting: Meeting | None
    is_cancelled: bool = False
    is_moved_by_hand: bool = False


def ahead(series: Series, user: User, now: datetime, workdays: Workdays) -> list[Line]:
    """The next dates in order. Three queries: meetings, exceptions, exceptional days."""
    readable = Meeting.objects.visible_to(user).filter(series=series, occurs_at__isnull=False)
    meetings = {one.occurs_at: one for one in readable.exclude(status=Meeting.Status.ENDED)}
    cancelled = set(
        series.exceptions.filter(cause=SeriesException.Cause.CANCELLED).values_list("occurs_at", flat=True)
    )
    lines = []
    for one in islice(upcoming(rhythm_of(series), workdays, now), SHOWN_AHEAD):
        meeting = meetings.get(one.occurs_at)
        lines.append(
            Line(
                occurrence=one,
                meeting=meeting,
                is_cancelled=one.occurs_at in cancelled
                or (meeting is not None and meeting.status == Meeting.Status.CANCELLED),
                is_moved_by_hand=meeting is not None and meeting.starts_at != one.starts_at,
            )
        )
    return lines


def past(series: Series, user: User, now: datetime) -> QuerySet[Meeting]:
    """What was held, newest first, with `open_items` (parked and not taken up yet)."""
    waiting = Count("parked", filter=Q(parked__taken_up_by=None), distinct=True)
    return (
        Meeting.objects.visible_to(user)
        .filter(series=series)
        .filter(Q(status__in=[Meeting.Status.ENDED, Meeting.Status.IN_PROGRESS]) | Q(starts_at__lt=now))
        .annotate(open_items=waiting)
        .order_by("-starts_at", "-pk")[:SHOWN_PAST]
    )


def parked(series: Series, user: User) -> QuerySet[ParkedItem]:
    """The matters of its meetings that wait to be taken up, without those of items kept from this person."""
    return (
        ParkedItem.objects.filter(
            meeting__in=Meeting.objects.visible_to(user).filter(series=series), taken_up_by=None
        )
        .exclude(item__in=AgendaItem.objects.closed_to(user))
        .select_related("meeting", "parked_by")
        .order_by("review_on", "pk")
    )


def page(series: Series, user: User, now: datetime) -> dict[str, Any]:
    workdays = Workdays(series.holiday_region)
    problem = ""
    lines: list[Line] = []
    try:
        lines = ahead(series, user, now, workdays)
    except BadRuleError as error:
        problem = str(error)
    planned = [line.meeting for line in lines if line.meeting and line.meeting.is_planned]
    return {
        "series": series,
        "words": words(series),
        "region": REGIONS.get(series.holiday_region, series.holiday_region),
        "problem": problem,
        "lines": lines,
        "next": min(planned, key=lambda one: one.starts_at) if planned else None,
        "caveat": workdays.caveat(line.occurrence.day for line in lines),
        "past": past(series, user, now),
        "parked": parked(series, user),
        "can_change": rules.can_run_series(user, series) and series.status == Series.Status.ACTIVE,
        "is_host_gone": not series.host.is_active and series.status == Series.Status.ACTIVE,
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where a meeting stands in its series: the series, its rhythm in words, the meetings beside it."""

    series: Series
    words: str
    previous: Meeting | None
    next: Meeting | None
    # Of a planned meeting: the name of the holiday that it stands on, and the warning for a year that is not known.
    holiday: str = ""
    caveat: str = ""


def place_of(meeting: Meeting, user: User) -> Place | None:
    """Three queries beside the series itself; neighbours are those the reader may open, cancelled ones passed over."""
    if meeting.series_id is None or meeting.series is None:
        return None
    beside = (
        Meeting.objects.visible_to(user)
        .filter(series=meeting.series_id)
        .exclude(status=Meeting.Status.CANCELLED)
        .exclude(pk=meeting.pk)
    )
    workdays = Workdays(meeting.series.holiday_region)
    day = meeting.starts_at.astimezone(meeting.zone).date()
    is_off = meeting.is_planned and not workdays.is_workday(day)
    return Place(
        holiday=(workdays.why(day) or _("weekend")) if is_off else "",
        caveat=workdays.caveat([day]) if meeting.is_planned else "",
        series=meeting.series,
        words=words(meeting.series),
        previous=beside.filter(occurs_at__lt=meeting.occurs_at).order_by("-occurs_at").first(),
        next=beside.filter(occurs_at__gt=meeting.occurs_at).order_by("occurs_at").first(),
    )


def readable(user: User) -> QuerySet[Series]:
    """One row each, whatever joins reading it takes; for addresses."""
    found = Series.objects.visible_to(user).filter(pk=OuterRef("pk"))
    return Series.objects.filter(Exists(found)).select_related("host", "template")


# --- before anything is stored ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Foreseen:
    """One date of a rhythm that is only being thought of, and what stands in its way."""

    occurrence: Occurrence
    conflicts: Conflicts | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    lines: list[Foreseen]
    words: str
    caveat: str


def preview(*, rhythm: Rhythm, region: str, pattern: Meeting | None, by: User, now: datetime) -> Preview:
    """The next dates with holidays and clashes of the pattern's people and place. A number of queries that does not
    grow with the dates."""
    workdays = Workdays(region)
    found = list(islice(upcoming(rhythm, workdays, now), SHOWN_AHEAD))
    held = [one for one in found if one.outcome != SKIPPED]
    clashes: dict[datetime, Conflicts] = {}
    if pattern is not None and held:
        people = [row.user for row in pattern.participants.in_order()]
        own = {pattern.pk}
        if pattern.series_id:
            own |= set(Meeting.objects.filter(series=pattern.series_id).values_list("pk", flat=True))
        answers = conflicts_of_each(
            spans=[(one.starts_at, pattern.planned_minutes) for one in held],
            people=people,
            location=pattern.location,
            by=by,
            left_out=own,
        )
        clashes = {one.occurs_at: answer for one, answer in zip(held, answers, strict=True) if answer}
    return Preview(
        lines=[Foreseen(one, clashes.get(one.occurs_at)) for one in found],
        words=describe(rhythm.rule),
        caveat=workdays.caveat(one.day for one in found),
    )
