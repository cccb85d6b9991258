"""What the mail server says, and what becomes of the notice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.processes import free_port
from notices import dispatcher, ledger, mailer, services
from notices.models import Breaker, Delivery, Notice
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
def due(somebody, subject, past):
    def promise(**changes):
        fields = {"recipient": somebody, "subject": subject, "kind": "test.plain", "due_at": past}
        return services.promise(**fields | changes)

    return promise


def make_due_again():
    """What waiting for some minutes does."""
    past = timezone.now() - timedelta(seconds=1)
    Notice.objects.filter(state="pending").update(send_at=past)
    Breaker.objects.filter(open_until__isnull=False).update(open_until=past)


def test_the_server_takes_it(sink, due):
    notice = due()
    assert dispatcher.run() == {"sent": 1}
    (letter,) = sink.letters
    assert letter.recipients == ["ann@example.com"]
    assert letter.message["Message-ID"] == notice.deliveries.get(channel="email").message_id


def test_a_slow_server_takes_longer_for_all_than_the_lease_and_nobody_takes_over(sink, due, monkeypatch):
    monkeypatch.setattr(ledger, "LEASE_SECONDS", 1)
    sink.seconds = 0.3
    for _ in range(6):
        due(recipient=UserFactory())
    assert dispatcher.run() == {"sent": 6}, "each in the round that claimed it"


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_refused_for_good(sink, due, step):
    sink.moods = {f"{step} ann@example.com": "550 no such mailbox"}
    notice = due()
    assert dispatcher.run() == {"bounced": 1}
    notice.refresh_from_db()
    assert (notice.state, notice.note) == ("bounced", "550 no such mailbox")
    assert notice.deliveries.get(channel="email").state == Delivery.State.BOUNCED
    assert notice.shown_at is not None


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_refused_for_now(sink, due, step):
    sink.moods = {f"{step} ann@example.com": "451 try again later"}
    notice = due()
    assert dispatcher.run() == {"given back": 1}
    notice.refresh_from_db()
    assert (notice.state, notice.stage, notice.attempts) == ("pending", "", 1)
    assert timezone.now() < notice.send_at < timezone.now() + timedelta(seconds=60)
    sink.moods = {}
    make_due_again()
    assert dispatcher.run() == {"sent": 1}
    assert len(sink.letters) == 1


def test_refused_for_now_for_three_days(sink, due):
    sink.moods = {"rcpt ann@example.com": "452 mailbox full"}
    notice = due()
    dispatcher.run()
    Notice.objects.update(shown_at=timezone.now() - timedelta(days=4))
    make_due_again()
    assert dispatcher.run() == {"bounced": 1}
    notice.refresh_from_db()
    assert notice.note == "452 mailbox full"


def test_the_line_breaks_while_it_is_taken_over(sink, due):
    sink.moods = {"data ann@example.com": "cut"}
    notice = due()
    fine = due(recipient=UserFactory(email="zoe@example.com"))
    assert dispatcher.run() == {"uncertain": 1, "sent": 1}
    notice.refresh_from_db()
    assert notice.state == "uncertain"
    assert notice.deliveries.get(channel="email").state == Delivery.State.UNCERTAIN
    sink.moods = {}
    assert dispatcher.run() == {}
    fine.refresh_from_db()
    assert fine.state == "sent"


def test_an_urgent_one_is_sent_again_under_the_same_id(sink, due):
    sink.after_so_many = 1  # keeps the letter, then cuts the line before the 250
    notice = due(kind="test.urgent")
    assert dispatcher.run() == {"given back": 1}
    sink.after_so_many = None
    make_due_again()
    assert dispatcher.run() == {"sent": 1}
    assert len(sink.ids) == 2
    assert len(set(sink.ids)) == 1
    notice.refresh_from_db()
    assert notice.state == "sent"


def test_a_server_that_refuses_the_sender_is_down_for_everybody(sink, due):
    sink.moods = {"sender": "550 you are not allowed to send"}
    due()
    due(recipient=UserFactory())
    assert dispatcher.run() == {"given back": 2}
    assert set(Notice.objects.values_list("state", "attempts")) == {("pending", 0)}
    assert "not allowed to send" in Breaker.objects.get().note


def test_the_server_is_down_and_comes_back(sink, due, somebody, settings):
    settings.EMAIL_PORT = free_port()
    notices = [due(), due(recipient=UserFactory())]
    assert dispatcher.run() == {"given back": 2}
    assert dispatcher.run() == {}, "they wait for their next attempt"
    assert Notice.objects.visible_to(somebody).count() == 1, "the list does not wait for the mail"
    settings.EMAIL_PORT = sink.port
    make_due_again()
    assert dispatcher.run() == {"sent": 2}
    assert len(sink.letters) == len(notices)
    assert Delivery.objects.filter(channel="in_app").count() == 2


def test_the_pause_grows_to_five_minutes_and_burns_no_attempt(due, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    notice = due()
    pauses = []
    for _ in range(9):
        make_due_again()
        before = timezone.now()
        dispatcher.run()
        pauses.append((Breaker.objects.get().open_until - before).total_seconds())
    assert 7 < pauses[0] < 13
    assert all(224 < pause < 376 for pause in pauses[-3:])
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("pending", 0)


def test_withdrawn_between_claim_and_data(sink, due, subject, monkeypatch):
    """The mark is the last word: a notice withdrawn after RCPT is not sent, and the connection still serves."""
    notice = due()
    envelope = mailer.Mailer._envelope

    def then_withdraw(*args):
        answer = envelope(*args)
        if not subject.is_external:
            subject.is_external = True
            services.withdraw(subject=subject)
        return answer

    monkeypatch.setattr(mailer.Mailer, "_envelope", then_withdraw)
    assert dispatcher.run() == {"dropped": 1}
    notice.refresh_from_db()
    assert notice.state == "superseded"
    assert notice.is_withdrawn
    assert sink.letters == []


def test_the_recipient_leaves_between_claim_and_data(sink, due, somebody, monkeypatch):
    notice = due()
    envelope = mailer.Mailer._envelope

    def then_leave(*args):
        answer = envelope(*args)
        type(somebody).objects.filter(pk=somebody.pk).update(is_active=False)
        return answer

    monkeypatch.setattr(mailer.Mailer, "_envelope", then_leave)
    dispatcher.run()
    notice.refresh_from_db()
    assert notice.state == "suppressed"
    assert sink.letters == []


def test_a_connection_that_the_server_closed_is_opened_anew(sink, due, monkeypatch):
    people = [UserFactory() for _ in range(3)]
    for person in people:
        due(recipient=person)
    handed_over = mailer.Mailer._hand_over

    def then_cut(self, smtp, *args):
        result = handed_over(self, smtp, *args)
        smtp.sock.close()
        return result

    monkeypatch.setattr(mailer.Mailer, "_hand_over", then_cut)
    assert dispatcher.run() == {"sent": 3}
    assert len(sink.letters) == 3


def test_doubt_about_a_collected_mail_reaches_its_lines(sink, due):
    now = timezone.now()
    lines = [due(due_at=now - timedelta(seconds=i + 1)) for i in range(4)]
    sink.moods = {"data ann@example.com": "cut"}
    assert dispatcher.run()["uncertain"] == 1
    for notice in lines:
        notice.refresh_from_db()
        assert notice.state == "uncertain"
        assert notice.deliveries.get(channel="in_app").state == Delivery.State.SENT
    assert sink.letters == []
