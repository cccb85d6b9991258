"""Putting notices off, settling doubt, who was told what, and the banner of administrators."""

import time
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from core import history
from notices import addresses, breaker, dispatcher, health, ledger, promises, services, snoozing
from notices.models import Address, Endpoint, Notice, Post
from people.models import User
from tests.factories import MembershipFactory, UserFactory, lead

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def told(somebody, subject, past):
    def tell(**changes):
        fields = {"recipient": somebody, "subject": subject, "kind": "test.plain", "due_at": past}
        notice = services.promise(**fields | changes)
        dispatcher.run()
        notice.refresh_from_db()
        return notice

    return tell


@pytest.fixture
def admin():
    return UserFactory(roles=[User.Role.ADMIN])


# --- putting off ----------------------------------------------------------------------------------------------
def put_off(notice, hours=3, **changes):
    now = timezone.now()
    given = {"until": now + timedelta(hours=hours), "reason": "In a call", "by": notice.recipient, "now": now}
    return snoozing.snooze(notice=notice, **given | changes)


def test_it_leaves_the_list_and_comes_back_on_top(client, told, somebody, past):
    notice, other = told(), told(due_at=past - timedelta(minutes=1))
    client.force_login(somebody)
    response = client.post(
        f"/notices/{notice.pk}/snooze/", {"length": "3", "reason": "In a call"}, follow=True
    )
    page = response.content.decode()
    assert "1 notice is put off" in page
    assert list(Notice.objects.visible_to(somebody)) == [other]
    assert "1" in client.get("/notices/bell/").content.decode()

    now = timezone.now()
    Notice.objects.update(shown_at=now - timedelta(hours=4))
    Notice.objects.filter(pk=notice.pk).update(snoozed_until=now - timedelta(seconds=1))
    first = client.get("/notices/").context["sections"][0].entries[0]
    assert first.notice == notice
    assert first.notice.is_unread
    assert "put off: In a call" in client.get("/notices/").content.decode()
    assert "cannot be put off twice" in client.get(f"/notices/{notice.pk}/snooze/").content.decode()


def test_never_past_the_deadline(told):
    deadline = timezone.now() + timedelta(hours=1)
    assert put_off(told(expires_at=deadline)) == deadline


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hours": 25}, "a day at most"),
        ({"reason": "  "}, "why it can wait"),
        ({"by": None}, "Only its recipient"),
    ],
)
def test_what_cannot_be_put_off(told, changes, said):
    if "by" in changes:
        changes = {"by": UserFactory()}
    notice = told()
    with pytest.raises(ValidationError, match=said):
        put_off(notice, **changes)
    notice.refresh_from_db()
    assert notice.snoozed_until is None


def test_twice_and_after_the_deadline(told, past):
    notice = told()
    put_off(notice)
    notice.refresh_from_db()
    with pytest.raises(ValidationError, match="twice"):
        put_off(notice)
    late = told(due_at=past - timedelta(hours=1))
    Notice.objects.filter(pk=late.pk).update(expires_at=past)
    late.refresh_from_db()
    with pytest.raises(ValidationError, match="deadline has passed"):
        put_off(late)


# --- doubt ----------------------------------------------------------------------------------------------------
def doubtful(notice):
    Notice.objects.filter(pk=notice.pk).update(state="uncertain", note="line broke")
    notice.deliveries.filter(channel="email").update(state="uncertain")
    notice.refresh_from_db()
    return notice


def test_it_arrived_says_the_administrator(client, told, admin):
    notice = doubtful(told())
    client.force_login(admin)
    assert "line broke" in client.get("/notices/doubtful/").content.decode()
    client.post(f"/notices/doubtful/{notice.pk}/arrived/")
    notice.refresh_from_db()
    assert notice.state == "sent"
    assert notice.deliveries.get(channel="email").state == "sent"
    assert [entry.verb for entry in history.of(notice)] == ["mail arrived"]
    client.post(f"/notices/doubtful/{notice.pk}/again/")
    assert dispatcher.run() == {}, "it is settled"


