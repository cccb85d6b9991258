"""The calendar entries, byte for byte as they are kept in tests/meetings/ics, and read back by icalendar.

To take over what the code writes now: `FUPAN_GOLDEN=write pytest tests/meetings/test_calendar_golden.py`, then look at
the difference.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from dateutil.rrule import rrulestr
from django.db import connection
from django.utils import translation
from icalendar import Calendar

from meetings import calendar
from meetings import plan as planning
from meetings.calendar_series import Occurrences
from meetings.models import Meeting, Participant, Series
from meetings.plan import ItemPlan, PersonPlan
from meetings.recurrence import Rule
from meetings.services import schedule
from meetings.services import series as series_services
from meetings.services.reply import reply
from meetings.services.series import Terms
from notices.models import Notice
from tests.factories import UserFactory
from tests.factories import host as host_factory
from tests.meetings import factories

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent / "ics"
NOW = factories.NOW
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _fixed(settings):
    """The same numbers, the same site and the same clock every time."""
    settings.SITE_URL = "https://fupan.example.com"
    settings.DEFAULT_FROM_EMAIL = "Fupan 复盘 <fupan@example.com>"
    with connection.cursor() as cursor:
        for table in ("meetings_meeting", "meetings_series"):
            cursor.execute(f"ALTER SEQUENCE {table}_id_seq RESTART WITH 7001")
    with time_machine.travel(NOW, tick=False), translation.override("zh-hans"):
        yield


@pytest.fixture
def boss():
    return host_factory(email="chenjing@example.com", name="陈静", name_sort="a")


@pytest.fixture
def people():
    return [
        PersonPlan(
            user=UserFactory(email="wang@example.com", name="王志远", name_sort="b"),
            role=Participant.Role.EXECUTIVE,
        ),
        PersonPlan(
            user=UserFactory(email="anna@example.com", name="Anna Schmidt", name_sort="c"),
            role=Participant.Role.OPTIONAL,
        ),
    ]


def golden(name, content):
    """Compare with the file, to the byte; returns the parsed calendar."""
    path = FOLDER / f"{name}.ics"
    if os.environ.get("FUPAN_GOLDEN") == "write":
        path.write_bytes(content)
    assert content == path.read_bytes()
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    parsed = Calendar.from_ical(content)
    for part in parsed.walk():
        assert not getattr(part, "errors", [])
    for event in parsed.walk("VEVENT"):
        for field in ("DTSTART", "DTEND"):
            assert event[field].dt.tzinfo is not None, "a floating time"
            assert event[field].params.get("TZID"), "a time without its zone's name"
    described = {str(one["TZID"]) for one in parsed.walk("VTIMEZONE")}
    assert described == {event["DTSTART"].params["TZID"] for event in parsed.walk("VEVENT")}
    return parsed


def review(boss, people, **values):
    items = [
        ItemPlan(title_en="Sales", title_zh="销售", report=20, discussion=20),
        ItemPlan(title_en="Costs", title_zh="成本", report=10, discussion=10),
    ]
    meeting = factories.draft(
        host=boss, people=people, items=items, planned_minutes=60, location="三楼会议室", **values
    )
    Meeting.objects.filter(pk=meeting.pk).update(uid=UUID(int=42))
    meeting.refresh_from_db()
    return schedule.send(meeting=meeting, by=boss, now=NOW)


def attached(kind, person):
    """The entry that goes with somebody's notice."""
    notice = Notice.objects.filter(kind=kind, recipient=person).latest("pk")
    with translation.override("zh-hans"):
        (attachment,) = notice.behaviour.attachments(notice)
    return attachment.content.encode()


def went_out():
    Notice.objects.filter(state="pending").update(state="sent")


def change(meeting, now, **changes):
    meeting = Meeting.objects.get(pk=meeting.pk)
    plan = replace(planning.of_meeting(meeting), **changes)
    return schedule.change(
        meeting=meeting, plan=plan, revision=meeting.revision, by=meeting.host, now=now, reason=""
    )


# --- one meeting ------------------------------------------------------------------------------------------
def test_created(boss, people):
    review(boss, people)

    (event,) = golden("created", attached("meetings.invited", boss)).walk("VEVENT")

    assert event["SEQUENCE"] == 0


def test_moved_answered_and_given_a_new_place(boss, people):
    meeting = review(boss, people)
    went_out()
    reply(participant=meeting.participants.get(user=people[0].user), to="accepted", note="", now=NOW)
    change(meeting, NOW + timedelta(hours=1), location="五楼")

    located = golden("relocated", attached("meetings.changed", boss)).walk("VEVENT")[0]
    went_out()
    change(meeting, NOW + timedelta(hours=2), starts_at=factories.START + timedelta(hours=20))
    moved = golden("moved", attached("meetings.changed", boss)).walk("VEVENT")[0]

    assert (located["SEQUENCE"], moved["SEQUENCE"]) == (1, 2)
    assert located["ATTENDEE"][1].params["PARTSTAT"] == "ACCEPTED"
    assert moved["ATTENDEE"][1].params["PARTSTAT"] == "NEEDS-ACTION", "a new time asks again"


