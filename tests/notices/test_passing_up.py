"""Nobody there to read it: what a leaver owed goes up the chain, and refused addresses are put right by somebody."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from notices import addresses, chain, dispatcher, kinds, services
from notices.kinds import Category, Kind
from notices.models import Address, Notice
from people.models import User
from tests.factories import MembershipFactory, UserFactory, executive, host, lead, member
from tests.notices.sinks import MoodySink, listening

pytestmark = pytest.mark.django_db
DUTY = Kind(
    code="test.duty",
    title=lambda notice: f"Do it: {notice.subject.name}",
    url=lambda notice: f"/departments/{notice.subject_id}/",
    is_wanted=lambda notice: not notice.subject.is_external,
    category=Category.REMINDERS,
)


@pytest.fixture(autouse=True)
def _duty():
    kinds.register(DUTY)
    yield
    kinds.unregister(DUTY.code)


@pytest.fixture
def owed(subject, past):
    def promise(person, **changes):
        fields = {"recipient": person, "subject": subject, "kind": DUTY.code, "due_at": past}
        return services.promise(**fields | changes)

    return promise


def passed_on():
    return Notice.objects.filter(kind=chain.CODE)


def leaver(code="sales"):
    return member(code, name="Lee Gone", is_active=False)


def test_the_head_of_the_department_hears_of_it_once(owed):
    head, other = lead("sales"), lead("tech")
    host()
    gone = leaver()
    first, second = owed(gone), owed(gone, due_at=timezone.now() - timedelta(minutes=5))
    assert dispatcher.run()["suppressed"] == 2
    dispatcher.run()
    assert {first.recipient_id, second.recipient_id} == {gone.pk}
    (passed,) = passed_on()
    assert passed.recipient == head
    assert passed.recipient != other
    (letter,) = mail.outbox
    assert letter.subject == "Lee Gone has left; somebody else has to see to it: Do it: Sales"


def test_without_a_head_it_is_the_host_then_an_executive_then_an_administrator(owed):
    levels = [UserFactory(roles=[User.Role.ADMIN]), executive(), host()]
    for expected in reversed(levels):
        owed(leaver())
        dispatcher.run()
        assert passed_on().latest("pk").recipient == expected
        User.objects.filter(pk=expected.pk).update(is_active=False)


def test_only_what_is_asked_and_still_open_is_passed_on(owed, subject):
    lead("sales")
    gone = leaver()
    owed(gone, kind="test.plain")
    subject.is_external = True
    subject.save(update_fields=["is_external"])
    owed(gone)
    dispatcher.run()
    assert not passed_on().exists()


def test_done_meanwhile_or_back_again_it_is_withdrawn(owed, subject):
    lead("sales")
    gone = leaver()
    owed(gone)
    dispatcher.run()
    mail.outbox.clear()
    passed_on().update(state="pending", shown_at=None)
    passed_on().get().deliveries.all().delete()
    User.objects.filter(pk=gone.pk).update(is_active=True)
    assert dispatcher.run() == {"superseded": 1}
    assert mail.outbox == []


def test_whoever_may_not_read_the_record_is_passed_over(owed, monkeypatch):
    head, boss = lead("sales"), host()
    monkeypatch.setitem(
        kinds._kinds, DUTY.code, Kind(**{f: getattr(DUTY, f) for f in ("code", "title", "url", "category")},
                                      may_read=lambda user, ids: ids if user == boss else set()),
    )  # fmt: skip
    owed(leaver())
    dispatcher.run()
    assert [notice.recipient for notice in passed_on()] == [boss]
    assert head != boss


def test_somebody_who_leaves_while_the_mail_is_under_way(owed, monkeypatch):
    from notices import ledger

    head, person = lead("sales"), member("sales")
    owed(person)
    mark = ledger.mark

    def leave_first(notice, *args):
        User.objects.filter(pk=person.pk).update(is_active=False)
        return mark(notice, *args)

    monkeypatch.setattr(ledger, "mark", leave_first)
    dispatcher.run()
    assert [notice.recipient for notice in passed_on()] == [head]


# --- refused addresses ----------------------------------------------------------------------------------------
@pytest.fixture
def sink(settings):
    sink = MoodySink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    with listening(sink):
        yield sink


def refuse_times(count, owed, person):
    for n in range(count):
        owed(person, kind="test.plain", due_at=timezone.now() - timedelta(minutes=n + 1))
        dispatcher.run()


def test_after_three_refusals_nothing_is_mailed_there_and_somebody_is_told(client, owed, sink, somebody):
    head, admin = lead("sales"), UserFactory(roles=[User.Role.ADMIN])
    MembershipFactory(user=somebody, department=head.departments[0])
    sink.moods = {"rcpt ann@example.com": "550 no such mailbox"}
    refuse_times(3, owed, somebody)
    address = Address.objects.get()
    assert (address.refusals, address.last_reply) == (3, "550 no such mailbox")
    assert address.flagged_at is not None
    assert {n.recipient for n in Notice.objects.filter(kind=addresses.CODE)} == {head, admin}

    sink.moods = {}
    blocked = owed(somebody, kind="test.plain", due_at=timezone.now() - timedelta(hours=1))
    dispatcher.run()
    blocked.refresh_from_db()
    assert (blocked.state, sink.letters) == ("bounced", [])
    assert "no such mailbox" in blocked.note
    assert blocked.shown_at is not None

    client.force_login(head)
    assert "ann@example.com" in client.get("/notices/addresses/").content.decode()
    assert client.post(f"/notices/addresses/{address.pk}/release/").status_code == 302
    owed(somebody, kind="test.plain", due_at=timezone.now() - timedelta(hours=2))
    dispatcher.run()
    assert len(sink.letters) == 1


def test_a_mail_that_is_taken_ends_the_row(owed, sink, somebody):
    sink.moods = {"rcpt ann@example.com": "550 no"}
    refuse_times(2, owed, somebody)
    sink.moods = {}
    refuse_times(1, owed, somebody)
    assert Address.objects.get().refusals == 0


def test_a_letter_that_is_refused_is_not_the_fault_of_the_address(owed, sink, somebody):
    sink.moods = {"data ann@example.com": "554 looks like spam"}
    refuse_times(3, owed, somebody)
    assert not Address.objects.exists()
