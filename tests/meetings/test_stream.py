"""The streams of live rooms: what a screen hears, who may open one, and that each event is told once."""

import asyncio
import hashlib
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.processes import wait_until
from meetings.models import RoomClock, WallLink
from meetings.services import room as rooms
from meetings.stream import access
from meetings.stream.app import MAX_STREAMS_EACH
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.stream_processes import watching

pytestmark = pytest.mark.django_db(transaction=True)
MANY = httpx.Limits(max_connections=2 * MAX_STREAMS_EACH)
TOKEN = "t0ken-" * 7


@pytest.fixture
def meeting():
    return begun()


def begun():
    """A review of two departments whose clock runs."""
    made = make.meeting(departments=("sales", "finance"), starts_at=timezone.now())
    rooms.start(meeting=made, by=made.host, now=timezone.now(), reason="Without the pre-reads")
    made.refresh_from_db()
    return made


def press(meeting, verb):
    version = RoomClock.objects.get(meeting=meeting).version
    rooms.command(meeting=meeting, verb=verb, press=rooms.Press(meeting.host, timezone.now(), version))


def session_of(person):
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def path(meeting, after=None):
    return reverse("meetings:live_stream", args=[meeting.pk]) + ("" if after is None else f"?after={after}")


def refused(events, where, session="", **headers):
    cookies = {"sessionid": session} if session else {}
    with httpx.stream("GET", events.url + where, cookies=cookies, headers=headers, timeout=20) as answer:
        return answer.status_code


# --- what is told -------------------------------------------------------------------------------------------
def test_a_screen_hears_the_state_and_then_each_press_at_once(events, meeting):
    with watching(events.url + path(meeting, after=1), session_of(meeting.host)) as stream:
        first = stream.next()
        press(meeting, "pause")
        second = stream.next()

    assert (first.data["version"], first.data["running"], first.data["news"]) == (1, True, [])
    assert (second.data["version"], second.data["running"]) == (2, False)
    assert second.data["news"] == [[2, "pause"]]
    assert abs(second.data["server"] - timezone.now().timestamp() * 1000) < 20_000


def test_whoever_comes_back_hears_what_was_missed(events, meeting):
    press(meeting, "pause")
    press(meeting, "resume")
    with watching(events.url + path(meeting, after=1), session_of(meeting.host)) as stream:
        missed = stream.next().data["news"]
    with watching(events.url + path(meeting, after=3), session_of(meeting.host)) as stream:
        nothing = stream.next().data["news"]

    assert missed == [[2, "pause"], [3, "resume"]]
    assert nothing == []


def test_the_state_of_stream_and_question_is_the_same(events, meeting, client):
    client.force_login(meeting.host)
    asked = client.get(reverse("meetings:live_state", args=[meeting.pk])).json()

    with watching(events.url + path(meeting), session_of(meeting.host)) as stream:
        told = stream.next().data

    assert {name: told[name] for name in asked} == asked
    assert told["news"] is None


def test_a_quiet_stream_is_heard_every_few_seconds(events, meeting):
    with watching(events.url + path(meeting), session_of(meeting.host)) as stream:
        beat = stream.next("beat")

    assert abs(beat.data["server"] - timezone.now().timestamp() * 1000) < 20_000


def test_two_rooms_are_kept_apart(events, meeting):
    other = make.meeting(departments=("supply",), starts_at=timezone.now(), host=meeting.host)
    rooms.start(meeting=other, by=other.host, now=timezone.now(), reason="Without the pre-reads")
    session = session_of(meeting.host)
    with (
        watching(events.url + path(meeting), session) as mine,
        watching(events.url + path(other), session) as theirs,
    ):
        mine.next()
        theirs.next()
        press(other, "pause")
        heard = theirs.next()
        press(meeting, "extend")
        after = mine.next()

    assert heard.data["news"] == [[2, "pause"]]
    assert after.data["news"] == [[2, "extend"]]
    assert after.data["running"]


# --- who may listen -------------------------------------------------------------------------------------------
def test_a_stream_is_for_those_who_may_open_the_room(events, meeting):
    left = factories.member("sales")
    session = session_of(left)
    left.is_active = False
    left.save()

    assert refused(events, path(meeting)) == 403
    assert refused(events, path(meeting), session_of(factories.member("operations"))) == 404
    assert refused(events, path(meeting), session) == 403
    assert refused(events, path(meeting), "no-such-session") == 403
    assert refused(events, "/meetings/999999999999999999/live/stream/", session_of(meeting.host)) == 404
    assert refused(events, "/accounts/login/", session_of(meeting.host)) == 404


