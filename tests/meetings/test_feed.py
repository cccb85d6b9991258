"""The calendar that somebody's own program reads: who gets it, what stands in it, and what does not."""

import logging
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from core.logs import HideTokens
from meetings.models import CalendarFeed
from meetings.queries import feed as queries
from meetings.services import feed as feeds
from meetings.services import schedule
from meetings.services.reply import reply
from tests.factories import UserFactory, lead
from tests.meetings import factories
from tests.meetings.factories import NOW, START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def guest():
    return UserFactory(email="anna@example.com", name="Anna", language="en", time_zone="Europe/Berlin")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def invited(guest, **values):
    return factories.scheduled(people=[factories.PersonPlan(user=guest)], **values)


def read(client, token, **headers):
    return client.get(reverse("calendar_feed", args=[token]), headers=headers)


def events(response):
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def test_address_opens_the_calendar_without_a_login(client, guest):
    meeting = invited(guest, location="Room 3")
    token = feeds.renew(owner=guest, now=NOW)

    response = read(client, token)
    (event,) = events(response)

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert {"private", "no-cache"} <= set(response.headers["Cache-Control"].replace(" ", "").split(","))
    assert event["UID"] == f"{meeting.uid}@fupan"
    assert event["DTSTART"].dt == START
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert event["LOCATION"] == "Room 3"
    assert "ATTENDEE" not in event
    assert not client.session.keys(), "reading it logs nobody in"


def test_only_a_hash_of_the_token_is_kept(guest):
    token = feeds.renew(owner=guest, now=NOW)

    row = CalendarFeed.objects.values().get()

    assert len(token) >= 43  # 256 bits in base64
    assert token not in str(row)


def test_wrong_old_and_revoked_addresses_lead_nowhere(client, guest):
    first = feeds.renew(owner=guest, now=NOW)
    second = feeds.renew(owner=guest, now=NOW)

    assert [read(client, one).status_code for one in ("nonsense", first, second)] == [404, 404, 200]
    assert feeds.revoke(owner=guest)
    assert read(client, second).status_code == 404


def test_who_has_left_reads_nothing(client, guest):
    token = feeds.renew(owner=guest, now=NOW)
    guest.is_active = False
    guest.save(update_fields=["is_active"])

    assert read(client, token).status_code == 404


def test_it_shows_ones_own_meetings_of_the_window(client, guest):
    for days, title in ((366, "later"), (364, "ahead"), (9, "soon")):
        invited(guest, starts_at=NOW + timedelta(days=days), title=title)
    past = invited(guest, title="past")
    type(past).objects.filter(pk=past.pk).update(starts_at=NOW - timedelta(days=29))
    gone = invited(guest, title="long past")
    type(gone).objects.filter(pk=gone.pk).update(starts_at=NOW - timedelta(days=31))
    factories.scheduled(title="not mine")
    factories.draft(title="draft", people=[factories.PersonPlan(user=guest)])

    response = read(client, feeds.renew(owner=guest, now=NOW))

    assert [str(one["SUMMARY"]) for one in events(response)] == ["past", "soon", "ahead"]


