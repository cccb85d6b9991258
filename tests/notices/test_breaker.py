"""A mail server that is away: everybody knows at once, nothing is lost, nothing is tried in vain a thousand times."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.processes import free_port
from notices import breaker, dispatcher, health, kinds, services
from notices.breaker import Line
from notices.kinds import Kind, Priority
from notices.models import Breaker, Notice
from tests.factories import UserFactory
from tests.notices.sinks import MoodySink, listening

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings):
    sink = MoodySink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    with listening(sink):
        yield sink


@pytest.fixture
def away(sink, settings):
    settings.EMAIL_PORT = free_port()

    def come_back():
        settings.EMAIL_PORT = sink.port
        Breaker.objects.update(open_until=timezone.now() - timedelta(seconds=1))

    return come_back


@pytest.fixture
def due(subject, past):
    def promise(**changes):
        fields = {"recipient": UserFactory(), "subject": subject, "kind": "test.plain", "due_at": past}
        return services.promise(**fields | changes)

    return promise


@pytest.fixture
def fire():
    kind = kinds.register(
        Kind(code="test.fire", title=lambda n: "Fire", url=lambda n: "/", priority=Priority.EMERGENCY)
    )
    yield kind.code
    kinds.unregister(kind.code)


def test_the_lists_go_on_and_the_mails_follow(away, sink, due):
    first = [due() for _ in range(3)]
    assert dispatcher.run() == {"given back": 3}
    late = due()
    assert dispatcher.run() == {}, "nobody knocks during the pause"
    assert Breaker.objects.get().failures == 1
    late.refresh_from_db()
    assert late.shown_at is not None
    assert set(Notice.objects.values_list("state", "attempts")) == {("pending", 0)}

    away()
    assert dispatcher.run() == {"sent": 4}
    assert len(set(sink.ids)) == len(sink.ids) == len(first) + 1
    assert (Breaker.objects.get().failures, Breaker.objects.get().open_until) == (0, None)


def test_one_tries_and_the_others_wait(away):
    assert breaker.ask() is Line.UP
    breaker.trip("gone")
    assert breaker.ask() is Line.DOWN
    Breaker.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    assert [breaker.ask(), breaker.ask()] == [Line.TRIAL, Line.DOWN]
    breaker.let_go()
    assert breaker.ask() is Line.TRIAL
    breaker.close()
    assert breaker.ask() is Line.UP


def test_a_trial_without_a_mail_leaves_it_to_the_next(away, due):
    breaker.trip("gone")
    away()
    due(kind="test.quiet")
    assert dispatcher.run() == {"sent": 1}
    assert breaker.ask() is Line.TRIAL


def test_a_collected_mail_waits_like_the_others(away, sink, due):
    person, now = UserFactory(), timezone.now()
    for n in range(5):
        due(recipient=person, due_at=now - timedelta(seconds=n + 1))
    assert dispatcher.run()["given back"] == 1
    assert dispatcher.run() == {}
    away()
    dispatcher.run()
    assert len(sink.letters) == 1
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_an_emergency_does_not_wait_for_the_end_of_a_long_pause(away, sink, due, fire):
    breaker.trip("gone")
    away()
    hour = timedelta(hours=1)
    Breaker.objects.update(open_until=timezone.now() + hour, tried_at=timezone.now() - hour)
    plain, emergency = due(), due(kind=fire)
    assert dispatcher.run()["sent"] == 2
    for notice in (plain, emergency):
        notice.refresh_from_db()
        assert notice.state == "sent"
    assert sink.letters[0].message["Subject"] == "Fire"


def test_a_mail_that_breaks_the_line_lets_others_go_first(sink, due):
    poison = UserFactory(email="poison@example.com")
    sink.moods = {"rcpt poison@example.com": "421 closing"}
    bad, good = due(recipient=poison), due()
    Notice.objects.filter(pk=bad.pk).update(send_at=timezone.now() - timedelta(hours=1))
    dispatcher.run()
    Breaker.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    dispatcher.run()
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state, bad.attempts) == ("sent", "pending", 0)


def test_health_says_that_it_is_down(away, due):
    notice = due()
    dispatcher.run()
    assert health.look().mail_down is not None
    Notice.objects.filter(pk=notice.pk).update(send_at=timezone.now() - timedelta(minutes=6))
    assert health.look().is_late
