from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from core.periods import Period
from meetings import plan as planning
from meetings.errors import NotAllowed
from meetings.models import Meeting, Participant, Series, SeriesException
from meetings.plan import ItemPlan
from meetings.recurrence import BadRuleError, Rule
from meetings.services import occurrences, schedule
from meetings.services import series as services
from meetings.services.series import Change, Terms
from notices.models import Notice
from tests.factories import UserFactory
from tests.meetings.factories import NOW, department, draft, guest, plan, scheduled, template

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 12, 8, 10, 0, tzinfo=SHANGHAI)
WEEKLY = "FREQ=WEEKLY;BYDAY=TU"


def terms(rule: str = WEEKLY, **values) -> Terms:
    return Terms(rule=Rule.parse(rule), **values)


def weekly(**values) -> Series:
    values = {"template": template("weekly-operations"), "starts_at": TUESDAY, "title": "Weekly", **values}
    agreed = values.pop("terms", None) or terms()
    meeting = draft(**values)
    return services.start(meeting=meeting, terms=agreed, by=meeting.host, now=NOW)


def change(series: Series, **values) -> Change:
    return Change(
        **{
            "title": series.title,
            "rule": Rule.parse(series.rule),
            "starts_at": series.starts_at,
            "time_zone": series.time_zone,
            "planned_minutes": series.planned_minutes,
            "location": series.location,
            "online_url": series.online_url,
            "ends_on": series.ends_on,
            "holiday_region": series.holiday_region,
            "on_holiday": series.on_holiday,
            **values,
        }
    )


def days(series: Series, *states: str) -> list[str]:
    rows = series.meetings.filter(status__in=states or [Meeting.Status.SCHEDULED]).order_by("starts_at")
    return [f"{one.starts_at.astimezone(series.zone):%Y-%m-%d %H:%M}" for one in rows]


# --- beginning ----------------------------------------------------------------------------------------
def test_a_draft_becomes_the_first_meeting_of_a_series_that_is_made_ahead():
    series = weekly()

    assert days(series)[:3] == ["2026-12-08 10:00", "2026-12-15 10:00", "2026-12-22 10:00"]
    # Sixty days ahead, and no further.
    assert days(series)[-1] == "2027-01-19 10:00"
    assert len(days(series)) == 7
    assert all(one.occurs_at == one.starts_at for one in series.meetings.all())


def test_a_rare_meeting_has_its_next_ones_made_too_but_not_years_ahead():
    quarter_end = "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"
    start = datetime(2026, 12, 31, 10, 0, tzinfo=SHANGHAI)
    assert days(weekly(terms=terms(quarter_end), starts_at=start)) == [
        "2026-12-31 10:00",
        "2027-03-31 10:00",
        "2027-06-30 10:00",
    ]
    yearly = weekly(terms=terms("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31"), starts_at=start)
    assert days(yearly) == ["2026-12-31 10:00"]


def test_each_meeting_is_a_copy_with_its_own_period():
    person = guest("recorder")
    series = weekly(people=[person], departments=[department("sales")])

    first, second = series.meetings.order_by("starts_at")[:2]
    assert second.period == Period.parse("2026-W50")
    assert second.template == first.template
    assert {(row.user_id, row.role) for row in second.participants.all()} == {
        (row.user_id, row.role) for row in first.participants.all()
    }
    assert [row.department.code for row in second.departments.all()] == ["sales"]
    assert [item.title_en for item in second.items.in_order()] == [
        item.title_en for item in first.items.in_order()
    ]
    assert not set(first.items.values_list("pk", flat=True)) & set(second.items.values_list("pk", flat=True))
    assert second.prereads.count() == first.prereads.count() == 1


def test_a_series_that_looks_at_the_current_period_goes_on_doing_so():
    series = weekly(period=Period.containing(TUESDAY.date(), "week"))
    second = series.meetings.order_by("starts_at")[1]
    assert second.period == Period.parse("2026-W51")


