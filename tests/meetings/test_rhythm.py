"""Meetings that the calendar asks for: hosts are reminded while they are missing, and told when the day has passed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from meetings import library, rhythm
from meetings.models import Meeting, Template
from notices import services
from notices.models import Notice
from tests.factories import UserFactory, executive, host

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)
# The last day of the quarter is a Tuesday; midnight in Shanghai is 16:00 UTC.
QUARTER_ENDS = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    library.ensure()
    with time_machine.travel(QUARTER_ENDS - 20 * DAY, tick=False) as traveller:
        yield traveller


def held(code, ended_at, *, chair=None, status="ended", **fields):
    chair = chair or UserFactory()
    return Meeting.objects.create(
        title=code,
        template=Template.objects.get(code=code, is_current=True),
        host=chair,
        created_by=chair,
        starts_at=ended_at - timedelta(minutes=30),
        started_at=ended_at - timedelta(minutes=30) if status == "ended" else None,
        ended_at=ended_at if status == "ended" else None,
        status=status,
        planned_minutes=30,
        **fields,
    )


def sent():
    """What a dispatcher would have sent by now; it looks at the database's own clock."""
    for one in Notice.objects.filter(state="pending", send_at__lte=timezone.now()):
        if one.behaviour.is_wanted(one):
            Notice.objects.filter(pk=one.pk).update(state="sent")
    return sorted(
        (one.kind.removeprefix("meetings.rhythm_"), one.recipient_id, one.due_at)
        for one in Notice.objects.filter(kind__startswith="meetings.rhythm_", state="sent")
    )


@pytest.mark.usefixtures("clock")
def test_a_company_without_meetings_is_left_alone():
    host()
    assert list(rhythm.planned()) == []


def test_the_review_of_key_results_is_asked_for_until_it_was_held(clock):
    chair, top = host(), executive()
    held("weekly-operations", QUARTER_ENDS - 30 * DAY)
    clock.move_to(QUARTER_ENDS - 14 * DAY)
    services.reconcile()
    assert sent() == [("soon", chair.pk, QUARTER_ENDS - 14 * DAY)]
    title = (
        Notice.objects.filter(state="sent").get().behaviour.title(Notice.objects.filter(state="sent").get())
    )
    assert "2026" in title
    assert "due in 14 d" in title

    planned = held("kr-reset", QUARTER_ENDS - DAY, status="scheduled")
    clock.move_to(QUARTER_ENDS - 7 * DAY)
    services.reconcile()
    assert len(sent()) == 1, "it is planned in time"

    Meeting.objects.filter(pk=planned.pk).update(status="cancelled")
    services.reconcile()
    assert sent()[-1] == ("soon", chair.pk, QUARTER_ENDS - 7 * DAY)

    clock.move_to(QUARTER_ENDS + timedelta(minutes=1))
    services.reconcile()
    assert [row for row in sent() if row[0] == "missed"] == [
        ("missed", person.pk, QUARTER_ENDS) for person in sorted([chair, top], key=lambda one: one.pk)
    ]


def test_a_review_that_was_held_stops_its_clock(clock):
    host()
    held(
        "kr-reset",
        QUARTER_ENDS - 2 * DAY,
        period_grain="quarter",
        period_start="2026-04-01",
        period_end="2026-07-01",
    )
    clock.move_to(QUARTER_ENDS - DAY)
    (duty,) = [
        one
        for one in rhythm.duties(QUARTER_ENDS - DAY)
        if one.template == "kr-reset" and one.period.code == "2026-Q2"
    ]
    assert duty.is_held
    assert list(rhythm.wanted_for(duty)) == []


def test_the_next_progress_meeting_is_asked_for(clock):
    chair, top = UserFactory(), executive()
    # Ten in the evening, in Shanghai.
    last = QUARTER_ENDS - 40 * DAY - timedelta(hours=2)
    held("biweekly-progress", last, chair=chair)
    end_of_day = datetime(2026, 6, 4, 16, 0, tzinfo=UTC)
    clock.move_to(end_of_day - 3 * DAY)
    services.reconcile()
    assert sent() == [("soon", chair.pk, end_of_day - 3 * DAY)]
    clock.move_to(end_of_day + timedelta(minutes=1))
    services.reconcile()
    assert [row[:2] for row in sent()] == [
        ("missed", one.pk) for one in sorted([chair, top], key=lambda p: p.pk)
    ] + [("soon", chair.pk)]
    held("biweekly-progress", end_of_day + DAY - timedelta(hours=2), chair=chair)
    clock.move_to(end_of_day + DAY)
    (duty,) = [one for one in rhythm.duties(end_of_day + DAY) if one.template == "biweekly-progress"]
    assert duty.due_at == end_of_day + 15 * DAY


def test_reconciling_makes_them_once_and_repairs_nothing(clock):
    """The calendar brings them about, so the first round that finds them has nothing to warn of."""
    host()
    held("biweekly-progress", QUARTER_ENDS - 30 * DAY)
    clock.move_to(QUARTER_ENDS - 13 * DAY)
    assert services.reconcile() == 0
    made = Notice.objects.count()
    assert made > 0
    sent()
    assert services.reconcile() == 0
    assert Notice.objects.count() == made
