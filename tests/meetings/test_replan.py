"""Re-planning a running meeting: taken, undone, and never past the planned end."""

import datetime as dt
import uuid

import pytest

from meetings.errors import Conflict, NotAllowed
from meetings.models import (
    LiveEvent,
    OpeningPriority,
    ParkedItem,
    Replan,
    RoomClock,
    RoomItem,
    TemplateModule,
)
from meetings.queries import replan as queries
from meetings.queries import room as rooms
from meetings.services import replan as services
from meetings.services import room as room_services
from meetings.services.room import Press
from tests.meetings import room_factories as make
from tests.meetings.room_factories import START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DEPARTMENTS = ("sales", "marketing", "supply")  # 3 × 60 minutes and a summary of 30


def started(**fields):
    meeting = make.meeting(departments=DEPARTMENTS, **{"planned_minutes": 210, **fields})
    room_services.start(meeting=meeting, by=meeting.host, now=START)
    return meeting


def press(meeting, minutes, version=None, key=None):
    clock = RoomClock.objects.get(meeting=meeting)
    return Press(by=meeting.host, now=at(minutes), version=version or clock.version, key=key)


def go(meeting, verb, minutes, **more):
    return room_services.command(meeting=meeting, verb=verb, press=press(meeting, minutes), **more)


def proposals(meeting, minutes):
    return {one.option: one for one in queries.proposals(rooms.room(meeting), at(minutes))}


def agenda(meeting):
    """(title, minutes, state) of every item in the room's order."""
    room = rooms.room(meeting)
    return [(line.item.title_en, line.planned.total_seconds() / 60, line.state) for line in room.lines(at(0))]


def titles(meeting):
    return [title for title, _minutes, _state in agenda(meeting)]


# --- proposals ------------------------------------------------------------------------------------------
def test_in_time_there_is_nothing_to_propose():
    meeting = started()

    assert proposals(meeting, 20) == {}
    assert proposals(make.meeting(departments=("sales",)), 500) == {}


def test_late_by_25_minutes_squeezing_lands_on_the_planned_end():
    meeting = started()
    go(meeting, "next", 85)  # 25 minutes lost in the first item

    squeeze = proposals(meeting, 85)["squeeze"]

    assert squeeze.ends_at == at(210)
    # The report that runs keeps its time; what is ahead gives in proportion.
    assert [(one.item.title_en, one.after.total_seconds() / 60) for one in squeeze.changes] == [
        ("Marketing", 32),
        ("Supply chain", 49),
        ("Summary", 24),
    ]


def test_seconds_that_do_not_fill_a_minute_are_left_over():
    meeting = started()
    go(meeting, "next", 85.4)

    services.take(meeting=meeting, option="squeeze", press=press(meeting, 85.4))

    end = rooms.room(meeting).projected_end(at(85.4))
    assert at(209) < end <= at(210)


def test_the_wrap_up_keeps_twenty_minutes():
    meeting = started()
    go(meeting, "next", 125)

    squeeze = proposals(meeting, 125)["squeeze"]

    assert squeeze.changes[-1].item.title_en == "Summary"
    assert squeeze.changes[-1].after == dt.timedelta(minutes=20)
    assert squeeze.ends_at == at(210)


def test_an_item_added_behind_the_wrap_up_does_not_take_its_protection():
    meeting = make.meeting(departments=DEPARTMENTS, planned_minutes=210)
    template = meeting.template
    for item in meeting.items.order_by("order"):
        item.template_module = TemplateModule.objects.create(
            template=template, order=100 + item.order, title_en=item.title_en, title_zh=item.title_zh
        )
        item.save()
    meeting.items.create(order=9, title_en="Late", title_zh="Late", discussion_minutes=40)
    room_services.start(meeting=meeting, by=meeting.host, now=START)
    go(meeting, "next", 100)

    found = proposals(meeting, 100)

    assert rooms.room(meeting).wrap_up.title_en == "Summary"
    assert "Summary" not in {change.item.title_en for change in found["park"].gone}


def test_pinned_items_keep_their_minutes():
    meeting = started()
    meeting.items.filter(title_en="Supply chain").update(is_pinned=True)
    go(meeting, "next", 70)

    changes = {one.item.title_en for one in proposals(meeting, 70)["squeeze"].changes}

    assert changes == {"Marketing", "Summary"}


