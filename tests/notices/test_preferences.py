"""When and how people want to be told: quiet hours, collected mails, no mails; the list has everything at once."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core import history
from notices import dispatcher, health, kinds, preferences, services
from notices.kinds import Category, Kind, Priority
from notices.models import Delivery, Notice, Preference
from notices.preferences import Choice, Choices
from tests.factories import DepartmentFactory, MembershipFactory, UserFactory, lead

pytestmark = pytest.mark.django_db
Mail = Preference.Mail
MINE = [
    Kind(code="test.comment", title=lambda n: "A comment", url=lambda n: "/", category=Category.COMMENTS),
    Kind(
        code="test.must", title=lambda n: "Come", url=lambda n: "/", category=Category.COMMENTS, is_required=True
    ),
    Kind(
        code="test.fire", title=lambda n: "Fire", url=lambda n: "/", category=Category.EMERGENCIES,
        priority=Priority.EMERGENCY,
    ),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _kinds():
    for kind in MINE:
        kinds.register(kind)
    yield
    for kind in MINE:
        kinds.unregister(kind.code)


@pytest.fixture
def due(somebody, subject, past):
    def promise(kind="test.comment", **changes):
        fields = {"recipient": somebody, "subject": subject, "kind": kind, "due_at": past}
        return services.promise(**fields | changes)

    return promise


def sleep_now(person):
    """Let the person's quiet hours be from an hour ago until an hour from now."""
    local = timezone.now().astimezone(person.zone)
    person.quiet_from = (local - timedelta(hours=1)).time().replace(microsecond=0)
    person.quiet_until = (local + timedelta(hours=1)).time().replace(microsecond=0)
    person.save()


def wants(person, mail_wish, **fields):
    return Preference.objects.create(person=person, category=Category.COMMENTS, mail=mail_wish, **fields)


def morning_comes():
    """What waiting for the end of the quiet hours, or for the collected mail, does."""
    past = timezone.now() - timedelta(days=2)
    Notice.objects.filter(state="pending").update(
        send_at=timezone.now() - timedelta(seconds=1), shown_at=past
    )


def wake(person):
    person.quiet_from = person.quiet_until = None
    person.save()


def test_in_quiet_hours_the_list_has_it_and_the_mail_waits(due, somebody):
    sleep_now(somebody)
    notice, must = due(), due("test.must")
    assert dispatcher.run() == {"held back": 2}
    assert mail.outbox == []
    assert set(Notice.objects.visible_to(somebody)) == {notice, must}
    notice.refresh_from_db()
    assert (notice.state, notice.held_for, notice.attempts) == ("pending", "quiet", 0)
    assert timedelta(minutes=59) < notice.send_at - timezone.now() <= timedelta(hours=1)
    assert dispatcher.run() == {}
    assert not health.look().is_late

    wake(somebody)
    morning_comes()
    assert dispatcher.run() == {"sent": 2}
    assert len(mail.outbox) == 2
    assert Delivery.objects.filter(channel="in_app").count() == 2


def test_an_emergency_wakes_people(due, somebody):
    sleep_now(somebody)
    wants(somebody, Mail.NEVER)
    due("test.fire")
    assert dispatcher.run() == {"sent": 1}
    assert [message.subject for message in mail.outbox] == ["Fire"]


def test_what_is_held_back_is_not_reset_by_the_reconciler(due, somebody):
    sleep_now(somebody)
    held = due()
    dispatcher.run()
    again = due()
    assert again.pk == held.pk
    assert again.held_for == "quiet"
    assert again.send_at > timezone.now()


def test_the_collected_mail_of_the_day_is_one_mail(due, somebody, past):
    wants(somebody, Mail.DAILY)
    first, second = due(), due(due_at=past - timedelta(minutes=1))
    at_once = due("test.must")
    assert dispatcher.run() == {"held back": 2, "sent": 1}
    assert [message.subject for message in mail.outbox] == ["Come"]
    first.refresh_from_db()
    assert first.held_for == "daily"
    assert first.send_at.astimezone(somebody.zone).time() == somebody.digest_at

    morning_comes()
    dispatcher.run()
    assert [message.subject for message in mail.outbox] == ["Come", "2 things for you"]
    for notice in (first, second, at_once):
        notice.refresh_from_db()
        assert notice.state == "sent"
    assert dispatcher.run() == {}


def test_what_would_be_too_late_does_not_wait_for_the_collected_mail(due, somebody):
    wants(somebody, Mail.DAILY)
    due(expires_at=timezone.now() + timedelta(seconds=40))
    assert dispatcher.run() == {"sent": 1}


