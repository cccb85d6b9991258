import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.work import Urgency
from meetings.models import Meeting, Series
from meetings.queries import tasks_for
from meetings.services import obligations, prereads
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import NOW, START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def found(user, now):
    return [(task.kind, task.urgency) for task in tasks_for(user, now)]


def test_a_lead_writes_the_pre_read_and_is_late_after_the_deadline():
    lead = factories.lead("sales")
    factories.member("sales")
    preread = prereads.open_for(meeting=make.meeting(), now=NOW)[0]

    assert found(lead, preread.due_at - dt.timedelta(days=3)) == [("meetings.preread", Urgency.SOON)]
    assert found(lead, preread.due_at + dt.timedelta(minutes=1)) == [("meetings.preread", Urgency.LATE)]
    assert found(lead, START) == []


def test_a_plain_member_is_not_asked():
    member = factories.member("sales")
    prereads.open_for(meeting=make.meeting(), now=NOW)

    assert found(member, NOW) == []


def test_the_host_is_told_of_late_pre_reads_and_of_the_start():
    meeting = make.meeting()
    preread = prereads.open_for(meeting=meeting, now=NOW)[0]

    assert found(meeting.host, preread.due_at) == []
    assert found(meeting.host, preread.due_at + dt.timedelta(hours=1)) == [
        ("meetings.missing_prereads", Urgency.TODAY)
    ]
    assert found(meeting.host, at(5)) == [("meetings.start", Urgency.LATE)]


def test_a_running_meeting_calls_everybody_in_it():
    meeting = make.meeting(status="in_progress")
    guest = make.invite(meeting, factories.UserFactory())

    assert found(guest, at(5)) == [("meetings.room", Urgency.TODAY)]
    assert found(factories.UserFactory(), at(5)) == []


def test_the_host_owes_the_action_plan():
    meeting = make.meeting(status="ended")
    obligations.ensure(meeting=meeting, now=at(60))

    assert set(found(meeting.host, at(60) + dt.timedelta(hours=25))) == {
        ("meetings.action_plan", Urgency.LATE),
        ("meetings.minutes", Urgency.SOON),
    }

    for duty in meeting.obligations.all():
        obligations.fulfil(obligation=duty, at=at(70), by=meeting.host)
    assert found(meeting.host, at(80)) == []


def test_an_invitation_asks_for_a_reply():
    meeting = make.meeting()
    guest = make.invite(meeting, factories.UserFactory())

    assert found(guest, NOW) == [("meetings.reply", Urgency.LATER)]


def test_of_a_series_only_the_next_meeting_asks_for_a_reply_and_duties_name_the_day():
    first, second = make.meeting(), make.meeting(starts_at=NOW + dt.timedelta(days=60))
    series = Series.objects.create(
        title=first.title,
        template=first.template,
        host=first.host,
        created_by=first.host,
        rule="FREQ=WEEKLY",
        starts_on=first.starts_at.date(),
        starts_at=first.starts_at.time(),
    )
    guest = factories.UserFactory()
    for one in (first, second):
        one.series, one.occurs_at = series, one.starts_at
        one.save(update_fields=["series", "occurs_at"])
        make.invite(one, guest)

    assert [task.url for task in tasks_for(guest, NOW)] == [first.get_absolute_url()]

    Meeting.objects.filter(pk=first.pk).update(status="ended", started_at=NOW, ended_at=at(60))
    obligations.ensure(meeting=Meeting.objects.get(pk=first.pk), now=at(60))
    context = tasks_for(first.host, at(60))[0].context
    assert context.startswith(f"{first.title} · ")
    assert str(first.starts_at.day) in context


def test_a_reply_to_a_meeting_of_today_is_for_today():
    meeting = make.meeting()
    guest = make.invite(meeting, factories.UserFactory())

    assert found(guest, meeting.starts_at - dt.timedelta(minutes=20)) == [("meetings.reply", Urgency.TODAY)]


def test_the_number_of_queries_does_not_grow():
    def count(person):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            tasks_for(person, NOW)
        return len(queries)

    lead = factories.lead("sales", roles=["host"])
    prereads.open_for(meeting=make.meeting(host=lead), now=NOW)
    one = count(type(lead).objects.get(pk=lead.pk))
    for _ in range(2):
        prereads.open_for(meeting=make.meeting(host=lead), now=NOW)

    assert count(type(lead).objects.get(pk=lead.pk)) == one
