"""The tiny address that is asked every two seconds where no stream runs."""

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import RoomClock
from meetings.queries import live
from meetings.services import room as rooms
from tests import factories
from tests.meetings import room_factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def meeting():
    made = make.meeting(departments=("sales", "finance"), starts_at=timezone.now())
    rooms.start(meeting=made, by=made.host, now=timezone.now(), reason="Without the pre-reads")
    made.refresh_from_db()
    return made


def press(meeting, verb):
    version = RoomClock.objects.get(meeting=meeting).version
    rooms.command(meeting=meeting, verb=verb, press=rooms.Press(meeting.host, timezone.now(), version))


def url(meeting):
    return reverse("meetings:live_state", args=[meeting.pk])


def test_nothing_new_costs_session_person_and_one_row(client, meeting, django_assert_num_queries):
    client.force_login(make.invite(meeting, factories.UserFactory()))
    etag = client.get(url(meeting))["ETag"]

    with django_assert_num_queries(3):
        answer = client.get(url(meeting), headers={"If-None-Match": etag})

    assert answer.status_code == 304
    assert abs(int(answer["X-Server-Time"]) - timezone.now().timestamp() * 1000) < 20_000


def test_an_answer_costs_the_same_with_more_items(client, meeting, django_assert_max_num_queries):
    client.force_login(meeting.host)
    with django_assert_max_num_queries(12) as few:
        client.get(url(meeting), {"after": 0})
    make.add_department(meeting, "supply", 7)
    make.add_department(meeting, "tech", 8)
    press(meeting, "extend")

    with django_assert_max_num_queries(len(few)):
        client.get(url(meeting), {"after": 0})


def test_the_news_are_those_that_one_does_not_know(client, meeting):
    client.force_login(meeting.host)
    press(meeting, "pause")
    press(meeting, "resume")

    def news(**known):
        return client.get(url(meeting), known).json().get("news", "not asked")

    assert news(after=1) == [[2, "pause"], [3, "resume"]]
    assert news(after=3) == []
    assert news(after=99) == []
    assert news(after="nonsense") == [[1, "start"], [2, "pause"], [3, "resume"]]
    assert news() == "not asked"


def test_whoever_missed_too_much_looks_at_everything_anew(client, meeting, monkeypatch):
    monkeypatch.setattr(live, "NEWS_LIMIT", 1)
    client.force_login(meeting.host)
    press(meeting, "pause")

    assert client.get(url(meeting), {"after": 0}).json()["news"] is None
    assert client.get(url(meeting), {"after": 1}).json()["news"] == [[2, "pause"]]


def test_pages_say_where_the_streams_are(client, meeting, settings):
    client.force_login(meeting.host)
    page = reverse("meetings:live", args=[meeting.pk])
    stream = reverse("meetings:live_stream", args=[meeting.pk])

    assert f'data-stream-url="{stream}"' in client.get(page).content.decode()
    settings.EVENTS_PORT = 8001
    html = client.get(page, HTTP_HOST="localhost:8000").content.decode()
    assert f'data-stream-url="http://localhost:8001{stream}"' in html


def test_without_a_proxy_there_is_no_stream_here(client, meeting):
    stream = reverse("meetings:live_stream", args=[meeting.pk])
    client.force_login(factories.member("operations"))
    assert client.get(stream).status_code == 404
    client.force_login(meeting.host)
    assert client.get(stream).status_code == 204
    assert client.post(stream).status_code == 405
