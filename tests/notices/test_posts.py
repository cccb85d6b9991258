"""Messages to robots on their way: who is told, within which limits, in whose words, and what becomes of failures."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from meetings import invitations
from meetings.models import ItemReader
from notices import dispatcher, kinds, posts, services
from notices.channels import ledger, wecom, wire
from notices.channels import services as endpoint_services
from notices.models import Endpoint, Notice, Post, Preference
from tests import factories
from tests.meetings import room_factories as make
from tests.notices.endpoints import EndpointFactory, waiting
from tests.notices.robots import Robots

pytestmark = pytest.mark.django_db


@pytest.fixture
def robots(settings):
    robots = Robots()
    for name, url in robots.settings.items():
        setattr(settings, name, url)
    settings.WEBHOOK_PRIVATE_NETWORKS = [wire.ipaddress.ip_network("127.0.0.0/8")]
    wecom._accesses.clear()
    with robots.listening():
        yield robots


@pytest.fixture
def department(somebody, subject):
    factories.MembershipFactory(user=somebody, department=subject)
    return subject


def due(person, subject, kind="test.plain", **changes):
    return services.promise(
        recipient=person,
        subject=subject,
        kind=kind,
        **{"due_at": timezone.now() - timedelta(seconds=5)} | changes,
    )


def states(**where):
    return Counter(Post.objects.filter(**where).values_list("state", flat=True))


def test_a_persons_own_robot_tells_what_concerns_them(robots, somebody, subject):
    EndpointFactory(created_by=somebody)
    EndpointFactory(address=Robots.KEYS[1])
    due(somebody, subject, params={"word": "tomorrow"})

    dispatcher.run()
    dispatcher.run()

    (taken,) = robots.taken
    assert taken.place == "wecom key-of-sales"
    assert "Sales tomorrow" in taken.text
    assert "/open/" in taken.text
    post = Post.objects.get()
    assert (post.state, post.answer_status) == ("sent", 200)
    assert post.payload["markdown"]["content"] in taken.payload["markdown"]["content"]
    assert f"＃{post.key.hex[:12]}" in taken.text


def test_a_department_is_told_once_however_many_it_concerns(robots, department, somebody):
    meeting = make.meeting()
    other, stranger = factories.UserFactory(name="Bo"), factories.UserFactory(name="Cy")
    factories.MembershipFactory(user=other, department=department)
    moment = timezone.now() - timedelta(seconds=5)
    for person in (somebody, other, stranger):
        make.invite(meeting, person)
        due(person, meeting, invitations.INVITED, due_at=moment)
    EndpointFactory(group=True, department=department)

    dispatcher.run()

    (taken,) = robots.taken
    assert "October review" in taken.text
    assert "For Ann Lee, Bo" in taken.text
    assert "Cy" not in taken.text
    assert meeting.get_absolute_url() in taken.text


def test_a_group_reads_no_more_than_each_of_its_members_may(robots, somebody):
    meeting, department = make.meeting(), factories.DepartmentFactory(code="design")
    factories.MembershipFactory(user=somebody, department=department)
    make.invite(meeting, somebody)
    factories.MembershipFactory(user=factories.UserFactory(), department=department)
    EndpointFactory(group=True, department=department)
    due(somebody, meeting, invitations.INVITED)

    dispatcher.run()

    (taken,) = robots.taken
    assert "October" not in taken.text
    assert "Ann" not in taken.text
    assert meeting.get_absolute_url() not in taken.text
    assert "not open to you" in taken.text


@pytest.mark.parametrize("first", ["insider", "other"])
def test_a_group_hears_what_each_member_would_hear_not_what_the_first_one_told_would(
    robots, department, somebody, first
):
    """Everybody may read the meeting; one item of it is for one member, and agendas are worded for each."""
    meeting = make.meeting()
    other = factories.UserFactory(name="Bo", time_zone="Europe/Berlin")
    factories.MembershipFactory(user=other, department=department)
    item = meeting.items.create(
        order=60, title_en="Layoffs in Berlin", title_zh="Layoffs", discussion_minutes=5, is_confidential=True
    )
    ItemReader.objects.create(item=item, user=somebody)
    moment = timezone.now() - timedelta(seconds=5)
    for person in (somebody, other) if first == "insider" else (other, somebody):
        make.invite(meeting, person)
        due(person, meeting, invitations.INVITED, due_at=moment)
    EndpointFactory(group=True, department=department)
    EndpointFactory(created_by=somebody, address=Robots.KEYS[1])

    dispatcher.run()

    group, own = sorted((taken.text for taken in robots.taken), key=lambda text: "Layoffs" in text)
    assert "Layoffs" in own, "their own robot tells them"
    assert "Layoffs" not in group
    assert "October review" in group
    assert "When: " in group
    assert "Agenda" in group


def test_what_has_no_door_goes_to_no_group(robots, department, somebody, monkeypatch):
    """Departments are everybody's and have no `visible_to`: nobody could say who may read the notice."""
    EndpointFactory(group=True, department=department)
    EndpointFactory(group=True)
    due(somebody, department)
    dispatcher.run()
    assert not Post.objects.exists()