def test_without_a_series_nothing_is_deferred_but_parked():
    meeting = started()
    go(meeting, "next", 85)

    assert set(proposals(meeting, 85)) == {"squeeze", "park"}


def test_an_item_in_keep_is_not_taken_off():
    meeting = started()
    item = meeting.items.get(title_en="Supply chain")
    OpeningPriority.objects.create(
        meeting=meeting,
        text="x",
        item=item,
        said_by=meeting.host,
        recorded_by=meeting.host,
        recorded_at=START,
    )
    go(meeting, "next", 85)

    with pytest.raises(NotAllowed, match="no longer stands"):
        services.take(meeting=meeting, option="park", press=press(meeting, 85))


def test_when_even_the_wrap_up_is_late_there_is_nothing_left_to_give():
    meeting = started()
    for minutes in (200, 201, 202):
        go(meeting, "next", minutes)

    assert proposals(meeting, 202) == {}
    assert queries.lateness(rooms.room(meeting), at(202)) == dt.timedelta(minutes=22)


# --- taking ---------------------------------------------------------------------------------------------
def test_a_taken_squeeze_is_what_the_clock_counts_with():
    meeting = started()
    go(meeting, "next", 85)

    services.take(meeting=meeting, option="squeeze", press=press(meeting, 85))

    room = rooms.room(meeting)
    assert room.projected_end(at(85)) == at(210)
    assert agenda(meeting)[2:] == [("Supply chain", 49, "open"), ("Summary", 24, "open")]
    assert proposals(meeting, 85) == {}
    # The plan that was sent stays.
    assert [item.minutes for item in meeting.items.order_by("order")] == [60, 60, 60, 30]
    assert [line.sent for line in room.lines(at(85))][2] == dt.timedelta(minutes=60)


def test_a_parked_item_stands_in_the_parking_lot_and_the_clock_passes_it():
    meeting = started()
    go(meeting, "next", 85)

    services.take(meeting=meeting, option="park", press=press(meeting, 85))

    assert agenda(meeting)[2] == ("Supply chain", 60, "parked")
    assert ParkedItem.objects.get().text == "Supply chain"
    assert go(meeting, "next", 100).item.title_en == "Summary"


def test_a_stale_press_takes_nothing():
    meeting = started()
    go(meeting, "next", 85)

    with pytest.raises(Conflict):
        services.take(meeting=meeting, option="squeeze", press=press(meeting, 85, version=1))

    assert not Replan.objects.exists()


def test_a_press_that_arrives_twice_takes_once():
    meeting = started()
    go(meeting, "next", 85)
    key = uuid.uuid4()
    services.take(meeting=meeting, option="squeeze", press=press(meeting, 85, version=2, key=key))

    assert (
        services.take(meeting=meeting, option="squeeze", press=press(meeting, 85, version=2, key=key)) is None
    )
    assert Replan.objects.count() == 1


# --- undoing --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("option", ["squeeze", "park"])
def test_undoing_brings_the_agenda_back_exactly(option):
    meeting = started()
    go(meeting, "next", 85)
    before = queries.places(rooms.room(meeting))
    replan = services.take(meeting=meeting, option=option, press=press(meeting, 85))

    services.undo(meeting=meeting, replan=replan.pk, press=press(meeting, 86))

    assert queries.places(rooms.room(meeting)) == before
    assert not ParkedItem.objects.exists()
    replan.refresh_from_db()
    assert (replan.undone_by, replan.undone_at) == (meeting.host, at(86))


def test_undoing_later_leaves_what_is_done():
    meeting = started()
    go(meeting, "next", 85)
    replan = services.take(meeting=meeting, option="park", press=press(meeting, 85))
    go(meeting, "next", 100)  # to the summary, past the parked item

    services.undo(meeting=meeting, replan=replan.pk, press=press(meeting, 101))

    assert agenda(meeting) == [
        ("Sales", 60, "done"),
        ("Marketing", 60, "done"),
        ("Summary", 30, "open"),
        ("Supply chain", 60, "open"),
    ]
    assert rooms.room(meeting).next_item().title_en == "Supply chain"