def test_an_item_typed_into_the_first_agenda_comes_back_each_time_and_a_later_one_does_not():
    typed = ItemPlan(title_en="Round of news", title_zh="通报", report=5)
    kind = template("weekly-operations")
    modules = [ItemPlan.of_module(module) for module in kind.modules.order_by("order")]
    series = weekly(items=[*modules, typed])
    second = series.meetings.order_by("starts_at")[1]
    item = second.items.get(title_en="Round of news")
    assert item.is_recurring
    assert item.carried_because == "recurring"
    assert item.carried_from.meeting.occurs_at == TUESDAY

    last = series.meetings.order_by("starts_at").last()
    last.items.create(order=99, title="Only this once")
    made = occurrences.extend(series=series, now=NOW + timedelta(days=7))
    assert len(made) == 1
    assert not made[0].items.filter(title_en="Only this once").exists()
    assert made[0].items.filter(title_en="Round of news").exists()


def test_everybody_gets_one_invitation_for_the_whole_series():
    person = guest()
    series = weekly(people=[person])
    told = Notice.objects.filter(recipient=person.user, due_at=NOW)
    assert [(notice.kind, notice.subject) for notice in told] == [("meetings.series_invited", series)]


def test_a_scheduled_meeting_keeps_its_calendar_entry_and_sequence_rises():
    meeting = scheduled(template=template("weekly-operations"), starts_at=TUESDAY)
    series = services.start(meeting=meeting, terms=terms(), by=meeting.host, now=NOW)
    assert series.uid == meeting.uid
    assert series.sequence > meeting.sequence


def test_a_meeting_that_is_on_no_date_of_the_rhythm_is_refused_with_the_next_one():
    meeting = draft(starts_at=TUESDAY)
    with override("en"), pytest.raises(BadRuleError, match=r"Tue 8 Dec.*Fri 25 Dec"):
        services.start(meeting=meeting, terms=terms("FREQ=MONTHLY;BYDAY=-1FR"), by=meeting.host, now=NOW)
    assert not Series.objects.exists()


def test_a_meeting_that_a_holiday_has_moved_stands_on_its_date_all_the_same():
    # The last day of January 2027 is a Sunday.
    meeting = draft(starts_at=datetime(2027, 1, 29, 10, 0, tzinfo=SHANGHAI))
    agreed = terms("FREQ=MONTHLY;BYMONTHDAY=-1", on_holiday="previous")
    series = services.start(meeting=meeting, terms=agreed, by=meeting.host, now=NOW)
    meeting.refresh_from_db()
    assert series.starts_on == date(2027, 1, 31)
    assert meeting.occurs_at == datetime(2027, 1, 31, 10, 0, tzinfo=SHANGHAI)
    assert meeting.starts_at == datetime(2027, 1, 29, 10, 0, tzinfo=SHANGHAI)


def test_a_series_without_any_meeting_is_refused():
    meeting = draft(starts_at=datetime(2026, 12, 12, 10, 0, tzinfo=SHANGHAI))
    agreed = terms("FREQ=WEEKLY;BYDAY=SA", on_holiday="skip", holiday_region="")
    with override("en"), pytest.raises(BadRuleError, match="No meeting would ever be held"):
        services.start(meeting=meeting, terms=agreed, by=meeting.host, now=NOW)
    with override("en"), pytest.raises(BadRuleError, match="before it begins"):
        services.start(
            meeting=meeting,
            terms=terms("FREQ=WEEKLY;BYDAY=SA", ends_on=date(2026, 12, 11)),
            by=meeting.host,
            now=NOW,
        )
    assert not Series.objects.exists()


@pytest.mark.parametrize(
    ("title", "lasting"),
    [
        ("经营分析会 2026年10月", "经营分析会"),
        ("Review October 2026", "Review"),
        ("October plans", "October plans"),
    ],
)
def test_a_series_is_not_named_after_the_period_of_its_first_meeting(title, lasting):
    series = weekly(title=title, period=Period.month(2026, 10))

    assert series.title == lasting
    assert set(series.meetings.values_list("title", flat=True)) == {lasting}


