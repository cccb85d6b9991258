from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils.translation import override

from core.periods import Period
from meetings.errors import NotAllowed
from meetings.models import Series, SeriesException
from meetings.plan import ItemPlan
from meetings.recurrence import BadRuleError
from meetings.services import occurrences, schedule
from meetings.services import series as services
from notices.models import Notice
from tests.factories import UserFactory
from tests.meetings.factories import NOW, department, draft, guest, plan, scheduled, template
from tests.meetings.series_factories import SHANGHAI, TUESDAY, days, terms, weekly

pytestmark = pytest.mark.django_db


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


# --- who may see ----------------------------------------------------------------------------------------
def test_a_series_is_seen_by_who_may_read_one_of_its_meetings():
    person = guest()
    series = weekly(people=[person])
    assert list(Series.objects.visible_to(person.user)) == [series]
    assert not Series.objects.visible_to(UserFactory()).exists()
