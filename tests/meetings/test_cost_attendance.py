"""What a meeting really cost, by who sat in it for how long."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.models import Attendance, Meeting
from meetings.queries.cost import cost
from meetings.services import cost as services
from tests.factories import DepartmentFactory, executive, member
from tests.meetings import factories
from tests.meetings.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def rates():
    for department, per_hour in ((None, 60), ("sales", 120)):
        services.set_rate(
            department=DepartmentFactory(code=department) if department else None,
            per_hour=Decimal(per_hour),
            currency="CNY",
            valid_from=date(2026, 1, 1),
            by=executive(),
        )


@pytest.fixture
def meeting():
    """Two hours with a host and two guests, ended; nothing to prepare."""
    guests = [factories.guest(), factories.guest()]
    made = factories.scheduled(
        template=factories.template("weekly-operations"), planned_minutes=120, people=guests
    )
    made.status, made.started_at = Meeting.Status.ENDED, made.starts_at
    made.ended_at = made.attendance_taken_at = made.starts_at + timedelta(minutes=120)
    made.save()
    return made


def sat(meeting, user, since, until):
    Attendance.objects.create(
        meeting=meeting,
        user=user,
        arrived_at=meeting.started_at + timedelta(minutes=since),
        left_at=meeting.started_at + timedelta(minutes=until),
        noted_by=meeting.host,
    )


def test_people_cost_what_they_sat_and_who_did_not_come_nothing(meeting):
    guest = meeting.participants.exclude(user=meeting.host).first().user
    sat(meeting, meeting.host, 0, 120)
    sat(meeting, guest, 0, 30)
    sat(meeting, guest, 90, 120)

    found = cost(meeting)

    assert (found.people, found.seat_hours, found.seat) == (2, 3, 180)


def test_only_the_meetings_own_time_counts(meeting):
    sat(meeting, meeting.host, -20, 60)
    sat(meeting, member("finance"), 125, 130)

    found = cost(meeting)

    assert (found.people, found.seat_hours) == (1, 1)


def test_somebody_who_was_not_invited_costs_the_rate_of_their_department(meeting):
    sat(meeting, member("sales"), 0, 60)

    assert cost(meeting).seat == 120


def test_without_a_confirmed_attendance_everybody_who_was_invited_counts(meeting):
    sat(meeting, meeting.host, 0, 60)
    meeting.attendance_taken_at = None
    meeting.save()

    assert cost(meeting).seat_hours == 6


def test_attendance_takes_one_query_however_many_sat(meeting):
    sat(meeting, meeting.host, 0, 60)
    with CaptureQueriesContext(connection) as one:
        cost(meeting)
    for _ in range(3):
        sat(meeting, member("sales"), 0, 60)

    with CaptureQueriesContext(connection) as many:
        cost(meeting)

    assert len(many) == len(one) == 4
