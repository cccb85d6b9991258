import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings import replay
from meetings.errors import NotAllowed
from meetings.models import Attendance, LiveEvent, Participant
from meetings.queries import attendance as queries
from meetings.services import attendance as services
from meetings.services import room as rooms
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def meeting():
    made = make.meeting(departments=("sales", "finance"))
    rooms.start(meeting=made, by=made.host, now=START)
    return made


@pytest.fixture
def wang(meeting):
    return make.invite(meeting, factories.lead("sales"))


def arrive(meeting, user, minutes, **more):
    return services.arrive(meeting=meeting, user=user, by=meeting.host, now=at(minutes), **more)


def leave(meeting, user, minutes, **more):
    return services.leave(meeting=meeting, user=user, by=meeting.host, now=at(minutes), **more)


# --- stretches --------------------------------------------------------------------------------------------
def test_leaving_and_coming_back_makes_two_stretches(meeting, wang):
    arrive(meeting, wang, 1)
    leave(meeting, wang, 30)
    arrive(meeting, wang, 45)

    rows = Attendance.objects.order_by("arrived_at").values_list("arrived_at", "left_at")
    assert list(rows) == [(at(1), at(30)), (at(45), None)]
    assert queries.presence(meeting).of(wang).is_here


def test_signing_in_twice_counts_once(meeting, wang):
    first = arrive(meeting, wang, 1)

    assert arrive(meeting, wang, 5) == first
    assert Attendance.objects.get().arrived_at == at(1)
    assert LiveEvent.objects.filter(verb="attendance.arrived").count() == 1


def test_whoever_is_not_here_cannot_leave(meeting, wang):
    assert leave(meeting, wang, 3) is None
    assert not Attendance.objects.exists()


def test_a_time_may_be_given_afterwards(meeting, wang):
    arrive(meeting, wang, 20, at=at(4))
    leave(meeting, wang, 30, at=at(25))

    assert Attendance.objects.values_list("arrived_at", "left_at").get() == (at(4), at(25))


@pytest.mark.parametrize("minutes", [-31, 21])
def test_nobody_comes_long_before_the_beginning_or_in_the_future(meeting, wang, minutes):
    with pytest.raises(NotAllowed, match="between the beginning of the meeting and now"):
        arrive(meeting, wang, 20, at=at(minutes))

    assert not Attendance.objects.exists()


def test_stretches_of_one_person_do_not_overlap(meeting, wang):
    arrive(meeting, wang, 1)
    leave(meeting, wang, 30)

    with pytest.raises(NotAllowed, match="after they had left"):
        arrive(meeting, wang, 40, at=at(20))
    arrive(meeting, wang, 41)
    with pytest.raises(NotAllowed, match="before they came"):
        leave(meeting, wang, 45, at=at(35))


def test_before_and_after_the_meeting_nobody_signs_in(wang, meeting):
    scheduled = make.meeting(title="Later")
    with pytest.raises(NotAllowed, match="has not begun yet"):
        arrive(scheduled, wang, 1)
    make.end(meeting, 60)
    with pytest.raises(NotAllowed, match="already ended"):
        arrive(meeting, wang, 61)


def test_the_roll_is_called_for_everybody_who_is_expected(meeting, wang):
    guest = make.invite(meeting, factories.UserFactory(), "optional")
    declined = make.invite(meeting, factories.UserFactory())
    Participant.objects.filter(user=declined).update(reply="declined", replied_at=START)

    services.arrive_all(meeting=meeting, users=services.expected(meeting), by=meeting.host, now=at(2))

    here = {person.user for person in queries.presence(meeting).here}
    assert here == {meeting.host, wang}
    assert guest not in here


def test_the_end_of_the_meeting_is_the_end_of_every_stretch(meeting, wang):
    arrive(meeting, wang, 1)

    make.end(meeting, 60)

    assert set(Attendance.objects.values_list("left_at", flat=True)) == {at(60)}


def test_an_empty_list_cannot_be_confirmed(meeting):
    with pytest.raises(NotAllowed, match="Nobody is noted"):
        services.take(meeting=meeting, by=meeting.host, now=at(1))

    assert meeting.attendance_taken_at is None


def test_a_stretch_noted_by_mistake_is_taken_back(meeting, wang):
    row = arrive(meeting, wang, 1)

    services.remove(row=row, by=meeting.host, now=at(2))

    assert not Attendance.objects.exists()
    assert replay.rebuild(replay.events_of(meeting)).count("attendance") == 0


def test_the_log_rebuilds_the_attendance(meeting, wang):
    arrive(meeting, wang, 1)
    leave(meeting, wang, 30)
    services.take(meeting=meeting, by=meeting.host, now=at(31))
    make.end(meeting, 60)

    assert replay.differences(meeting, replay.rebuild(replay.events_of(meeting))) == []


# --- quorum and departments ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("percent", "here", "needed", "has_quorum"),
    [(0, 0, 0, True), (50, 1, 2, False), (50, 2, 2, True), (67, 2, 3, False), (100, 4, 4, True)],
)
def test_the_quorum_counts_expected_people_only(meeting, percent, here, needed, has_quorum):
    meeting.quorum_percent = percent
    people = [meeting.host] + [make.invite(meeting, factories.UserFactory()) for _ in range(3)]
    guest = make.invite(meeting, factories.UserFactory(), "optional")
    for user in [guest, *people[:here]]:
        arrive(meeting, user, 1)

    found = queries.presence(meeting)

    assert (found.needed, found.has_quorum) == (needed, has_quorum)
    assert found.expected_here == here


