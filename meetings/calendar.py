"""The calendar entry of a meeting (RFC 5545, 5546), as it goes out by mail; that of a series is in calendar_series.

One UID for life; the meetings of a series share that of the series and are told apart by RECURRENCE-ID. SEQUENCE rises
with each change of time or place and with cancelling, never with a new wording. The host is the organizer, under the
address to which calendars shall send their replies.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from meetings import agenda, vtimezone
from meetings.models import AgendaItem, Meeting, Participant, Series
from meetings.queries import confidential
from people.models import User

REQUEST, CANCEL = "REQUEST", "CANCEL"
PRODUCT = "-//Fupan//Fupan//ZH"
UID_ENDING = "@fupan"

ROLES = {Participant.Role.HOST: "CHAIR", Participant.Role.OPTIONAL: "OPT-PARTICIPANT"}
REPLIES = {
    Participant.Reply.NONE: "NEEDS-ACTION",
    Participant.Reply.ACCEPTED: "ACCEPTED",
    Participant.Reply.TENTATIVE: "TENTATIVE",
    Participant.Reply.DECLINED: "DECLINED",
}


def entry(
    *,
    meeting: Meeting,
    method: str,
    sequence: int,
    participants: Sequence[Participant],
    stamped_at: datetime,
) -> bytes:
    """The iCalendar object, in the active language. Participants come with their users; items are read.

    A CANCEL for one person lists that person alone: their calendar drops it, those of others keep it.
    """
    found = event(meeting, method, sequence, participants, stamped_at)
    return pack([found], method=method)


def series_entry(
    *,
    series: Series,
    method: str,
    participants: Sequence[Participant],
    stamped_at: datetime,
    reader: User | None = None,
) -> bytes:
    """The whole series with its exceptions; see `calendar_series.entry`."""
    from meetings import calendar_series  # leaf: builds on this module

    return calendar_series.entry(
        series=series, method=method, participants=participants, stamped_at=stamped_at, reader=reader
    )


def pack(events: Sequence[Event], *, method: str = "", name: str = "", refresh: bool = False) -> bytes:
    """An iCalendar object of these events, with every time zone they speak of described."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    if refresh:
        # How often a subscriber may ask; the second is what older Outlooks know.
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    for found in events:
        calendar.add_component(found)
    times = [
        moment for found in events for moment in (found.start, found.end) if isinstance(moment, datetime)
    ]
    for place, key in enumerate(sorted(calendar.get_missing_tzids()) if times else []):
        described = vtimezone.component(ZoneInfo(key), min(times), max(times))
        calendar.subcomponents.insert(place, described)
    return calendar.to_ical()


def event(
    meeting: Meeting, method: str, sequence: int, participants: Sequence[Participant], stamped_at: datetime
) -> Event:
    """The VEVENT of one meeting; a meeting of a series says which of its dates it is.

    A cancelling goes to people, too, who have been taken off: what was agreed since is not for them.
    """
    found = Event()
    found.add("uid", uid(meeting))
    if meeting.series is not None and meeting.occurs_at is not None:
        found.add("recurrence-id", meeting.occurs_at.astimezone(meeting.series.zone))
    found.add("sequence", sequence)
    found.add("dtstamp", stamped_at)
    found.add("dtstart", meeting.starts_at.astimezone(meeting.zone))
    found.add("dtend", meeting.ends_at.astimezone(meeting.zone))
    found.add("summary", meeting.title)
    found.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    found.add("url", settings.SITE_URL + meeting.get_absolute_url())
    if method == REQUEST:
        found.add("description", description(meeting))
        if place := meeting.location or meeting.online_url:
            found.add("location", place)
    found["organizer"] = organizer(meeting.host)
    for participant in participants:
        found.add("attendee", attendee(participant), encode=False)
    if method == REQUEST:
        found.add_component(alarm(meeting.title))
    return found


def uid(meeting: Meeting) -> str:
    return f"{meeting.series.uid if meeting.series else meeting.uid}{UID_ENDING}"


def sequence_of(meeting: Meeting) -> int:
    """SEQUENCE of the meeting's entry as it is now; in a series that of the series counts along."""
    return meeting.sequence + (meeting.series.sequence if meeting.series else 0)


def description(meeting: Meeting, items: Iterable[AgendaItem] | None = None) -> str:
    """The agenda with the clock times of the meeting's own zone, and where to find the rest."""
    items = confidential.masked_for_all(meeting.items.in_order() if items is None else items)
    times = agenda.timings(agenda.slots(items), meeting.starts_at.astimezone(meeting.zone))
    lines = [
        f"{date_format(time.starts_at, 'H:i')}–{date_format(time.ends_at, 'H:i')}  {item.title}"
        for item, time in zip(items, times, strict=True)
    ]
    parts = [meeting.note.strip(), "\n".join(lines)]
    if meeting.online_url:
        parts.append(_("Join: %(url)s") % {"url": meeting.online_url})
    parts.append(
        _("Agenda, pre-reads and reply: %(url)s") % {"url": settings.SITE_URL + meeting.get_absolute_url()}
    )
    return "\n\n".join(part for part in parts if part)


def reply_address() -> str:
    """The mailbox that calendars answer to, when the site reads one; else empty."""
    return parseaddr(settings.REPLY_ADDRESS)[1]


def organizer(host: User) -> vCalAddress:
    """The host by name, under the address to which calendars reply: the site's when it reads them, else the host's."""
    if address := reply_address():
        found = vCalAddress(f"mailto:{address}")
        found.params["CN"] = vText(host.name)
        return found
    found = vCalAddress(f"mailto:{host.email}")
    found.params["CN"] = vText(host.name)
    found.params["SENT-BY"] = vText(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    return found


def attendee(participant: Participant) -> vCalAddress:
    """The host calls the meeting and is not asked; everybody else is, until they answer."""
    is_asked = participant.role != Participant.Role.HOST
    reply = REPLIES[Participant.Reply(participant.reply)]
    if not is_asked and participant.reply == Participant.Reply.NONE:
        reply = "ACCEPTED"
    found = vCalAddress(f"mailto:{participant.user.email}")
    found.params["CN"] = vText(participant.user.name)
    found.params["CUTYPE"] = vText("INDIVIDUAL")
    found.params["ROLE"] = vText(ROLES.get(Participant.Role(participant.role), "REQ-PARTICIPANT"))
    found.params["PARTSTAT"] = vText(reply)
    found.params["RSVP"] = vText("TRUE" if is_asked else "FALSE")
    return found


def alarm(title: str) -> Alarm:
    found = Alarm()
    found.add("action", "DISPLAY")
    found.add("description", title)
    found.add("trigger", timedelta(minutes=-15))
    return found
