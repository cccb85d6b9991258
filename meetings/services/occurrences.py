"""The meetings of a series, made ahead of time: each copied from the one before, with a period of its own."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from core.periods import Period
from core.workdays import Workdays
from meetings import plan as planning
from meetings.models import AgendaItem, Carried, Kind, Meeting, Participant, Series, SeriesException
from meetings.plan import ItemPlan, PersonPlan, Plan
from meetings.queries import series as queries
from meetings.recurrence import SKIPPED, Occurrence
from meetings.services import carry, invite, schedule

# Meetings are made so far ahead, at least so many, but none further than that.
HORIZON, AT_LEAST, FARTHEST = timedelta(days=60), 3, timedelta(days=400)

HOST = Participant.Role.HOST


@transaction.atomic
def extend(*, series: Series, now: datetime, tell: bool = True) -> list[Meeting]:
    """Make the meetings that the series should have by now; returns the new ones. Safe to call at any time, twice at
    once too: the series' row is locked, and what is there already is not made again.

    A date that its holiday policy leaves out becomes an exception with the holiday's name. With `tell`, people hear of
    dates that are not as their calendars have them. Raises BadRuleError and NotAllowed (somebody left, see
    `schedule.draft`), and then nothing is made.
    """
    series = Series.objects.select_for_update(of=["self"]).select_related("host").get(pk=series.pk)
    if series.status != Series.Status.ACTIVE or not series.host.is_active:
        return []
    workdays = Workdays(series.holiday_region)
    coming = list(queries.upcoming(queries.rhythm_of(series), workdays, now))
    left_out = _leave_out(series, coming, workdays, now)
    known = set(series.meetings.values_list("occurs_at", flat=True))
    known |= set(series.exceptions.values_list("occurs_at", flat=True))
    made = [
        _make(series, one, now)
        for one in due(coming, now=now)
        if one.occurs_at not in known and one.starts_at > now
    ]
    if tell and (made or left_out):
        invite.tell_series_changed(series=series, now=now)
    _close(series, coming, now)
    return made


def due(coming: Iterable[Occurrence], *, now: datetime, until: datetime | None = None) -> list[Occurrence]:
    """Of the dates to come, in order, those whose meetings should exist by now, and all others before `until`."""
    horizon = max(now + HORIZON, until or now)
    found: list[Occurrence] = []
    for one in coming:
        if one.starts_at > horizon and len(found) >= AT_LEAST:
            break
        if one.starts_at > max(horizon, now + FARTHEST) and found:
            break
        if one.outcome != SKIPPED:
            found.append(one)
    return found


def _leave_out(series: Series, coming: list[Occurrence], workdays: Workdays, now: datetime) -> bool:
    """Keep the dates that holidays take, as far as they are known for sure; returns whether any are new or gone."""
    wanted = {
        one.occurs_at: one.holiday
        for one in coming
        if one.outcome == SKIPPED and one.occurs_at < now + FARTHEST and workdays.is_official(one.day.year)
    }
    rows = series.exceptions.filter(cause=SeriesException.Cause.HOLIDAY, occurs_at__gt=now)
    gone, _rows = rows.exclude(occurs_at__in=wanted).delete()
    before = series.exceptions.count()
    SeriesException.objects.bulk_create(
        [
            SeriesException(
                series=series,
                occurs_at=moment,
                cause=SeriesException.Cause.HOLIDAY,
                reason=reason[:300],
            )
            for moment, reason in wanted.items()
        ],
        ignore_conflicts=True,
    )
    return bool(gone) or series.exceptions.count() > before


def _close(series: Series, coming: list[Occurrence], now: datetime) -> None:
    """A series whose last day has passed and whose meetings were all held is over."""
    if not coming and not series.meetings.filter(status__in=Meeting.OPEN, starts_at__gt=now).exists():
        Series.objects.filter(pk=series.pk).update(status=Series.Status.ENDED)


# --- one meeting ----------------------------------------------------------------------------------------
def _make(series: Series, one: Occurrence, now: datetime) -> Meeting:
    pattern = latest(series)
    meeting = schedule.draft(plan=plan_for(series=series, pattern=pattern, one=one), by=series.host, now=now)
    meeting.series, meeting.occurs_at = series, one.occurs_at
    meeting.save(update_fields=["series", "occurs_at"])
    schedule.send(meeting=meeting, by=series.host, now=now, tell=False)
    meeting.refresh_from_db()
    carry.bring_over(meeting=meeting, now=now, only_next=True)
    return meeting


def latest(series: Series) -> Meeting:
    """The pattern of the next one: the last meeting of the series that is not cancelled, else the last of all."""
    meetings = series.meetings.select_related("template", "host", "series").order_by("-occurs_at")
    return meetings.exclude(status=Meeting.Status.CANCELLED).first() or meetings.get(
        pk=meetings.values_list("pk", flat=True)[0]
    )


def plan_for(*, series: Series, pattern: Meeting, one: Occurrence) -> Plan:
    """The plan of an occurrence: time, place and title of the series; people, departments and agenda of the pattern."""
    before = planning.of_meeting(pattern)
    day = one.starts_at.astimezone(series.zone).date()
    return replace(
        before,
        title=series.title,
        host=series.host,
        starts_at=one.starts_at,
        time_zone=series.time_zone,
        planned_minutes=series.planned_minutes,
        location=series.location,
        online_url=series.online_url,
        period=period_for(series=series, pattern=pattern, day=day),
        note="",
        people=people_for(series, before.people),
        items=agenda_of(before.items),
        preread_opens_at=None,
        preread_due_at=None,
        corrections_until=None,
        freeze_at=None,
    )


def people_for(series: Series, people: list[PersonPlan]) -> list[PersonPlan]:
    """The pattern's people without those who left; the host is the series' own."""
    found = []
    for person in people:
        role = Participant.Role.MEMBER if person.role == HOST else person.role
        if person.user.is_active and person.user != series.host:
            found.append(replace(person, role=role))
    own = next((person for person in people if person.user == series.host), PersonPlan(user=series.host))
    return [replace(own, role=HOST), *found]


def agenda_of(items: list[ItemPlan]) -> list[ItemPlan]:
    """What of an agenda comes back in every meeting: the modules of the type, breaks, and what is marked so.

    What was added for one meeting alone, or was brought over into it, comes back by the rules of `carry` only.
    """
    return [
        replace(
            item,
            item_id=None,
            carried_from=AgendaItem(pk=item.item_id) if _is_marked(item) and item.item_id else None,
            carried_because=Carried.RECURRING if _is_marked(item) and item.item_id else "",
        )
        for item in items
        if item.module or item.kind == Kind.BREAK or item.is_recurring
    ]


def _is_marked(item: ItemPlan) -> bool:
    return item.is_recurring and item.module is None


def period_for(*, series: Series, pattern: Meeting, day: date) -> Period | None:
    """The last complete period before the day; the current one where the series began with the current one."""
    grain = series.template.period_grain
    if not grain:
        return None
    current = Period.containing(day, grain)  # type: ignore[arg-type]
    held = pattern.starts_at.astimezone(pattern.zone).date()
    looks_at_current = pattern.period is not None and held in pattern.period
    return current if looks_at_current else current.previous()
