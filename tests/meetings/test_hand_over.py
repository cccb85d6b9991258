import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from core import history
from meetings import replay, rules
from meetings.errors import NotAllowed
from meetings.models import HandOver, Meeting, Participant
from meetings.queries import roles as queries
from meetings.services import hand_over as services
from meetings.services import room as rooms
from people.models import User
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SECOND = dt.timedelta(seconds=1)
MINUTE = 60 * SECOND


@pytest.fixture
def meeting():
    made = make.meeting()
    rooms.start(meeting=made, by=made.host, now=START)
    return made


@pytest.fixture
def deputy(meeting):
    return make.invite(meeting, factories.UserFactory(), "deputy_host")


@pytest.fixture
def member(meeting):
    return make.invite(meeting, factories.UserFactory())


def role_of(meeting, user):
    return Participant.objects.get(meeting=meeting, user=user).role


def give(meeting, role, to, *, by=None, now=None):
    return services.give(meeting=meeting, role=role, to=to, by=by or meeting.host, now=now or at(1))


# --- handing over -----------------------------------------------------------------------------------------
def test_the_new_host_runs_the_meeting_and_the_former_stays_as_deputy(meeting, member):
    former = meeting.host

    change = give(meeting, "host", member)

    assert (change.from_user, change.to_user, change.cause) == (former, member, "given")
    stored = Meeting.objects.get(pk=meeting.pk)
    assert stored.host == member
    assert (role_of(meeting, member), role_of(meeting, former)) == ("host", "deputy_host")
    assert rules.can_run(User.objects.get(pk=member.pk), stored)
    assert rules.can_run(User.objects.get(pk=former.pk), stored)
    assert history.of(meeting).filter(verb="meetings.role_handed_over").count() == 1


@pytest.mark.parametrize("role", ["timekeeper", "recorder"])
def test_the_former_holder_is_a_member_again(meeting, member, role):
    former = make.invite(meeting, factories.UserFactory(), role)

    give(meeting, role, member, by=former)

    assert (role_of(meeting, member), role_of(meeting, former)) == (role, "member")


def test_an_empty_seat_is_taken(meeting, member):
    assert give(meeting, "timekeeper", member).from_user is None
    assert role_of(meeting, member) == "timekeeper"


@pytest.mark.parametrize("keeps", ["executive", "deputy_host"])
def test_who_decides_or_runs_the_meeting_keeps_that_role(meeting, keeps):
    person = make.invite(meeting, factories.UserFactory(), keeps)

    with pytest.raises(NotAllowed, match="keeps that role"):
        give(meeting, "recorder", person)

    assert role_of(meeting, person) == keeps


def test_nobody_from_outside_gets_a_role(meeting):
    with pytest.raises(NotAllowed, match="is not invited"):
        give(meeting, "recorder", factories.UserFactory())


def test_an_administrator_cannot_make_themselves_host(meeting):
    """The host reads what is confidential; no company role does."""
    admin = make.invite(meeting, factories.UserFactory(roles=[User.Role.ADMIN]))

    with pytest.raises(NotAllowed, match="to somebody else"):
        give(meeting, "host", admin, by=admin)

    assert Meeting.objects.get(pk=meeting.pk).host != admin


def test_roles_change_hands_only_while_the_meeting_runs(member, meeting):
    make.end(meeting, 60)

    with pytest.raises(NotAllowed, match="already ended"):
        give(meeting, "host", member, now=at(61))


def test_the_log_knows_every_hand_over(meeting, member, deputy):
    give(meeting, "host", member)
    give(meeting, "timekeeper", make.invite(meeting, factories.UserFactory()), by=member)

    assert replay.differences(meeting, replay.rebuild(replay.events_of(meeting))) == []
    assert HandOver.objects.count() == 2


# --- a lost host ------------------------------------------------------------------------------------------
def test_a_deputy_takes_over_from_a_host_who_was_not_seen_for_a_minute(meeting, deputy):
    lost = meeting.host
    services.seen(meeting=meeting, user=lost, now=at(5))

    with pytest.raises(NotAllowed, match="The host is there"):
        services.take_over(meeting=meeting, by=deputy, now=at(5) + MINUTE)
    change = services.take_over(meeting=meeting, by=deputy, now=at(5) + MINUTE + SECOND)

    assert (change.cause, change.from_user, change.to_user) == ("lost", lost, deputy)
    assert Meeting.objects.get(pk=meeting.pk).host == deputy
    assert (role_of(meeting, deputy), role_of(meeting, lost)) == ("host", "deputy_host")


