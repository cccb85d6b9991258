"""The calendar entry, parsed back: what a mail program gets to see."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from icalendar import Calendar

from meetings import calendar
from meetings.models import Participant
from meetings.plan import ItemPlan
from tests.factories import host
from tests.meetings import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def entry(meeting, method=calendar.REQUEST, sequence=None):
    content = calendar.entry(
        meeting=meeting,
        method=method,
        sequence=meeting.sequence if sequence is None else sequence,
        participants=list(meeting.participants.in_order()),
        stamped_at=factories.NOW,
    )
    parsed = Calendar.from_ical(content)
    (event,) = parsed.walk("VEVENT")
    return parsed, event, content


def test_request_names_everybody_with_role_and_chinese_name():
    meeting = factories.scheduled(
        host=host(name="陈静", email="host@example.com"),
        people=[
            factories.guest(Participant.Role.EXECUTIVE, name="王志远", email="boss@example.com"),
            factories.guest(Participant.Role.OPTIONAL, name="Anna Schmidt", email="anna@example.com"),
        ],
        location="三楼会议室",
    )

    parsed, event, _content = entry(meeting)

    assert parsed["METHOD"] == "REQUEST"
    assert event["UID"] == f"{meeting.uid}@fupan"
    assert event["SEQUENCE"] == 0
    assert event["STATUS"] == "CONFIRMED"
    assert event["SUMMARY"] == "经营分析会 10 月"
    assert event["LOCATION"] == "三楼会议室"
    assert event["URL"].endswith(f"/meetings/{meeting.pk}/")
    assert event["ORGANIZER"] == "mailto:host@example.com"
    assert event["ORGANIZER"].params["CN"] == "陈静"
    assert event["ORGANIZER"].params["SENT-BY"].startswith("mailto:")
    assert {
        (str(one), one.params["CN"], one.params["ROLE"], one.params["PARTSTAT"], one.params["RSVP"])
        for one in event["ATTENDEE"]
    } == {
        ("mailto:host@example.com", "陈静", "CHAIR", "ACCEPTED", "FALSE"),
        ("mailto:boss@example.com", "王志远", "REQ-PARTICIPANT", "NEEDS-ACTION", "TRUE"),
        ("mailto:anna@example.com", "Anna Schmidt", "OPT-PARTICIPANT", "NEEDS-ACTION", "TRUE"),
    }


def test_reply_stands_in_the_next_entry():
    meeting = factories.scheduled(people=[factories.guest(email="anna@example.com")])
    meeting.participants.filter(user__email="anna@example.com").update(
        reply=Participant.Reply.ACCEPTED, replied_at=factories.NOW
    )

    _parsed, event, _content = entry(meeting)

    assert {str(one): one.params["PARTSTAT"] for one in event["ATTENDEE"]}[
        "mailto:anna@example.com"
    ] == "ACCEPTED"


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Asia/Shanghai", datetime(2026, 12, 2, 14, 0)),
        # The days before and after the clocks change, on both continents.
        ("Europe/Berlin", datetime(2027, 3, 27, 14, 0)),
        ("Europe/Berlin", datetime(2027, 3, 29, 14, 0)),
        ("Europe/Berlin", datetime(2027, 10, 30, 14, 0)),
        ("America/Los_Angeles", datetime(2027, 3, 13, 9, 30)),
        ("America/Los_Angeles", datetime(2027, 3, 15, 9, 30)),
        ("America/Los_Angeles", datetime(2027, 11, 8, 9, 30)),
        ("UTC", datetime(2027, 1, 4, 9, 30)),
    ],
)
def test_start_is_the_same_instant_for_a_reader_who_knows_only_the_entry(zone, start):
    starts_at = start.replace(tzinfo=ZoneInfo(zone))
    meeting = factories.scheduled(starts_at=starts_at, time_zone=zone)

    parsed, event, content = entry(meeting)

    assert event["DTSTART"].dt == starts_at
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=240)
    if zone != "UTC":
        (described,) = parsed.walk("VTIMEZONE")
        assert described["TZID"] == zone == event["DTSTART"].params["TZID"]
        assert described.to_tz(lookup_tzid=False).utcoffset(start) == starts_at.utcoffset()
    assert b"\r\n" in content


def test_a_meeting_over_the_change_of_the_clocks_lasts_as_long_as_planned():
    starts_at = datetime(2027, 3, 28, 1, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    meeting = factories.scheduled(starts_at=starts_at, time_zone="Europe/Berlin")

    _parsed, event, _content = entry(meeting)

    end = event["DTEND"].dt.astimezone(UTC)
    assert end - starts_at.astimezone(UTC) == timedelta(minutes=240)
    assert event["DTEND"].dt.hour == 6


def test_cancel_carries_the_status():
    meeting = factories.scheduled()

    parsed, event, _content = entry(meeting, calendar.CANCEL, sequence=3)

    assert (parsed["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 3)
    assert not list(parsed.walk("VALARM"))


def test_long_emoji_and_right_to_left_titles_survive_the_folding():
    title = ("复盘🚀" * 30 + " مراجعة الأعمال")[:200]
    meeting = factories.scheduled(title=title)

    _parsed, event, content = entry(meeting)

    assert event["SUMMARY"] == title
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_description_tells_the_agenda_in_the_readers_language():
    kind = factories.template()
    items = [ItemPlan.of_module(module) for module in kind.modules.order_by("order")]
    meeting = factories.scheduled(template=kind, items=items[:2])

    with translation.override("zh-hans"):
        chinese = entry(meeting)[1]["DESCRIPTION"]
    with translation.override("en"):
        english = entry(meeting)[1]["DESCRIPTION"]

    assert "14:00–14:15  开场：会议目的与高层期望" in chinese
    assert "14:15–15:15  Sales" in english


def test_line_breaks_in_a_title_cannot_smuggle_properties():
    meeting = factories.scheduled(location="Room\r\nATTENDEE:mailto:evil@example.com")

    _parsed, event, _content = entry(meeting)

    assert "mailto:evil@example.com" not in str(event.get("ATTENDEE"))
