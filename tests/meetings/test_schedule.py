"""Drafting, sending, changing and cancelling: who is told what, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core import history
from meetings import plan as planning
from meetings.errors import NotAllowed
from meetings.models import Meeting, Participant, PreRead
from meetings.plan import PersonPlan
from meetings.services import schedule
from meetings.services.reply import reply
from meetings.services.templates import next_version
from notices.models import Notice
from tests.factories import UserFactory, lead
from tests.meetings import factories
from tests.meetings.factories import NOW, START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = NOW + timedelta(hours=1)


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind, state="pending").values_list("recipient__email", flat=True))


def change(meeting: Meeting, now=LATER, reason="", **changes) -> Meeting:
    meeting.refresh_from_db()
    plan = replace(planning.of_meeting(meeting), **changes)
    return schedule.change(
        meeting=meeting, plan=plan, revision=meeting.revision, reason=reason, by=meeting.host, now=now
    )


def test_draft_tells_nobody():
    meeting = factories.draft(people=[factories.guest()])

    assert meeting.status == Meeting.Status.DRAFT
    assert meeting.items.count() == 8
    assert not Notice.objects.exists()


def test_meeting_keeps_its_own_copy_of_the_template():
    kind = factories.template()
    meeting = factories.draft(template=kind)

    kind.modules.all().delete()

    item = meeting.items.get(order=2)
    assert (item.title_en, item.title_zh, item.report_minutes, item.discussion_minutes) == (
        "Sales",
        "销售",
        20,
        40,
    )
    assert len(item.questions) == 4
    assert "orders" in item.metric_codes


def test_year_end_review_asks_for_six_documents():
    meeting = factories.draft(template=factories.template("year-end-review"))

    assert meeting.required_documents.count() == 6
    assert set(meeting.required_documents.values_list("department__code", flat=True)) == {
        "finance",
        "sales",
        "marketing",
        "supply",
        "service",
    }


def test_sending_invites_everybody_and_opens_the_pre_reads():
    speaker = lead("sales", email="sales@example.com")
    meeting = factories.scheduled(
        people=[PersonPlan(user=speaker, role=Participant.Role.PRESENTER)],
        departments=[factories.department("sales"), factories.department("tech", needs_preread=False)],
    )

    assert meeting.status == Meeting.Status.SCHEDULED
    assert told("meetings.invited") == {"sales@example.com", meeting.host.email}
    assert [row.department.code for row in PreRead.objects.filter(meeting=meeting)] == ["sales"]
    assert history.of(meeting).first().verb == "meetings.scheduled"


def test_sending_twice_is_refused_and_tells_nobody_again():
    meeting = factories.scheduled()
    stale = Meeting.objects.get(pk=meeting.pk)
    stale.status = Meeting.Status.DRAFT

    with pytest.raises(NotAllowed):
        schedule.send(meeting=stale, by=meeting.host, now=LATER)

    assert Notice.objects.filter(kind="meetings.invited").count() == 1


def test_new_time_raises_sequence_asks_for_new_replies_and_tells_everybody():
    guest = factories.guest(email="anna@example.com")
    meeting = factories.scheduled(people=[guest])
    reply(participant=meeting.participants.get(user=guest.user), to="accepted", note="yes", now=NOW)
    Notice.objects.update(state="sent")

    meeting = change(meeting, starts_at=START + timedelta(hours=1), reason="Boss on the train")

    assert meeting.sequence == 1
    assert meeting.participants.get(user=guest.user).reply == Participant.Reply.NONE
    assert told("meetings.changed") == {"anna@example.com", meeting.host.email}
    notice = Notice.objects.get(kind="meetings.changed", recipient=guest.user)
    assert notice.params["reason"] == "Boss on the train"
    assert notice.send_at == LATER + timedelta(minutes=1)
    assert "Boss on the train" in notice.behaviour.body(notice)
    assert notice.behaviour.title(notice) == f"New time: {meeting.title}"


def test_two_changes_in_a_minute_are_one_notice_that_tells_the_last():
    meeting = factories.scheduled()
    Notice.objects.update(state="sent")
    change(meeting, starts_at=START + timedelta(hours=1), reason="Train")
    change(meeting, now=LATER + timedelta(seconds=20), starts_at=START + timedelta(hours=2))

    notice = Notice.objects.get(kind="meetings.changed")

    assert notice.state == "pending"
    assert notice.send_at == LATER + timedelta(minutes=1)
    assert "16:00" in notice.behaviour.body(notice).partition("Agenda")[0]
    assert "Reason: Train" in notice.behaviour.body(notice)


def test_new_wording_leaves_the_calendar_alone():
    guest = factories.guest()
    meeting = factories.scheduled(people=[guest])
    reply(participant=meeting.participants.get(user=guest.user), to="accepted", note="", now=NOW)

    meeting = change(meeting, title="Typo mended")

    assert meeting.sequence == 0
    assert meeting.participants.get(user=guest.user).reply == Participant.Reply.ACCEPTED
    assert not told("meetings.changed")


def test_who_joins_is_invited_and_who_leaves_is_told_so():
    leaving, joining = factories.guest(email="old@example.com"), factories.guest(email="new@example.com")
    meeting = factories.scheduled(people=[leaving])
    Notice.objects.update(state="sent")

    plan = planning.of_meeting(meeting)
    host = next(one for one in plan.people if one.role == Participant.Role.HOST)
    change(meeting, people=[host, joining])

    assert told("meetings.invited") == {"new@example.com"}
    assert told("meetings.withdrawn") == {"old@example.com"}
    notice = Notice.objects.get(kind="meetings.withdrawn")
    (attachment,) = notice.behaviour.attachments(notice)
    assert "METHOD:CANCEL" in attachment.content
    assert "old@example.com" in attachment.content
    assert "new@example.com" not in attachment.content


def test_recorder_and_timekeeper_can_change_places():
    first, second = factories.guest(Participant.Role.RECORDER), factories.guest(Participant.Role.TIMEKEEPER)
    meeting = factories.draft(people=[first, second])

    plan = planning.of_meeting(meeting)
    swapped = {Participant.Role.RECORDER: "timekeeper", Participant.Role.TIMEKEEPER: "recorder"}
    change(meeting, people=[replace(one, role=swapped.get(one.role, one.role)) for one in plan.people])

    assert meeting.participants.get(user=first.user).role == Participant.Role.TIMEKEEPER
    assert meeting.participants.get(user=second.user).role == Participant.Role.RECORDER


def test_agenda_rows_survive_a_reorder():
    meeting = factories.draft()
    before = dict(meeting.items.values_list("pk", "title_en"))

    plan = planning.of_meeting(meeting)
    change(meeting, items=list(reversed(plan.items)))

    assert dict(meeting.items.values_list("pk", "title_en")) == before
    assert meeting.items.in_order().first().title_en == "Summary and action plan"


def test_cancelling_tells_everybody_why():
    guest = factories.guest(email="anna@example.com")
    meeting = factories.scheduled(people=[guest])
    Notice.objects.update(state="sent")

    meeting = schedule.cancel(meeting=meeting, reason="Stock count", by=meeting.host, now=LATER)

    assert (meeting.status, meeting.sequence) == (Meeting.Status.CANCELLED, 1)
    assert told("meetings.cancelled") == {"anna@example.com", meeting.host.email}
    assert not told("meetings.invited")
    notice = Notice.objects.get(kind="meetings.cancelled", recipient=guest.user)
    assert "Stock count" in notice.behaviour.body(notice)
    (attachment,) = notice.behaviour.attachments(notice)
    assert attachment.mimetype == "text/calendar; charset=utf-8; method=CANCEL"
    assert "SEQUENCE:1" in attachment.content


def test_cancelling_a_scheduled_meeting_wants_a_reason():
    meeting = factories.scheduled()

    with pytest.raises(NotAllowed, match="why"):
        schedule.cancel(meeting=meeting, reason="  ", by=meeting.host, now=LATER)

    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.SCHEDULED


def test_meeting_in_the_past_is_refused():
    with pytest.raises(NotAllowed, match="passed already"):
        factories.draft(starts_at=NOW - timedelta(minutes=1))
    assert not Meeting.objects.exists()


def test_draft_that_has_passed_meanwhile_is_not_sent():
    meeting = factories.draft()

    with pytest.raises(NotAllowed, match="passed already"):
        schedule.send(meeting=meeting, by=meeting.host, now=START + timedelta(seconds=1))

    assert not Notice.objects.exists()


def test_somebody_who_left_cannot_be_invited():
    gone = UserFactory(name="离职同事", is_active=False)

    with pytest.raises(NotAllowed, match="离职同事"):
        factories.draft(people=[PersonPlan(user=gone)])


def test_empty_agenda_is_not_sent():
    meeting = factories.draft(items=[])

    with pytest.raises(NotAllowed, match="empty"):
        schedule.send(meeting=meeting, by=meeting.host, now=NOW)


@pytest.mark.parametrize(
    "values",
    [
        {"status": "unknown"},
        {"planned_minutes": 0},
        {"title": ""},
        {"period_grain": "month", "period_start": "2026-10-01", "period_end": "2026-10-01"},
        {"status": "ended"},
        {"ended_at": NOW},
    ],
)
def test_database_refuses_what_cannot_be(values):
    meeting = factories.draft()

    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(**values)


def test_next_version_of_a_template_leaves_the_used_one_alone():
    meeting = factories.draft(template=factories.template("year-end-review"))
    copy = next_version(template=meeting.template, by=meeting.host)

    assert (copy.version, copy.is_current) == (2, True)
    assert copy.modules.count() == 4
    assert sum(module.documents.count() for module in copy.modules.all()) == 6
    meeting.template.refresh_from_db()
    assert (meeting.template.version, meeting.template.is_current) == (1, False)
    assert meeting.template.modules.count() == 4
