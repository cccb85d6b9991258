import datetime as dt
import uuid

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from meetings.errors import Conflict, NotAllowed
from meetings.models import ItemRun, LiveEvent, Meeting, RoomClock
from meetings.queries import room as queries
from meetings.services import room as services
from meetings.services.room import Press
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def started(**fields):
    meeting = make.meeting(**fields)
    services.start(meeting=meeting, by=meeting.host, now=START)
    return meeting


def press(meeting, verb, minutes, version=None, key=None):
    clock = RoomClock.objects.get(meeting=meeting)
    one = Press(by=meeting.host, now=at(minutes), version=version or clock.version, key=key)
    if verb == "end":
        if meeting.attendance_taken_at is None:
            make.roll_call(meeting, START)
        return services.end(meeting=meeting, press=one)
    return services.command(meeting=meeting, verb=verb, press=one)


def left(meeting, minutes):
    """Seconds that the current part has left."""
    return queries.room(meeting).remaining(at(minutes)).total_seconds()


# --- starting and ending ------------------------------------------------------------------------------
def test_starting_runs_the_clock_on_the_first_item():
    meeting = started()

    room = queries.room(meeting)
    assert meeting.status == "in_progress"
    assert (room.item.order, room.clock.part, room.clock.is_running) == (1, "report", True)
    assert left(meeting, 5) == 15 * 60


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("draft", "still a draft"),
        ("cancelled", "was cancelled"),
        ("in_progress", "already begun"),
        ("ended", "already ended"),
    ],
)
def test_only_a_scheduled_meeting_starts(status, words):
    meeting = make.meeting(status=status)

    with pytest.raises(NotAllowed, match=words):
        services.start(meeting=meeting, by=meeting.host, now=START)


def test_a_meeting_without_an_agenda_does_not_start():
    meeting = make.meeting()
    meeting.items.all().delete()

    with pytest.raises(NotAllowed, match="agenda is empty"):
        services.start(meeting=meeting, by=meeting.host, now=START)


def test_a_meeting_cannot_end_before_it_begins_nor_twice():
    meeting = make.meeting()
    with pytest.raises(NotAllowed, match="has not begun yet"):
        services.end(meeting=meeting, press=Press(meeting.host, START, 1))

    meeting = started()
    press(meeting, "end", 60)
    with pytest.raises(NotAllowed, match="already ended"):
        press(meeting, "end", 61)

    assert Meeting.objects.get(pk=meeting.pk).ended_at == at(60)


def test_a_server_clock_that_went_back_does_not_end_it_before_its_start():
    meeting = started()

    press(meeting, "end", -5)

    assert meeting.ended_at == meeting.started_at


# --- counting -------------------------------------------------------------------------------------------
def test_a_pause_is_not_counted():
    meeting = started()
    press(meeting, "pause", 5)
    assert left(meeting, 45) == 15 * 60

    press(meeting, "resume", 60)

    assert left(meeting, 65) == 10 * 60


def test_overtime_counts_below_zero():
    assert left(started(), 21.5) == -90


def test_five_minutes_more_count_for_the_part_and_the_plan():
    meeting = started()

    press(meeting, "extend", 1)

    assert left(meeting, 5) == 20 * 60
    assert queries.room(meeting).lines(at(5))[0].planned == dt.timedelta(minutes=65)


def test_each_part_keeps_the_time_of_all_its_visits():
    meeting = started(departments=("sales", "finance"))
    press(meeting, "discuss", 10)
    press(meeting, "next", 30)
    press(meeting, "back", 40)
    press(meeting, "next", 55)
    press(meeting, "end", 60)

    taken = {
        (run.item.order, run.part): run.elapsed_ms / 60_000 for run in ItemRun.objects.select_related("item")
    }
    assert taken == {(1, "report"): 10, (1, "discussion"): 35, (2, "report"): 15}


def test_thresholds_at_70_100_and_120_percent():
    meeting = started()
    room = queries.room(meeting)

    levels = [room.level(at(minutes)) for minutes in (13.9, 14, 19.9, 20, 23.9, 24)]

    assert levels == ["", "soon", "soon", "over", "over", "far"]


def test_the_projected_end_adds_what_is_still_ahead():
    meeting = started(departments=("sales", "finance"))  # 60 + 60 + 30 minutes
    assert queries.room(meeting).projected_end(at(0)) == at(150)

    assert queries.room(meeting).projected_end(at(25)) == at(155)  # five minutes over in the first report


def test_the_clock_does_not_care_for_a_change_to_winter_time():
    night = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)  # 02:30 in Berlin, half an hour before the change
    meeting = make.meeting(time_zone="Europe/Berlin", starts_at=night)
    services.start(meeting=meeting, by=meeting.host, now=night)

    assert queries.room(meeting).elapsed(night + dt.timedelta(minutes=45)) == dt.timedelta(minutes=45)


def test_an_item_without_a_report_begins_with_its_discussion():
    meeting = started(departments=("sales",))

    clock = press(meeting, "next", 5)

    assert (clock.item.title_en, clock.part) == ("Summary", "discussion")


def test_the_ends_of_the_agenda_say_so():
    meeting = started(departments=("sales",))
    with pytest.raises(NotAllowed, match="first item"):
        press(meeting, "back", 1)
    press(meeting, "next", 2)
    with pytest.raises(NotAllowed, match="last item"):
        press(meeting, "next", 3)
    with pytest.raises(NotAllowed, match="already begun"):
        press(meeting, "discuss", 3)