def test_a_required_department_is_missing_until_one_of_its_people_is_here(meeting, wang):
    optional = meeting.departments.get(department__code="finance")
    optional.is_required = False
    optional.save()
    assert [one.department.code for one in queries.presence(meeting).missing] == ["sales"]

    arrive(meeting, wang, 1)
    assert queries.presence(meeting).missing == []

    leave(meeting, wang, 5)
    found = queries.presence(meeting)
    assert [one.department.code for one in found.missing] == ["sales"]
    assert found.never_came == []


def test_the_list_takes_as_many_queries_for_many_as_for_one(meeting, wang):
    arrive(meeting, wang, 1)
    with CaptureQueriesContext(connection) as one:
        queries.presence(meeting)
    for _ in range(3):
        arrive(meeting, make.invite(meeting, factories.member("finance")), 1)

    with CaptureQueriesContext(connection) as many:
        queries.presence(meeting)

    assert len(many) == len(one) == 4


# --- pages --------------------------------------------------------------------------------------------------
def url(meeting, name="note_attendance"):
    return reverse(f"meetings:{name}", args=[meeting.pk])


def test_participants_sign_in_themselves(client, meeting, wang):
    with time_machine.travel(at(3), tick=False):
        client.force_login(wang)
        answer = client.post(url(meeting), {"do": "come"}, headers={"HX-Request": "true"})

    row = Attendance.objects.get()
    assert (row.user, row.noted_by, row.arrived_at) == (wang, wang, at(3))
    assert "I am leaving" in answer.content.decode()
    assert "Everybody is here" not in answer.content.decode()


def test_the_room_asks_whoever_takes_part_to_sign_in_until_they_have(client, meeting, wang):
    client.force_login(wang)
    page = reverse("meetings:live", args=[meeting.pk])

    before = client.get(page).content.decode()
    arrive(meeting, wang, 3)
    after = client.get(page).content.decode()

    assert "You are not on the attendance list yet." in before
    # The page hides the question as soon as the list of attendance says that one has come.
    assert 'class="card room-part" id="room-attendance"' in before
    assert 'class="card room-part has-me" id="room-attendance"' in after


def test_the_recorder_notes_somebody_at_a_time_of_their_own_clock(client, meeting, wang):
    recorder = make.invite(meeting, factories.UserFactory(time_zone="Asia/Shanghai"), "recorder")
    with time_machine.travel(at(20), tick=False):
        client.force_login(recorder)
        answer = client.post(url(meeting), {"do": "come", "user": wang.pk, "at": "14:05"})

    assert answer.url.endswith("/live/?view=people#room-attendance")
    assert Attendance.objects.get().arrived_at == at(5)


def test_a_time_that_is_none_is_told_and_nothing_is_noted(client, meeting, wang):
    client.force_login(meeting.host)

    answer = client.post(
        url(meeting), {"do": "come", "user": wang.pk, "at": "25:99"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 422
    assert "Write the time like 14:05." in answer.content.decode()
    assert not Attendance.objects.exists()


def test_others_are_noted_by_whoever_keeps_the_record_only(client, meeting, wang):
    colleague = make.invite(meeting, factories.UserFactory())
    client.force_login(wang)
    assert client.post(url(meeting), {"do": "come", "user": colleague.pk}).status_code == 403
    assert client.post(url(meeting), {"do": "all"}).status_code == 403
    assert client.post(url(meeting), {"do": "come", "at": "14:01"}).status_code == 403

    client.force_login(factories.data_owner())
    assert client.post(url(meeting), {"do": "come"}).status_code == 403
    client.force_login(factories.member("operations"))
    assert client.post(url(meeting), {"do": "come"}).status_code == 404
    assert not Attendance.objects.exists()


def test_the_host_cannot_note_people_who_have_nothing_to_do_with_it(client, meeting):
    client.force_login(meeting.host)
    outsider = factories.member("operations")

    assert client.post(url(meeting), {"do": "come", "user": outsider.pk}).status_code == 404
    assert client.post(url(meeting), {"do": "dance"}).status_code == 404


def test_the_part_shows_quorum_departments_and_the_confirmed_list(client, meeting, wang):
    meeting.quorum_percent = 100
    meeting.save()
    with time_machine.travel(at(3), tick=False):
        client.force_login(meeting.host)
        before = client.get(url(meeting, "live_attendance")).content.decode()
        assert "No quorum: 2 people are needed (100 %)" in before
        assert "Required, but not there: Sales, Finance" in before
        client.post(url(meeting), {"do": "all"})
        client.post(url(meeting), {"do": "taken"})
        page = client.get(url(meeting, "live_attendance")).content.decode()

    assert "Quorum reached (2 people, 100 %)" in page
    assert "List confirmed" in page
    assert "2 of 2 here" in page


def test_midnight_lies_between_the_clock_and_the_last_time_it_showed(meeting):
    from meetings.views.attendance import latest

    zone = dt.timezone(dt.timedelta(hours=8))
    now = dt.datetime(2026, 11, 24, 0, 10, tzinfo=zone)

    assert latest(dt.time(23, 50), now) == dt.datetime(2026, 11, 23, 23, 50, tzinfo=zone)
    assert latest(dt.time(0, 5), now) == dt.datetime(2026, 11, 24, 0, 5, tzinfo=zone)


def test_an_entry_made_by_mistake_is_taken_back_by_whoever_keeps_the_record(client, meeting, wang):
    row = arrive(meeting, wang, 1)
    client.force_login(wang)
    assert client.post(url(meeting), {"do": "remove", "row": row.pk}).status_code == 403
    client.force_login(meeting.host)
    other = make.meeting(title="Another", host=meeting.host)
    assert client.post(url(other), {"do": "remove", "row": row.pk}).status_code == 404
    assert Attendance.objects.exists()

    client.post(url(meeting), {"do": "remove", "row": row.pk})

    assert not Attendance.objects.exists()