def test_another_site_may_not_listen_and_the_own_one_may(events, meeting):
    session = session_of(meeting.host)
    page = "http://127.0.0.1:8000"

    assert refused(events, path(meeting), session, Origin="https://elsewhere.example") == 403
    assert refused(events, path(meeting), session, Origin="null") == 403
    assert refused(events, path(meeting), session, Host="elsewhere.example") == 400
    with httpx.stream(
        "GET", events.url + path(meeting), cookies={"sessionid": session}, headers={"Origin": page}
    ) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == page
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert answer.headers["Cache-Control"] == "no-store"


def test_only_looking_is_possible(events, meeting):
    answer = httpx.post(events.url + path(meeting), cookies={"sessionid": session_of(meeting.host)})

    assert answer.status_code == 405


def test_the_wall_listens_by_its_link_until_it_is_revoked(events, meeting):
    link = WallLink.objects.create(
        meeting=meeting,
        token_hash=hashlib.sha256(TOKEN.encode()).hexdigest(),
        created_by=meeting.host,
        created_at=timezone.now(),
    )

    with watching(f"{events.url}/wall/{TOKEN}/stream/") as stream:
        assert stream.next().data["version"] == 1
    link.delete()

    assert refused(events, f"/wall/{TOKEN}/stream/") == 404


def test_nothing_that_is_told_names_a_confidential_item(events, meeting):
    """Verbs and numbers go to everybody in the room; words do not."""
    item = meeting.items.order_by("order").first()
    item.title_en = item.title_zh = "Layoffs in Leipzig"
    item.is_confidential = True
    item.save()
    with watching(events.url + path(meeting, after=0), session_of(factories.executive())) as stream:
        told = json.dumps(stream.next().data)

    assert "Layoffs" not in told
    assert meeting.host.name not in told
    assert meeting.host.email not in told


def test_a_password_that_changed_closes_the_door_and_ends_no_session(events, meeting):
    from django.contrib.sessions.models import Session

    session = session_of(meeting.host)
    meeting.host.set_password("another-long-one")
    meeting.host.save()

    assert refused(events, path(meeting), session) == 403
    assert Session.objects.filter(session_key=session).exists()


def test_the_process_listens_where_the_site_says(meeting):
    assert access.is_stream(reverse("meetings:live_stream", args=[meeting.pk]))
    assert access.is_stream(reverse("wall:stream", args=[TOKEN]))
    assert not access.is_stream(reverse("meetings:live", args=[meeting.pk]))


def test_one_person_takes_nobody_elses_place(events, meeting):
    """A person has so many streams at once; one more is sent away, others come in, a closed one makes room."""
    session, other = session_of(meeting.host), make.invite(meeting, factories.UserFactory())
    with ExitStack() as tabs:
        streams = [
            tabs.enter_context(watching(events.url + path(meeting), session)) for _ in range(MAX_STREAMS_EACH)
        ]
        assert all(stream.next().data["running"] for stream in streams)
        assert refused(events, path(meeting), session) == 503
        with watching(events.url + path(meeting), session_of(other)) as stream:
            assert stream.next().data["running"]

    assert wait_until(lambda: _is_let_in(events, meeting, session), seconds=20)


def _is_let_in(events, meeting, session):
    return refused(events, path(meeting), session) == 200


def test_of_many_who_come_at_once_no_more_are_let_in(events, meeting):
    """The place is taken before the process waits for anything: a burst does not get past the check."""
    cookies = {"sessionid": session_of(meeting.host)}

    async def burst():
        async with AsyncExitStack() as tabs:
            client = await tabs.enter_async_context(
                httpx.AsyncClient(cookies=cookies, timeout=30, limits=MANY)
            )
            asked = [client.stream("GET", events.url + path(meeting)) for _ in range(2 * MAX_STREAMS_EACH)]
            answers = await asyncio.gather(*(tabs.enter_async_context(one) for one in asked))
            return Counter(answer.status_code for answer in answers)

    with ThreadPoolExecutor(1) as thread:  # the browser tests keep an event loop in the thread of the tests
        assert thread.submit(asyncio.run, burst()).result() == {200: MAX_STREAMS_EACH, 503: MAX_STREAMS_EACH}
