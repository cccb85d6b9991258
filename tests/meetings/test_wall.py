"""The screen in the meeting room: what it shows to everybody, and its address without a login."""

import hashlib
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.logs import TOKEN
from meetings.models import OpeningPriority, Participant, WallLink
from meetings.queries import room as queries
from meetings.queries import wall
from meetings.services import room as rooms
from meetings.services import wall as services
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings import settling_factories as figures
from tests.meetings.room_factories import NOW, START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def begin(meeting):
    rooms.start(meeting=meeting, by=meeting.host, now=START, reason="Without the pre-reads")
    meeting.refresh_from_db()
    return meeting


def shown(meeting, minutes=1):
    return wall.screen(meeting, queries.room_for_all(meeting), at(minutes))


def url(name, meeting):
    return reverse(f"meetings:{name}", args=[meeting.pk])


# --- what it shows ----------------------------------------------------------------------------------------------
def test_during_a_report_the_frozen_figures_stand_there_those_that_moved_first():
    figures.october(orders=100, september=50)
    meeting = figures.review("sales", metrics=("units", "orders"))
    figures.submit(meeting, causes=["orders"])
    begin(meeting)

    found = shown(meeting)["figures"]

    assert found[0].figure.row.metric.code == "orders"
    assert (found[0].is_striking, found[0].figure.row.value) == (True, Decimal(100))
    assert found[0].cause == "A promotion."
    assert shown(meeting)["questions"] == []


def test_during_a_discussion_its_questions_stand_there():
    meeting = begin(make.meeting())
    press = rooms.Press(meeting.host, at(2), 1)
    rooms.command(meeting=meeting, verb="discuss", press=press)

    found = shown(meeting)

    assert found["figures"] == []
    assert found["questions"] == ["Why did some products take off?", "Where are new markets?"]


def test_a_confidential_item_is_masked_for_everybody_the_host_too(client):
    meeting = make.meeting(departments=("sales", "finance"))
    secret = meeting.items.in_order().first()
    secret.is_confidential, secret.title_en = True, "Pay of Wang"
    secret.save()
    begin(meeting)
    OpeningPriority.objects.create(
        meeting=meeting, text="Wang wants more", item=secret, said_by=meeting.host, recorded_by=meeting.host,
        recorded_at=START,
    )  # fmt: skip
    client.force_login(meeting.host)

    pages = [client.get(url(name, meeting)).content.decode() for name in ("live_wall", "wall_screen")]

    assert "Confidential item" in pages[0]
    for html in pages:
        assert "Wang" not in html
        assert "take off" not in html


def test_the_number_of_queries_does_not_grow_with_the_agenda():
    counts = []
    for departments in (("sales",), ("sales", "finance", "tech")):
        meeting = begin(make.meeting(departments=departments))
        with CaptureQueriesContext(connection) as found:
            shown(meeting)
        counts.append(len(found))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(("who", "status"), [("host", 200), ("member", 200), ("outsider", 404)])
def test_with_a_login_it_is_for_whoever_reads_the_meeting(client, who, status):
    meeting = begin(make.meeting())
    people = {
        "host": meeting.host,
        "member": make.invite(meeting, factories.UserFactory()),
        "outsider": factories.member("operations"),
    }
    client.force_login(people[who])

    assert client.get(url("live_wall", meeting)).status_code == status
    assert client.get(url("wall_screen", meeting)).status_code == status


# --- its address -----------------------------------------------------------------------------------------------
@pytest.fixture
def meeting():
    return begin(make.meeting(departments=("sales", "finance")))


def test_the_address_is_shown_once_and_kept_as_a_hash(client, meeting):
    client.force_login(meeting.host)

    html = client.post(url("make_wall_link", meeting)).content.decode()

    token = re.search(r"/wall/([\w-]{43,})/", html)[1]
    link = WallLink.objects.get()
    assert link.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in client.get(url("wall_link", meeting)).content.decode()
    client.logout()
    answer = client.get(f"/wall/{token}/", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer["Referrer-Policy"]) == (200, "no-referrer")
    assert "Sales" in answer.content.decode()
    assert "Address without login" not in answer.content.decode()


def test_without_a_login_the_clock_names_nobody_and_says_when_nothing_happened(client, meeting):
    token = services.create(meeting=meeting, by=meeting.host, now=NOW)

    answer = client.get(f"/wall/{token}/state/")

    assert answer.json()["item"] == meeting.items.in_order().first().pk
    assert meeting.host.name not in answer.content.decode()
    assert "销售" not in answer.content.decode()
    assert client.get(f"/wall/{token}/state/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(f"/wall/{token}/screen/").status_code == 200


def test_a_new_address_ends_the_one_before_and_taking_it_back_ends_it(client, meeting):
    old = services.create(meeting=meeting, by=meeting.host, now=NOW)
    new = services.create(meeting=meeting, by=meeting.host, now=NOW)
    statuses = [client.get(f"/wall/{token}/").status_code for token in (old, new)]

    client.force_login(meeting.host)
    client.post(url("revoke_wall_link", meeting))
    client.logout()

    assert statuses == [404, 200]
    for rest in ("", "screen/", "state/", "stream/"):
        assert client.get(f"/wall/{new}/{rest}").status_code == 404
    assert client.get("/wall/guess/").status_code == 404


def test_after_the_end_the_screen_is_empty(client, meeting):
    token = services.create(meeting=meeting, by=meeting.host, now=NOW)
    meeting.status, meeting.ended_at = "ended", at(60)
    meeting.save()

    html = client.get(f"/wall/{token}/", headers={"Accept-Language": "en"}).content.decode()

    assert "The meeting has ended" in html
    assert "Sales" not in html
    assert "<li" not in client.get(f"/wall/{token}/screen/").content.decode()
    client.force_login(meeting.host)
    page = client.post(url("make_wall_link", meeting), follow=True).content.decode()
    assert "nothing to show on a wall" in page


@pytest.mark.parametrize(
    ("role", "status"), [("timekeeper", 200), ("deputy_host", 200), ("member", 403), ("recorder", 403)]
)
def test_whoever_keeps_the_time_makes_the_address(client, meeting, role, status):
    who = make.invite(meeting, factories.UserFactory(), Participant.Role(role))
    client.force_login(who)

    assert client.get(url("wall_link", meeting)).status_code == status
    assert client.post(url("make_wall_link", meeting)).status_code == status
    assert WallLink.objects.exists() == (status == 200)


@pytest.mark.parametrize("name", ["make_wall_link", "revoke_wall_link"])
def test_addresses_are_made_and_taken_back_by_post(client, meeting, name):
    client.force_login(meeting.host)

    assert client.get(url(name, meeting)).status_code == 405


def test_the_log_keeps_no_token():
    token = "h7Kf0_-" * 6
    line = f'"GET /wall/{token}/state/?after=3 HTTP/1.1" 200'

    assert TOKEN.sub(r"\1…\2", line) == '"GET /wall/…/state/?after=3 HTTP/1.1" 200'
    assert TOKEN.sub(r"\1…\2", "/meetings/12/live/wall/screen/") == "/meetings/12/live/wall/screen/"
