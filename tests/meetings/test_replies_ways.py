"""The ways in for replies by mail: a mailbox, a gateway, the command."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from core import history
from meetings.mailbox import imap, rounds
from meetings.models import CalendarReply
from meetings.plan import PersonPlan
from notices import dispatcher
from notices.models import Heartbeat, Notice
from tests.meetings import factories
from tests.meetings.imap_server import mailbox
from tests.meetings.mailed_replies import LATER, answer_of, google, invited, sent_to, take_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOW = factories.NOW


@pytest.fixture
def anna():
    return invited()


@pytest.fixture
def meeting(anna):
    return sent_to(anna)


# --- the ways in: a mailbox --------------------------------------------------------------------------------
def test_the_mailbox_is_read_and_letters_are_marked(meeting, anna, settings):
    with mailbox() as box, time_machine.travel(LATER, tick=False):
        box.put(google(meeting))
        box.put(b"From: shop@example.org\r\n\r\nBuy now")
        settings.REPLY_MAILBOX_URL = box.url

        first = rounds.look(LATER)
        second = rounds.look(LATER)

    assert (dict(first), dict(second)) == ({"applied": 1, "refused": 1}, {})
    assert box.unseen == []
    assert answer_of(meeting, anna).reply == "accepted"
    assert Heartbeat.objects.filter(name="replies").exists()


def test_a_letter_is_marked_only_after_it_was_stored(meeting, anna):
    with mailbox() as box:
        box.put(google(meeting))
        box.hang_up_after = "UID STORE"
        with pytest.raises(imap.MailboxDown):
            imap.read(box.url, LATER)
        assert box.unseen, "it could not be marked"
        assert CalendarReply.objects.count() == 1
        box.hang_up_after = None
        tally = imap.read(box.url, LATER)

    assert dict(tally) == {"applied": 1}
    assert CalendarReply.objects.count() == 1
    assert box.unseen == []


def test_a_huge_letter_is_not_even_fetched(meeting, settings):
    settings.MAX_REPLY_BYTES = 5000
    with mailbox() as box:
        box.put(google(meeting) + b"x" * 5000)
        tally = imap.read(box.url, LATER)

    assert dict(tally) == {"refused": 1}
    assert box.commands.count("UID FETCH") == 1, "its size alone"
    assert box.unseen == []


@pytest.mark.parametrize(
    "url",
    [
        "http://x",
        "imap://",
        "imap://replies:wrong@example.invalid/INBOX",
        "imaps://host:port/",
        "imap://replies:wrong@{place}/INBOX",
    ],
)
def test_a_mailbox_that_cannot_be_read_is_logged_without_its_password(settings, url, caplog):
    with mailbox() as box:
        settings.REPLY_MAILBOX_URL = url.format(place=f"127.0.0.1:{box.server_address[1]}")

        assert rounds.look(LATER) is None

    assert "Replies are not read" in caplog.text
    assert "wrong@" not in caplog.text


def test_a_mailbox_that_is_away_fails_nothing(client, settings, caplog):
    settings.REPLY_MAILBOX_URL = "imap://a:b@127.0.0.1:1/INBOX"
    for who in ("beat", "worker"):
        dispatcher.beat(who)

    assert rounds.look(LATER) is None
    assert client.get("/healthz").json()["notes"] == {"replies": "the mailbox of replies was never read"}
    Heartbeat.objects.create(name="replies", at=datetime.now(UTC) - timedelta(hours=1))
    assert "was last read 36" in client.get("/healthz").json()["notes"]["replies"]
    Heartbeat.objects.filter(name="replies").update(at=datetime.now(UTC))
    assert "notes" not in client.get("/healthz").json()


# --- the ways in: a gateway ------------------------------------------------------------------------------
def post(client, raw, secret="s" * 40):
    return client.post(
        reverse("meetings:replies"),
        raw,
        content_type="message/rfc822",
        headers={"Authorization": f"Bearer {secret}"},
    )


def test_a_gateway_posts_with_its_secret(client, meeting, anna, settings):
    settings.REPLY_SECRET = "s" * 40
    with time_machine.travel(LATER, tick=False):
        response = post(client, google(meeting))

    assert response.json() == {"answers": [{"outcome": "applied", "note": ""}]}
    assert answer_of(meeting, anna).reply == "accepted"


def test_a_gateway_without_the_secret_gets_nowhere(client, meeting, anna, settings):
    assert post(client, google(meeting)).status_code == 404
    assert post(client, google(meeting), secret="").status_code == 404
    settings.REPLY_SECRET = "s" * 40
    assert post(client, google(meeting), secret="t" * 40).status_code == 403
    assert post(client, google(meeting), secret="密").status_code == 403
    settings.MAX_REPLY_BYTES = 100
    assert post(client, google(meeting)).status_code == 413
    assert not CalendarReply.objects.exists()


# --- the ways in: the command ------------------------------------------------------------------------------
def test_the_command_reads_files(meeting, anna, tmp_path, capsys):
    path = tmp_path / "reply.eml"
    path.write_bytes(google(meeting))

    call_command("read_replies", str(path))

    assert "reply.eml  anna@example.com  ACCEPTED  taken over" in capsys.readouterr().out
    assert answer_of(meeting, anna).reply == "accepted"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("read_replies", str(tmp_path / "missing.eml"))


def test_the_command_reads_the_mailbox_once(meeting, settings, capsys):
    with pytest.raises(CommandError, match="REPLY_MAILBOX_URL is not set"):
        call_command("read_replies", "--once")
    with mailbox() as box:
        box.put(google(meeting))
        settings.REPLY_MAILBOX_URL = box.url
        call_command("read_replies", "--once")
        call_command("read_replies", "--once")

    assert capsys.readouterr().out.splitlines() == ["1 applied", "nothing new"]


@pytest.mark.django_db(transaction=True)
def test_two_readers_at_once_count_an_answer_once(anna):
    made = factories.scheduled(people=[PersonPlan(user=anna)])
    Notice.objects.update(state="sent")
    raw, found, gate = google(made), [], threading.Barrier(4)

    def read():
        try:
            gate.wait(timeout=10)
            found.extend(take_in(raw))
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _number in range(4)]
    for one in readers:
        one.start()
    for one in readers:
        one.join(timeout=20)

    assert found == [("applied", "")] * 4
    assert CalendarReply.objects.count() == 1
    assert history.of(made).filter(verb="meetings.replied").count() == 1