def test_sent_again_under_the_same_id(client, told, admin):
    notice = doubtful(told())
    client.force_login(admin)
    for _ in range(2):
        client.post(f"/notices/doubtful/{notice.pk}/again/")
    assert dispatcher.run() == {"sent": 1}
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_collected_mail_is_one_line_and_settles_its_own(client, told, somebody, subject, admin):
    now = timezone.now()
    for n in range(4):
        services.promise(
            recipient=somebody, subject=subject, kind="test.plain", due_at=now - timedelta(seconds=n + 1)
        )
    dispatcher.run()
    Notice.objects.update(state="uncertain")
    client.force_login(admin)
    (entry,) = client.get("/notices/doubtful/").context["mails"]
    client.post(f"/notices/doubtful/{entry.notice.pk}/arrived/")
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


# --- who was told what ----------------------------------------------------------------------------------------
def ways(line):
    return {str(way.channel): str(way.words) for way in line.ways}


def test_every_state_in_words(told, somebody, subject, past, future):
    endpoint = Endpoint.objects.create(
        channel="wecom", name="Sales group", address="key", created_by=somebody
    )
    sent = told()
    Post.objects.create(
        endpoint=endpoint, notice=sent, subject_type=sent.subject_type, subject_id=sent.subject_id,
        kind=sent.kind, due_at=sent.due_at, send_at=past, state="sent", sent_at=past,
    )  # fmt: skip
    later = told(due_at=future)
    somebody_busy = told(due_at=past - timedelta(minutes=2))
    put_off(somebody_busy)
    breaker.trip("gone")
    waiting = told(due_at=past - timedelta(minutes=3))
    with translation.override("en"):
        lines = {line.notice.pk: line for line in promises.lines(promises.of(somebody), somebody)}
        said = {pk: ways(line) for pk, line in lines.items()}
    assert set(lines) == {sent.pk, later.pk, somebody_busy.pk, waiting.pk}
    assert said[sent.pk] == {
        "list of notices": "in the list since", "e-mail": "sent", "WeCom · Sales group": "sent",
    }  # fmt: skip
    assert said[later.pk] == {"list of notices": "not due yet"}
    assert said[somebody_busy.pk]["list of notices"] == "put off until"
    assert said[waiting.pk]["e-mail"] == "the mail server is away; it is tried again"


def test_the_totals_are_those_of_the_table_and_the_states_filter(client, told, somebody, past):
    for n in range(4):
        told(due_at=past - timedelta(minutes=n))
    told(due_at=past - timedelta(hours=1), expires_at=past)
    told(recipient=UserFactory())
    client.force_login(somebody)
    response = client.get(f"/notices/promises/person/{somebody.pk}/")
    assert {total["state"]: total["count"] for total in response.context["totals"]} == {
        "sent": 4,
        "expired": 1,
    }
    assert response.context["count"] == Notice.objects.filter(recipient=somebody).count() == 5
    one = client.get(f"/notices/promises/person/{somebody.pk}/?state=expired")
    assert [line.notice.state for line in one.context["lines"]] == ["expired"]


def test_what_was_said_stands_first_then_the_next_to_come_and_the_withdrawn_last(told, subject, future):
    """A deadline that moved leaves many withdrawn ones behind, and those to come reach months ahead."""
    said, before = told(), told(due_at=timezone.now() - timedelta(days=2))
    later, next_one = told(due_at=future + timedelta(days=40)), told(due_at=future)
    services.promise(recipient=said.recipient, subject=subject, kind="test.urgent", due_at=future)
    services.withdraw(subject=subject, kinds=["test.urgent"])

    for shown in (promises.of(subject), promises.of(said.recipient)):
        assert list(shown)[:4] == [said, before, next_one, later]
        assert [(notice.kind, notice.state) for notice in shown[4:]] == [("test.urgent", "superseded")]


def test_who_may_follow_what_a_person_is_told(client, told, somebody, admin):
    head = lead("sales")
    MembershipFactory(user=somebody, department=head.departments[0])
    told()
    answers = {}
    for who in (somebody, head, admin, UserFactory(roles=[User.Role.EXECUTIVE]), lead("tech")):
        client.force_login(who)
        answers[who] = client.get(f"/notices/promises/person/{somebody.pk}/").status_code
    assert list(answers.values()) == [200, 200, 200, 404, 404]
    client.force_login(admin)
    for path in ("auth.group/1", "no.such/1", "nonsense/1", "person/999999"):
        assert client.get(f"/notices/promises/{path}/").status_code == 404


