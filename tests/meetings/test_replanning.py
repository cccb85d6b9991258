"""The arithmetic of a re-plan: properties that hold for every rest of an agenda."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from meetings import replanning
from meetings.replanning import LEAST, LEAST_WRAP_UP, MINUTE, Open

numbers = st.integers(min_value=0, max_value=90)


@st.composite
def agendas(draw):
    parts = draw(st.lists(st.tuples(numbers, numbers, st.booleans(), numbers), min_size=1, max_size=9))
    return [
        Open(
            item=place,
            report=report,
            discussion=discussion,
            fixed=timedelta(seconds=fixed * 7),
            may_leave=may_leave,
            is_wrap_up=place == len(parts) - 1,
        )
        for place, (report, discussion, may_leave, fixed) in enumerate(parts)
    ]


rooms = st.integers(min_value=-3600, max_value=40_000).map(lambda seconds: timedelta(seconds=seconds))


@given(agendas(), rooms)
def test_a_squeeze_lands_on_the_end_to_the_minute(items, room):
    found = replanning.squeeze(items, room)

    if found is None:
        least = sum(one.least for one in items) * MINUTE + sum((one.fixed for one in items), timedelta())
        assert least > room - MINUTE or not any(one.minutes for one in items)
        return
    length = replanning.length(found)
    assert length <= room
    if replanning.length(items) > room:
        assert room - length < MINUTE
    else:
        assert found == items


@given(agendas(), rooms)
def test_a_squeeze_protects_the_wrap_up_and_lengthens_nothing(items, room):
    for before, after in zip(items, replanning.squeeze(items, room) or items, strict=True):
        assert (after.item, after.fixed, after.is_wrap_up) == (before.item, before.fixed, before.is_wrap_up)
        assert after.minutes <= before.minutes
        assert after.minutes >= min(before.minutes, LEAST_WRAP_UP if before.is_wrap_up else LEAST)
        for was, became in ((before.report, after.report), (before.discussion, after.discussion)):
            assert (became > 0) == (was > 0) or after.minutes < 2


@given(agendas(), rooms)
def test_a_squeeze_is_in_proportion(items, room):
    found = replanning.squeeze(items, room)
    if found is None or found == items:
        return
    free = [(one, other) for one, other in zip(items, found, strict=True) if other.minutes > one.least]
    # Whole minutes: no item above its least got more than a minute more or less than its share.
    scale = sum(other.minutes for _one, other in free) / max(sum(one.minutes for one, _other in free), 1)
    assert all(abs(other.minutes - one.minutes * scale) <= len(items) for one, other in free)


@given(agendas(), rooms)
def test_what_is_taken_off_is_enough_and_no_more_than_needed(items, room):
    gone = replanning.leaving(items, room)
    by_id = {one.item: one for one in items}
    over = replanning.length(items) - room

    assert all(by_id[pk].may_leave and not by_id[pk].is_wrap_up for pk in gone)
    if over <= timedelta():
        assert gone == []
        return
    saved = sum((by_id[pk].length for pk in gone), timedelta())
    if saved >= over:
        shortest = min((by_id[pk].length for pk in gone), default=timedelta())
        assert saved - shortest < over
    else:
        assert {one.item for one in items if one.may_leave and not one.is_wrap_up and one.length} == set(gone)


@given(agendas(), rooms)
def test_with_items_off_the_rest_fits(items, room):
    found = replanning.without(items, room)
    if found is None:
        return
    gone, rest = found
    assert replanning.length(rest) <= room
    assert {one.item for one in rest} | set(gone) == {one.item for one in items}
    assert items[-1].item in {one.item for one in rest}


def test_of_items_that_suffice_the_shortest_and_then_the_latest_goes():
    items = [
        Open(1, 0, 30),
        Open(2, 10, 10),
        Open(3, 0, 20),
        Open(4, 0, 10),
        Open(5, 0, 30, is_wrap_up=True),
    ]

    assert replanning.leaving(items, timedelta(minutes=92)) == [3]
    assert replanning.leaving(items, timedelta(minutes=101)) == [4]


def test_twenty_five_minutes_lost_are_taken_from_all_in_proportion():
    """The published agenda's rest after its third item, 25 minutes late."""
    rest = [
        Open(4, 15, 30),
        Open(5, 10, 20),
        Open(6, 10, 20),
        Open(7, 0, 40),
        Open(8, 0, 30, is_wrap_up=True),
    ]

    found = replanning.squeeze(rest, timedelta(minutes=175 - 25))

    assert [(one.report, one.discussion) for one in found] == [(13, 25), (9, 17), (9, 17), (0, 34), (0, 26)]