def test_categories_and_preferences_choose(robots, somebody, subject):
    EndpointFactory(created_by=somebody, categories=["minutes"])
    quiet = EndpointFactory(created_by=somebody)
    Preference.objects.create(person=somebody, category="other", chat=False)
    due(somebody, subject)
    dispatcher.run()
    assert not Post.objects.exists()
    Preference.objects.all().delete()
    due(somebody, subject)
    dispatcher.run()
    assert [post.endpoint for post in Post.objects.all()] == [quiet]


def test_quiet_hours_hold_a_persons_own_robot(robots, somebody, subject):
    EndpointFactory(created_by=somebody)
    local = timezone.localtime(timezone=somebody.zone)
    somebody.quiet_from = (local - timedelta(hours=1)).time()
    somebody.quiet_until = (local + timedelta(hours=1)).time()
    somebody.save(update_fields=["quiet_from", "quiet_until"])
    due(somebody, subject)
    dispatcher.run()
    post = Post.objects.get()
    assert post.state == "pending"
    assert post.send_at > timezone.now()
    assert robots.taken == []


def test_what_is_void_by_then_is_not_said(robots, somebody, subject):
    endpoint = EndpointFactory(created_by=somebody)
    notice = due(somebody, subject, "test.wanted")
    Post.objects.create(
        endpoint=endpoint, notice=notice, subject_type=notice.subject_type, subject_id=subject.pk,
        kind=notice.kind, due_at=notice.due_at, send_at=notice.due_at,
    )  # fmt: skip
    subject.is_external = True
    subject.save(update_fields=["is_external"])
    assert posts.deliver() == {"superseded": 1}
    assert robots.taken == []
    subject.is_external = False
    subject.save(update_fields=["is_external"])
    dispatcher.run()
    assert states() == {"sent": 1}, "wanted again, it comes back to life"


def test_too_late_is_not_said(robots, somebody):
    endpoint = EndpointFactory(created_by=somebody)
    waiting(endpoint, expires_at=timezone.now() - timedelta(seconds=1))
    assert posts.deliver() == {"expired": 1}


@pytest.mark.parametrize(("channel", "ordinary"), [({}, 16), ({"feishu": True}, 4), ({"dingtalk": True}, 16)])
def test_limits_are_kept_and_emergencies_have_room(robots, channel, ordinary):
    endpoint = EndpointFactory(**channel)
    waiting(endpoint, ordinary + 3)
    for _round in range(3):
        posts.deliver()
    assert len(robots.taken) == robots.asked == ordinary
    waiting(endpoint, priority=kinds.Priority.EMERGENCY, kind="test.urgent")
    posts.deliver()
    assert robots.asked == ordinary + 1
    assert "Now!" in robots.taken[-1].text
    past = timezone.now() - timedelta(seconds=70)
    Endpoint.objects.update(recent=[past] * 20)
    robots.forget()
    assert posts.deliver()["sent"] == 3


def test_a_busy_robot_rests_and_loses_nothing(robots):
    endpoint = EndpointFactory()
    waiting(endpoint, 2)
    robots.moods.append((200, {"errcode": 45009, "errmsg": "api freq out of limit"}))
    assert posts.deliver() == {"given back": 1}
    endpoint.refresh_from_db()
    assert timedelta(seconds=50) < endpoint.rest_until - timezone.now() < timedelta(seconds=61)
    assert states() == {"pending": 2}
    assert set(Post.objects.values_list("attempts", flat=True)) == {0}
    Endpoint.objects.update(rest_until=timezone.now())
    assert posts.deliver() == {"sent": 2}
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.rest_until) == (0, None)


def test_one_that_is_down_holds_up_nobody(robots, settings):
    settings.FEISHU_BASE_URL = "http://127.0.0.1:9"
    waiting(EndpointFactory(feishu=True))
    waiting(EndpointFactory(), 3)
    assert posts.deliver() == {"given back": 1, "sent": 3}
    assert states(endpoint__channel="feishu") == {"pending": 1}


def test_a_wrong_key_is_given_up_and_said(robots, somebody):
    endpoint = EndpointFactory(created_by=somebody, address="key-of-nobody")
    waiting(endpoint, 5)
    for _round in range(4):
        posts.deliver()
    endpoint.refresh_from_db()
    assert not endpoint.is_active
    assert states() == {"refused": ledger.MOST_FAULTS, "pending": 2}
    assert robots.asked == ledger.MOST_FAULTS
    notice = Notice.objects.get(kind="notices.endpoint_stopped")
    assert notice.recipient == somebody
    with translation.override("en"):
        assert "does not know this robot" in notice.behaviour.body(notice)


