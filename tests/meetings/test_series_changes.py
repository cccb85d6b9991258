"""One date or all that follow are changed; a series ends."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from meetings import plan as planning
from meetings.errors import NotAllowed
from meetings.models import Meeting, Participant, Series
from meetings.recurrence import Rule
from meetings.services import occurrences, schedule
from meetings.services import series as services
from notices.models import Notice
from tests.meetings.factories import NOW, guest
from tests.meetings.series_factories import TUESDAY, change, days, weekly

pytestmark = pytest.mark.django_db


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