def test_retitled_keeps_its_sequence(boss, people):
    meeting = review(boss, people)
    went_out()
    meeting = change(meeting, NOW + timedelta(hours=1), title="经营分析会（十月）")

    content = calendar.entry(
        meeting=meeting,
        method=calendar.REQUEST,
        sequence=calendar.sequence_of(meeting),
        participants=list(meeting.participants.in_order()),
        stamped_at=NOW + timedelta(hours=1),
    )

    assert golden("retitled", content).walk("VEVENT")[0]["SEQUENCE"] == 0


def test_one_joins_and_one_is_withdrawn(boss, people):
    meeting = review(boss, people)
    went_out()
    joining = PersonPlan(user=UserFactory(email="ben@example.com", name="Ben", name_sort="d"))
    staying = [one for one in planning.of_meeting(meeting).people if one.user != people[1].user]
    change(meeting, NOW + timedelta(hours=1), people=[*staying, joining])

    joined = golden("joined", attached("meetings.invited", joining.user)).walk("VEVENT")[0]
    withdrawn = golden("withdrawn", attached("meetings.withdrawn", people[1].user))

    assert len(joined["ATTENDEE"]) == 3
    assert withdrawn["METHOD"] == "CANCEL"
    (event,) = withdrawn.walk("VEVENT")
    assert (str(event["ATTENDEE"]), event["SEQUENCE"]) == ("mailto:anna@example.com", 1)


