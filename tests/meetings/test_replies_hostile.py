"""Mails that strangers send to the mailbox of replies: none may keep the reader busy or change how others are read."""

import time

import pytest

from meetings.mailbox import letters

HEAD = "From: anna@example.com\r\nContent-Type: text/calendar; method=REPLY\r\n"
UID = "11111111-1111-1111-1111-111111111111@fupan"
# In seconds; what a machine with other work needs for a mail of two megabytes at the very most.
SOON = 10


def mail(*lines, zone="", headers=""):
    reply = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "METHOD:COUNTER",
        *([zone] if zone else []),
        "BEGIN:VEVENT",
        f"UID:{UID}",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.com",
        *lines,
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return (HEAD + headers + "\r\n" + "\r\n".join(reply)).encode()


def zone(name, rule, offset="+0100"):
    part = (
        "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        f"TZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\n{rule}END:STANDARD\r\n"
    )
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{part}END:VTIMEZONE"


@pytest.mark.parametrize(
    "opening", ["BEGIN:VTIMEZONE", "begin:vtimezone", "BEGIN;X=1:VTIMEZONE", "BEG\r\n IN:VTIMEZONE"]
)
def test_a_zone_that_changes_every_minute_is_not_reckoned_through(opening):
    evil = zone("Made-up", "RRULE:FREQ=MINUTELY\r\n").replace("BEGIN:VTIMEZONE", opening)
    begun = time.monotonic()

    (answer,) = letters.read(mail("DTSTART;TZID=Made-up:20260101T000000", zone=evil)).answers

    assert answer.partstat == "ACCEPTED"
    assert time.monotonic() - begun < SOON


def test_a_zone_does_not_stand_for_its_name_in_other_letters():
    """Outlook's names are known to the reader; what a letter says about them is not believed."""
    line = "DTSTART;TZID=W. Europe Standard Time:20260101T120000"
    letters.read(mail(line, zone=zone("W. Europe Standard Time", "", offset="-0900")))

    (answer,) = letters.read(mail(line)).answers

    assert answer.proposed_at is not None
    assert answer.proposed_at.hour == 11


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"anna@example.com," * 100_000 + b"\r\n\r\nx",
        mail(headers="Authentication-Results: " + "=?utf-8?q?a?= " * 100_000 + "\r\n").replace(
            UID.encode(), b""
        ),
        HEAD.encode() + b"\r\nBEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 30_000,
        HEAD.encode()
        + b"\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"
        + b"BEGIN:VEVENT\r\n" * 20_000
        # closed again, so that it can be read
        + b"END:VEVENT\r\n" * 20_000
        + b"END:VCALENDAR\r\n",
        b"From: anna@example.com\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 20_000,
    ],
    ids=["senders", "verdicts", "open", "nested", "forwarded"],
)
def test_a_letter_made_to_be_slow_is_read_soon_or_refused(raw):
    begun = time.monotonic()
    with pytest.raises(letters.NoReplyError):
        letters.read(raw)

    assert time.monotonic() - begun < SOON