def test_a_meeting_is_in_one_series_and_begins_one_only_while_planned():
    series = weekly()
    first = series.meetings.order_by("starts_at")[0]
    with pytest.raises(NotAllowed):
        services.start(meeting=first, terms=terms(), by=first.host, now=NOW)
    over = draft(starts_at=TUESDAY)
    with pytest.raises(NotAllowed):
        services.start(meeting=over, terms=terms(), by=over.host, now=TUESDAY + timedelta(hours=1))


# --- ticks --------------------------------------------------------------------------------------------
def test_ticks_make_what_is_due_once():
    series = weekly()
    before = days(series)
    assert occurrences.extend(series=series, now=NOW) == []
    assert days(series) == before
    later = NOW + timedelta(days=14)
    assert len(occurrences.extend(series=series, now=later)) == 2
    assert occurrences.extend(series=series, now=later) == []
    starts = series.meetings.order_by("occurs_at").values_list("occurs_at", flat=True)
    assert all(after - before == timedelta(days=7) for before, after in pairwise(starts))


def test_what_was_held_and_past_dates_are_not_made_again():
    series = weekly()
    occurrences.extend(series=series, now=TUESDAY + timedelta(days=100))
    made = [one for one in days(series) if one >= "2027-01-20"]
    assert made[0] == "2027-03-23 10:00"


def test_a_series_with_a_last_day_ends_after_it():
    series = weekly(terms=terms(ends_on=date(2026, 12, 20)))
    assert days(series) == ["2026-12-08 10:00", "2026-12-15 10:00"]
    occurrences.extend(series=series, now=datetime(2026, 12, 16, tzinfo=UTC))
    series.refresh_from_db()
    assert series.status == Series.Status.ENDED


def test_who_has_left_is_not_invited_to_the_meetings_made_later():
    person = guest()
    series = weekly(people=[person])
    person.user.is_active = False
    person.user.save()
    made = occurrences.extend(series=series, now=NOW + timedelta(days=7))
    assert not made[0].participants.filter(user=person.user).exists()


def test_a_series_whose_host_has_left_makes_no_more_meetings():
    series = weekly()
    series.host.is_active = False
    series.host.save()
    assert occurrences.extend(series=series, now=NOW + timedelta(days=30)) == []


# --- holidays -----------------------------------------------------------------------------------------
def test_a_holiday_is_left_out_with_its_name_or_moved():
    kind = template("weekly-operations")
    friday = datetime(2026, 12, 4, 10, 0, tzinfo=SHANGHAI)
    skipping = weekly(template=kind, starts_at=friday, terms=terms("FREQ=WEEKLY;BYDAY=FR", on_holiday="skip"))
    assert "2027-01-01 10:00" not in days(skipping)
    # 2027 has no official list yet: nothing of it is kept for good.
    assert not skipping.exceptions.exists()
    moving = weekly(template=kind, starts_at=friday, terms=terms("FREQ=WEEKLY;BYDAY=FR", on_holiday="next"))
    moved = moving.meetings.get(occurs_at=datetime(2027, 1, 1, 10, 0, tzinfo=SHANGHAI))
    assert moved.starts_at == datetime(2027, 1, 4, 10, 0, tzinfo=SHANGHAI)


def test_a_date_left_out_for_a_holiday_is_kept_as_an_exception():
    start = datetime(2026, 9, 29, 10, 0, tzinfo=SHANGHAI)
    now = datetime(2026, 9, 1, tzinfo=UTC)
    planned = plan(template=template("weekly-operations"), starts_at=start)
    meeting = schedule.draft(plan=planned, by=planned.host, now=now)
    with override("en"):
        series = services.start(meeting=meeting, terms=terms(on_holiday="skip"), by=meeting.host, now=now)
    row = series.exceptions.get()
    assert row.occurs_at == datetime(2026, 10, 6, 10, 0, tzinfo=SHANGHAI)
    assert row.cause == SeriesException.Cause.HOLIDAY
    assert "2026-10-06 10:00" not in days(series)


