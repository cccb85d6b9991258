import datetime as dt

import pytest

from meetings import clock_rules
from meetings.errors import NotAllowed
from meetings.services import prereads, windows
from notices.models import Notice
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import NOW, START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def window(meeting, since=NOW):
    return clock_rules.preread_window(meeting, since=since)


def opened(now=NOW, **fields):
    return prereads.open_for(meeting=make.meeting(**fields), now=now)[0]


def extend(preread, until, now=NOW, reason="The warehouse report came late.", by=None):
    return windows.extend(
        preread=preread, due_at=until, reason=reason, by=by or preread.meeting.host, now=now
    )


# --- the rule ---------------------------------------------------------------------------------------------
def test_a_review_opens_ten_days_before_is_due_seven_before_and_corrected_until_two_before():
    found = window(make.meeting())

    assert START - found.opens_at == 10 * DAY
    assert START - found.due_at == 7 * DAY
    assert START - found.corrections_until == 48 * HOUR
    assert not found.is_squeezed


def test_what_the_host_set_counts():
    opens, due, until = START - 5 * DAY, START - 3 * DAY, START - DAY

    found = window(make.meeting(preread_opens_at=opens, preread_due_at=due, corrections_until=until))

    assert (found.opens_at, found.due_at, found.corrections_until) == (opens, due, until)


def test_the_window_keeps_its_hours_across_the_change_of_the_clocks():
    """Berlin leaves summer time on 25 October 2026: ten and seven days before 14:00 it is 14:00."""
    starts_at = dt.datetime(2026, 10, 28, 13, 0, tzinfo=dt.UTC)
    meeting = make.meeting(time_zone="Europe/Berlin", starts_at=starts_at)

    found = window(meeting, since=starts_at - 30 * DAY)

    assert found.opens_at == dt.datetime(2026, 10, 18, 12, 0, tzinfo=dt.UTC)
    assert found.due_at == dt.datetime(2026, 10, 21, 12, 0, tzinfo=dt.UTC)
    assert found.corrections_until == starts_at - 48 * HOUR


def test_a_meeting_nearer_than_its_window_opens_at_once():
    since = START - 8 * DAY

    found = window(make.meeting(), since=since)

    assert found.opens_at == since
    assert START - found.due_at == 7 * DAY


def test_a_deadline_that_has_passed_becomes_half_of_the_time_left():
    since = START - 2 * DAY - dt.timedelta(minutes=10)

    found = window(make.meeting(), since=since)

    assert found.is_squeezed
    assert found.opens_at == since
    assert found.due_at == START - DAY - dt.timedelta(minutes=15)
    assert found.due_at < found.corrections_until < START


def test_corrections_of_a_weekly_meeting_end_between_the_deadline_and_the_start():
    meeting = make.meeting()
    meeting.template.preread_lead_days = 1

    found = window(meeting)

    assert START - found.due_at == DAY
    assert START - found.corrections_until == 12 * HOUR


# --- a department's own window ------------------------------------------------------------------------------
def test_the_window_stands_with_each_pre_read():
    preread = opened()

    preread.refresh_from_db()
    assert (START - preread.opens_at, START - preread.due_at) == (10 * DAY, 7 * DAY)
    assert START - preread.corrections_until == 48 * HOUR


def test_opening_again_late_moves_no_deadline():
    meeting = make.meeting(scheduled_at=NOW)
    prereads.open_for(meeting=meeting, now=NOW)

    for days in (6, 3, 1):
        (preread,) = prereads.open_for(meeting=meeting, now=START - days * DAY)

        assert START - preread.due_at == 7 * DAY


def test_a_department_asked_after_the_deadline_gets_half_of_the_time_left():
    meeting = make.meeting(scheduled_at=NOW)
    prereads.open_for(meeting=meeting, now=NOW)
    make.add_department(meeting, "finance", 5)

    first, late = prereads.open_for(meeting=meeting, now=START - 4 * DAY)
    assert (START - first.due_at, START - late.due_at) == (7 * DAY, 2 * DAY)

    _first, again = prereads.open_for(meeting=meeting, now=START - 3 * DAY)
    assert START - again.due_at == 2 * DAY


def test_a_meeting_moved_near_takes_away_no_time_that_was_given():
    meeting = make.meeting(scheduled_at=NOW)
    (preread,) = prereads.open_for(meeting=meeting, now=NOW)
    given = preread.due_at
    meeting.starts_at = given + 2 * DAY

    for now in (given - DAY, given):
        (preread,) = prereads.open_for(meeting=meeting, now=now)
        assert preread.due_at == given

    meeting.starts_at = given - DAY
    (preread,) = prereads.open_for(meeting=meeting, now=given - 3 * DAY)
    assert preread.due_at == given - 2 * DAY


# --- more time ------------------------------------------------------------------------------------------------
def test_more_time_moves_the_deadline_and_the_reminders_and_tells_the_heads():
    lead = factories.lead("sales")
    preread = opened()

    extend(preread, START - 3 * DAY)

    preread.refresh_from_db()
    assert (preread.due_at, preread.is_extended) == (START - 3 * DAY, True)
    assert preread.extension_reason == "The warehouse report came late."
    notices = Notice.objects.filter(recipient=lead, state="pending")
    assert notices.get(kind="meetings.preread_extended")
    late = notices.filter(kind="meetings.preread_overdue").order_by("due_at")
    assert late[0].due_at == START - 3 * DAY


def test_more_time_after_submitting_is_for_corrections_and_does_not_undo_the_lateness():
    preread = opened()
    due = preread.due_at
    preread.status, preread.submitted_at, preread.first_submitted_at = "submitted", due + DAY, due + DAY
    preread.save()

    extend(preread, START - DAY, now=START - 40 * HOUR)

    preread.refresh_from_db()
    assert (preread.due_at, preread.corrections_until) == (due, START - DAY)
    assert preread.is_late


@pytest.mark.parametrize(
    ("until", "reason", "words"),
    [
        (START - 3 * DAY, " ", "Write why"),
        (START - 3 * DAY, "x" * 301, "at most 300"),
        (NOW, "Late.", "passed already"),
        (START + HOUR, "Late.", "before it"),
        (START - 8 * DAY, "Late.", "already"),
    ],
)
def test_an_extension_that_makes_no_sense_is_refused_and_changes_nothing(until, reason, words):
    preread = opened()

    with pytest.raises(NotAllowed, match=words):
        extend(preread, until, reason=reason)

    preread.refresh_from_db()
    assert (preread.due_at, preread.is_extended) == (START - 7 * DAY, False)


def test_nothing_is_extended_once_the_meeting_has_begun():
    preread = opened()
    type(preread.meeting).objects.update(status="in_progress", started_at=START)

    with pytest.raises(NotAllowed, match="begun"):
        extend(preread, START - 3 * DAY)


def test_an_own_deadline_outlives_a_change_of_the_plan():
    preread = opened()
    extend(preread, START - 3 * DAY)

    (again,) = prereads.open_for(meeting=preread.meeting, now=NOW)
    assert again.due_at == START - 3 * DAY

    again.meeting.starts_at = START - 4 * DAY
    (again,) = prereads.open_for(meeting=again.meeting, now=NOW)
    assert again.due_at == START - 11 * DAY