def test_cancelled(boss, people):
    meeting = review(boss, people)
    went_out()
    schedule.cancel(meeting=meeting, reason="盘点", by=boss, now=NOW + timedelta(hours=1))

    parsed = golden("cancelled", attached("meetings.cancelled", boss))

    (event,) = parsed.walk("VEVENT")
    assert (parsed["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)


def test_with_a_mailbox_for_replies(boss, people, settings):
    settings.REPLY_ADDRESS = "replies@example.com"
    review(boss, people)

    (event,) = golden("replies-to-the-site", attached("meetings.invited", boss)).walk("VEVENT")

    assert event["ORGANIZER"] == "mailto:replies@example.com"


def test_confidential_items_are_not_named(boss, people):
    meeting = review(boss, people)
    meeting.items.filter(order=1).update(is_confidential=True)

    text = attached("meetings.invited", boss).replace(b"\r\n ", b"").decode()

    assert "销售" not in text
    assert "成本" in text


# --- a series -----------------------------------------------------------------------------------------------
def series_of(boss, people, *, first, rule, zone, **terms):
    meeting = factories.draft(
        template=factories.template("weekly-operations"),
        host=boss,
        people=people,
        items=[ItemPlan(title_en="Figures", title_zh="数据", report=20, discussion=10)],
        title="周会",
        starts_at=first,
        time_zone=zone,
        planned_minutes=30,
        period=None,
    )
    Meeting.objects.filter(pk=meeting.pk).update(uid=UUID(int=43))
    agreed = Terms(rule=Rule.parse(rule), **{"holiday_region": "", "on_holiday": "keep", **terms})
    return series_services.start(meeting=Meeting.objects.get(pk=meeting.pk), terms=agreed, by=boss, now=NOW)


def instants(parsed):
    """Where somebody's calendar shows the meetings, as far as the entry alone can say."""
    master = next(one for one in parsed.walk("VEVENT") if "RECURRENCE-ID" not in one)
    start = master["DTSTART"].dt
    rule = rrulestr(master["RRULE"].to_ical().decode(), dtstart=start)
    exdates = master.get("EXDATE", [])
    left_out = {date.dt for one in (exdates if isinstance(exdates, list) else [exdates]) for date in one.dts}
    others = {
        one["RECURRENCE-ID"].dt: one["DTSTART"].dt for one in parsed.walk("VEVENT") if one is not master
    }
    found = []
    for moment in rule:
        if len(found) == 60:
            break
        if moment not in left_out:
            found.append(others.pop(moment, moment))
    assert not others, "an override that stands for no date of the rule"
    return found


def held(series, count=60):
    rows = series.meetings.filter(status=Meeting.Status.SCHEDULED).order_by("starts_at")[:count]
    return [one.starts_at for one in rows]


def test_series_of_berlin_over_both_changes_of_the_clocks(boss, people):
    first = datetime(2026, 12, 1, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    series = series_of(
        boss, people, first=first, rule="FREQ=WEEKLY;BYDAY=TU", zone="Europe/Berlin",
        ends_on=datetime(2027, 11, 30).date(),
    )  # fmt: skip

    parsed = golden("series-berlin", attached("meetings.series_invited", boss))

    found = instants(parsed)
    assert {moment.hour for moment in found} == {9}
    assert {moment.astimezone(UTC).hour for moment in found} == {7, 8}
    assert found[: len(held(series))] == held(series)
    assert found[-1].date() == datetime(2027, 11, 30).date()


def test_series_without_an_end_is_described_for_years(boss, people):
    first = datetime(2026, 12, 25, 16, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
    series_of(boss, people, first=first, rule="FREQ=MONTHLY;BYDAY=-1FR", zone="America/Los_Angeles")

    parsed = golden("series-los-angeles", attached("meetings.series_invited", boss))

    (zone,) = parsed.walk("VTIMEZONE")
    described = zone.to_tz(lookup_tzid=False)
    for moment in instants(parsed):
        assert described.utcoffset(moment.replace(tzinfo=None)) == moment.utcoffset()


def test_series_with_a_moved_and_a_cancelled_one(boss, people):
    series = series_of(
        boss, people, first=datetime(2026, 12, 8, 10, 0, tzinfo=SHANGHAI), rule="FREQ=WEEKLY;BYDAY=TU",
        zone="Asia/Shanghai",
    )  # fmt: skip
    went_out()
    second, third = series.meetings.order_by("occurs_at")[1:3]
    change(second, NOW + timedelta(hours=1), starts_at=second.starts_at + timedelta(days=1))
    moved = golden("occurrence-moved", attached("meetings.changed", boss))
    series_services.cancel_one(meeting=third, reason="元旦前盘点", by=boss, now=NOW + timedelta(hours=1))
    cancelled = golden("occurrence-cancelled", attached("meetings.cancelled", boss))
    series.refresh_from_db()
    whole = golden(
        "series-with-exceptions",
        calendar.series_entry(
            series=series,
            method=calendar.REQUEST,
            participants=list(Occurrences.of(series).regular(NOW).values()),
            stamped_at=NOW + timedelta(hours=2),
            reader=boss,
        ),
    )

    for parsed, meeting in ((moved, second), (cancelled, third)):
        (event,) = parsed.walk("VEVENT")
        assert event["UID"] == f"{series.uid}@fupan"
        assert event["RECURRENCE-ID"].dt == meeting.occurs_at
        assert event["RECURRENCE-ID"].params["TZID"] == "Asia/Shanghai"
    assert (moved["METHOD"], cancelled["METHOD"]) == ("REQUEST", "CANCEL")
    assert instants(whole)[: len(held(series))] == held(series)


def test_series_with_a_new_rhythm_has_a_higher_sequence(boss, people):
    series = series_of(
        boss, people, first=datetime(2026, 12, 8, 10, 0, tzinfo=SHANGHAI), rule="FREQ=WEEKLY;BYDAY=TU",
        zone="Asia/Shanghai",
    )  # fmt: skip
    before = golden("series-created", attached("meetings.series_invited", boss))
    went_out()
    series.refresh_from_db()
    series_services.change_following(
        series=series,
        change=series_services.Change(
            title=series.title,
            rule=Rule.parse("FREQ=WEEKLY;BYDAY=TH"),
            starts_at=time(14, 0),
            time_zone="Asia/Shanghai",
            planned_minutes=45,
            holiday_region="",
            on_holiday="keep",
        ),
        revision=series.revision,
        by=boss,
        now=NOW + timedelta(hours=1),
    )

    after = golden("series-new-rhythm", attached("meetings.series_changed", boss))

    assert after.walk("VEVENT")[0]["UID"] == before.walk("VEVENT")[0]["UID"]
    assert after.walk("VEVENT")[0]["SEQUENCE"] > before.walk("VEVENT")[0]["SEQUENCE"]
    series = Series.objects.get(pk=series.pk)
    assert instants(after)[: len(held(series))] == held(series)


def test_series_that_never_was_held_is_cancelled_whole(boss, people):
    series = series_of(
        boss, people, first=datetime(2026, 12, 8, 10, 0, tzinfo=SHANGHAI), rule="FREQ=WEEKLY;BYDAY=TU",
        zone="Asia/Shanghai",
    )  # fmt: skip
    went_out()
    series.refresh_from_db()
    series_services.end(
        series=series, last_day=NOW.date(), reason="不再需要", revision=series.revision, by=boss,
        now=NOW + timedelta(hours=1),
    )  # fmt: skip

    parsed = golden("series-cancelled", attached("meetings.series_ended", boss))

    (event,) = parsed.walk("VEVENT")
    assert (parsed["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert "RRULE" not in event