def test_the_page_costs_the_same_for_one_and_many(client, told, somebody, past):
    client.force_login(somebody)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/notices/promises/person/{somebody.pk}/")
        return len(captured)

    told()
    cost()
    one = cost()
    for n in range(5):
        told(due_at=past - timedelta(minutes=n + 1))
    assert cost() == one


# --- the banner -----------------------------------------------------------------------------------------------
def banner(client, page="/"):
    """As it is fetched for this page, looked up anew."""
    cache.delete("notices.vitals")
    return client.get("/notices/trouble/", headers={"HX-Current-URL": page}).content.decode().strip()


def test_the_banner_says_what_is_wrong_to_administrators_only(client, told, admin, somebody, monkeypatch):
    client.force_login(admin)
    monkeypatch.setattr(health, "STARTED", time.monotonic())
    assert banner(client) == ""
    monkeypatch.setattr(health, "STARTED", time.monotonic() - 1000)
    text = banner(client)
    assert "Celery beat" in text
    assert "No worker takes up tasks: mails, reminders and imports wait." in text
    doubtful(told())
    breaker.trip("gone")
    text = banner(client)
    assert "The mail server has not answered" in text
    assert "1 mail may or may not have arrived" in text
    client.force_login(somebody)
    with CaptureQueriesContext(connection) as captured:
        assert banner(client) == ""
    assert not [q for q in captured.captured_queries if "notices_" in q["sql"]]


def test_the_banner_looks_every_few_seconds_at_most(client, admin):
    client.force_login(admin)
    banner(client)
    with CaptureQueriesContext(connection) as captured:
        client.get("/notices/trouble/")
    assert not [q for q in captured.captured_queries if "notices_" in q["sql"]]


def test_the_banner_is_gone_with_what_it_spoke_of(client, told, admin):
    client.force_login(admin)
    notice = doubtful(told())
    assert "1 mail may or may not have arrived" in banner(client)
    client.post(f"/notices/doubtful/{notice.pk}/arrived/")
    assert "may or may not" not in client.get("/notices/trouble/").content.decode()


def test_a_page_does_not_lead_to_itself(client, told, admin):
    client.force_login(admin)
    doubtful(told())
    assert "may or may not" not in banner(client, "http://fupan.example/notices/doubtful/?page=2")
    for page in ("http://fupan.example/actions/", "http://["):
        assert "may or may not" in banner(client, page), page


def test_our_own_notes_are_in_the_readers_language(client, told, admin):
    User.objects.filter(pk=admin.pk).update(language="zh-hans")
    client.force_login(admin)
    lost, refused = doubtful(told()), told(recipient=UserFactory())
    Notice.objects.filter(pk=lost.pk).update(note=ledger.LOST)
    said = addresses.why_not(Address(last_reply="550 gone"))
    Notice.objects.filter(pk=refused.pk).update(state="bounced", note=said)
    assert "发送进程在邮件服务器接收时中断" in client.get("/notices/doubtful/").content.decode()
    page = client.get("/notices/doubtful/?state=bounced").content.decode()
    assert "不再向该地址发信，对方邮件服务器的答复： 550 gone" in page


def test_the_words_around_a_promise_are_closed_with_it(client, somebody, past):
    """Somebody's reason for putting it off may say what it was about; so may a mail server's answer."""
    from meetings import invitations
    from tests.meetings import room_factories as make

    meeting, boss = make.meeting(), lead("design")
    MembershipFactory(user=somebody, department=boss.memberships.get().department)
    make.invite(meeting, somebody)
    notice = services.promise(recipient=somebody, subject=meeting, kind=invitations.INVITED, due_at=past)
    later = timezone.now() + timedelta(hours=2)
    Notice.objects.filter(pk=notice.pk).update(
        shown_at=past,
        snoozed_until=later,
        snooze_reason="October first",
        attempts=2,
        note="550 October",
        send_at=later,
    )
    where = f"/notices/promises/person/{somebody.pk}/"
    seen = {}
    for person in (somebody, boss):
        client.force_login(person)
        seen[person] = client.get(where).content.decode()

    assert "October first" in seen[somebody]
    assert "550 October" in seen[somebody]
    assert "put off until" in seen[boss]
    assert "October" not in seen[boss]