def test_pausing_twice_says_so():
    meeting = started()
    press(meeting, "pause", 1)

    with pytest.raises(NotAllowed, match="already paused"):
        press(meeting, "pause", 2)


# --- two hosts ------------------------------------------------------------------------------------------
def test_the_second_of_two_hosts_loses_and_sees_the_fresh_clock():
    meeting = started(departments=("sales", "finance"))
    press(meeting, "next", 5, version=1)

    with pytest.raises(Conflict) as caught:
        press(meeting, "next", 5, version=1)

    assert caught.value.theirs.version == 2
    assert RoomClock.objects.get(meeting=meeting).item.order == 2
    assert LiveEvent.objects.filter(meeting=meeting, verb="next").count() == 1


def test_a_press_that_arrives_twice_counts_once():
    meeting = started(departments=("sales", "finance"))
    key = uuid.uuid4()
    press(meeting, "next", 5, version=1, key=key)

    clock = press(meeting, "next", 5, version=1, key=key)

    assert (clock.version, clock.item.order) == (2, 2)


def test_the_log_holds_every_state_of_the_clock():
    meeting = started(departments=("sales",))
    press(meeting, "discuss", 10)
    press(meeting, "pause", 12)

    events = LiveEvent.objects.filter(meeting=meeting).order_by("version")

    assert [
        (e.version, e.verb, e.data["part"], e.data["is_running"], e.data["elapsed_ms"]) for e in events
    ] == [
        (1, "start", "report", True, 0),
        (2, "discuss", "discussion", True, 0),
        (3, "pause", "discussion", False, 120_000),
    ]


def test_the_log_is_never_rewritten():
    meeting = started()

    with pytest.raises(DatabaseError, match="never rewritten"):
        LiveEvent.objects.filter(meeting=meeting).update(verb="end")


# --- pages ----------------------------------------------------------------------------------------------
def test_browsers_get_304_until_something_happens(client):
    meeting = started()
    client.force_login(meeting.host)
    url = reverse("meetings:live_state", args=[meeting.pk])

    first = client.get(url)
    same = client.get(url, headers={"If-None-Match": first["ETag"]})
    press(meeting, "pause", 1)
    fresh = client.get(url, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, same.status_code, fresh.status_code) == (200, 304, 200)
    assert (first.json()["running"], fresh.json()["running"]) == (True, False)
    assert fresh.json()["elapsed"] == 60_000
    assert int(same["X-Server-Time"]) > 0


def test_asking_for_the_state_takes_few_queries(client, django_assert_num_queries):
    meeting = started()
    client.force_login(meeting.host)
    url = reverse("meetings:live_state", args=[meeting.pk])
    etag = client.get(url)["ETag"]

    with django_assert_num_queries(3):  # session, person, meeting with its clock
        client.get(url, headers={"If-None-Match": etag})


def test_the_host_steers_by_plain_form(client):
    meeting = make.meeting(departments=("sales", "finance"))
    client.force_login(meeting.host)
    url = reverse("meetings:live_command", args=[meeting.pk])

    client.post(url, {"verb": "start"})
    client.post(url, {"verb": "next", "version": "1"})
    lost = client.post(url, {"verb": "next", "version": "1"})

    assert lost.status_code == 409
    assert "Someone else has just changed the clock" in lost.content.decode()
    assert RoomClock.objects.get(meeting=meeting).item.order == 2
    make.roll_call(Meeting.objects.get(pk=meeting.pk), timezone.now())
    assert client.post(url, {"verb": "end", "version": "2"}).url == reverse(
        "meetings:minutes", args=[meeting.pk]
    )


def test_a_lost_press_by_script_gets_the_fresh_state(client):
    meeting = started(departments=("sales", "finance"))
    press(meeting, "pause", 1)
    client.force_login(meeting.host)

    answer = client.post(
        reverse("meetings:live_command", args=[meeting.pk]),
        {"verb": "next", "version": "1"},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 409
    assert (answer.json()["state"]["version"], answer.json()["state"]["running"]) == (2, False)


def test_an_unknown_command_is_not_found(client):
    meeting = started()
    client.force_login(meeting.host)

    answer = client.post(
        reverse("meetings:live_command", args=[meeting.pk]), {"verb": "explode", "version": 1}
    )

    assert answer.status_code == 404


def test_the_room_shows_item_clock_and_plan(client):
    meeting = started(departments=("sales", "finance"))
    client.force_login(factories.executive())

    html = client.get(reverse("meetings:live", args=[meeting.pk])).content.decode()

    assert "data-room-remaining" in html
    assert "Start the meeting" not in html
    assert "data-room-controls" not in html


def test_an_ended_room_leads_to_the_minutes(client):
    meeting = started()
    press(meeting, "end", 30)
    client.force_login(meeting.host)

    assert client.get(reverse("meetings:live", args=[meeting.pk])).url == reverse(
        "meetings:minutes", args=[meeting.pk]
    )


@pytest.mark.parametrize("status", ["draft", "scheduled", "cancelled"])
def test_a_room_that_is_not_open_says_why(client, status):
    meeting = make.meeting(status=status)
    client.force_login(meeting.host)

    html = client.get(reverse("meetings:live", args=[meeting.pk])).content.decode()

    expected = {"draft": "still a draft", "scheduled": "Start the meeting", "cancelled": "was cancelled"}
    assert expected[status] in html
