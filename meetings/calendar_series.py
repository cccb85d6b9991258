"""The calendar entry of a series: its rule, the dates left out, and the meetings that differ from the rule.

One UID for life. A date without a meeting is an EXDATE; a meeting at another time, place or length, under another
title or with other people is a VEVENT of its own with the RECURRENCE-ID of the date it stands for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Event, vRecur

from meetings import calendar, recurrence
from meetings.models import Meeting, Participant, Series
from people.models import User


@dataclass
class Occurrences:
    """The meetings of a series in order, with their participants, and the dates on which none is held."""

    series: Series
    meetings: list[Meeting]
    exceptions: list[datetime]
    people: dict[int, dict[int, Participant]] = field(default_factory=dict)

    @classmethod
    def of(cls, series: Series) -> "Occurrences":
        """Three queries. What was held in an earlier rhythm, before `starts_on`, is no date of this rule."""
        begins_at = _instant(series, series.starts_on)
        meetings = list(
            series.meetings.exclude(status=Meeting.Status.DRAFT)
            .filter(occurs_at__gte=begins_at)
            .select_related("host")
            .order_by("occurs_at", "pk")
        )
        for meeting in meetings:
            meeting.series = series
        rows = Participant.objects.filter(meeting__series=series).in_order()
        people: dict[int, dict[int, Participant]] = {meeting.pk: {} for meeting in meetings}
        for row in rows:
            if row.meeting_id in people:
                people[row.meeting_id][row.user_id] = row
        return cls(
            series=series,
            meetings=meetings,
            exceptions=list(
                series.exceptions.filter(occurs_at__gte=begins_at)
                .order_by("occurs_at")
                .values_list("occurs_at", flat=True)
            ),
            people=people,
        )

    @property
    def first(self) -> datetime:
        """The first date of the rule, held or not."""
        return next(self._dates(None), _instant(self.series, self.series.starts_on))

    def _dates(self, last: date | None) -> Iterator[datetime]:
        """The dates of the rule up to a day."""
        series = self.series
        for day in recurrence.Rule.parse(series.rule).dates(series.starts_on, last):
            yield recurrence.instant(day, series.starts_at, series.zone)

    @property
    def times(self) -> list[datetime]:
        return [meeting.occurs_at for meeting in self.meetings if meeting.occurs_at]

    def ahead(self, now: datetime) -> list[Meeting]:
        return [
            one for one in self.meetings if one.status == Meeting.Status.SCHEDULED and one.starts_at > now
        ]

    def regular(self, now: datetime) -> dict[int, Participant]:
        """Who belongs to the series: those in more than half of its meetings to come, in their latest role."""
        ahead = self.ahead(now)
        counts: dict[int, int] = {}
        found: dict[int, Participant] = {}
        for meeting in reversed(ahead):
            for user, row in self.people[meeting.pk].items():
                counts[user] = counts.get(user, 0) + 1
                found.setdefault(user, row)
        return {user: row for user, row in found.items() if counts[user] * 2 > len(ahead)}

    def left_out(self, user: int | None = None) -> list[datetime]:
        """The dates on which nothing is held, or not with this person."""
        away = [
            meeting.occurs_at
            for meeting in self.meetings
            if meeting.occurs_at
            and (
                meeting.status == Meeting.Status.CANCELLED
                or (user is not None and user not in self.people[meeting.pk])
            )
        ]
        return sorted({*self.exceptions, *away, *self._empty})

    @cached_property
    def _empty(self) -> list[datetime]:
        """Dates of the rule, up to the last meeting that is made, for which there is none."""
        made = set(self.times)
        if not made:
            return []
        last = max(made).astimezone(self.series.zone).date()
        return [moment for moment in self._dates(last) if moment not in made]

    def differing(self, user: int | None, regular: set[int] | None) -> list[Meeting]:
        """The meetings with this person (or with anybody) that are not what the rule says, or that other people
        than the `regular` ones take part in."""
        left_out = set(self.left_out(user))
        return [
            meeting
            for meeting in self.meetings
            if meeting.occurs_at not in left_out
            and (
                bool(differences(meeting))
                or meeting.title != self.series.title
                or (regular is not None and set(self.people[meeting.pk]) != regular)
            )
        ]


def differences(meeting: Meeting) -> dict[str, Any]:
    """What of a meeting's time and place is not what its series says."""
    series = meeting.series
    assert series is not None
    assert meeting.occurs_at is not None
    found: dict[str, Any] = {}
    if meeting.starts_at != meeting.occurs_at:
        found["starts_at"] = meeting.starts_at.astimezone(UTC).isoformat()
    for name in ("planned_minutes", "time_zone", "location", "online_url"):
        if getattr(meeting, name) != getattr(series, name):
            found[name] = getattr(meeting, name)
    return found


