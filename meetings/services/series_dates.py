"""Giving the meetings of a series other dates: each keeps its agenda, people and pre-reads and moves along."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.workdays import Workdays
from meetings.models import Meeting, Participant, Series, SeriesException
from meetings.queries import series as queries
from meetings.recurrence import SKIPPED, BadRuleError, Occurrence, Rhythm
from meetings.services import occurrences, plan_revisions, prereads, schedule
from people.models import User

WEEK = timedelta(days=7)


def check_is_held(*, rhythm: Rhythm, region: str, now: datetime) -> None:
    """Raises BadRuleError for a rhythm of which no meeting would ever be held."""
    coming = queries.upcoming(rhythm, Workdays(region), now)
    if all(one.outcome == SKIPPED for one in coming):
        raise BadRuleError(
            _(
                "No meeting would ever be held: every date of this rhythm is left out or past. Choose other dates."
            )
        )


def move_all(*, series: Series, ahead: list[Meeting], by: User, now: datetime) -> None:
    """Give the planned meetings the new dates in order; days that were called off stay so."""
    zone = series.zone
    called_off = {
        row.occurs_at.astimezone(zone).date(): row
        for row in series.exceptions.filter(cause=SeriesException.Cause.CANCELLED, occurs_at__gt=now)
    }
    series.exceptions.filter(occurs_at__gt=now, cause=SeriesException.Cause.HOLIDAY).delete()
    coming = list(queries.upcoming(queries.rhythm_of(series), Workdays(series.holiday_region), now))
    check_is_held(rhythm=queries.rhythm_of(series), region=series.holiday_region, now=now)
    for one in coming:
        row = called_off.get(one.day)
        if row is not None and row.occurs_at != one.occurs_at:
            SeriesException.objects.get_or_create(
                series=series, occurs_at=one.occurs_at, defaults={"cause": row.cause, "reason": row.reason}
            )
    # Nothing is cancelled because it lies a few days beyond what is made ahead.
    until = max([one.starts_at + WEEK for one in ahead], default=None)
    due = occurrences.due(coming, now=now, until=until)
    held = [one for one in due if one.day not in called_off and one.starts_at > now]
    # Out of the series for a moment, or two would stand on one date while they change places.
    Meeting.objects.filter(pk__in=[one.pk for one in ahead]).update(series=None, occurs_at=None)
    for meeting, new in _pairs(ahead, held, zone):
        if new is None:
            _drop(series, meeting, by, now)
        else:
            meeting.series, meeting.occurs_at = series, new.occurs_at
            take_over(series=series, meeting=meeting, starts_at=new.starts_at, now=now)


def _pairs(
    ahead: list[Meeting], held: list[Occurrence], zone: ZoneInfo
) -> list[tuple[Meeting, Occurrence | None]]:
    """Each meeting with its new date: its own day where that stays, the others in order, None for what is left over.
    Those with a date come first."""
    by_day = {one.day: one for one in held}
    own = {one.pk: by_day.get(one.occurs_at.astimezone(zone).date()) for one in ahead if one.occurs_at}
    stays = [one for one in own.values() if one is not None]
    rest = iter([one for one in held if one not in stays])
    pairs = [(meeting, own.get(meeting.pk) or next(rest, None)) for meeting in ahead]
    return sorted(pairs, key=lambda pair: pair[1] is None)


def take_over(*, series: Series, meeting: Meeting, starts_at: datetime, now: datetime) -> None:
    """What the series says, in the row of one of its meetings. Moments set by hand move along with a new time."""
    plan_revisions.keep(meeting=meeting, by=series.host, now=now)
    shift = starts_at - meeting.starts_at
    values = {
        "title": series.title,
        "starts_at": starts_at,
        "time_zone": series.time_zone,
        "planned_minutes": series.planned_minutes,
        "location": series.location,
        "online_url": series.online_url,
    }
    if shift:
        day = starts_at.astimezone(series.zone).date()
        period = occurrences.period_for(series=series, pattern=meeting, day=day)
        values |= {
            "period_grain": period.grain if period else "",
            "period_start": period.start if period else None,
            "period_end": period.end if period else None,
        }
        for name in ("preread_opens_at", "preread_due_at", "corrections_until", "freeze_at"):
            moment = getattr(meeting, name)
            values[name] = moment + shift if moment else None
        Participant.objects.filter(meeting=meeting).exclude(reply=Participant.Reply.NONE).update(
            reply=Participant.Reply.NONE, replied_at=None, reply_note=""
        )
    for name, value in values.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=[*values, "series", "occurs_at"])
    prereads.open_for(meeting=meeting, now=now)


def _drop(series: Series, meeting: Meeting, by: User, now: datetime) -> None:
    """Cancel a meeting for which the series has no date any more; it stays readable in its old place, if free."""
    occurs_at = meeting.occurs_at
    if not series.meetings.filter(occurs_at=occurs_at).exists():
        Meeting.objects.filter(pk=meeting.pk).update(series=series, occurs_at=occurs_at)
    meeting.refresh_from_db()
    schedule.cancel(
        meeting=meeting, reason=_("The series has another rhythm now."), by=by, now=now, tell=False
    )
