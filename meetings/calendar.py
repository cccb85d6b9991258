"""The calendar entry of a meeting (RFC 5545, 5546), as it goes out by mail.

One UID for life. SEQUENCE rises with each change of time or place and with cancelling, never with a new wording.
The host is the organizer; the site sends on the host's behalf.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from meetings import agenda
from meetings.models import Meeting, Participant
from meetings.queries import confidential

REQUEST, CANCEL = "REQUEST", "CANCEL"

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
    calendar = Calendar()
    calendar.add("prodid", "-//Fupan//Fupan//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_event(meeting, method, sequence, participants, stamped_at))
    # Enough of the zone's past and future for readers that only look at the transitions they are given.
    calendar.add_missing_timezones(
        first_date=(meeting.starts_at - timedelta(days=400)).date(),
        last_date=(meeting.starts_at + timedelta(days=400)).date(),
    )
    return calendar.to_ical()


def _event(
    meeting: Meeting, method: str, sequence: int, participants: Sequence[Participant], stamped_at: datetime
) -> Event:
    event = Event()
    event.add("uid", uid(meeting))
    event.add("sequence", sequence)
    event.add("dtstamp", stamped_at)
    event.add("dtstart", meeting.starts_at.astimezone(meeting.zone))
    event.add("dtend", meeting.ends_at.astimezone(meeting.zone))
    event.add("summary", meeting.title)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("url", settings.SITE_URL + meeting.get_absolute_url())
    if method == REQUEST:
        # A cancelling goes to people, too, who have been taken off: what was agreed since is not for them.
        event.add("description", description(meeting))
        if place := meeting.location or meeting.online_url:
            event.add("location", place)
    event["organizer"] = _organizer(meeting)
    for participant in participants:
        event.add("attendee", _attendee(participant), encode=False)
    if method == REQUEST:
        event.add_component(_alarm(meeting))
    return event


def uid(meeting: Meeting) -> str:
    return f"{meeting.uid}@fupan"


def description(meeting: Meeting) -> str:
    """The agenda with the clock times of the meeting's own zone, and where to find the rest."""
    items = confidential.masked_for_all(meeting.items.in_order())
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


def _organizer(meeting: Meeting) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{meeting.host.email}")
    organizer.params["CN"] = vText(meeting.host.name)
    organizer.params["SENT-BY"] = vText(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    return organizer


def _attendee(participant: Participant) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{participant.user.email}")
    attendee.params["CN"] = vText(participant.user.name)
    attendee.params["CUTYPE"] = vText("INDIVIDUAL")
    attendee.params["ROLE"] = vText(ROLES.get(Participant.Role(participant.role), "REQ-PARTICIPANT"))
    attendee.params["PARTSTAT"] = vText(REPLIES[Participant.Reply(participant.reply)])
    attendee.params["RSVP"] = vText("TRUE")
    return attendee


def _alarm(meeting: Meeting) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", meeting.title)
    alarm.add("trigger", timedelta(minutes=-15))
    return alarm
