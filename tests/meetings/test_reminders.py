import datetime as dt

import pytest
from django.utils import timezone, translation

from meetings import preread_reminders, reminders
from meetings.models import Meeting, Review
from meetings.services import obligations, prereads
from notices import kinds, planning, services
from notices.models import Notice
from people.models import Membership
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def promised(kind):
    return Notice.objects.filter(kind=kind).order_by("due_at").first()


def promised_to(name):
    return list(Notice.objects.filter(recipient__name=name, state="pending").order_by("due_at", "kind"))


def is_wanted(notice):
    fresh = Notice.objects.get(pk=notice.pk)
    return kinds.get(fresh.kind).is_wanted(fresh)


@pytest.fixture
def preread():
    factories.lead("sales", name="Wang")
    return prereads.open_for(meeting=make.meeting(), now=NOW)[0]


def test_the_department_is_told_when_it_opens_ahead_on_the_day_and_daily_once_late(preread):
    """Ten days ahead the window opens, which stands for the reminder of that day; it is due seven days ahead."""
    found = [(n.kind.removeprefix("meetings."), make.START - n.due_at) for n in promised_to("Wang")]

    days, hours = (lambda n: dt.timedelta(days=n)), (lambda n: dt.timedelta(hours=n))
    assert found == [
        ("preread_opens", days(10)),
        ("preread_soon", days(8)),
        ("preread_soon", days(7) + hours(4)),
        *[("preread_overdue", days(n)) for n in range(7, 0, -1)],
    ]


def test_each_daily_reminder_ends_with_its_day(preread):
    late = [n for n in promised_to("Wang") if n.kind == "meetings.preread_overdue"]

    assert {n.expires_at - n.due_at for n in late} == {dt.timedelta(days=1)}


def test_reminders_that_lie_in_the_past_are_left_out():
    factories.lead("sales", name="Wang")

    prereads.open_for(meeting=make.meeting(scheduled_at=NOW), now=make.START - dt.timedelta(days=7, hours=5))

    kinds_ahead = [n.kind for n in promised_to("Wang")][:3]
    assert kinds_ahead == ["meetings.preread_opens", "meetings.preread_soon", "meetings.preread_overdue"]
    assert all(n.due_at > NOW for n in promised_to("Wang"))


def test_lead_and_deputy_are_told_and_nobody_else():
    for role in Membership.Role:
        user = factories.UserFactory(name=role.value)
        factories.MembershipFactory(
            user=user, department=factories.DepartmentFactory(code="sales"), role=role
        )

    prereads.open_for(meeting=make.meeting(), now=NOW)

    told = Notice.objects.filter(kind="meetings.preread_opens").values_list("recipient__name", flat=True)
    assert set(told) == {"lead", "deputy"}


def test_the_host_hears_that_nobody_answers_for_a_department():
    factories.lead("sales", is_active=False)
    meeting = make.meeting()

    prereads.open_for(meeting=meeting, now=NOW)

    notice = promised(preread_reminders.ORPHANED)
    assert notice.recipient == meeting.host
    assert is_wanted(notice)
    assert set(Notice.objects.values_list("recipient", flat=True)) == {meeting.host.pk}

    factories.lead("sales")

    assert not is_wanted(notice)


def test_from_the_day_after_the_host_hears_daily_who_is_late(preread):
    found = Notice.objects.filter(recipient=preread.meeting.host).order_by("due_at")

    assert {n.kind for n in found} == {preread_reminders.MISSING}
    assert [(make.START - n.due_at).days for n in found] == [6, 5, 4, 3, 2, 1]
    assert is_wanted(found[0])
    assert kinds.get(found[0].kind).title(found[0]) == "1 pre-read is late: October review"
    assert "Sales" in kinds.get(found[0].kind).body(found[0])

    type(preread).objects.update(status="submitted", submitted_at=NOW, first_submitted_at=NOW)

    assert not is_wanted(found[0])


