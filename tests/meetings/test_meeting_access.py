"""Who sees and does what with a meeting: every view, every kind of person."""

import pytest
from django.urls import reverse

from meetings.models import Meeting, Participant
from tests.factories import UserFactory, executive, host, lead, member
from tests.meetings import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    """People by what they are to the meeting."""
    return {
        "host": host(),
        "deputy": UserFactory(),
        "invited": UserFactory(),
        "department": member("sales"),
        "company": executive(),
        "outsider": lead("tech"),
    }


def make(cast, *, is_draft=False) -> Meeting:
    people = [
        factories.PersonPlan(user=cast["deputy"], role=Participant.Role.DEPUTY_HOST),
        factories.PersonPlan(user=cast["invited"]),
    ]
    kind = factories.draft if is_draft else factories.scheduled
    return kind(host=cast["host"], people=people, departments=[factories.department("sales")])


@pytest.mark.parametrize("who", ["invited", "department", "company", "deputy", "host"])
def test_scheduled_meeting_is_read_by_those_concerned(client, cast, who):
    meeting = make(cast)
    client.force_login(cast[who])

    assert client.get(meeting.get_absolute_url()).status_code == 200
    assert meeting.title in client.get("/meetings/").text


def test_outsider_gets_404_and_an_empty_list(client, cast):
    meeting = make(cast)
    client.force_login(cast["outsider"])

    for name in ("detail", "edit", "check", "cancel"):
        assert client.get(reverse(f"meetings:{name}", args=[meeting.pk])).status_code == 404
    assert client.post(reverse("meetings:reply", args=[meeting.pk]), {"reply": "accepted"}).status_code == 404
    assert meeting.title not in client.get("/meetings/").text


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("host", 200),
        ("deputy", 200),
        ("company", 200),
        ("invited", 404),
        ("department", 404),
        ("outsider", 404),
    ],
)
def test_draft_is_seen_by_those_who_prepare_it(client, cast, who, status):
    meeting = make(cast, is_draft=True)
    client.force_login(cast[who])

    assert client.get(meeting.get_absolute_url()).status_code == status
    assert (meeting.title in client.get("/meetings/").text) == (status == 200)


@pytest.mark.parametrize("who", ["invited", "department", "company"])
@pytest.mark.parametrize("name", ["edit", "check", "cancel"])
def test_readers_may_not_plan(client, cast, who, name):
    meeting = make(cast)
    client.force_login(cast[who])
    url = reverse(f"meetings:{name}", args=[meeting.pk])

    assert client.get(url).status_code == 403
    assert client.post(url, {"do": "save", "reason": "x"}).status_code == 403
    meeting.refresh_from_db()
    assert (meeting.status, meeting.revision) == (Meeting.Status.SCHEDULED, 1)


@pytest.mark.parametrize("who", ["host", "deputy", "admin"])
def test_host_deputy_and_administrator_may_plan(client, cast, who):
    meeting = make(cast)
    client.force_login(cast.get(who) or UserFactory(roles=["admin"]))

    assert client.get(reverse("meetings:edit", args=[meeting.pk])).status_code == 200
    assert client.get(reverse("meetings:cancel", args=[meeting.pk])).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"), [("host", 200), ("company", 200), ("invited", 403), ("outsider", 403)]
)
def test_new_meetings_are_for_hosts_executives_and_administrators(client, cast, who, status):
    factories.template()
    client.force_login(cast[who])

    assert client.get("/meetings/new/").status_code == status
    assert client.get("/meetings/new/?template=business-review").status_code == status


def test_unknown_type_is_404(client, cast):
    client.force_login(cast["host"])

    assert client.get("/meetings/new/?template=none").status_code == 404


def test_anonymous_is_sent_to_the_login(client, cast):
    meeting = make(cast)
    names = ("detail", "edit", "check", "cancel")
    urls = [
        "/meetings/",
        "/meetings/new/",
        *(reverse(f"meetings:{name}", args=[meeting.pk]) for name in names),
    ]

    for url in urls:
        assert client.get(url).url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("list", "post"),
        ("detail", "post"),
        ("reply", "get"),
        ("agenda_check", "get"),
        ("new", "delete"),
        ("edit", "put"),
        ("check", "delete"),
        ("cancel", "put"),
    ],
)
def test_wrong_method_is_405(client, cast, name, method):
    meeting = make(cast)
    client.force_login(cast["host"])
    args = [] if name in ("list", "new", "agenda_check") else [meeting.pk]

    assert getattr(client, method)(reverse(f"meetings:{name}", args=args)).status_code == 405


def test_members_learn_nothing_after_their_department_is_uninvited(client, cast):
    meeting = make(cast)
    meeting.departments.all().delete()
    client.force_login(cast["department"])

    assert client.get(meeting.get_absolute_url()).status_code == 404


def test_one_replies_for_oneself_alone(client, cast):
    meeting = make(cast)
    client.force_login(cast["invited"])

    client.post(reverse("meetings:reply", args=[meeting.pk]), {"reply": "declined", "note": "On holiday"})

    rows = dict(meeting.participants.values_list("user", "reply"))
    assert rows[cast["invited"].pk] == Participant.Reply.DECLINED
    assert set(rows.values()) == {"declined", "none"}
    client.force_login(cast["department"])
    assert client.post(reverse("meetings:reply", args=[meeting.pk]), {"reply": "accepted"}).status_code == 404
    client.force_login(cast["host"])
    assert "On holiday" in client.get(meeting.get_absolute_url()).text


@pytest.mark.parametrize("value", ["", "none", "maybe"])
def test_nonsense_is_no_reply(client, cast, value):
    meeting = make(cast)
    client.force_login(cast["invited"])

    client.post(reverse("meetings:reply", args=[meeting.pk]), {"reply": value})

    assert meeting.participants.get(user=cast["invited"]).reply == Participant.Reply.NONE


def test_cancelled_meeting_takes_no_reply_and_no_changes(client, cast):
    meeting = make(cast)
    client.force_login(cast["host"])
    client.post(reverse("meetings:cancel", args=[meeting.pk]), {"reason": "Stock count"})

    assert client.get(reverse("meetings:edit", args=[meeting.pk])).status_code == 302
    assert "Stock count" in client.get(meeting.get_absolute_url()).text
    client.force_login(cast["invited"])
    client.post(reverse("meetings:reply", args=[meeting.pk]), {"reply": "accepted"})
    assert meeting.participants.get(user=cast["invited"]).reply == Participant.Reply.NONE