# --- one ----------------------------------------------------------------------------------------------
def test_moving_one_leaves_its_place_and_the_others():
    series = weekly()
    second = series.meetings.order_by("starts_at")[1]
    moved = replace(planning.of_meeting(second), starts_at=TUESDAY + timedelta(days=8))
    schedule.change(meeting=second, plan=moved, revision=second.revision, by=second.host, now=NOW)
    second.refresh_from_db()
    assert second.starts_at == TUESDAY + timedelta(days=8)
    assert second.occurs_at == TUESDAY + timedelta(days=7)
    occurrences.extend(series=series, now=NOW)
    assert days(series)[:3] == ["2026-12-08 10:00", "2026-12-16 10:00", "2026-12-22 10:00"]


def test_cancelling_one_leaves_its_date_out_for_good():
    series = weekly()
    second = series.meetings.order_by("starts_at")[1]
    services.cancel_one(meeting=second, reason="Trade fair", by=second.host, now=NOW)
    row = series.exceptions.get()
    assert (row.occurs_at, row.cause, row.reason) == (second.occurs_at, "cancelled", "Trade fair")
    occurrences.extend(series=series, now=NOW)
    assert "2026-12-15 10:00" not in days(series)
    assert len(days(series)) == 6


def test_a_date_that_has_no_meeting_yet_is_left_out():
    series = weekly()
    far = TUESDAY + timedelta(days=70)
    with pytest.raises(NotAllowed):
        services.skip(series=series, occurs_at=far, reason=" ", by=series.host, now=NOW)
    with pytest.raises(NotAllowed):
        services.skip(series=series, occurs_at=far + timedelta(hours=1), reason="x", by=series.host, now=NOW)
    services.skip(series=series, occurs_at=far, reason="Stocktaking", by=series.host, now=NOW)
    occurrences.extend(series=series, now=NOW + timedelta(days=30))
    assert far not in series.meetings.values_list("occurs_at", flat=True)


# --- all that follow ----------------------------------------------------------------------------------
def test_changing_the_rhythm_moves_all_and_keeps_the_meetings():
    series = weekly()
    before = list(series.meetings.order_by("starts_at").values_list("pk", flat=True))
    changed = services.change_following(
        series=series,
        change=change(series, rule=Rule.parse("FREQ=WEEKLY;BYDAY=TH"), starts_at=time(15), location="Room 3"),
        revision=series.revision,
        by=series.host,
        now=NOW,
    )
    assert changed == series
    assert days(series)[:2] == ["2026-12-10 15:00", "2026-12-17 15:00"]
    after = list(series.meetings.order_by("starts_at"))
    assert [one.pk for one in after] == before
    assert all(one.occurs_at == one.starts_at and one.location == "Room 3" for one in after)
    assert changed.sequence == series.sequence + 1


def test_a_rarer_rhythm_cancels_what_has_no_date_any_more():
    series = weekly()
    services.change_following(
        series=series,
        change=change(series, rule=Rule.parse("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")),
        revision=1,
        by=series.host,
        now=NOW,
    )
    assert days(series) == ["2026-12-08 10:00", "2026-12-22 10:00", "2027-01-05 10:00", "2027-01-19 10:00"]
    assert len(days(series, Meeting.Status.CANCELLED)) == 3


def test_from_a_later_date_on_the_earlier_ones_stay_and_a_new_series_begins():
    series = weekly()
    third = series.meetings.order_by("starts_at")[2]
    later = services.change_following(
        series=series,
        first=third,
        change=change(series, starts_at=time(16)),
        revision=1,
        by=series.host,
        now=NOW,
    )
    assert later != series
    series.refresh_from_db()
    assert series.ends_on == date(2026, 12, 21)
    assert days(series) == ["2026-12-08 10:00", "2026-12-15 10:00"]
    assert days(later)[:2] == ["2026-12-22 16:00", "2026-12-29 16:00"]
    assert later.meetings.order_by("starts_at")[0] == third