def test_a_press_is_a_sign_of_life_too(meeting, deputy):
    rooms.command(meeting=meeting, verb="pause", press=rooms.Press(meeting.host, at(5), 1))

    assert not queries.is_host_lost(meeting, at(6))
    assert queries.is_host_lost(meeting, at(6) + SECOND)


def test_only_deputies_take_over(meeting, member):
    with pytest.raises(NotAllowed, match="Only a deputy"):
        services.take_over(meeting=meeting, by=member, now=at(30))


def test_the_second_deputy_finds_the_host_there_again(meeting, deputy):
    second = make.invite(meeting, factories.UserFactory(), "deputy_host")
    services.take_over(meeting=meeting, by=deputy, now=at(30))

    with pytest.raises(NotAllowed, match="The host is there"):
        services.take_over(meeting=Meeting.objects.get(pk=meeting.pk), by=second, now=at(30) + SECOND)


def test_before_and_after_the_meeting_no_host_is_lost(meeting):
    make.end(meeting, 60)
    assert not queries.is_host_lost(Meeting.objects.get(pk=meeting.pk), at(600))


def test_signs_of_life_are_written_at_most_every_quarter_of_a_minute(meeting, member):
    host = meeting.host
    written = [
        services.seen(meeting=meeting, user=host, now=START + seconds * SECOND) for seconds in (0, 14, 15, 20)
    ]

    assert written == [True, False, True, False]
    assert Participant.objects.get(user=host).seen_at == START + 15 * SECOND
    assert services.seen(meeting=meeting, user=member, now=START) is False


# --- pages --------------------------------------------------------------------------------------------------
def url(meeting, name):
    return reverse(f"meetings:{name}", args=[meeting.pk])


def test_the_deputy_is_offered_to_take_over_once_the_host_is_gone(client, meeting, deputy):
    with time_machine.travel(at(0.5), tick=False):
        client.force_login(deputy)
        assert client.post(url(meeting, "live_here")).json() == {"host_lost": False}
        assert "Take the meeting over" not in client.get(url(meeting, "live_roles")).content.decode()
    with time_machine.travel(at(2), tick=False):
        assert client.post(url(meeting, "live_here")).json() == {"host_lost": True}
        assert "Take the meeting over" in client.get(url(meeting, "live_roles")).content.decode()
        client.post(url(meeting, "take_over"))

    assert Meeting.objects.get(pk=meeting.pk).host == deputy


def test_after_handing_over_the_page_knows_the_new_role_at_once(client, meeting, member):
    host = meeting.host
    client.force_login(host)

    answer = client.post(
        url(meeting, "hand_over"), {"role": "host", "user": member.pk}, headers={"HX-Request": "true"}
    )

    assert answer.headers["HX-Refresh"] == "true"
    assert member.name in answer.content.decode()
    assert Meeting.objects.get(pk=meeting.pk).host == member


def test_a_refused_hand_over_says_why(client, meeting):
    boss = make.invite(meeting, factories.executive(), "executive")
    client.force_login(meeting.host)

    answer = client.post(
        url(meeting, "hand_over"), {"role": "recorder", "user": boss.pk}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 422
    assert "keeps that role" in answer.content.decode()


def test_who_has_no_role_hands_nothing_over(client, meeting, member):
    client.force_login(member)
    data = {"role": "timekeeper", "user": member.pk}
    assert client.post(url(meeting, "hand_over"), data).status_code == 403
    assert client.post(url(meeting, "take_over")).status_code == 403
    client.force_login(factories.member("operations"))
    for name in ("hand_over", "take_over", "live_here"):
        assert client.post(url(meeting, name), data).status_code == 404
    client.force_login(meeting.host)
    assert client.post(url(meeting, "hand_over"), {**data, "role": "executive"}).status_code == 404
    outsider = factories.UserFactory()
    assert client.post(url(meeting, "hand_over"), {**data, "user": outsider.pk}).status_code == 404
