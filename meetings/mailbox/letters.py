"""What a calendar's reply says (RFC 5546, METHOD:REPLY and COUNTER), read from the mail that carries it.

Reads what Outlook, Google and Apple send: the calendar as one form of the message or as a file, in base64 or plain,
with zones of Microsoft's names. Nothing else of the mail is looked at, and no markup is read.
"""

import email
import email.message
import email.policy
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.errors import InvalidHeaderDefect
from email.header import decode_header, make_header
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar.parser import Contentlines

logger = logging.getLogger(__name__)

CALENDAR_TYPES = ("text/calendar", "application/ics")
METHODS = ("REPLY", "COUNTER")
# A reply speaks of one meeting, or of a series and a few of its dates.
MOST_EVENTS = 50
MOST_PARTS = 50
# Longer headers are nobody's: the library takes minutes over them, four times as long for twice the length.
LONGEST_FROM = 2000
LONGEST_VERDICT, MOST_VERDICTS = 8000, 20
UID = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@fupan", re.IGNORECASE)


class NoReplyError(Exception):
    """The mail holds no reply that can be read; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One VEVENT of a reply. Addresses are in small letters; `key` is the meeting's or the series' UUID, "" for none.

    `recurrence` names one date of a series (an instant, or a day where the calendar says no more). `sequence` and
    `stamped_at` are None where the calendar is silent; `proposed_at` is the other start that a COUNTER asks for.
    """

    method: str
    uid: str
    key: str
    attendee: str
    partstat: str
    recurrence: datetime | date | None = None
    sequence: int | None = None
    stamped_at: datetime | None = None
    proposed_at: datetime | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`sender` is the one address in From, in small letters; `verdicts` are the Authentication-Results, top first."""

    sender: str
    answers: list[Answer] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)


def read(raw: bytes) -> Letter:
    """Raises NoReplyError when there is nothing in it that could count."""
    try:
        message = email.message_from_bytes(raw)
        parts = list(_calendars(message))
        sender = _sender(message)
        written = message.get_all("Authentication-Results", [])[:MOST_VERDICTS]
        verdicts = [_one_line(value) for value in written]
    except RecursionError:
        raise NoReplyError(_("The mail is folded into itself too often to be read.")) from None
    if not sender:
        raise NoReplyError(_("The mail does not come from exactly one address."))
    if not parts:
        raise NoReplyError(_("There is no calendar reply in the mail."))
    # Google sends the same calendar twice, as a form of the message and as a file: the first that says something.
    for place, part in enumerate(parts, start=1):
        try:
            answers = _answers(part)
        except NoReplyError:
            if place == len(parts):
                raise
            continue
        if answers:
            return Letter(sender=sender, answers=answers, verdicts=verdicts)
    raise NoReplyError(_("The calendar in the mail is no reply to an invitation."))


# --- the mail ---------------------------------------------------------------------------------------------
def _sender(message: email.message.Message) -> str:
    """The one address in the one From, "" when there is none or any doubt about it."""
    headers = message.get_all("From", [])
    if len(headers) != 1 or len(str(headers[0])) > LONGEST_FROM:
        return ""
    try:
        header = email.policy.default.header_factory("From", " ".join(str(headers[0]).split()))
        addresses = header.addresses
    except Exception:  # the library stumbles over some headers that nobody writes by accident
        logger.debug("A header From cannot be read", exc_info=True)
        return ""
    if len(addresses) != 1 or any(isinstance(defect, InvalidHeaderDefect) for defect in header.defects):
        return ""
    address = addresses[0].addr_spec.lower()
    return address if address.count("@") == 1 and len(address) <= 254 else ""


def _one_line(value: Any) -> str:
    """A header's value as text; `Header` objects stand for bytes that are no ASCII."""
    value = value[:LONGEST_VERDICT] if isinstance(value, str) else value
    try:
        text = str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        text = str(value)
    return " ".join(text.split())