def test_only_the_latest_change_is_undone_and_once():
    meeting = started()
    go(meeting, "next", 85)
    first = services.take(meeting=meeting, option="squeeze", press=press(meeting, 85))
    item = meeting.items.get(title_en="Supply chain")
    second = services.arrange(meeting=meeting, item=item.pk, what="defer", press=press(meeting, 86))

    with pytest.raises(NotAllowed, match="Only the latest"):
        services.undo(meeting=meeting, replan=first.pk, press=press(meeting, 87))
    services.undo(meeting=meeting, replan=second.pk, press=press(meeting, 87))
    with pytest.raises(NotAllowed, match="Only the latest"):
        services.undo(meeting=meeting, replan=second.pk, press=press(meeting, 88))
    services.undo(meeting=meeting, replan=first.pk, press=press(meeting, 88))

    assert [minutes for _title, minutes, _state in agenda(meeting)] == [60, 60, 60, 30]


# --- the host's choice ----------------------------------------------------------------------------------
def test_the_host_moves_sets_aside_and_brings_back():
    meeting = started()
    supply = meeting.items.get(title_en="Supply chain").pk

    services.arrange(meeting=meeting, item=supply, what="next", press=press(meeting, 5))
    assert titles(meeting) == ["Sales", "Supply chain", "Marketing", "Summary"]
    services.arrange(meeting=meeting, item=supply, what="defer", press=press(meeting, 6))
    assert rooms.room(meeting).next_item().title_en == "Marketing"
    go(meeting, "next", 10)
    services.arrange(meeting=meeting, item=supply, what="bring_back", press=press(meeting, 11))

    assert titles(meeting) == ["Sales", "Marketing", "Supply chain", "Summary"]
    assert {state for _title, _minutes, state in agenda(meeting)} == {"done", "open"}


def test_the_wrap_up_is_not_set_aside():
    meeting = started()
    summary = meeting.items.get(title_en="Summary").pk

    with pytest.raises(NotAllowed, match="closes the meeting"):
        services.arrange(meeting=meeting, item=summary, what="park", press=press(meeting, 5))


@pytest.mark.parametrize(
    ("title", "what", "words"),
    [
        ("Sales", "next", "still ahead"),
        ("Sales", "defer", "still ahead"),
        ("Marketing", "bring_back", "on the agenda already"),
    ],
)
def test_steps_that_make_no_sense_say_so(title, what, words):
    meeting = started()
    item = meeting.items.get(title_en=title).pk

    with pytest.raises(NotAllowed, match=words):
        services.arrange(meeting=meeting, item=item, what=what, press=press(meeting, 5))


# --- jumping and parking by command -----------------------------------------------------------------------
def test_a_jump_leaves_the_items_between_ahead():
    meeting = started()
    supply = meeting.items.get(title_en="Supply chain").pk

    clock = go(meeting, "jump", 20, item=supply)

    assert (clock.item.title_en, clock.part) == ("Supply chain", "report")
    assert titles(meeting) == ["Sales", "Supply chain", "Marketing", "Summary"]
    assert go(meeting, "next", 30).item.title_en == "Marketing"


def test_a_jump_back_opens_the_item_again_and_returns():
    meeting = started()
    sales = meeting.items.get(title_en="Sales").pk
    go(meeting, "next", 20)
    go(meeting, "next", 30)

    go(meeting, "jump", 40, item=sales)

    assert [state for _title, _minutes, state in agenda(meeting)] == ["open", "done", "open", "open"]
    assert go(meeting, "next", 45).item.title_en == "Supply chain"


@pytest.mark.parametrize(("item", "words"), [(0, "not on the agenda"), (None, "at this item already")])
def test_a_jump_to_nowhere_says_so(item, words):
    meeting = started()
    here = RoomClock.objects.get(meeting=meeting).item_id

    with pytest.raises(NotAllowed, match=words):
        go(meeting, "jump", 5, item=here if item is None else item)


def test_parking_breaks_the_current_item_off():
    meeting = started()
    sales = RoomClock.objects.get(meeting=meeting).item

    clock = go(meeting, "park", 15)

    assert clock.item.title_en == "Marketing"
    assert agenda(meeting)[0] == ("Sales", 60, "parked")
    assert ParkedItem.objects.get().item == sales
    go(meeting, "jump", 20, item=sales.pk)
    assert not ParkedItem.objects.exists()
    assert RoomItem.objects.get(item=sales).state == "open"


def test_the_last_item_is_not_parked():
    meeting = started()
    for minutes in (5, 10, 15):
        go(meeting, "next", minutes)

    with pytest.raises(NotAllowed, match="last item"):
        go(meeting, "park", 20)

    assert LiveEvent.objects.filter(meeting=meeting, verb="park").count() == 0
