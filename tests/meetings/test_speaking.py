import pytest
import time_machine
from django.urls import reverse

from meetings import replay
from meetings.models import SpeakingTurn
from meetings.queries import speaking as queries
from meetings.services import room as rooms
from meetings.services import speaking as services
from people.models import Department
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def meeting():
    made = make.meeting(departments=("sales", "finance"))
    rooms.start(meeting=made, by=made.host, now=START)
    return made


def speak(meeting, code, minutes):
    department = Department.objects.get(code=code) if code else None
    return services.start(meeting=meeting, department=department, by=meeting.host, now=at(minutes))


def shares(meeting, minutes, user=None):
    found = queries.speaking(meeting, at(minutes), user or meeting.host)
    return {share.code: (share.seconds / 60, share.percent) for share in found.spoken}


def test_whoever_begins_stops_the_one_before(meeting):
    speak(meeting, "sales", 0)
    speak(meeting, "finance", 6)
    services.stop(meeting=meeting, by=meeting.host, now=at(8))

    rows = SpeakingTurn.objects.order_by("pk").values_list("department__code", "began_at", "ended_at")
    assert list(rows) == [("sales", at(0), at(6)), ("finance", at(6), at(8))]
    assert shares(meeting, 30) == {"sales": (6, 75), "finance": (2, 25)}


def test_the_stretch_that_runs_counts_up_to_now(meeting):
    speak(meeting, "sales", 0)
    speak(meeting, None, 10)

    found = queries.speaking(meeting, at(40), meeting.host)

    assert shares(meeting, 40) == {"sales": (10, 25), "": (30, 75)}
    assert found.current.department is None


def test_pressing_twice_goes_on_with_the_same_stretch(meeting):
    assert speak(meeting, "sales", 0) == speak(meeting, "sales", 3)
    assert SpeakingTurn.objects.count() == 1


def test_the_next_item_makes_a_stretch_of_its_own(meeting):
    speak(meeting, "sales", 0)
    rooms.command(meeting=meeting, verb="next", press=rooms.Press(meeting.host, at(5), 1))
    speak(meeting, "sales", 6)

    turns = SpeakingTurn.objects.order_by("pk")
    assert [turn.item.order for turn in turns] == [1, 2]
    assert shares(meeting, 10) == {"sales": (10, 100)}


def test_nothing_is_measured_without_anybody_speaking(meeting):
    assert services.stop(meeting=meeting, by=meeting.host, now=at(1)) is None
    found = queries.speaking(meeting, at(1), meeting.host)
    assert (found.spoken, found.current) == ([], None)
    assert [share.code for share in found.shares] == ["sales", "finance", ""]


def test_who_spoke_in_a_confidential_item_is_for_its_circle(meeting):
    secret = meeting.items.get(department__code="sales")
    secret.is_confidential = True
    secret.save()
    speak(meeting, "sales", 0)
    outsider = make.invite(meeting, factories.member("finance"))

    assert shares(meeting, 10) == {"sales": (10, 100)}
    assert shares(meeting, 10, outsider) == {}
    assert queries.speaking(meeting, at(10), None).spoken == []


def test_the_end_stops_whoever_speaks_and_the_log_rebuilds_it(meeting):
    speak(meeting, "sales", 0)

    make.end(meeting, 60)

    assert SpeakingTurn.objects.get().ended_at == at(60)
    assert replay.differences(meeting, replay.rebuild(replay.events_of(meeting))) == []


# --- pages --------------------------------------------------------------------------------------------------
def url(meeting, name="speaking_turn"):
    return reverse(f"meetings:{name}", args=[meeting.pk])


def test_the_timekeeper_measures_and_everybody_sees_the_shares(client, meeting):
    keeper = make.invite(meeting, factories.UserFactory(), "timekeeper")
    reader = make.invite(meeting, factories.UserFactory())
    with time_machine.travel(at(1), tick=False):
        client.force_login(keeper)
        client.post(url(meeting), {"do": "start", "department": "sales"})
    with time_machine.travel(at(4), tick=False):
        client.post(url(meeting), {"do": "start", "department": ""})

    with time_machine.travel(at(5), tick=False):
        client.force_login(reader)
        page = client.get(url(meeting, "live_speaking")).content.decode()

    assert "3:00" in page
    assert "75 %" in page
    assert 'name="do"' not in page


def test_only_departments_of_the_meeting_can_have_the_floor(client, meeting):
    factories.DepartmentFactory(code="tech")
    client.force_login(meeting.host)

    assert client.post(url(meeting), {"do": "start", "department": "tech"}).status_code == 404
    assert client.post(url(meeting), {"do": "sing"}).status_code == 404
    assert not SpeakingTurn.objects.exists()


def test_participants_do_not_measure(client, meeting):
    client.force_login(make.invite(meeting, factories.UserFactory()))
    assert client.post(url(meeting), {"do": "start"}).status_code == 403
    client.force_login(factories.member("operations"))
    assert client.post(url(meeting), {"do": "start"}).status_code == 404


def test_once_the_meeting_has_ended_nothing_is_measured(client, meeting):
    make.end(meeting, 60)
    client.force_login(meeting.host)

    answer = client.post(url(meeting), {"do": "start"}, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert "already ended" in answer.content.decode()
