"""The pages of robots and webhooks: who may do what, and what is shown to nobody."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import history
from notices import posts
from notices.channels import ledger, wecom, wire
from notices.models import Endpoint, Post
from people.models import Membership, User
from tests import factories
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
def person(client):
    person = factories.UserFactory(language="en")
    client.force_login(person)
    return person


FIELDS = {
    "channel": "wecom", "name": "My group", "address": Robots.KEYS[0], "language": "en", "whose": "me",
}  # fmt: skip


def body(answer):
    return answer.content.decode()


def test_setting_one_up_and_trying_it_out(client, person, robots):
    answer = client.post(reverse("notices:endpoint_add"), FIELDS, follow=True)
    endpoint = Endpoint.objects.get()
    assert answer.redirect_chain == [(reverse("notices:endpoint", args=[endpoint.pk]), 302)]
    assert (endpoint.person, endpoint.created_by) == (person, person)

    answer = client.post(reverse("notices:endpoint_step", args=[endpoint.pk, "try"]), follow=True)

    assert "The message was taken: look for it there. It said: 0 ok" in body(answer)
    assert "A trial message from Fupan" in robots.taken[0].text


def test_every_channel_has_a_capital_as_the_others_have(client, person):
    form = body(client.get(reverse("notices:endpoint_add")))
    endpoint = EndpointFactory(created_by=person, channel="webhook")
    pages = [
        client.get(reverse("notices:endpoints")),
        client.get(reverse("notices:endpoint", args=[endpoint.pk])),
    ]

    assert len(re.findall(r">\s*Webhook\s*<", form)) == 2, "its choice, and where its address is"
    assert [len(re.findall(r">\s*Webhook\s*<", body(page))) for page in pages] == [1, 1]


def test_a_trial_that_fails_says_why_in_words(client, person, robots):
    endpoint = EndpointFactory(created_by=person, address="key-of-nobody")
    where = reverse("notices:endpoint_step", args=[endpoint.pk, "try"])
    assert "WeCom does not know this robot" in body(client.post(where, follow=True))
    robots.moods.append("hang up")
    assert "No answer came; look whether" in body(client.post(where, follow=True))
    for _number in range(20):
        answer = client.post(where, follow=True)
    assert "as many messages as it takes in a minute" in body(answer)
    assert robots.asked == 20


@pytest.mark.parametrize(
    ("host", "language", "words"),
    [
        ("127.0.0.1", "en", "This address is not on the public Internet; nothing is sent there."),
        ("127.0.0.1", "zh-hans", "这个地址不在公网上，不会向它发送任何内容。"),
        ("no-such-name.invalid", "zh-hans", "网上没有这个域名，请检查拼写。"),
    ],
)
def test_a_trial_at_an_address_that_will_not_do_says_so_in_the_readers_language(
    client, person, host, language, words
):
    endpoint = EndpointFactory(created_by=person, channel="webhook", address=f"https://{host}/hook")
    type(person).objects.filter(pk=person.pk).update(language=language)
    page = body(client.post(reverse("notices:endpoint_step", args=[endpoint.pk, "try"]), follow=True))
    assert words in page
    assert "It said" not in page
    assert "对方的答复：" not in page


def test_secrets_are_never_shown_again(client, person):
    fields = FIELDS | {"channel": "webhook", "address": "https://hooks.example.com/7f3a-token"}
    shown = client.post(reverse("notices:endpoint_add"), fields, follow=True)
    endpoint = Endpoint.objects.get()
    assert endpoint.secret.startswith("whsec_")
    assert endpoint.secret in body(shown), "a new one is shown once"
    assert "no-store" in shown["Cache-Control"]

    for name in ("endpoint", "endpoint_change"):
        page = body(client.get(reverse(f"notices:{name}", args=[endpoint.pk])))
        assert endpoint.secret not in page
        assert "7f3a-token" not in page
    kept = str(list(history.of(endpoint).values_list("before", "after")))
    assert "7f3a" not in kept
    assert "whsec" not in kept


def test_changing_keeps_what_is_left_empty(client, person):
    endpoint = EndpointFactory(created_by=person, feishu=True)
    where = reverse("notices:endpoint_change", args=[endpoint.pk])
    client.post(
        where, {"name": "Ours", "language": "zh-hans", "address": "", "secret": "", "categories": ["minutes"]}
    )
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.language, endpoint.categories) == ("Ours", "zh-hans", ["minutes"])
    assert (endpoint.address, endpoint.secret) == (Robots.KEYS[0], Robots.SECRET)
    client.post(where, {"name": "Ours", "language": "zh-hans", "address": "", "secret": "another"})
    endpoint.refresh_from_db()
    assert (endpoint.address, endpoint.secret) == (Robots.KEYS[0], "another")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"address": "https://evil.example/?key=12345678"}, "This is not the address of such a robot"),
        ({"name": ""}, "This field is required"),
        ({"channel": "apprise", "address": "slack://a/b/c"}, "apprise is not one of the available choices"),
        (
            {"channel": "webhook", "address": "not an address"},
            "Give a whole address that begins with https://",
        ),
        ({"channel": "webhook", "address": "https://[half"}, "This is not an address."),
        ({"whose": "company"}, "company is not one of the available choices"),
    ],
)
def test_wrong_input_is_said_and_kept(client, person, changes, sentence):
    headed = factories.DepartmentFactory()
    factories.MembershipFactory(user=person, department=headed, role=Membership.Role.LEAD)
    answer = client.post(reverse("notices:endpoint_add"), FIELDS | changes)
    assert answer.status_code == 422
    assert sentence in body(answer)
    if "name" not in changes:
        assert 'value="My group"' in body(answer)
    assert not Endpoint.objects.exists()


def test_a_group_has_to_choose_what_it_is_told(client, person):
    headed = factories.DepartmentFactory()
    factories.MembershipFactory(user=person, department=headed, role=Membership.Role.DEPUTY)
    fields = FIELDS | {"whose": f"department-{headed.pk}"}
    answer = client.post(reverse("notices:endpoint_add"), fields)
    assert "Choose what the group is told" in body(answer)
    client.post(reverse("notices:endpoint_add"), fields | {"categories": ["minutes", "emergencies"]})
    assert Endpoint.objects.get().department == headed


def test_who_sees_what(client):
    department = factories.DepartmentFactory()
    owner, lead, member = (factories.UserFactory() for _number in range(3))
    factories.MembershipFactory(user=lead, department=department, role=Membership.Role.LEAD)
    factories.MembershipFactory(user=member, department=department)
    admin = factories.UserFactory(roles=[User.Role.ADMIN])
    executive = factories.UserFactory(roles=[User.Role.EXECUTIVE])
    own = EndpointFactory(created_by=owner)
    theirs = EndpointFactory(group=True, department=department)
    company = EndpointFactory(group=True)
    expected = {
        owner: {own}, lead: {theirs}, member: set(), admin: {theirs, company}, executive: set(),
    }  # fmt: skip
    for user, visible in expected.items():
        assert set(Endpoint.objects.visible_to(user)) == visible
        client.force_login(user)
        for endpoint in (own, theirs, company):
            (post,) = waiting(endpoint, kind=f"test.{user.pk}")
            pages = {
                ("get", reverse("notices:endpoint", args=[endpoint.pk])): 200,
                ("get", reverse("notices:endpoint_change", args=[endpoint.pk])): 200,
                ("post", reverse("notices:endpoint_step", args=[endpoint.pk, "on"])): 302,
                ("post", reverse("notices:post_again", args=[endpoint.pk, post.pk])): 302,
            }
            for (method, path), status in pages.items():
                answer = getattr(client, method)(path)
                assert answer.status_code == (status if endpoint in visible else 404), (user, path)


def test_steps_are_posted_and_known(client, person):
    endpoint = EndpointFactory(created_by=person)
    where = reverse("notices:endpoint_step", args=[endpoint.pk, "try"])
    assert client.get(where).status_code == 405
    assert client.post(reverse("notices:endpoint_step", args=[endpoint.pk, "explode"])).status_code == 404
    client.logout()
    assert client.post(where).status_code == 302
    assert Endpoint.objects.exists()


def test_switching_off_drops_what_waits(client, person, robots):
    endpoint = EndpointFactory(created_by=person)
    (post,) = waiting(endpoint)
    client.post(reverse("notices:endpoint_step", args=[endpoint.pk, "off"]))
    assert posts.deliver() == {}
    post.refresh_from_db()
    assert post.state == "superseded"
    answer = client.post(reverse("notices:post_again", args=[endpoint.pk, post.pk]), follow=True)
    assert "Switch it on first." in body(answer)
    client.post(reverse("notices:endpoint_step", args=[endpoint.pk, "on"]))
    answer = client.post(reverse("notices:post_again", args=[endpoint.pk, post.pk]), follow=True)
    assert "is not wanted any more" in body(answer)
    client.post(reverse("notices:endpoint_step", args=[endpoint.pk, "remove"]))
    assert not Post.objects.exists()


def test_messages_with_their_answers(client, person, robots):
    endpoint = EndpointFactory(created_by=person)
    (post,) = waiting(endpoint)
    robots.moods.append((200, {"errcode": 40058, "errmsg": "bad form"}))
    posts.deliver()
    where = reverse("notices:endpoint", args=[endpoint.pk])

    page = body(client.get(where))
    assert "WeCom does not accept this form of a message." in page
    assert "40058 bad form" in page
    assert "A trial notice from Fupan" in page, "what went out"
    client.post(reverse("notices:post_again", args=[endpoint.pk, post.pk]))
    assert posts.deliver() == {"sent": 1}


def test_a_message_that_nobody_knows_the_fate_of_says_so_in_the_readers_language(client, person):
    endpoint = EndpointFactory(created_by=person)
    waiting(endpoint)
    Post.objects.update(state="uncertain", note=ledger.LOST)
    User.objects.filter(pk=person.pk).update(language="zh-hans")

    page = body(client.get(reverse("notices:endpoint", args=[endpoint.pk])))

    assert "发送消息途中发送进程退出，无法确认是否送达。" in page
    assert "dispatcher" not in page


def test_words_are_hidden_from_whoever_may_not_read_them_any_more(client, person, robots):
    from meetings import invitations
    from tests.meetings import room_factories as make

    meeting = make.meeting()
    guest = make.invite(meeting, person)
    endpoint = EndpointFactory(created_by=person)
    notice = waiting(endpoint)[0].notice
    notice.kind, notice.subject = invitations.INVITED, meeting
    notice.save()
    Post.objects.update(
        payload={"text": "October review"}, state="sent", kind=notice.kind, note="200 October taken",
        subject_type=notice.subject_type, subject_id=meeting.pk,
    )  # fmt: skip
    where = reverse("notices:endpoint", args=[endpoint.pk])
    page = body(client.get(where))
    assert "October review" in page
    assert f"Invitation: {meeting.title}</b>" in page, "which of many"
    meeting.participants.filter(user=guest).delete()
    page = body(client.get(where))
    assert "October" not in page
    assert meeting.title not in page


def test_as_many_queries_for_many_as_for_one(client, person):
    endpoint = EndpointFactory(created_by=person)
    counts = []
    for count in (1, 3):
        waiting(endpoint, count, kind=f"test.kind{count}")
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("notices:endpoints"))
            client.get(reverse("notices:endpoint", args=[endpoint.pk]))
        counts.append(len(asked))
        EndpointFactory(created_by=person)
    assert counts[0] == counts[1]


def test_a_secret_that_a_refused_form_has_dropped_is_asked_for_again(client, person):
    """Else the robot would be set up without it, and every message refused for its signature."""
    fields = FIELDS | {"channel": "dingtalk", "secret": "SEC-typed", "name": ""}
    answer = body(client.post(reverse("notices:endpoint_add"), fields))
    assert "Type the secret once more" in answer
    assert "SEC-typed" not in answer
    assert "once more" not in body(client.post(reverse("notices:endpoint_add"), fields | {"secret": ""}))
