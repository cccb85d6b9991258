from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices import claiming, dispatcher, kinds, services, together
from notices.kinds import Kind
from notices.models import Channel, Delivery, Notice
from people.models import Department
from tests.factories import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(somebody, subject, past):
    """Promise something that is due."""

    def promise(**changes):
        fields = {"recipient": somebody, "subject": subject, "kind": "test.plain", "due_at": past}
        return services.promise(**fields | changes)

    return promise


def state_of(notice):
    notice.refresh_from_db()
    return notice.state


def test_what_is_due_goes_out_once(due, future):
    notice = due()
    later = due(due_at=future)
    assert dispatcher.run() == {"sent": 1}
    assert dispatcher.run() == {}
    assert state_of(notice) == "sent"
    assert notice.sent_at is not None
    assert notice.shown_at is not None
    assert state_of(later) == "pending"
    assert [message.to for message in mail.outbox] == [["Ann Lee <ann@example.com>"]]
    receipts = Delivery.objects.filter(notice=notice)
    assert {(receipt.channel, receipt.state) for receipt in receipts} == {
        ("in_app", "sent"),
        ("email", "sent"),
    }
    assert receipts.get(channel=Channel.EMAIL).message_id == mail.outbox[0].extra_headers["Message-ID"]


def test_a_kind_without_mail_only_shows_in_the_list(due, somebody):
    notice = due(kind="test.quiet")
    dispatcher.run()
    assert state_of(notice) == "sent"
    assert list(Notice.objects.visible_to(somebody)) == [notice]
    assert mail.outbox == []


def test_somebody_who_left_is_not_told(due):
    leaver = UserFactory(is_active=False)
    notice = due(recipient=leaver)
    assert dispatcher.run() == {"suppressed": 1}
    assert state_of(notice) == "suppressed"
    assert not Notice.objects.visible_to(leaver).exists()
    assert mail.outbox == []


def test_withdrawn_before_it_is_sent(due, subject):
    notice = due()
    services.withdraw(subject=subject)
    assert dispatcher.run() == {}
    assert state_of(notice) == "superseded"
    assert mail.outbox == []


def test_its_kind_is_asked_at_the_last_moment(due, subject):
    notice = due(kind="test.wanted")
    subject.is_external = True
    subject.save(update_fields=["is_external"])
    assert dispatcher.run() == {"superseded": 1}
    assert state_of(notice) == "superseded"
    assert mail.outbox == []


def test_about_a_record_that_is_gone(due):
    doomed = DepartmentFactory(code="doomed")
    notice = due(subject=doomed)
    doomed.delete()
    assert dispatcher.run() == {"superseded": 1}
    assert state_of(notice) == "superseded"


def test_too_late_is_not_sent(due, past):
    notice = due(expires_at=past)
    assert dispatcher.run() == {"expired": 1}
    assert state_of(notice) == "expired"
    assert mail.outbox == []


@pytest.mark.logs_errors("cannot be worded")
def test_a_broken_kind_holds_up_nobody(due):
    broken, good = due(kind="test.broken"), due()
    assert dispatcher.run() == {"given back": 1, "sent": 1}
    assert state_of(good) == "sent"
    assert state_of(broken) == "pending"
    assert broken.attempts == 1
    assert "no_such_thing" in broken.note
    assert broken.send_at > timezone.now()


@pytest.mark.logs_errors("cannot be worded")
def test_a_kind_that_nobody_registers_waits(due):
    notice = due()
    Notice.objects.update(kind="gone.app")
    assert dispatcher.run() == {"given back": 1}
    assert state_of(notice) == "pending"


def test_many_for_one_person_go_into_one_mail(due, somebody, future):
    notices = [
        due(params={"word": f"number {i}"}, due_at=timezone.now() - timedelta(seconds=i + 1))
        for i in range(4)
    ]
    invitation, urgent = due(kind="test.invitation"), due(kind="test.urgent")
    due(recipient=UserFactory(email="other@example.com"))
    dispatcher.run()
    assert sorted(message.subject for message in mail.outbox) == ["4 things for you", "Come", "Now!", "Sales"]
    digest = next(message for message in mail.outbox if message.subject == "4 things for you")
    for notice in notices:
        assert state_of(notice) == "sent"
        assert notice.deliveries.get(channel=Channel.EMAIL).state == Delivery.State.BUNDLED
        assert notice.params["word"] in digest.body
        assert f"/notices/{notice.pk}/open/" in digest.body
    assert Notice.objects.visible_to(somebody).count() == 6
    assert Notice.objects.get(kind="notices.digest").state == "sent"
    assert {state_of(invitation), state_of(urgent)} == {"sent"}


