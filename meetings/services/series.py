"""Series: begun with one meeting, changed from a date on, ended. One mail per person and change, never one per date."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import history
from core.templatetags.times import day_words
from core.workdays import Workdays
from meetings.errors import NotAllowed
from meetings.models import AgendaItem, Kind, Meeting, Series, SeriesException
from meetings.queries import series as queries
from meetings.recurrence import SKIPPED, BadRuleError, Occurrence, Rhythm, Rule
from meetings.services import invite, occurrences, schedule, series_dates
from people.models import User

# A meeting that a holiday policy has moved stands at most so far from its date.
MOVED_AT_MOST = timedelta(days=20)
# A change of one of these gives the meetings to come other dates; of the first three, counted from a new first day.
RHYTHM = ("rule", "starts_at", "time_zone")
TIMING = (*RHYTHM, "holiday_region", "on_holiday", "ends_on")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """All that can be agreed about a series. `ends_on` None: until somebody ends it."""

    rule: Rule
    ends_on: date | None = None
    holiday_region: str = "CN"
    on_holiday: str = Series.Holiday.NEXT


@dataclass(frozen=True, kw_only=True)
class Change(Terms):
    """A change of a series from one of its dates on. A new rhythm is counted from `starts_on`; None: from that date."""

    title: str
    starts_on: date | None = None
    starts_at: time
    time_zone: str
    planned_minutes: int
    location: str = ""
    online_url: str = ""


# --- beginning ------------------------------------------------------------------------------------------
def rhythm_from(*, meeting: Meeting, terms: Terms) -> Rhythm:
    """The rhythm that begins with this meeting, which stands on one of its dates, moved by a holiday or not.

    Raises BadRuleError, with the nearest dates, when it stands on none.
    """
    local = meeting.starts_at.astimezone(meeting.zone)
    day = local.date()
    rhythm = Rhythm(
        rule=terms.rule,
        start=day,
        clock=local.time(),
        zone=meeting.zone,
        last=terms.ends_on,
        on_holiday=terms.on_holiday,
    )
    following = terms.rule.anchor(day, terms.ends_on)
    first: date | None = following
    if following != day:
        around = replace(rhythm, start=terms.rule.anchor(day - MOVED_AT_MOST, terms.ends_on))
        first = next(
            (one.day for one in _near(around, day, terms) if _held_on(one, rhythm.zone) == day), None
        )
    if first is None:
        raise BadRuleError(
            _(
                "This meeting is on %(day)s, which is no date of this rhythm; the next one is %(next)s. "
                "Choose a rhythm that fits, or first move the meeting to a date of it."
            )
            % {"day": day_words(day), "next": day_words(following)}
        )
    return replace(rhythm, start=first)


def _near(rhythm: Rhythm, day: date, terms: Terms) -> list[Occurrence]:
    found = []
    for one in rhythm.occurrences(Workdays(terms.holiday_region)):
        if one.day > day + MOVED_AT_MOST:
            break
        found.append(one)
    return [one for one in found if one.outcome != SKIPPED]


def _held_on(one: Occurrence, zone: ZoneInfo) -> date:
    return one.starts_at.astimezone(zone).date()


@transaction.atomic
def start(*, meeting: Meeting, terms: Terms, by: User, now: datetime) -> Series:
    """Make a series of a draft or scheduled meeting, which becomes its first; the next ones are made at once and all
    are scheduled. Everybody gets one invitation for the whole series.

    Raises BadRuleError (no date; the meeting is on none) and NotAllowed (begun, over, in a series already).
    """
    meeting = (
        Meeting.objects.select_for_update(of=["self"]).select_related("template", "host").get(pk=meeting.pk)
    )
    if meeting.series_id is not None:
        raise NotAllowed(_("This meeting belongs to a series already."))
    if not meeting.is_planned or meeting.starts_at <= now:
        raise NotAllowed(_("A series begins with a meeting that is still to be held."))
    rhythm = rhythm_from(meeting=meeting, terms=terms)
    series_dates.check_is_held(rhythm=rhythm, region=terms.holiday_region, now=now)
    first = next(iter(rhythm.occurrences(Workdays(terms.holiday_region))))
    was_sent = meeting.status == Meeting.Status.SCHEDULED
    series = Series(
        title=_lasting_title(meeting),
        template=meeting.template,
        host=meeting.host,
        starts_on=rhythm.start,
        starts_at=rhythm.clock,
        time_zone=meeting.time_zone,
        planned_minutes=meeting.planned_minutes,
        location=meeting.location,
        online_url=meeting.online_url,
        created_by=by,
        # The calendars that know the one meeting make a series of that entry.
        uid=meeting.uid,
        sequence=meeting.sequence + 1 if was_sent else 0,
        **_columns(terms),
    )
    series.full_clean(exclude=["created_by"])
    series.save()
    meeting.series, meeting.occurs_at, meeting.title = series, first.occurs_at, series.title
    meeting.save(update_fields=["series", "occurs_at", "title"])
    _mark_agenda(meeting)
    if not was_sent:
        schedule.send(meeting=meeting, by=by, now=now, tell=False)
    occurrences.extend(series=series, now=now, tell=False)
    invite.tell_series_invited(series=series, now=now)
    history.record(actor=by, verb="meetings.series_started", target=series, after=_facts(series))
    return series


def _lasting_title(meeting: Meeting) -> str:
    """Without the period that the form puts behind the type's name: every meeting of the series has another."""
    if meeting.period is None:
        return meeting.title
    title = meeting.title
    for language, _name in settings.LANGUAGES:
        with override(language):
            title = title.replace(meeting.period.label, "")
    return " ".join(title.split()) or meeting.template.name