def test_a_new_place_from_a_later_date_on_needs_no_new_series():
    series = weekly()
    third = series.meetings.order_by("starts_at")[2]
    same = services.change_following(
        series=series,
        first=third,
        change=change(series, location="Room 9"),
        revision=1,
        by=series.host,
        now=NOW,
    )
    assert same == series
    places = [one.location for one in series.meetings.order_by("starts_at")]
    assert places[:3] == ["", "", "Room 9"]
    assert days(series)[0] == "2026-12-08 10:00"


def test_a_new_time_asks_for_new_replies():
    person = guest()
    series = weekly(people=[person])
    Participant.objects.filter(user=person.user).update(reply="accepted", replied_at=NOW)
    services.change_following(
        series=series, change=change(series, starts_at=time(11)), revision=1, by=series.host, now=NOW
    )
    assert set(Participant.objects.filter(user=person.user).values_list("reply", flat=True)) == {"none"}


def test_what_was_called_off_stays_so_at_another_hour():
    series = weekly()
    second = series.meetings.order_by("starts_at")[1]
    services.cancel_one(meeting=second, reason="Trade fair", by=second.host, now=NOW)
    services.change_following(
        series=series, change=change(series, starts_at=time(11)), revision=1, by=series.host, now=NOW
    )
    assert days(series)[:2] == ["2026-12-08 11:00", "2026-12-22 11:00"]


def test_a_change_that_began_from_an_older_revision_is_refused():
    series = weekly()
    services.change_following(
        series=series, change=change(series, location="A"), revision=1, by=series.host, now=NOW
    )
    with pytest.raises(NotAllowed):
        services.change_following(
            series=series, change=change(series, location="B"), revision=1, by=series.host, now=NOW
        )
    series.refresh_from_db()
    assert series.location == "A"


def test_one_change_is_one_mail():
    person = guest()
    series = weekly(people=[person])
    Notice.objects.update(state=Notice.State.SENT)
    services.change_following(
        series=series, change=change(series, starts_at=time(11)), revision=1, by=series.host, now=NOW
    )
    kinds = Notice.objects.filter(recipient=person.user, state=Notice.State.PENDING).values_list(
        "kind", flat=True
    )
    assert [kind for kind in kinds if "preread" not in kind and "agenda" not in kind] == [
        "meetings.series_changed"
    ]


# --- ending -------------------------------------------------------------------------------------------
def test_ending_cancels_what_comes_after_the_last_day():
    series = weekly()
    with pytest.raises(NotAllowed):
        services.end(
            series=series, last_day=date(2026, 12, 16), reason="", revision=1, by=series.host, now=NOW
        )
    services.end(
        series=series, last_day=date(2026, 12, 16), reason="Project done", revision=1, by=series.host, now=NOW
    )
    series.refresh_from_db()
    assert days(series) == ["2026-12-08 10:00", "2026-12-15 10:00"]
    assert series.status == Series.Status.ACTIVE
    occurrences.extend(series=series, now=NOW)
    assert len(days(series)) == 2


def test_ending_at_once_ends_the_series():
    series = weekly()
    services.end(series=series, last_day=NOW.date(), reason="Done", revision=1, by=series.host, now=NOW)
    series.refresh_from_db()
    assert days(series) == []
    assert series.status == Series.Status.ENDED
    with pytest.raises(NotAllowed):
        services.end(series=series, last_day=NOW.date(), reason="x", revision=2, by=series.host, now=NOW)


# --- who may see ----------------------------------------------------------------------------------------
def test_a_series_is_seen_by_who_may_read_one_of_its_meetings():
    person = guest()
    series = weekly(people=[person])
    assert list(Series.objects.visible_to(person.user)) == [series]
    assert not Series.objects.visible_to(UserFactory()).exists()