def test_cancelled_meetings_are_marked_and_declined_ones_take_no_time(client, guest):
    cancelled = invited(guest, title="off")
    schedule.cancel(meeting=cancelled, reason="stock count", by=cancelled.host, now=NOW)
    declined = invited(guest, title="declined", starts_at=START + timedelta(days=1))
    reply(participant=declined.participants.get(user=guest), to="declined", note="", now=NOW)

    first, second = events(read(client, feeds.renew(owner=guest, now=NOW)))

    assert (first["STATUS"], first["SEQUENCE"]) == ("CANCELLED", 1)
    assert (second["STATUS"], second["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")


def test_confidential_items_are_not_named_even_for_their_circle(client):
    meeting = factories.scheduled(title="Year-end")
    meeting.items.filter(order=2).update(
        is_confidential=True, title_en="Pay rise of Ms Li", title_zh="李女士加薪"
    )

    response = read(client, feeds.renew(owner=meeting.host, now=NOW))

    text = response.content.decode().replace("\r\n ", "")
    assert "Opening" in text or "开场" in text
    assert "Pay rise" not in text
    assert "李女士加薪" not in text


def test_missing_pre_reads_stand_in_it_until_they_are_handed_in(client):
    person = lead("sales", language="en", time_zone="Europe/Berlin")
    meeting = factories.scheduled(title="Review", departments=[factories.department("sales")])
    token = feeds.renew(owner=person, now=NOW)
    preread = meeting.prereads.get()

    (due,) = events(read(client, token))
    type(preread).objects.filter(pk=preread.pk).update(submitted_at=NOW)

    assert str(due["SUMMARY"]) == "Pre-read due: Sales, Review"
    assert due["DTSTART"].dt == preread.due_at
    assert due["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert events(read(client, token)) == []


def test_a_calendar_that_has_it_already_is_told_so(client, guest):
    meeting = invited(guest)
    token = feeds.renew(owner=guest, now=NOW)
    tag = read(client, token).headers["ETag"]

    again = read(client, token, if_none_match=tag)
    weak = read(client, token, if_none_match=f"W/{tag}")
    type(meeting).objects.filter(pk=meeting.pk).update(location="Room 4")
    changed = read(client, token, if_none_match=tag)

    assert [one.status_code for one in (again, weak, changed)] == [304, 304, 200]
    assert again.content == b""


def test_the_page_says_when_it_was_read_last(client, guest):
    token = feeds.renew(owner=guest, now=NOW)
    feed = CalendarFeed.objects.get()
    assert feed.read_at is None

    read(client, token)
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        read(client, token)
    feed.refresh_from_db()
    first = feed.read_at
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        read(client, token)
    feed.refresh_from_db()

    assert (first, feed.read_at) == (NOW, NOW + timedelta(minutes=11))


def test_queries_do_not_grow_with_the_meetings(client, guest):
    token = feeds.renew(owner=guest, now=NOW)
    read(client, token)
    counts = []
    for _number in range(2):
        invited(guest)
        invited(guest, time_zone="America/Los_Angeles")
        with CaptureQueriesContext(connection) as found:
            read(client, token)
        counts.append(len(found))

    assert counts[0] == counts[1]


def test_it_reads_in_the_owners_language(client, guest):
    guest.language = "zh-hans"
    guest.save(update_fields=["language"])
    invited(guest)

    text = read(client, feeds.renew(owner=guest, now=NOW)).content.decode().replace("\r\n ", "")

    assert "开场" in text


def test_instants_are_right_on_both_sides_of_the_clocks_change(client, guest):
    for zone, day in (
        ("Europe/Berlin", (2027, 3, 27)),
        ("Europe/Berlin", (2027, 3, 29)),
        ("America/Los_Angeles", (2027, 3, 15)),
    ):
        starts_at = NOW.replace(year=day[0], month=day[1], day=day[2], hour=9, tzinfo=ZoneInfo(zone))
        invited(guest, starts_at=starts_at, time_zone=zone)

    response = read(client, feeds.renew(owner=guest, now=NOW))
    calendar = Calendar.from_ical(response.content)

    described = {str(one["TZID"]): one.to_tz(lookup_tzid=False) for one in calendar.walk("VTIMEZONE")}
    assert set(described) == {"Europe/Berlin", "America/Los_Angeles"}
    for event in calendar.walk("VEVENT"):
        start = event["DTSTART"].dt
        assert start.hour == 9
        assert (
            described[event["DTSTART"].params["TZID"]].utcoffset(start.replace(tzinfo=None))
            == start.utcoffset()
        )


def test_another_app_can_add_its_deadlines(guest, monkeypatch):
    monkeypatch.setattr(queries, "_sources", [])
    moment = queries.Moment(uid="x-1", title="Action due", at=START, path="/x/", stamped_at=NOW)
    queries.register(lambda user, since, until: [moment] if user == guest and since < START < until else [])

    assert b"SUMMARY:Action due" in queries.feed(guest, NOW)


# --- the page ---------------------------------------------------------------------------------------------
def test_page_shows_the_address_once(client, guest):
    client.force_login(guest)
    url = reverse("meetings:calendar")

    empty = client.get(url).text
    made = client.post(url)
    later = client.get(url).text

    address = made.context["address"]
    assert "Make my address" in empty
    assert address in made.text
    assert "no-store" in made.headers["Cache-Control"]
    assert address.rpartition("/")[2] not in later
    assert client.get(urlsplit(address).path).status_code == 200


def test_page_takes_the_address_back(client, guest):
    token = feeds.renew(owner=guest, now=NOW)
    client.force_login(guest)

    response = client.post(reverse("meetings:calendar_revoke"), follow=True)

    assert "leads nowhere any more" in response.text
    assert read(client, token).status_code == 404


# --- the log ----------------------------------------------------------------------------------------------
def test_tokens_stay_out_of_the_log(client, guest, caplog):
    token = feeds.renew(owner=guest, now=NOW)
    feeds.renew(owner=guest, now=NOW)
    caplog.handler.addFilter(HideTokens())

    with caplog.at_level(logging.DEBUG):
        read(client, token)

    assert "/calendar/….ics" in caplog.text
    assert token not in caplog.text


def test_tokens_stay_out_of_the_access_log():
    from gunicorn.config import Config

    from config.gunicorn import DiscreetLogger

    class Answer:
        status, sent, headers = "200 OK", 1, ()

    class Question:
        headers = ()

    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/calendar/sEcReT-token_1.ics?x=1",
        "PATH_INFO": "/calendar/sEcReT-token_1.ics",
    }
    environ |= {"SERVER_PROTOCOL": "HTTP/1.1", "HTTP_REFERER": "https://x/calendar/sEcReT-token_1.ics"}
    logger = DiscreetLogger(Config())

    found = logger.atoms(Answer(), Question(), environ, timedelta(seconds=1))

    assert found["r"] == "GET /calendar/….ics?x=1 HTTP/1.1"
    assert "sEcReT" not in str(found)
