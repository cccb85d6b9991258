import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from meetings.errors import NotAllowed
from meetings.models import Decision, Obligation, Template
from meetings.services import decisions, obligations
from meetings.services import room as rooms
from meetings.services.decisions import Content
from notices.models import Notice
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOUR = dt.timedelta(hours=1)


def ended(minutes=97, *, budget=False, **fields):
    """A meeting ended so many minutes after its start: the clocks run from there, not from the plan."""
    meeting = make.meeting(**fields)
    rooms.start(meeting=meeting, by=meeting.host, now=START)
    if budget:
        decide(meeting, kind=Decision.Kind.BUDGET)
    make.end(meeting, minutes)
    return meeting


def plan_of(meeting):
    """The duty to publish the action plan."""
    return meeting.obligations.get(kind="action_plan")


def about(duty):
    return Notice.objects.filter(kind__startswith="meetings.obligation", subject_id=duty.pk)


def decide(meeting, **fields):
    fields.setdefault("decided_by", meeting.host)
    return decisions.record(
        meeting=meeting, item=None, content=Content(text="Spend it", **fields), by=meeting.host, now=at(1)
    )


def test_the_action_plan_is_due_24_hours_after_the_actual_end():
    meeting = ended(minutes=97)

    duty = plan_of(meeting)

    assert (duty.owner, duty.due_at) == (meeting.host, at(97) + 24 * HOUR)


def test_the_minutes_are_due_as_many_hours_after_the_actual_end_as_the_type_of_meeting_says():
    Template.objects.filter(pk=make.template().pk).update(minutes_due_hours=30)

    duty = ended(minutes=97).obligations.get(kind="minutes")

    assert (duty.name, duty.due_at) == ("Minutes", at(97) + 30 * HOUR)


def test_24_hours_are_24_hours_across_the_change_of_the_clocks():
    start = dt.datetime(2026, 10, 24, 12, 0, tzinfo=dt.UTC)  # 14:00 in Berlin, the day before winter time
    meeting = make.meeting(time_zone="Europe/Berlin", starts_at=start)
    rooms.start(meeting=meeting, by=meeting.host, now=start)
    make.end(meeting, 60)

    assert plan_of(meeting).due_at == start + 25 * HOUR


def test_a_budget_decision_starts_the_48_hours_of_finance():
    lead = factories.lead("finance")

    meeting = ended(budget=True)

    duty = meeting.obligations.get(kind="budget")
    assert (duty.owner, duty.department.code, duty.due_at) == (lead, "finance", at(97) + 48 * HOUR)


def test_a_budget_decision_added_to_the_minutes_later_counts_from_the_end():
    meeting = ended()

    decide(meeting, kind=Decision.Kind.BUDGET)

    assert meeting.obligations.get(kind="budget").due_at == at(97) + 48 * HOUR


def test_a_withdrawn_budget_decision_takes_its_duty_along():
    meeting = ended()
    decision = decide(meeting, kind=Decision.Kind.BUDGET)

    decisions.change(
        decision=decision,
        content=Content(text="Spend it", kind=Decision.Kind.BUDGET, outcome=Decision.Outcome.WITHDRAWN),
        version=1,
        by=meeting.host,
        now=at(120),
    )

    assert not meeting.obligations.filter(kind="budget").exists()


def test_without_a_lead_of_finance_the_host_answers_for_the_budget():
    meeting = ended(budget=True)

    assert meeting.obligations.get(kind="budget").owner == meeting.host


def test_missed_is_decided_to_the_second():
    duty = plan_of(ended())
    assert duty.state_at(duty.due_at) == Obligation.State.OPEN
    assert duty.state_at(duty.due_at + dt.timedelta(seconds=1)) == Obligation.State.BREACHED

    obligations.fulfil(obligation=duty, at=duty.due_at, by=duty.owner)
    assert duty.state_at(duty.due_at + 99 * HOUR) == Obligation.State.MET


def test_met_a_second_late_stays_missed():
    duty = plan_of(ended())

    obligations.fulfil(obligation=duty, at=duty.due_at + dt.timedelta(seconds=1), by=duty.owner)

    assert duty.state_at(duty.due_at + HOUR) == Obligation.State.BREACHED
    assert list(Obligation.objects.breached(duty.due_at + HOUR)) == [duty]


def test_the_first_fulfilment_counts():
    duty = plan_of(ended())

    obligations.fulfil(obligation=duty, at=at(100), by=duty.owner)
    obligations.fulfil(obligation=duty, at=at(200), by=duty.owner)

    assert duty.met_at == at(100)


def test_nothing_is_fulfilled_before_the_meeting_ended():
    duty = plan_of(ended())

    with pytest.raises(NotAllowed):
        obligations.fulfil(obligation=duty, at=at(96), by=duty.owner)


def test_the_host_is_reminded_at_12_and_22_hours_and_executives_when_missed():
    boss = factories.executive()
    meeting = ended()

    promised = about(plan_of(meeting)).filter(state="pending").order_by("due_at", "recipient")
    after = [(n.recipient, n.kind, (n.due_at - at(97)) / HOUR) for n in promised]

    assert after[:2] == [
        (meeting.host, "meetings.obligation_soon", 12),
        (meeting.host, "meetings.obligation_soon", 22),
    ]
    assert {(who, kind, hours) for who, kind, hours in after[2:]} == {
        (meeting.host, "meetings.obligation_missed", 24),
        (boss, "meetings.obligation_missed", 24),
    }


def test_a_published_plan_needs_no_reminder():
    factories.executive()
    meeting = ended()

    obligations.fulfil(obligation=plan_of(meeting), at=at(100), by=meeting.host)

    assert set(about(plan_of(meeting)).values_list("state", flat=True)) == {"superseded"}


def test_finance_notes_its_publication_and_others_may_not(client):
    lead = factories.lead("finance")
    meeting = ended(budget=True, departments=("sales", "finance"))
    url = reverse("meetings:fulfil", args=[meeting.obligations.get(kind="budget").pk])

    client.force_login(factories.UserFactory())
    assert client.post(url).status_code == 404
    client.force_login(factories.executive())
    assert client.post(url).status_code == 403
    client.force_login(lead)
    assert client.put(url).status_code == 405
    with time_machine.travel(at(120), tick=False):
        client.force_login(lead)
        assert "What was done?" in client.get(url).text
        client.post(url, {"note": "Table in the ERP"})

    assert meeting.obligations.get(kind="budget").met_by == lead


def test_the_action_plan_is_not_ticked_off_by_hand(client):
    meeting = ended()
    client.force_login(meeting.host)

    assert client.post(reverse("meetings:fulfil", args=[plan_of(meeting).pk])).status_code == 403