def _calendars(message: email.message.Message) -> Iterator[bytes]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        name = (part.get_filename() or "").lower()
        if part.get_content_type() in CALENDAR_TYPES or name.endswith(".ics"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                yield _as_utf8(payload, part.get_content_charset())


def _as_utf8(payload: bytes, charset: str | None) -> bytes:
    """The calendar in UTF-8, which the standard asks for and not every program keeps to."""
    for name in ("utf-8-sig", charset or "", "gb18030"):
        try:
            return payload.decode(name).encode() if name else b""
        except (UnicodeDecodeError, LookupError):
            continue
    return payload.decode("utf-8", "replace").encode()


# --- the calendar -----------------------------------------------------------------------------------------
def _answers(content: bytes) -> list[Answer]:
    try:
        return list(_read(Calendar.from_ical(_without_zones(content), multiple=True)))
    except Exception as error:  # whatever the parser stumbles over, the mail is no reply
        raise NoReplyError(_("The calendar in the mail cannot be read.")) from error


def _without_zones(content: bytes) -> bytes:
    """The calendar without the zones it brings along; those that have a name are known here.

    A zone that a stranger makes up may change its time every second for centuries, and is reckoned through for each
    time in it; it would also stand for its name in all letters to come.
    """
    kept, is_zone = [], False
    for line in Contentlines.from_ical(content):
        if not line:
            continue
        try:
            name, _params, value = line.parts()
            opens_zone = name.upper() == "BEGIN" and value.upper() == "VTIMEZONE"
            closes_zone = name.upper() == "END" and value.upper() == "VTIMEZONE"
        except ValueError:
            # A broken line stays: what it means is said by the parser.
            opens_zone = closes_zone = False
        is_zone = is_zone or opens_zone
        if not is_zone:
            kept.append(line)
        is_zone = is_zone and not closes_zone
    return "\r\n".join(kept).encode()


def _read(calendars: Iterable[Any]) -> Iterator[Answer]:
    for calendar in calendars:
        method = str(calendar.get("METHOD", "")).upper()
        if calendar.name != "VCALENDAR" or method not in METHODS:
            continue
        for event in calendar.walk("VEVENT")[:MOST_EVENTS]:
            answer = _answer(event, method)
            if answer:
                yield answer


def _answer(event: Any, method: str) -> Answer | None:
    """None for an event that does not say who answers what."""
    attendees = event.get("ATTENDEE")
    if isinstance(attendees, list):
        # A reply has one attendee, its sender. Whoever sends the whole list does not say whose answer it is.
        attendees = attendees[0] if len(attendees) == 1 else None
    uid = str(event.get("UID", "")).strip()
    if attendees is None or not uid:
        return None
    address = str(attendees).strip()
    match = UID.fullmatch(uid)
    return Answer(
        method=method,
        uid=uid[:255],
        key=match[1].lower() if match else "",
        attendee=re.sub(r"^mailto:", "", address, flags=re.IGNORECASE).strip().lower(),
        partstat=str(attendees.params.get("PARTSTAT", "NEEDS-ACTION")).upper()[:20],
        recurrence=_moment(event, "RECURRENCE-ID"),
        sequence=_number(event.get("SEQUENCE")),
        stamped_at=_instant(event, "DTSTAMP"),
        proposed_at=_instant(event, "DTSTART") if method == "COUNTER" else None,
        comment=_comment(event),
    )


def _moment(event: Any, name: str) -> datetime | date | None:
    value = getattr(event.get(name), "dt", None)
    if isinstance(value, datetime):
        # A time without a zone means nothing here; only its day can be trusted.
        return value.astimezone(UTC) if value.tzinfo else value.date()
    return value if isinstance(value, date) else None


def _instant(event: Any, name: str) -> datetime | None:
    value = getattr(event.get(name), "dt", None)
    if not isinstance(value, datetime):
        return None
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _number(value: Any) -> int | None:
    try:
        number = int(value)
    except (TypeError, ValueError):
        return None
    return number if 0 <= number < 2**31 else None


def _comment(event: Any) -> str:
    value = event.get("COMMENT", "")
    lines = value if isinstance(value, list) else [value]
    return " ".join(" ".join(str(line) for line in lines).replace("\0", "").split())[:300]