def _columns(terms: Terms) -> dict[str, object]:
    return {
        "rule": str(terms.rule),
        "ends_on": terms.ends_on,
        "holiday_region": terms.holiday_region,
        "on_holiday": terms.on_holiday,
    }


def _mark_agenda(meeting: Meeting) -> None:
    """What somebody wrote into the first agenda belongs to every meeting; the modules of the type do so anyway."""
    AgendaItem.objects.filter(meeting=meeting, template_module=None).exclude(kind=Kind.BREAK).update(
        is_recurring=True
    )


# --- changing -------------------------------------------------------------------------------------------
@transaction.atomic
def change_following(
    *,
    series: Series,
    change: Change,
    revision: int,
    by: User,
    now: datetime,
    first: Meeting | None = None,
    reason: str = "",
) -> Series:
    """Change the meetings from `first` on (None: the next one). What was held stays as it is.

    Each planned meeting keeps its agenda, people and pre-reads and goes to the next date of the new rhythm, in order;
    meetings for which there is no date any more are cancelled. When planned meetings before `first` keep the old
    rhythm, the series ends with them and a new one begins, which is returned.

    Raises NotAllowed (ended, changed since `revision`, begins in the past) and BadRuleError.
    """
    series = _claim(series, revision)
    before = _facts(series)
    coming = list(_coming(series, now))
    ahead = [one for one in coming if first is None or one.starts_at >= first.starts_at]
    differing = {name for name in TIMING if _value(change, name) != getattr(series, name)}
    counts_anew = bool(differing.intersection(RHYTHM)) or change.starts_on is not None
    anchor = series.starts_on
    if counts_anew:
        anchor = change.rule.anchor(change.starts_on or _day_of(ahead, series, now), change.ends_on)
    if (differing or counts_anew) and ahead and len(ahead) < len(coming):
        anchor = anchor if counts_anew else _day_of(ahead, series, now)
        series = _fork(series, ahead, by, now)
    _write(series, change, anchor)
    if differing or counts_anew:
        series_dates.move_all(series=series, ahead=ahead, by=by, now=now)
    else:
        for meeting in ahead:
            series_dates.take_over(series=series, meeting=meeting, starts_at=meeting.starts_at, now=now)
    occurrences.extend(series=series, now=now, tell=False)
    invite.tell_series_changed(series=series, now=now, reason=reason)
    series.refresh_from_db()
    history.record(
        actor=by,
        verb="meetings.series_changed",
        target=series,
        before=before,
        after=_facts(series),
        note=reason,
    )
    return series


def _claim(series: Series, revision: int) -> Series:
    """The row, locked, provided that nobody changed it since and that it still runs."""
    current = (
        Series.objects.select_for_update(of=["self"]).select_related("host", "template").get(pk=series.pk)
    )
    if current.status != Series.Status.ACTIVE:
        raise NotAllowed(_("This series has ended; it cannot be changed any more."))
    if current.revision != revision:
        raise NotAllowed(
            _(
                "Somebody else has just changed this series. Nothing of yours was saved: "
                "open the page again in a second tab, see what changed, and save once more."
            )
        )
    return current


def _coming(series: Series, now: datetime):
    planned = series.meetings.filter(status__in=Meeting.PLANNED, starts_at__gt=now)
    return planned.select_related("template", "host").order_by("occurs_at", "pk")


def _value(change: Change, name: str) -> object:
    return str(change.rule) if name == "rule" else getattr(change, name)


def _day_of(ahead: list[Meeting], series: Series, now: datetime) -> date:
    """The date that the first of these meetings stands for."""
    moment = next((one.occurs_at for one in ahead if one.occurs_at), now)
    return moment.astimezone(series.zone).date()


def _write(series: Series, change: Change, anchor: date) -> None:
    """The new terms in the row; SEQUENCE and revision rise."""
    for name, value in {
        **_columns(change),
        "starts_on": anchor,
        "title": change.title,
        "starts_at": change.starts_at,
        "time_zone": change.time_zone,
        "planned_minutes": change.planned_minutes,
        "location": change.location,
        "online_url": change.online_url,
    }.items():
        setattr(series, name, value)
    series.sequence += 1
    series.revision += 1
    series.full_clean(exclude=["created_by", "uid"])
    series.save()


