"""Who is busy and which place is taken, and what somebody may learn of it who may not read the other meeting."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.models import Meeting, Participant
from meetings.queries.conflicts import conflicts, conflicts_of_each, places_used
from meetings.services import schedule
from meetings.services.reply import reply
from tests.factories import UserFactory, host
from tests.meetings import factories
from tests.meetings.factories import NOW, START

pytestmark = pytest.mark.django_db


def asked(people, *, by, starts_at=START, minutes=60, location="", **values):
    return conflicts(starts_at=starts_at, minutes=minutes, people=people, location=location, by=by, **values)


@pytest.fixture
def guest():
    return factories.guest()


@pytest.fixture
def planner():
    return host()


@pytest.mark.parametrize(
    ("begins_after", "minutes", "is_busy"),
    [(-60, 60, False), (-60, 61, True), (0, 5, True), (30, 5, True), (239, 5, True), (240, 60, False)],
)
def test_somebody_is_busy_while_another_meeting_is_planned(guest, planner, begins_after, minutes, is_busy):
    meeting = factories.scheduled(people=[guest])

    found = asked(
        [guest.user], by=planner, starts_at=START + timedelta(minutes=begins_after), minutes=minutes
    )

    assert [(one.user, one.meeting) for one in found.people] == ([(guest.user, meeting)] if is_busy else [])
    assert found.places == []


def test_nobody_is_busy_in_drafts_cancelled_or_declined_meetings(guest, planner):
    factories.draft(people=[guest])
    schedule.cancel(meeting=factories.scheduled(people=[guest]), reason="x", by=planner, now=NOW)
    declined = factories.scheduled(people=[guest])
    reply(participant=declined.participants.get(user=guest.user), to="declined", note="", now=NOW)

    assert not asked([guest.user], by=planner)


def test_optional_guest_is_busy_once_they_said_so(planner):
    guest = factories.guest(Participant.Role.OPTIONAL)
    meeting = factories.scheduled(people=[guest])
    assert not asked([guest.user], by=planner)

    reply(participant=meeting.participants.get(user=guest.user), to="accepted", note="", now=NOW)

    assert len(asked([guest.user], by=planner)) == 1


def test_meeting_itself_is_not_in_its_own_way(guest, planner):
    meeting = factories.scheduled(people=[guest], location="Room 3")

    assert not asked([guest.user], by=planner, location="Room 3", except_meeting=meeting)


def test_place_is_taken_however_it_is_written(planner):
    meeting = factories.scheduled(location="Room  3 ")

    assert [one.meeting for one in asked([], by=planner, location=" room 3").places] == [meeting]
    assert not asked([], by=planner, location="Room 4").places
    assert not asked([], by=planner, location="  ").places


def test_meeting_one_may_not_read_is_busy_without_a_name(guest):
    factories.scheduled(people=[guest], title="Secret", location="Room 3")
    outsider = UserFactory()

    found = asked([guest.user], by=outsider, location="room 3")

    assert [(one.user, one.meeting, one.title) for one in found.people] == [(guest.user, None, "")]
    assert [(one.meeting, one.starts_at) for one in found.places] == [(None, START)]


def test_many_times_and_many_people_are_asked_in_three_queries(planner):
    guests = [factories.guest() for _number in range(3)]
    factories.scheduled(people=guests, location="Room 3")
    users = [one.user for one in guests]

    def queries(spans, people):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            found = conflicts_of_each(spans=spans, people=people, location="Room 3", by=planner)
        return len(captured), [len(one.people) for one in found]

    week = [(START + timedelta(days=day), 60) for day in range(7)]
    assert queries([(START, 60)], users[:1]) == (3, [1])
    assert queries(week, users) == (3, [3, 0, 0, 0, 0, 0, 0])


def test_clashes_come_in_the_order_of_the_people_asked_for(planner):
    first, second = factories.guest(), factories.guest()
    factories.scheduled(people=[first, second])

    found = asked([second.user, first.user], by=planner)

    assert [one.user for one in found.people] == [second.user, first.user]


def test_places_used_before_are_offered_once_each_the_latest_first(planner):
    factories.simple(2, host=planner, location="room 3")
    factories.simple(1, host=planner, location="Room  3", starts_at=NOW + timedelta(days=30))
    factories.simple(1, host=planner, location="上海会议室", starts_at=NOW + timedelta(days=20))
    factories.simple(1, host=planner, location="")

    assert places_used(planner) == ["Room  3", "上海会议室"]
    assert places_used(UserFactory()) == []
    assert Meeting.objects.count() == 5
