"""What somebody's own calendar shows: their meetings, and whatever else has a moment for them.

A feed is read by servers of calendar companies, so it names no confidential item, whoever its owner is. Its text
changes only when a record does: calendars ask "is there anything new?" many times a day.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from icalendar import Event

from meetings import calendar
from meetings.models import AgendaItem, Meeting, Participant, PreRead
from people.models import User

PAST, AHEAD = timedelta(days=30), timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A deadline in a calendar: an instant without a length. `uid` is its own for ever, `path` where it leads."""

    uid: str
    title: str
    at: datetime
    path: str
    stamped_at: datetime


Source = Callable[[User, datetime, datetime], Iterable[Moment]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Let another app put its deadlines into the feed: `source(user, since, until)` yields the person's own ones."""
    if source not in _sources:
        _sources.append(source)
    return source


def feed(user: User, now: datetime) -> bytes:
    """The iCalendar object, in the active language; a number of queries that does not grow with it."""
    since, until = _window(now)
    events = [_meeting_event(row) for row in _participations(user, since, until)]
    for source in [prereads_due, *_sources]:
        events += [moment_event(moment, user) for moment in source(user, since, until)]
    return calendar.pack(events, name=_("Fupan: %(name)s") % {"name": user.name}, refresh=True)


def _window(now: datetime) -> tuple[datetime, datetime]:
    return now - PAST, now + AHEAD


def _participations(user: User, since: datetime, until: datetime) -> Iterable[Participant]:
    items = AgendaItem.objects.in_order()
    return (
        Participant.objects.filter(user=user, meeting__starts_at__range=(since, until))
        .exclude(meeting__status=Meeting.Status.DRAFT)
        .select_related("meeting")
        .prefetch_related(Prefetch("meeting__items", items))
        .order_by("meeting__starts_at", "meeting__pk")
    )


def _meeting_event(row: Participant) -> Event:
    meeting = row.meeting
    is_off = meeting.status == Meeting.Status.CANCELLED
    found = Event()
    found.add("uid", f"{meeting.uid}{calendar.UID_ENDING}")
    found.add("sequence", meeting.sequence)
    found.add("dtstamp", meeting.cancelled_at or meeting.scheduled_at or meeting.created_at)
    found.add("dtstart", meeting.starts_at.astimezone(meeting.zone))
    found.add("dtend", meeting.ends_at.astimezone(meeting.zone))
    found.add("summary", meeting.title)
    found.add("status", "CANCELLED" if is_off else "CONFIRMED")
    found.add("url", settings.SITE_URL + meeting.get_absolute_url())
    found.add("description", calendar.description(meeting, meeting.items.all()))
    if place := meeting.location or meeting.online_url:
        found.add("location", place)
    if is_off or row.reply == Participant.Reply.DECLINED:
        found.add("transp", "TRANSPARENT")
    return found


def moment_event(moment: Moment, user: User) -> Event:
    """An instant without a length, in the person's own time."""
    found = Event()
    found.add("uid", f"{moment.uid}{calendar.UID_ENDING}")
    found.add("dtstamp", moment.stamped_at)
    found.add("dtstart", moment.at.astimezone(user.zone))
    found.add("dtend", moment.at.astimezone(user.zone))
    found.add("summary", moment.title)
    found.add("url", settings.SITE_URL + moment.path)
    found.add("transp", "TRANSPARENT")
    return found


def prereads_due(user: User, since: datetime, until: datetime) -> Iterable[Moment]:
    """The pre-reads that departments this person heads still owe."""
    rows = PreRead.objects.filter(
        department__in=user.headed_department_ids,
        submitted_at=None,
        meeting__status=Meeting.Status.SCHEDULED,
        due_at__range=(since, until),
    ).select_related("meeting", "department")
    for row in rows.order_by("due_at", "pk"):
        words = {"meeting": row.meeting.title, "department": row.department.name}
        yield Moment(
            uid=f"preread-{row.pk}",
            title=pgettext("in a calendar", "Pre-read due: %(department)s, %(meeting)s") % words,
            at=row.due_at.astimezone(UTC),
            path=row.get_absolute_url(),
            stamped_at=row.due_at,
        )