def _fork(series: Series, ahead: list[Meeting], by: User, now: datetime) -> Series:
    """End the series before the first meeting that changes, and begin a new one with it."""
    assert ahead[0].occurs_at is not None
    moment = ahead[0].occurs_at
    later = Series(
        title=series.title,
        template=series.template,
        host=series.host,
        rule=series.rule,
        starts_on=_day_of(ahead, series, now),
        starts_at=series.starts_at,
        time_zone=series.time_zone,
        created_by=by,
    )
    later.save()
    series.exceptions.filter(occurs_at__gte=moment).update(series=later)
    series.meetings.filter(occurs_at__gte=moment).update(series=later)
    series.ends_on = max(moment.astimezone(series.zone).date() - timedelta(days=1), series.starts_on)
    series.sequence += 1
    series.revision += 1
    series.save(update_fields=["ends_on", "sequence", "revision"])
    invite.tell_series_changed(series=series, now=now)
    for meeting in ahead:
        meeting.series = later
    return later


# --- leaving one out, ending ------------------------------------------------------------------------------
@transaction.atomic
def cancel_one(*, meeting: Meeting, reason: str, by: User, now: datetime) -> Meeting:
    """Leave one meeting of a series out: it is cancelled, and its date stays empty. The others are held.

    Raises NotAllowed as `schedule.cancel` does.
    """
    return schedule.cancel(meeting=meeting, reason=reason, by=by, now=now)


@transaction.atomic
def skip(*, series: Series, occurs_at: datetime, reason: str, by: User, now: datetime) -> None:
    """Leave a date out for which no meeting has been made yet; with one, `cancel_one` is the way.

    Raises NotAllowed for a date that the series does not have, that has passed or has a meeting, or without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise NotAllowed(_("Write why this date is left out: the reason goes to everybody invited."))
    series = Series.objects.select_for_update(of=["self"]).get(pk=series.pk)
    meeting = series.meetings.filter(occurs_at=occurs_at).first()
    if meeting is not None:
        cancel_one(meeting=meeting, reason=reason, by=by, now=now)
        return
    coming = queries.upcoming(queries.rhythm_of(series), Workdays(series.holiday_region), now)
    if series.status != Series.Status.ACTIVE or all(one.occurs_at != occurs_at for one in coming):
        raise NotAllowed(_("This is no date of the series any more. Open its page again."))
    SeriesException.objects.get_or_create(
        series=series,
        occurs_at=occurs_at,
        defaults={"cause": SeriesException.Cause.CANCELLED, "reason": reason[:300], "created_by": by},
    )
    Series.objects.filter(pk=series.pk).update(sequence=series.sequence + 1)
    series.sequence += 1
    invite.tell_series_changed(series=series, now=now, reason=reason)
    history.record(
        actor=by, verb="meetings.series_date_left_out", target=series, after=occurs_at, note=reason
    )


@transaction.atomic
def end(*, series: Series, last_day: date, reason: str, revision: int, by: User, now: datetime) -> Series:
    """End the series: no meeting after `last_day` (on the series' calendar). What was held stays.

    Raises NotAllowed without a reason while meetings are to be cancelled, and as `change_following` does.
    """
    series = _claim(series, revision)
    reason = reason.strip()
    zone = series.zone
    after = [one for one in _coming(series, now) if one.starts_at.astimezone(zone).date() > last_day]
    if after and not reason:
        raise NotAllowed(_("Write why the series ends: the reason goes to everybody invited."))
    for meeting in after:
        schedule.cancel(meeting=meeting, reason=reason, by=by, now=now, tell=False)
    series.ends_on = max(last_day, series.starts_on)
    series.sequence += 1
    series.revision += 1
    left = series.meetings.filter(status__in=Meeting.OPEN, starts_at__gt=now).exists()
    if not left and last_day <= now.astimezone(zone).date():
        series.status = Series.Status.ENDED
    series.save(update_fields=["ends_on", "sequence", "revision", "status"])
    if left:
        invite.tell_series_changed(series=series, now=now, reason=reason)
    else:
        invite.tell_series_cancelled(series=series, now=now, reason=reason)
    history.record(actor=by, verb="meetings.series_ended", target=series, after=last_day, note=reason)
    return series


def _facts(series: Series) -> dict[str, object]:
    """What history keeps of a series."""
    names = (
        "title",
        "rule",
        "starts_on",
        "starts_at",
        "time_zone",
        "planned_minutes",
        "location",
        "online_url",
    )
    return {name: getattr(series, name) for name in (*names, "ends_on", "holiday_region", "on_holiday")}