def test_three_are_not_collected(due):
    for i in range(3):
        due(due_at=timezone.now() - timedelta(seconds=i + 1))
    dispatcher.run()
    assert [message.subject for message in mail.outbox] == ["Sales"] * 3


def test_nobody_gets_two_mails_because_a_claim_was_full(due, monkeypatch):
    monkeypatch.setattr(dispatcher, "BATCH", 2)  # so a claim takes up to 20 rows
    people = [UserFactory(name=name, email=f"{name}@example.com") for name in "abc"]
    due_at = timezone.now() - timedelta(hours=1)
    for number in range(3 * 12):
        due(recipient=people[number % 3], due_at=due_at + timedelta(seconds=number))
    dispatcher.run()
    assert sorted((letter.to[0], letter.subject) for letter in mail.outbox) == [
        (f"{person.name} <{person.email}>", "12 things for you") for person in people
    ]


def test_more_for_one_person_than_a_claim_takes_are_told_all_the_same(due, monkeypatch):
    monkeypatch.setattr(dispatcher, "BATCH", 1)
    due_at = timezone.now() - timedelta(hours=1)
    for number in range(14):
        due(due_at=due_at + timedelta(seconds=number))
    dispatcher.run()
    assert [letter.subject for letter in mail.outbox] == ["10 things for you", "4 things for you"]


def test_a_collected_mail_leaves_out_what_is_void(due, subject, monkeypatch):
    from notices import digests

    collect = digests.collect

    def then_change(*args):
        left = collect(*args)
        subject.is_external = True
        subject.save(update_fields=["is_external"])
        return left

    monkeypatch.setattr(digests, "collect", then_change)
    now = timezone.now()
    for i in range(4):
        due(kind="test.wanted", due_at=now - timedelta(seconds=i + 1))
    assert dispatcher.run()["superseded"] == 1
    assert mail.outbox == []
    assert set(Notice.objects.values_list("state", flat=True)) == {"superseded"}


def test_claims_are_fair_to_the_urgent(due, monkeypatch):
    monkeypatch.setattr(dispatcher, "BATCH", 1)
    for _ in range(3):
        due(recipient=UserFactory())
    due(kind="test.urgent", recipient=UserFactory(), due_at=timezone.now() - timedelta(seconds=1))
    dispatcher.run()
    assert mail.outbox[0].subject == "Now!"


def test_queries_of_a_round_grow_little_with_the_rows(due, somebody):
    def queries_for(count):
        now = timezone.now()
        for i in range(count):
            due(kind="test.quiet", due_at=now - timedelta(seconds=i + 1), recipient=somebody)
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            dispatcher.run()
        # Savepoints are the price of hooks that may fail.
        return len([q for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]])

    queries_for(1)
    assert queries_for(1) == queries_for(5)


def test_told_to_stop_it_finishes_its_mail_and_lets_go_of_the_rest(due):
    for _ in range(3):
        due(recipient=UserFactory())
    assert dispatcher.run(should_stop=lambda: len(mail.outbox) == 1) == {"sent": 1}
    assert sorted(Notice.objects.values_list("state", "attempts")) == [("pending", 0)] * 2 + [("sent", 0)]
    assert not Notice.objects.filter(state="pending", lease_token__isnull=False).exists()
    assert dispatcher.run() == {"sent": 2}
    assert len(mail.outbox) == 3


def test_without_time_it_sends_nothing(due):
    due()
    assert dispatcher.run(seconds=-1) == {}
    assert mail.outbox == []


def test_a_claim_asks_as_often_for_many_as_for_one(past):
    """What the hooks of a kind read beside its records is read once for all that are decided on together."""
    kinds.register(
        Kind(
            code="test.asking",
            title=lambda notice: "Asked",
            url=lambda notice: "/",
            is_wanted=lambda notice: together.once(departments) > 0,
        )
    )
    counts = []
    try:
        for number in (1, 4):
            for _ in range(number):
                services.promise(
                    recipient=UserFactory(), subject=DepartmentFactory(), kind="test.asking", due_at=past
                )
            with CaptureQueriesContext(connection) as captured:
                assert len(claiming.take(uuid4(), Counter(), limit=50).to_mail) == number
            counts.append(len(captured))
    finally:
        kinds.unregister("test.asking")
    assert counts[0] == counts[1]


def departments():
    return Department.objects.count()