def test_no_mail_at_all_but_what_must_be(due, somebody):
    wants(somebody, Mail.NEVER)
    unwanted = due()
    due("test.must")
    assert dispatcher.run() == {"sent": 2}
    assert [message.subject for message in mail.outbox] == ["Come"]
    assert unwanted.deliveries.get(channel="email").state == "unwanted"
    assert Notice.objects.visible_to(somebody).count() == 2


def test_the_person_before_the_department_before_the_program():
    ann, ben, zoe = UserFactory(), UserFactory(), UserFactory()
    for code, wish in (("sales", Mail.NEVER), ("tech", Mail.DAILY)):
        Preference.objects.create(
            department=DepartmentFactory(code=code), category=Category.COMMENTS, mail=wish, chat=False
        )
    for person in (ann, ben):
        MembershipFactory(user=person, department=DepartmentFactory(code="sales"))
    MembershipFactory(user=ben, department=DepartmentFactory(code="tech"))
    Preference.objects.create(person=ann, category=Category.COMMENTS, mail=Mail.AT_ONCE)
    choices = Choices([ann, ben, zoe])
    assert choices.of(ann, Category.COMMENTS) == Choice(Mail.AT_ONCE, True)
    assert choices.inherited(ann, Category.COMMENTS) == Choice(Mail.NEVER, False)
    assert choices.of(ben, Category.COMMENTS) == Choice(Mail.DAILY, False), (
        "the more eager of two departments"
    )
    assert choices.of(zoe, Category.COMMENTS) == Choice(Mail.AT_ONCE, True)
    assert choices.of(ben, Category.MEETINGS) == Choice(Mail.AT_ONCE, True)


def test_choices_of_many_take_two_queries(django_assert_num_queries):
    people = [lead("sales") for _ in range(3)]
    with django_assert_num_queries(2):
        choices = Choices(people)
        assert all(choices.of(person, Category.OTHER) == Choice() for person in people)


# --- the pages ------------------------------------------------------------------------------------------------
def filled(**changes):
    data = {"quiet_from": "", "quiet_until": "", "digest_at": "08:30"}
    for category in Category:
        data |= {f"{category}_mail": "at_once", f"{category}_chat": "on"}
    return data | changes


def test_choosing_and_going_back(client, somebody):
    client.force_login(somebody)
    changes = {"comments_mail": "daily", "quiet_from": "22:00", "quiet_until": "07:30", "digest_at": "09:15"}
    assert client.post("/notices/preferences/", filled(**changes)).status_code == 302
    row = Preference.objects.get()
    assert (row.person, row.category, row.mail, row.chat) == (somebody, "comments", "daily", True)
    somebody.refresh_from_db()
    assert (somebody.quiet_from, somebody.digest_at) == (time(22), time(9, 15))
    page = client.get("/notices/preferences/").content.decode()
    assert "my own choice" in page
    assert 'value="22:00"' in page
    client.post("/notices/preferences/", filled())
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"quiet_from": "22:00"}, "both ends"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "two different times"),
        ({"comments_mail": "sometimes"}, "not one of the available choices"),
        ({"digest_at": ""}, "required"),
    ],
)
def test_nonsense_is_refused_and_nothing_is_written(client, somebody, changes, said):
    client.force_login(somebody)
    response = client.post("/notices/preferences/", filled(minutes_mail="never", **changes))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Preference.objects.exists()
    somebody.refresh_from_db()
    assert somebody.quiet_from is None


def test_a_head_sets_the_custom_of_the_department(client, due, somebody):
    head = lead("sales")
    MembershipFactory(user=somebody, department=DepartmentFactory(code="sales"))
    client.force_login(head)
    assert client.post("/notices/preferences/sales/", filled(comments_mail="never")).status_code == 302
    due()
    dispatcher.run()
    assert mail.outbox == []
    (entry,) = history.of(DepartmentFactory(code="sales"))
    assert entry.after == {"comments": ["never", True]}
    assert client.get("/notices/preferences/tech/").status_code == 404


def test_a_change_of_clocks_between_claim_and_morning():
    """The night in which Berlin loses an hour: quiet until 8 is quiet until 8."""
    person = UserFactory(time_zone="Europe/Berlin", quiet_from=time(22), quiet_until=time(8))
    notice = Notice(recipient=person, kind="test.comment", due_at=timezone.now())
    hold = preferences.hold(notice, Choice(), datetime(2027, 3, 27, 22, 0, tzinfo=UTC))
    assert hold is not None
    assert hold.until == datetime(2027, 3, 28, 6, 0, tzinfo=UTC)
