"""Several dispatchers at once, and dispatchers that are killed: real processes, a real mail server."""

import signal
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from notices import dispatcher, ledger, services, tasks, trial
from notices.models import Delivery, Lease, Notice
from tests.factories import UserFactory
from tests.notices.sinks import MoodySink, dispatcher_process, has_letters, listening

pytestmark = pytest.mark.django_db(transaction=True)


def promise_trials(count):
    past = timezone.now() - timedelta(seconds=5)
    people = [UserFactory() for _ in range(count)]
    return [services.promise(recipient=p, subject=p, kind=trial.CODE, due_at=past) for p in people]


TOKEN = "7a1ff3a2-5d77-4b6c-b9c0-0d8c7b7f0b10"


def lease_is_over():
    """What waiting for two minutes does."""
    moment = timezone.now() - timedelta(seconds=1)
    Notice.objects.filter(state="sending").update(lease_until=moment)
    Lease.objects.update(until=moment)


def taken_up(**fields):
    """All notices are with a dispatcher whose time is just over."""
    Lease.objects.create(token=TOKEN, until=timezone.now())
    Notice.objects.update(state="sending", lease_token=TOKEN, lease_until=timezone.now(), **fields)


def assert_each_shown_once():
    told = Notice.objects.filter(state__in=["sent", "uncertain"])
    assert Delivery.objects.filter(channel="in_app", notice__in=told).count() == told.count()
    assert Delivery.objects.filter(channel="email", notice__in=told).count() == told.count()


def test_two_dispatchers_at_once_send_each_once():
    promise_trials(40)
    sink = MoodySink(seconds=0.01)
    with (
        listening(sink),
        dispatcher_process(sink, "--once") as one,
        dispatcher_process(sink, "--once") as other,
    ):
        assert one.wait(60) == 0, one.stdout.read()
        assert other.wait(60) == 0, other.stdout.read()
    assert len(sink.ids) == len(set(sink.ids)) == 40
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
    assert_each_shown_once()


def test_killed_while_sending():
    promise_trials(16)
    sink, deaths = MoodySink(seconds=0.3), 0
    with listening(sink):
        for letters in (2, 6, 10):
            with dispatcher_process(sink) as process:
                assert has_letters(sink, letters), process.stdout.read()
                process.send_signal(signal.SIGKILL)
                process.wait(10)
                deaths += 1
            lease_is_over()
        with dispatcher_process(sink, "--once") as process:
            assert process.wait(60) == 0, process.stdout.read()
    states = Counter(Notice.objects.values_list("state", flat=True))
    assert set(states) <= {"sent", "uncertain"}
    assert 0 < states["uncertain"] <= deaths, "each letter is under way for a third of a second"
    assert len(sink.ids) == len(set(sink.ids)), "nothing arrives twice"
    arrived = set(sink.ids)
    lost = [n for n in Notice.objects.all() if not any(n.fingerprint in one for one in arrived)]
    assert {notice.state for notice in lost} <= {"uncertain"}, "what did not arrive says so"
    assert_each_shown_once()


def test_killed_before_anything_was_handed_over():
    (notice,) = promise_trials(1)
    taken_up()
    sink = MoodySink()
    with listening(sink), dispatcher_process(sink, "--once") as process:
        assert process.wait(60) == 0, process.stdout.read()
    notice.refresh_from_db()
    assert notice.state == "sent"
    assert len(sink.ids) == 1


def test_a_slow_dispatcher_finds_its_row_taken(settings):
    """The lease runs out while a dispatcher is stuck before the mark: another sends, the slow one must not."""
    (notice,) = promise_trials(1)
    taken_up()
    assert dispatcher.run() == {"recovered": 1, "sent": 1}
    assert not ledger.mark(notice, TOKEN, Notice.Stage.EMAIL)
    assert not Lease.objects.exists()


def test_a_mail_that_is_being_handed_over_keeps_its_lease():
    """The lease of the claim is over, that of the mail is not: nobody takes it, nor forgets who has it."""
    promise_trials(1)
    taken_up(stage="email")
    Notice.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    assert dispatcher.run() == {}
    assert Lease.objects.count() == Notice.objects.filter(state="sending").count() == 1
    lease_is_over()
    assert dispatcher.run() == {"recovered": 1}
    assert not Lease.objects.exists()


def test_what_nobody_knows_of_any_more_is_found_all_the_same():
    """Somebody has emptied the table of leases."""
    promise_trials(2)
    taken_up()
    Lease.objects.all().delete()
    assert dispatcher.run() == {}
    tasks.reconcile()
    assert dispatcher.run() == {"sent": 2}


def test_taking_up_and_letting_go_writes_into_no_index():
    """No index knows of what they change, or a claim of hundreds would be slower; see Notice.Meta."""
    (notice,) = promise_trials(1)
    seen = [columns(notice)]
    token = uuid4()
    assert ledger.claim(token, limit=50) == [notice.pk]
    seen.append(columns(notice))
    assert ledger.mark(notice, token, Notice.Stage.EMAIL)
    seen.append(columns(notice))
    assert ledger.release([notice], token) == 1
    seen.append(columns(notice))

    changed = {name for before, after in pairwise(seen) for name in after if before[name] != after[name]}

    assert changed == {"state", "stage", "lease_token", "lease_until"}
    assert {"phase", "recipient_id"} <= indexed()
    assert not changed & indexed()


def columns(notice):
    return Notice.objects.values().get(pk=notice.pk)


def indexed():
    """The columns of notices that stand in an index, as a key, in an expression or in its condition."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT DISTINCT column_.attname FROM pg_index AS index_
            JOIN pg_attribute AS column_ ON column_.attrelid = index_.indrelid AND column_.attnum > 0
            WHERE index_.indrelid = 'notices_notice'::regclass AND (column_.attnum = ANY(index_.indkey) OR EXISTS (
                SELECT FROM pg_depend AS part
                WHERE part.classid = 'pg_class'::regclass AND part.objid = index_.indexrelid
                  AND part.refobjid = index_.indrelid AND part.refobjsubid = column_.attnum))
            """)
        return {name for (name,) in cursor.fetchall()}


def test_a_late_receipt_settles_the_doubt():
    (notice,) = promise_trials(1)
    taken_up(stage="email", shown_at=timezone.now())
    assert dispatcher.run() == {"recovered": 1}
    notice.refresh_from_db()
    assert notice.state == "uncertain"
    ledger.settle_mail(notice, TOKEN, Notice.State.SENT, address="a@example.com", message_id="<x@y>")
    notice.refresh_from_db()
    assert notice.state == "sent"
    assert notice.deliveries.get(channel="email").state == "sent"


def test_a_real_worker_sends_what_is_promised(celery_worker, smtp_sink):
    """Through the doorbell: commit, ring, worker, mail."""
    person = UserFactory(email="ann@example.com")
    trial.send_to(person)
    (letter,) = smtp_sink.wait_for(1)
    assert letter.recipients == ["ann@example.com"]


def test_a_tick_and_a_command_at_once(celery_worker, smtp_sink):
    from notices.tasks import dispatch

    promise_trials(20)
    for _ in range(4):  # two beats
        dispatch.delay()
    with dispatcher_process(smtp_sink, "--once") as process:
        assert process.wait(60) == 0
    letters = smtp_sink.wait_for(20)
    ids = [letter.message["Message-ID"] for letter in letters]
    assert len(set(ids)) == len(ids) == 20
