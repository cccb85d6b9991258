"""What may fail while a room runs: servers die and come back, the bell is silent; no event is lost and no time."""

import datetime as dt
import uuid

import httpx
import pytest
import redis
from django.urls import reverse

from config.processes import free_port
from config.servers import Redis
from meetings.models import LiveEvent, RoomClock
from tests.meetings import stream_processes
from tests.meetings.stream_processes import watching
from tests.meetings.test_stream import begun, path, press, session_of

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = 60_000


@pytest.fixture
def meeting():
    return begun()


@pytest.fixture
def bell(settings, tmp_path):
    """A bell of this test's own, which rings for this process and may be stopped."""
    server = Redis(password="bell", log=tmp_path / "bell.log")
    server.start()
    settings.REDIS_URL = server.url()
    yield server
    server.stop()


@pytest.fixture
def listening(transactional_db, tmp_path, bell):
    """The process of the streams on that bell."""
    process = stream_processes.events_process(tmp_path, REDIS_URL=bell.url())
    process.start()
    yield process
    process.stop()


def test_a_flushed_redis_loses_nothing(listening, bell, meeting):
    with watching(listening.url + path(meeting, after=1), session_of(meeting.host)) as stream:
        stream.next()
        redis.Redis.from_url(bell.url()).flushall()
        press(meeting, "pause")
        heard = stream.next()

    assert heard.data["news"] == [[2, "pause"]]


def test_without_redis_the_database_is_asked_and_with_it_the_bell_is_heard_again(listening, bell, meeting):
    with watching(listening.url + path(meeting, after=1), session_of(meeting.host)) as stream:
        stream.next()
        bell.stop()
        press(meeting, "pause")
        while_away = stream.until(2)
        assert bell._serve()
        press(meeting, "resume")
        after = stream.until(3)

    assert while_away.data["news"] == [[2, "pause"]]
    assert after.data["news"] == [[3, "resume"]]


def test_a_ring_that_nobody_hears_is_made_up_for(listening, meeting, settings):
    with watching(listening.url + path(meeting, after=1), session_of(meeting.host)) as stream:
        stream.next()
        settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
        press(meeting, "pause")
        heard = stream.until(2)

    assert heard.data["news"] == [[2, "pause"]]


def test_a_killed_process_of_the_streams_comes_back_without_a_gap(own_events, meeting):
    session = session_of(meeting.host)
    with watching(own_events.url + path(meeting, after=1), session) as stream:
        known = stream.next().data["events"]
        own_events.kill()
        press(meeting, "pause")
        with pytest.raises((httpx.HTTPError, pytest.fail.Exception)):
            stream.next()
    press(meeting, "resume")
    own_events.start()

    with watching(own_events.url + path(meeting, after=known), session) as stream:
        missed = stream.next().data

    assert missed["news"] == [[2, "pause"], [3, "resume"]]
    assert missed["running"]


def test_a_killed_web_server_loses_and_doubles_no_time(web, meeting):
    """The clock is a row: no process counts, so none can forget. A press that is sent again counts once."""
    began = meeting.started_at
    RoomClock.objects.filter(meeting=meeting).update(anchor_at=began - dt.timedelta(minutes=7))
    client = httpx.Client(cookies={"sessionid": session_of(meeting.host)}, timeout=30)
    where = web.url + reverse("meetings:live_state", args=[meeting.pk])
    before = client.get(where).json()
    web.kill()
    web.start()
    after = client.get(where).json()

    assert after == before
    assert after["running"]
    assert after["anchor"] + 7 * MINUTE == round(began.timestamp() * 1000)
    key = uuid.uuid4()
    answers = [command(client, web, meeting, "extend", key) for _again in range(2)]
    assert [answer["version"] for answer in answers] == [2, 2]
    assert LiveEvent.objects.filter(meeting=meeting, verb="extend").count() == 1


def command(client, web, meeting, verb, key):
    page = client.get(web.url + reverse("meetings:live", args=[meeting.pk]))
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = client.post(
        web.url + reverse("meetings:live_command", args=[meeting.pk]),
        data={"verb": verb, "version": 1, "key": str(key), "csrfmiddlewaretoken": token},
        headers={"Accept": "application/json", "Referer": web.url},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()
