"""Dispatchers killed in the middle of a message: exactly once where repetitions are dropped, honest where not."""

import re
import signal
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from config.processes import wait_until
from notices.models import Post
from tests.notices.endpoints import EndpointFactory, waiting
from tests.notices.robots import Robots
from tests.notices.sinks import dispatcher_process

pytestmark = pytest.mark.django_db(transaction=True)
NO_MAIL = SimpleNamespace(url="memorymail://")


def references(robots, place):
    texts = [taken.text for taken in robots.taken if taken.place.startswith(place)]
    return [re.search("＃([0-9a-f]{12})", text)[1] for text in texts]


def test_killed_while_a_robot_takes_a_message(monkeypatch):
    application, robot = EndpointFactory(application=True), EndpointFactory()
    waiting(application, 8)
    waiting(robot, 8)
    robots, deaths = Robots(), 0
    robots.seconds = 0.4
    for name, url in robots.settings.items():
        monkeypatch.setenv(name, url)
    with robots.listening():
        for messages in (3, 9):
            with dispatcher_process(NO_MAIL) as process:
                # Taken, and not answered yet.
                assert wait_until(lambda enough=messages: len(robots.taken) >= enough, seconds=60)
                process.send_signal(signal.SIGKILL)
                process.wait(10)
                deaths += 1
            Post.objects.filter(state="sending").update(lease_until=timezone.now() - timedelta(seconds=1))
        with dispatcher_process(NO_MAIL, "--once") as process:
            assert process.wait(90) == 0, process.stdout.read()

    exactly_once = references(robots, "wecom app")
    assert len(exactly_once) == len(set(exactly_once)) == 8, "none lost, none twice"
    assert set(application.posts.values_list("state", flat=True)) == {"sent"}
    assert robots.asked > len(robots.taken), "a repetition was sent, and dropped over there"

    at_most_once = references(robots, "wecom key")
    states = Counter(robot.posts.values_list("state", flat=True))
    assert len(at_most_once) == len(set(at_most_once))
    assert set(states) <= {"sent", "uncertain"}
    assert 0 < states["uncertain"] <= deaths
    lost = [post for post in robot.posts.all() if post.key.hex[:12] not in at_most_once]
    assert {post.state for post in lost} <= {"uncertain"}, "what did not arrive says so"
