import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.unions import MOST
from core.work import Urgency
from meetings import preread_reminders
from meetings.models import Meeting, Minutes, Objection, Participant, PreRead, ReadReceipt, Series
from meetings.queries import tasks_for
from meetings.services import comments, obligations, prereads
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings import settling_factories as made
from tests.meetings.factories import simple
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
    (soon,), (late,) = (
        [one.title for one in tasks_for(meeting.host, at(minutes)) if one.kind == "meetings.start"]
        for minutes in (-5, 5)
    )
    assert (soon, late) == (f"“{meeting.title}” begins soon", f"“{meeting.title}” should have begun")


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


def test_a_long_series_hides_no_other_invitation():
    guest, host = factories.UserFactory(), factories.host()
    weekly = simple(MOST + 5, host=host, now=NOW)
    series = Series.objects.create(
        title="Weekly", template=weekly[0].template, host=host, created_by=host, rule="FREQ=WEEKLY",
        starts_on=weekly[0].starts_at.date(), starts_at=weekly[0].starts_at.time(),
    )  # fmt: skip
    for one in weekly:
        one.series, one.occurs_at = series, one.starts_at
    Meeting.objects.bulk_update(weekly, ["series", "occurs_at"])
    last = make.meeting(starts_at=max(one.starts_at for one in weekly) + dt.timedelta(days=1))
    Participant.objects.bulk_create(Participant(meeting=one, user=guest) for one in [*weekly, last])

    first = min(weekly, key=lambda one: one.starts_at)
    assert [task.url for task in tasks_for(guest, NOW - dt.timedelta(days=1))] == [
        first.get_absolute_url(),
        last.get_absolute_url(),
    ]


def test_a_reply_to_a_meeting_of_today_is_for_today():
    meeting = make.meeting()
    guest = make.invite(meeting, factories.UserFactory())

    assert found(guest, meeting.starts_at - dt.timedelta(minutes=20)) == [("meetings.reply", Urgency.TODAY)]


def test_what_was_handed_in_is_read_asked_about_and_mended():
    """One line for each meeting to read, and for each pre-read that is asked about or came back."""
    meeting = made.review("sales", "finance", metrics=())
    revision = made.submit(meeting)
    guest, lead = make.invite(meeting, factories.UserFactory()), revision.submitted_by
    reply = ("meetings.reply", Urgency.LATER)
    assert found(guest, NOW) == [("meetings.to_read", Urgency.LATER), reply]

    for text in ("Which line?", "Since when?"):
        comments.add(preread=revision.preread, section="", text=text, by=guest, now=NOW, is_question=True)
    asked = tasks_for(lead, NOW)
    assert [task.title for task in asked if task.kind == "meetings.questions"] == [
        "2 questions on the pre-read of Sales"
    ]
    assert len(asked[-1].covers) == 2

    ReadReceipt.objects.create(revision=revision, reader=guest, read_at=NOW)
    assert found(guest, NOW) == [reply]


@pytest.mark.parametrize("shift", [dt.timedelta(hours=-1), dt.timedelta(hours=1)])
def test_what_came_back_is_due_when_it_is_reminded_of(shift):
    """At the deadline, or at the end of the corrections where that is later."""
    revision = made.submit(made.review(metrics=()))
    preread = revision.preread
    PreRead.objects.update(status="returned", corrections_until=preread.due_at + shift)
    preread.refresh_from_db()

    (task,) = [one for one in tasks_for(revision.submitted_by, NOW) if one.kind == "meetings.preread"]

    assert (task.step, task.due_at) == ("Mend it", preread_reminders.deadline(preread))
    assert task.due_at == preread.due_at + max(shift, dt.timedelta())


def test_what_is_held_against_the_minutes_is_one_line_for_each_meeting():
    meeting = make.meeting(status="ended")
    minutes, _new = Minutes.objects.update_or_create(
        meeting=meeting,
        defaults={"state": "circulated", "circulated_at": NOW, "objections_until": at(60 * 24)},
    )
    guest = factories.UserFactory()
    for text in ("No", "Not so"):
        Objection.objects.create(minutes=minutes, text=text, raised_by=guest, raised_at=NOW)

    (task,) = tasks_for(meeting.host, at(90))

    assert (task.kind, task.title) == ("meetings.objections", "2 objections to the minutes")
    assert (task.context, len(task.covers)) == (meeting.title, 2)


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