def test_a_doubtful_message_is_not_repeated(robots):
    (post,) = waiting(EndpointFactory())
    robots.moods.append("take and hang up")
    assert posts.deliver() == {"uncertain": 1}
    assert posts.deliver() == {}
    post.refresh_from_db()
    assert "No answer came" in post.note
    assert len(robots.taken) == 1


@pytest.mark.parametrize("mood", ["hang up", "take and hang up"])
def test_where_repetitions_are_dropped_it_arrives_exactly_once(robots, mood):
    waiting(EndpointFactory(application=True))
    robots.moods.append(mood)
    assert posts.deliver() == {"given back": 1}
    Post.objects.update(send_at=timezone.now())
    assert posts.deliver() == {"sent": 1}
    assert len(robots.taken) == 1


def test_after_the_window_it_is_doubtful(robots):
    waiting(EndpointFactory(application=True))
    robots.moods.append("take and hang up")
    posts.deliver()
    Post.objects.update(send_at=timezone.now(), tried_at=timezone.now() - wecom.WINDOW)
    assert posts.deliver() == {"uncertain": 1}
    assert len(robots.taken) == 1


def test_a_webhook_has_four_tries(robots):
    endpoint = EndpointFactory(channel="webhook", address=f"{robots.url}/hook", secret=Robots.WEBHOOK_SECRET)
    (post,) = waiting(endpoint)
    robots.moods.extend([(500, "broken")] * 3 + ["hang up"])
    pauses = []
    for _try in range(4):
        begin = timezone.now()
        posts.deliver()
        post.refresh_from_db()
        pauses.append((post.send_at - begin).total_seconds())
        Post.objects.update(send_at=timezone.now())
    assert post.state == "refused"
    assert [pause > 20 * 10**n for n, pause in enumerate(pauses[:3])] == [True] * 3
    assert posts.deliver() == {}
    endpoint_services.send_again(post=post, now=timezone.now())
    assert posts.deliver() == {"sent": 1}
    assert robots.taken[0].headers["webhook-id"] == str(post.key)


@pytest.mark.parametrize(
    ("channel", "is_marked", "state"),
    [
        ({}, False, "pending"),
        ({}, True, "uncertain"),
        ({"application": True}, True, "pending"),
    ],
)
def test_recovery_after_a_death(robots, channel, is_marked, state):
    (post,) = waiting(EndpointFactory(**channel))
    now = timezone.now()
    Post.objects.update(
        state="sending", lease_token=post.key, lease_until=now - timedelta(seconds=1),
        is_on_the_wire=is_marked, tried_at=now - timedelta(minutes=3) if is_marked else None, payload={"a": 1},
    )  # fmt: skip
    assert ledger.recover() == 1
    post.refresh_from_db()
    assert post.state == state
    assert not post.is_on_the_wire


@pytest.mark.logs_errors("cannot be worded")
def test_a_broken_kind_holds_up_nobody(robots):
    waiting(EndpointFactory(), kind="test.broken")
    waiting(EndpointFactory(address=Robots.KEYS[1]))
    assert posts.deliver() == {"given back": 1, "sent": 1}


def test_claims_of_two_dispatchers_share_the_limit(robots):
    endpoint = EndpointFactory()
    waiting(endpoint, 20)
    taken = [ledger.claim(post.key, limit=8) for post in Post.objects.all()]
    assert sum(map(len, taken)) == 16


def test_a_claim_asks_as_often_for_many_as_for_one():
    endpoint = EndpointFactory()
    counts = []
    for _claim in range(2):
        waiting(endpoint, len(counts) * 3 + 1, kind=f"test.kind{len(counts)}")
        with CaptureQueriesContext(connection) as asked:
            assert len(ledger.claim(uuid4(), limit=8)) == 1
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_nothing_secret_stands_in_the_rows_or_the_log(robots, caplog):
    caplog.set_level("DEBUG")
    waiting(EndpointFactory(feishu=True))
    waiting(EndpointFactory(dingtalk=True))
    waiting(
        EndpointFactory(
            channel="webhook", address=f"{robots.url}/hook/7f3a-token", secret=Robots.WEBHOOK_SECRET
        )
    )
    robots.moods.append("hang up")
    posts.deliver()
    kept = caplog.text + repr(list(Post.objects.values_list("payload", "note")))
    for secret in (Robots.SECRET, Robots.KEYS[0], "7f3a-token", Robots.WEBHOOK_SECRET, "sign"):
        assert secret not in kept