def entry(
    *,
    series: Series,
    method: str,
    participants: Sequence[Participant],
    stamped_at: datetime,
    reader: User | None = None,
    sequence: int | None = None,
    ends_at: datetime | None = None,
) -> bytes:
    """The iCalendar object of the whole series, in the active language.

    `participants` (with their users) are those of the series as a whole. With `reader`, the dates on which that person
    does not take part are left out. `ends_at` (aware) ends the series for that reader earlier than its rule does.
    """
    known = Occurrences.of(series)
    number = series.sequence if sequence is None else sequence
    master = _master(known, method, number, participants, stamped_at, ends_at)
    if method == calendar.CANCEL:
        return calendar.pack([master], method=method)
    user = reader.pk if reader else None
    zone = series.zone
    for moment in known.left_out(user):
        if ends_at is None or moment <= ends_at:
            master.add("exdate", moment.astimezone(zone))
    events = [master]
    regular = None if ends_at else {one.user_id for one in participants}
    for meeting in known.differing(user, regular):
        if ends_at is None or (meeting.occurs_at and meeting.occurs_at <= ends_at):
            people = list(known.people[meeting.pk].values())
            number = calendar.sequence_of(meeting)
            events.append(calendar.event(meeting, method, number, people, stamped_at))
    return calendar.pack(events, method=method)


def rule(series: Series, ends_at: datetime | None = None) -> vRecur:
    """RRULE as calendars want it: an end is an instant in UTC, and there is one end at most."""
    found = vRecur.from_ical(series.rule.removeprefix("RRULE:"))
    if "UNTIL" in found:
        (until,) = found["UNTIL"] if isinstance(found["UNTIL"], list) else [found["UNTIL"]]
        found["UNTIL"] = [_until(series, until)]
    if series.ends_on is not None:
        ends_at = min(ends_at, _until(series, series.ends_on)) if ends_at else _until(series, series.ends_on)
    if ends_at is not None:
        before = found.get("UNTIL", [ends_at])[0]
        found["UNTIL"] = [min(before, ends_at).astimezone(UTC)]
        found.pop("COUNT", None)
    return found


def _master(
    known: Occurrences,
    method: str,
    sequence: int,
    participants: Iterable[Participant],
    stamped_at: datetime,
    ends_at: datetime | None,
) -> Event:
    series = known.series
    start = known.first.astimezone(series.zone)
    length = timedelta(minutes=series.planned_minutes)
    found = Event()
    found.add("uid", f"{series.uid}{calendar.UID_ENDING}")
    found.add("sequence", sequence)
    found.add("dtstamp", stamped_at)
    found.add("dtstart", start)
    found.add("dtend", (start.astimezone(UTC) + length).astimezone(series.zone))
    found.add("summary", series.title)
    found.add("status", "CANCELLED" if method == calendar.CANCEL else "CONFIRMED")
    found["organizer"] = calendar.organizer(series.host)
    for participant in participants:
        found.add("attendee", calendar.attendee(participant), encode=False)
    if method == calendar.CANCEL:
        return found
    link = settings.SITE_URL + series.get_absolute_url()
    found.add("rrule", rule(series, ends_at))
    found.add("url", link)
    found.add("description", _description(series, link))
    if place := series.location or series.online_url:
        found.add("location", place)
    found.add_component(calendar.alarm(series.title))
    return found


def _description(series: Series, link: str) -> str:
    parts = [_("Join: %(url)s") % {"url": series.online_url}] if series.online_url else []
    parts.append(_("The meetings of this series, their agendas and pre-reads: %(url)s") % {"url": link})
    return "\n\n".join(parts)


def _instant(series: Series, day: date) -> datetime:
    return datetime.combine(day, series.starts_at, tzinfo=series.zone)


def _until(series: Series, end: date | datetime) -> datetime:
    """The last instant of a day in the series' zone, in UTC; an instant as it is."""
    if not isinstance(end, datetime):
        end = datetime.combine(end, time(23, 59, 59), tzinfo=series.zone)
    elif end.tzinfo is None:
        end = end.replace(tzinfo=series.zone)
    return end.astimezone(UTC)
