"""The log of a room: from it alone the room is rebuilt identically, and a line that was changed is found."""

import io
import random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from meetings import replay
from meetings.errors import NotAllowed
from meetings.models import AgendaItem, LiveEvent, Note, Replan, RoomClock
from meetings.queries import room as rooms
from meetings.services import attendance, notes
from meetings.services import priority as priorities
from meetings.services import replan as replans
from meetings.services import room as services
from meetings.services.room import Press
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def started():
    meeting = make.meeting(departments=("sales", "marketing", "supply"), planned_minutes=120)
    make.invite(meeting, factories.executive(), "executive")
    services.start(meeting=meeting, by=meeting.host, now=START)
    return meeting


def press(meeting, minutes):
    return Press(meeting.host, at(minutes), RoomClock.objects.get(meeting=meeting).version)


def go(meeting, verb, minutes, **more):
    return services.command(meeting=meeting, verb=verb, press=press(meeting, minutes), **more)


def rebuilt(meeting, **until):
    return replay.rebuild(replay.events_of(meeting, **until))


def differences(meeting):
    return replay.differences(meeting, rebuilt(meeting))


def tamper(sql, *values):
    """As somebody might who has the database: past the trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE meetings_liveevent DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE meetings_liveevent ENABLE TRIGGER USER")


# --- rebuilding -----------------------------------------------------------------------------------------
def test_a_meeting_is_rebuilt_to_the_last_row():
    meeting = started()
    host, boss = meeting.host, meeting.participants.get(role="executive").user
    item = meeting.items.order_by("order").first()
    attendance.arrive(meeting=meeting, user=boss, by=host, now=at(1))
    priorities.save(
        meeting=meeting, text="Returns", item=item, said_by=boss.pk, version=0, by=host, now=at(2)
    )
    go(meeting, "extend", 3)
    go(meeting, "discuss", 30)
    notes.add(meeting=meeting, item=item, text="seen", by=host, now=at(31))
    go(meeting, "next", 60)
    replan = replans.take(meeting=meeting, option="park", press=press(meeting, 60))
    replans.undo(meeting=meeting, replan=replan.pk, press=press(meeting, 61))
    replans.take(meeting=meeting, option="squeeze", press=press(meeting, 62))
    go(meeting, "park", 70)
    go(meeting, "pause", 80)
    make.roll_call(meeting, at(85))
    # The parked item has no day yet: an executive ends the meeting all the same.
    services.end(meeting=meeting, press=press(meeting, 90)._replace(by=boss), reason="Enough for today")

    assert differences(meeting) == []
    found = rebuilt(meeting)
    assert (found.meeting["status"], found.count("note"), found.count("replan")) == ("ended", 1, 2)


@pytest.mark.parametrize("seed", range(6))
def test_any_course_of_a_meeting_is_rebuilt_identically(seed):
    """Twenty-five random presses: whatever was accepted, the log says the same as the tables, at once and later."""
    chance = random.Random(seed)
    meeting = started()
    items = list(meeting.items.values_list("pk", flat=True))
    steps = [
        *(
            (verb, lambda m, t, verb=verb: go(m, verb, t))
            for verb in ("next", "back", "discuss", "extend", "pause", "resume", "park")
        ),
        ("jump", lambda m, t: go(m, "jump", t, item=chance.choice(items))),
        (
            "take",
            lambda m, t: replans.take(
                meeting=m, option=chance.choice(("squeeze", "park")), press=press(m, t)
            ),
        ),
        ("undo", lambda m, t: replans.undo(meeting=m, replan=_standing(m), press=press(m, t))),
        (
            "arrange",
            lambda m, t: replans.arrange(
                meeting=m,
                item=chance.choice(items),
                what=chance.choice(("next", "park", "defer", "bring_back")),
                press=press(m, t),
            ),
        ),
    ]
    states, accepted = {}, 0
    for minute in range(1, 26):
        _name, step = chance.choice(steps)
        try:
            step(meeting, minute * 7 + chance.random())
        except NotAllowed:
            continue
        accepted += 1
        room = rooms.room(meeting)
        states[room.clock.events] = room.state()

    assert accepted > 5
    assert differences(meeting) == []
    plan = list(AgendaItem.objects.filter(meeting=meeting).in_order())
    for number, state in states.items():
        earlier = rebuilt(meeting, number=number)
        assert replay.room(meeting, earlier, plan).state() == state
    # However it went, nobody stands in two places and nothing is lost.
    room = rooms.room(meeting)
    assert sorted(item.pk for item in room.items) == sorted(items)
    assert {row.position for row in room.places.values()} == set(range(1, len(items) + 1))


def _standing(meeting):
    newest = Replan.objects.filter(meeting=meeting, undone_at=None).order_by("-pk").first()
    return newest.pk if newest else 0


def test_the_room_at_a_moment_in_between():
    meeting = started()
    go(meeting, "pause", 5)
    go(meeting, "resume", 15)
    go(meeting, "next", 40)

    room = replay.room(
        meeting, rebuilt(meeting, until=at(20)), list(AgendaItem.objects.filter(meeting=meeting).in_order())
    )

    assert (room.item.title_en, room.clock.is_running) == ("Sales", True)
    assert room.elapsed(at(20)).total_seconds() == 10 * 60


def test_what_was_taken_away_is_not_rebuilt():
    meeting = started()
    note = notes.add(meeting=meeting, item=None, text="x", by=meeting.host, now=at(1))
    there = rebuilt(meeting).count("note")

    notes.remove(note=note, version=note.version, by=meeting.host, now=at(2))

    assert there == 1
    assert differences(meeting) == []


def test_rows_from_before_the_start_are_in_the_log():
    meeting = make.meeting()
    Note.objects.create(
        meeting=meeting,
        text="early",
        created_by=meeting.host,
        created_at=START,
        edited_by=meeting.host,
        edited_at=START,
    )

    services.start(meeting=meeting, by=meeting.host, now=START)

    assert rebuilt(meeting).count("note") == 1


# --- tampering ------------------------------------------------------------------------------------------
def test_a_row_that_was_changed_without_an_event_is_named():
    meeting = started()
    note = notes.add(meeting=meeting, item=None, text="said", by=meeting.host, now=at(1))

    Note.objects.filter(pk=note.pk).update(text="never said")

    (found,) = differences(meeting)
    assert (found.noun, found.key, found.columns) == ("note", str(note.pk), ("text",))


@pytest.mark.parametrize(
    ("sql", "number", "expected"),
    [
        ("UPDATE meetings_liveevent SET data = data || '{\"elapsed_ms\": 1}' WHERE number = %s", 2, [2]),
        ("UPDATE meetings_liveevent SET verb = 'back' WHERE number = %s", 3, [3]),
        ("UPDATE meetings_liveevent SET at = at + interval '1 second' WHERE number = %s", 2, [2]),
        ("UPDATE meetings_liveevent SET digest = '' WHERE number = %s", 2, [2, 3]),
        ("DELETE FROM meetings_liveevent WHERE number = %s", 2, [2, 3]),
        ("DELETE FROM meetings_liveevent WHERE number = %s", 4, [4]),
    ],
)
def test_a_line_that_was_changed_or_taken_out_is_found(sql, number, expected):
    meeting = started()
    go(meeting, "extend", 5)
    go(meeting, "next", 10)
    go(meeting, "pause", 15)
    assert replay.broken(meeting, replay.events_of(meeting)) == []

    tamper(sql, number)

    assert replay.broken(meeting, replay.events_of(meeting)) == expected


def test_the_log_goes_with_its_meeting():
    meeting = started()

    RoomClock.objects.filter(meeting=meeting).delete()
    LiveEvent.objects.filter(meeting=meeting).delete()

    assert not LiveEvent.objects.exists()


# --- the command ----------------------------------------------------------------------------------------
def run(*args):
    out = io.StringIO()
    call_command("replay", *map(str, args), stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_prints_the_room_and_checks_it():
    meeting = started()
    go(meeting, "next", 25)

    assert "Marketing · report · running · 20:00" in run(meeting.pk)
    assert "Sales · report · running · 10:00" in run(meeting.pk, "--at", "+10")
    assert "Sales · report · running · 10:00" in run(meeting.pk, "--at", START.replace(minute=10).isoformat())
    assert "2 events: unbroken" in run(meeting.pk, "--check")


def test_the_command_takes_times_on_the_meetings_own_clock():
    meeting = started()
    local = START.astimezone(meeting.zone)

    assert f"{local:%H}:10:30" in run(meeting.pk, "--at", f"{local:%H}:10:30")


@pytest.mark.parametrize(
    ("args", "words"), [(["--at", "soon"], "is no time"), (["--at", "2020-01-01T10:00"], "had not begun")]
)
def test_the_command_says_what_it_cannot_do(args, words):
    meeting = started()

    with pytest.raises(CommandError, match=words):
        run(meeting.pk, *args)
    with pytest.raises(CommandError, match="has not begun"):
        run(make.meeting(host=meeting.host).pk)
    with pytest.raises(CommandError, match="no meeting"):
        run(0)


def test_the_command_fails_on_a_log_that_does_not_fit():
    meeting = started()
    go(meeting, "next", 25)
    tamper("UPDATE meetings_liveevent SET verb = 'back' WHERE number = %s", 2)

    with pytest.raises(CommandError, match="does not fit"):
        run(meeting.pk, "--check")


# --- the page -------------------------------------------------------------------------------------------
def page(client, meeting, **query):
    return client.get(reverse("meetings:replay", args=[meeting.pk]), query).content.decode()


def test_the_page_shows_a_moment_and_the_events_around_it(client):
    meeting = started()
    go(meeting, "next", 25)
    make.end(meeting, 40)
    client.force_login(meeting.host)

    assert "events</b>, none changed since" in page(client, meeting)
    assert "10:00" in page(client, meeting, at=600)
    assert "20:00" in page(client, meeting, event=2)
    assert 'id="replay-clock"' in page(client, meeting, event="x", at="y")


def test_the_page_is_for_those_who_see_the_meeting(client):
    meeting = started()
    url = reverse("meetings:replay", args=[meeting.pk])
    assert client.get(url).status_code == 302
    client.force_login(factories.member("operations"))
    assert client.get(url).status_code == 404
    client.force_login(factories.executive())
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 405


def test_a_meeting_without_a_log_leads_to_its_page(client):
    meeting = make.meeting()
    client.force_login(meeting.host)

    assert client.get(reverse("meetings:replay", args=[meeting.pk])).url == meeting.get_absolute_url()


def test_the_page_names_no_confidential_item_to_others(client):
    meeting = started()
    meeting.items.filter(title_en="Sales").update(is_confidential=True)
    item = meeting.items.get(title_en="Sales")
    decisions_made = notes.add(meeting=meeting, item=item, text="Redundancies", by=meeting.host, now=at(1))
    client.force_login(make.invite(meeting, factories.UserFactory()))

    html = page(client, meeting)

    assert decisions_made.pk
    assert "Sales" not in html
    assert "Redundancies" not in html
    assert "Confidential item" in html


def test_the_page_takes_as_many_queries_with_a_longer_log(client, django_assert_max_num_queries):
    meeting = started()
    client.force_login(meeting.host)
    with django_assert_max_num_queries(40) as few:
        page(client, meeting)
    for minutes in range(1, 12):
        go(meeting, "extend", minutes)

    with django_assert_max_num_queries(len(few)):
        page(client, meeting)