def test_a_weekly_meeting_is_reminded_of_within_its_own_window_only():
    factories.lead("sales", name="Wang")
    meeting = make.meeting()
    meeting.template.preread_lead_days = 1
    meeting.template.preread_open_days = 3

    prereads.open_for(meeting=meeting, now=NOW)

    found = [(n.kind.removeprefix("meetings.preread_"), make.START - n.due_at) for n in promised_to("Wang")]
    days, hours = (lambda n: dt.timedelta(days=n)), (lambda n: dt.timedelta(hours=n))
    assert found == [
        ("opens", days(3)),
        ("soon", days(2)),
        ("soon", days(1) + hours(4)),
        ("overdue", days(1)),
    ]


def test_moving_and_cancelling_take_the_promises_along(preread):
    meeting = preread.meeting
    meeting.starts_at += dt.timedelta(days=2)
    meeting.save()
    prereads.open_for(meeting=meeting, now=NOW)

    pending = Notice.objects.filter(state="pending").order_by("due_at")
    assert pending[0].due_at == make.START - dt.timedelta(days=8)
    assert pending.filter(recipient=meeting.host).first().due_at == make.START - dt.timedelta(days=4)

    meeting.status = "cancelled"
    meeting.save()
    prereads.open_for(meeting=meeting, now=NOW)

    assert not Notice.objects.filter(state="pending").exists()


def test_a_returned_pre_read_is_asked_for_again_until_the_end_of_the_corrections(preread):
    revision = preread.revisions.create(
        number=1, content={}, submitted_by=preread.meeting.host, submitted_at=NOW, is_late=False
    )
    Review.objects.create(
        revision=revision,
        verdict="returned",
        comment="Net?",
        reviewed_by=preread.meeting.host,
        reviewed_at=NOW,
    )
    preread.status, preread.submitted_at, preread.first_submitted_at = "returned", NOW, NOW
    preread.save()

    preread_reminders.plan_preread(preread, now=NOW)

    found = [n for n in promised_to("Wang") if n.kind == "meetings.preread_soon"]
    assert [preread.corrections_until - n.due_at for n in found] == [
        dt.timedelta(days=3),
        dt.timedelta(days=1),
        dt.timedelta(hours=4),
    ]
    assert all(is_wanted(n) for n in found)


def test_members_are_reminded_where_there_is_no_lead():
    member = factories.member("sales")

    prereads.open_for(meeting=make.meeting(), now=NOW)

    told = Notice.objects.exclude(kind=preread_reminders.MISSING).values_list("recipient", flat=True)
    assert set(told) == {member.pk}


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


def test_the_reconciler_makes_good_what_was_lost(monkeypatch):
    monkeypatch.setattr(planning, "_planners", [reminders.wanted_of_all])
    starts_at = timezone.now() + dt.timedelta(days=20)
    factories.lead("sales")
    prereads.open_for(meeting=make.meeting(starts_at=starts_at), now=timezone.now())
    wanted = Notice.objects.count()
    assert services.reconcile() == 0

    Notice.objects.all().delete()

    assert services.reconcile() == wanted > 10


def test_nothing_is_planned_for_meetings_that_are_over(preread):
    Meeting.objects.update(status="ended", started_at=make.START, ended_at=at(60))

    assert list(reminders.wanted_of_all()) == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_has_title_text_and_link_in_both_languages(preread, language):
    host = preread.meeting.host
    type(host).objects.update(name="Ann")
    host.refresh_from_db()
    prereads.nudge(meeting=preread.meeting, prereads=[preread], by=host, now=NOW)
    ended = make.meeting(status="ended")
    obligations.ensure(meeting=ended, now=at(60))
    codes = {
        preread_reminders.OPENS,
        preread_reminders.SOON,
        preread_reminders.OVERDUE,
        preread_reminders.MISSING,
        preread_reminders.NUDGE,
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
        chinese = any("\u4e00" <= sign <= "\u9fff" for sign in titles[code])
        assert chinese == (language == "zh-hans"), titles[code]
    assert urls[preread_reminders.SOON] == preread.get_absolute_url()
    assert urls[reminders.OBLIGATION_MISSED] == f"/meetings/{ended.pk}/minutes/"


def test_a_department_with_two_leads_tells_both():
    factories.lead("sales")
    factories.lead("sales")

    preread = prereads.open_for(meeting=make.meeting(), now=NOW)[0]

    assert len(preread_reminders.whom_to_remind(preread)) == 2
    assert Notice.objects.filter(kind="meetings.preread_opens").count() == 2
