import datetime as dt

import pytest
from django.utils import timezone, translation

from meetings import reminders
from meetings.models import Meeting
from meetings.services import obligations, prereads
from notices import kinds, services
from notices.models import Notice
from people.models import Membership
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def promised(kind):
    return Notice.objects.filter(kind=kind).order_by("due_at").first()


def is_wanted(notice):
    fresh = Notice.objects.get(pk=notice.pk)
    return kinds.get(fresh.kind).is_wanted(fresh)


@pytest.fixture
def preread():
    factories.lead("sales", name="Wang")
    return prereads.open_for(meeting=make.meeting(), now=NOW)[0]


def test_the_department_is_reminded_three_days_and_one_day_ahead_and_when_late(preread):
    found = [(n.kind, preread.due_at - n.due_at, n.expires_at) for n in Notice.objects.order_by("due_at")]

    assert found == [
        ("meetings.preread_soon", dt.timedelta(days=3), preread.due_at),
        ("meetings.preread_soon", dt.timedelta(days=1), preread.due_at),
        ("meetings.preread_overdue", dt.timedelta(), preread.meeting.starts_at),
    ]


def test_reminders_that_lie_in_the_past_are_left_out():
    factories.lead("sales")

    prereads.open_for(meeting=make.meeting(), now=make.START - dt.timedelta(days=8))

    assert list(Notice.objects.values_list("kind", flat=True)) == ["meetings.preread_overdue"]


def test_members_are_reminded_where_there_is_no_lead():
    member = factories.member("sales")

    prereads.open_for(meeting=make.meeting(), now=NOW)

    assert set(Notice.objects.values_list("recipient", flat=True)) == {member.pk}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda preread: Meeting.objects.update(status="cancelled"),
        lambda preread: Meeting.objects.update(status="in_progress", started_at=make.START),
        lambda preread: type(preread).objects.update(due_at=preread.due_at + dt.timedelta(hours=1)),
        lambda preread: type(preread).objects.update(
            status="submitted", submitted_at=NOW, first_submitted_at=NOW
        ),
        lambda preread: Membership.objects.all().delete(),
    ],
    ids=["cancelled", "begun", "moved", "submitted", "left the department"],
)
def test_a_reminder_that_has_become_pointless_is_not_sent(preread, spoil):
    notice = promised("meetings.preread_soon")
    assert is_wanted(notice)

    spoil(preread)

    assert not is_wanted(notice)


def test_a_fulfilled_duty_is_not_asked_for():
    meeting = make.meeting(status="ended")
    obligations.ensure(meeting=meeting, now=at(60))
    notice = promised("meetings.obligation_missed")
    assert is_wanted(notice)

    meeting.obligations.update(met_at=at(61), met_by=meeting.host)

    assert not is_wanted(notice)


def test_the_reconciler_makes_good_what_was_lost():
    starts_at = timezone.now() + dt.timedelta(days=20)
    factories.lead("sales")
    prereads.open_for(meeting=make.meeting(starts_at=starts_at), now=timezone.now())
    wanted = Notice.objects.count()
    assert services.reconcile() == 0

    Notice.objects.all().delete()

    assert services.reconcile() == wanted == 3


def test_nothing_is_planned_for_meetings_that_are_over(preread):
    Meeting.objects.update(status="ended", started_at=make.START, ended_at=at(60))

    assert list(reminders.wanted_of_all()) == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_has_title_text_and_link_in_both_languages(preread, language):
    host = preread.meeting.host
    prereads.nudge(meeting=preread.meeting, prereads=[preread], by=host, now=NOW)
    ended = make.meeting(status="ended")
    obligations.ensure(meeting=ended, now=at(60))
    codes = {
        reminders.PREREAD_SOON,
        reminders.PREREAD_OVERDUE,
        reminders.PREREAD_NUDGE,
        reminders.OBLIGATION_SOON,
        reminders.OBLIGATION_MISSED,
    }
    found = {code: promised(code) for code in codes}

    with translation.override(language):
        titles = {code: kinds.get(code).title(notice) for code, notice in found.items()}
        bodies = {code: kinds.get(code).body(notice) for code, notice in found.items()}
        urls = {code: kinds.get(code).url(notice) for code, notice in found.items()}

    for code in codes:
        assert "October review" in bodies[code]
        assert "%(" not in titles[code] + bodies[code]
        assert ("\u4e00" <= titles[code][-1] <= "\u9fff") == (language == "zh-hans"), titles[code]
    assert urls[reminders.PREREAD_SOON] == preread.get_absolute_url()
    assert urls[reminders.OBLIGATION_MISSED] == f"/meetings/{ended.pk}/minutes/"


def test_a_department_with_two_leads_tells_both():
    factories.lead("sales")
    factories.lead("sales")

    preread = prereads.open_for(meeting=make.meeting(), now=NOW)[0]

    assert len(reminders.whom_to_remind(preread)) == 2
    assert Notice.objects.filter(kind="meetings.preread_overdue").count() == 2
