"""Two people change one plan at once: what both did stays, what contradicts is asked, and no item is ever lost."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import history
from meetings import merge
from meetings import plan as planning
from meetings.errors import NotAllowed
from meetings.merge import MINE, THEIRS, woven
from meetings.models import Meeting, Participant, PlanRevision
from meetings.plan import ItemPlan, PersonPlan, Plan
from meetings.services import schedule
from people.models import User
from tests.factories import UserFactory, lead
from tests.meetings import factories
from tests.meetings.factories import NOW, START

db = pytest.mark.django_db
pytestmark = pytest.mark.usefixtures("english")


# --- without a database ------------------------------------------------------------------------------------
HOST = User(pk=1, name="Host")
NAMES = [f"Item {number}" for number in range(6)]


def item(number: int | None, title: str, report: int = 10, discussion: int = 20, **values) -> ItemPlan:
    return ItemPlan(
        item_id=number, title_en=title, title_zh=title, report=report, discussion=discussion, **values
    )


def agenda_of(*items: ItemPlan, **values) -> Plan:
    values = {"title": "Review", "planned_minutes": 60, "starts_at": START, **values}
    people = values.pop("people", [PersonPlan(user=HOST, role=Participant.Role.HOST)])
    return Plan(
        template=None, host=HOST, time_zone="Asia/Shanghai", items=list(items), people=people, **values
    )


BASE = agenda_of(*(item(number, title) for number, title in enumerate(NAMES, start=1)))


def merged(mine: Plan, theirs: Plan, choices=None, base: Plan = BASE) -> merge.Merged:
    return merge.merge(merge.content(base), mine, theirs, choices)


def changed(plan: Plan, number: int, **values) -> Plan:
    return replace(
        plan, items=[replace(one, **values) if one.item_id == number else one for one in plan.items]
    )


def titles(plan: Plan) -> list[str]:
    return [one.title_en for one in plan.items]


def test_different_parts_of_one_item_are_joined():
    mine = changed(BASE, 2, title_en="Sales", title_zh="销售")
    theirs = replace(changed(BASE, 2, report=30), items=list(reversed(changed(BASE, 2, report=30).items)))

    result = merged(mine, theirs)

    assert result.overlaps == []
    assert titles(result.plan) == ["Item 5", "Item 4", "Item 3", "Item 2", "Sales", "Item 0"]
    sales = result.plan.items[4]
    assert (sales.title_zh, sales.report, sales.discussion) == ("销售", 30, 20)


def test_items_added_by_both_stay_where_they_were_put():
    mine = replace(BASE, items=[*BASE.items[:2], item(None, "Mine"), *BASE.items[2:]])
    theirs = replace(BASE, items=[*BASE.items, item(99, "Theirs")])

    assert titles(merged(mine, theirs).plan) == [*NAMES[:2], "Mine", *NAMES[2:], "Theirs"]


def test_removed_item_goes_when_nobody_else_touched_it():
    mine = replace(BASE, items=BASE.items[1:])
    theirs = changed(BASE, 2, report=30)

    result = merged(mine, theirs)

    assert result.overlaps == []
    assert titles(result.plan) == NAMES[1:]


@pytest.mark.parametrize(("choice", "stays"), [(MINE, False), (THEIRS, True)])
def test_removed_item_that_somebody_else_changed_is_asked_for(choice, stays):
    mine = replace(BASE, items=BASE.items[1:])
    theirs = changed(BASE, 1, report=30)

    (overlap,) = merged(mine, theirs).overlaps
    assert (overlap.path, overlap.mine, overlap.theirs) == ("item.1.exists", None, theirs.items[0])

    result = merged(mine, theirs, {overlap.path: choice})
    assert result.overlaps == []
    assert ("Item 0" in titles(result.plan)) == stays


@pytest.mark.parametrize(("choice", "minutes"), [(MINE, (5, 5)), (THEIRS, (30, 20))])
def test_same_part_changed_by_both_is_asked_for(choice, minutes):
    mine, theirs = changed(BASE, 1, report=5, discussion=5), changed(BASE, 1, report=30)

    (overlap,) = merged(mine, theirs).overlaps
    assert (overlap.path, overlap.mine, overlap.theirs) == ("item.1.minutes", (5, 5), (30, 20))

    first = merged(mine, theirs, {overlap.path: choice}).plan.items[0]
    assert (first.report, first.discussion) == minutes


def test_same_change_by_both_is_no_overlap():
    both = changed(BASE, 1, report=5)

    assert merged(both, both).overlaps == []
    assert merged(both, both).plan == both


def test_two_different_orders_are_asked_for():
    mine = replace(BASE, items=[*BASE.items[1:], BASE.items[0]])
    theirs = replace(BASE, items=list(reversed(BASE.items)))

    (overlap,) = merged(mine, theirs).overlaps
    assert overlap.path == "order"
    assert titles(merged(mine, theirs, {"order": THEIRS}).plan) == list(reversed(NAMES))


def test_start_and_zone_belong_together():
    mine = replace(BASE, starts_at=START + timedelta(hours=1))
    theirs = replace(BASE, time_zone="Europe/Berlin")

    (overlap,) = merged(mine, theirs).overlaps

    assert overlap.path == "field.start"
    assert merged(mine, theirs, {overlap.path: THEIRS}).plan.starts_at == START


def test_role_of_one_person_is_not_given_to_two():
    first, second = User(pk=2, name="A"), User(pk=3, name="B")
    timekeeper = Participant.Role.TIMEKEEPER
    mine = replace(BASE, people=[*BASE.people, PersonPlan(user=first, role=timekeeper)])
    theirs = replace(BASE, people=[*BASE.people, PersonPlan(user=second, role=timekeeper)])

    (overlap,) = merged(mine, theirs).overlaps
    assert overlap.path == "role.timekeeper"

    people = {one.user: one.role for one in merged(mine, theirs, {overlap.path: THEIRS}).plan.people}
    assert people == {HOST: "host", second: "timekeeper", first: "member"}


def test_two_new_hosts_are_asked_for_and_one_remains():
    first, second = User(pk=2, name="A"), User(pk=3, name="B")
    host = Participant.Role.HOST
    mine = replace(BASE, people=[PersonPlan(user=first, role=host)])
    theirs = replace(BASE, people=[PersonPlan(user=second, role=host)])

    assert [one.path for one in merged(mine, theirs).overlaps] == ["role.host"]
    plan = merged(mine, theirs, {"role.host": THEIRS}).plan
    assert plan.host == second
    assert {one.user: one.role for one in plan.people} == {second: "host", first: "member"}


def test_woven_keeps_both_orders():
    assert woven([1, 2, 3], [1, "x", 2, 3, "y"]) == [1, "x", 2, 3, "y"]
    assert woven([3, 1], ["x", 1, 3, "y"]) == ["x", 3, "y", 1]


# --- any edits by two people -------------------------------------------------------------------------------
def edits(letter: str):
    step = st.one_of(
        st.tuples(st.just("remove"), st.integers(0, 8)),
        st.tuples(st.just("move"), st.integers(0, 8), st.integers(0, 8)),
        st.tuples(st.just("minutes"), st.integers(0, 8), st.integers(0, 60), st.integers(0, 60)),
        st.tuples(st.just("title"), st.integers(0, 8), st.sampled_from([f"{letter}1", f"{letter}2"])),
        st.tuples(st.just("pin"), st.integers(0, 8)),
        st.tuples(st.just("add"), st.integers(0, 8)),
    )
    return st.lists(step, max_size=6)


def edited(steps, letter: str, first_id: int | None) -> Plan:
    rows, added = list(BASE.items), 0
    for verb, place, *rest in steps:
        if verb == "add":
            number = None if first_id is None else first_id + added
            rows.insert(place, item(number, f"{letter} new {added}"))
            added += 1
        elif place >= len(rows):
            continue
        elif verb == "remove":
            rows.pop(place)
        elif verb == "move":
            rows.insert(rest[0], rows.pop(place))
        elif verb == "minutes":
            rows[place] = replace(rows[place], report=rest[0], discussion=rest[1])
        elif verb == "title":
            rows[place] = replace(rows[place], title_en=rest[0], title_zh=rest[0])
        else:
            rows[place] = replace(rows[place], is_pinned=not rows[place].is_pinned)
    return replace(BASE, items=rows)


pairs = st.tuples(edits("m"), edits("t")).map(
    lambda both: (edited(both[0], "m", None), edited(both[1], "t", 100))
)


@given(pairs, st.sampled_from([MINE, THEIRS]))
@settings(max_examples=400, deadline=None)
def test_no_item_is_ever_lost_or_doubled(pair, side):
    mine, theirs = pair
    first = merged(mine, theirs)
    plan = merged(mine, theirs, {one.path: side for one in first.overlaps}).plan

    base = {one.item_id: one for one in BASE.items}
    in_mine = {one.item_id for one in mine.items if one.item_id}
    in_theirs = {one.item_id for one in theirs.items}
    found = Counter(one.item_id for one in plan.items if one.item_id)
    assert set(found.values()) <= {1}
    assert set(base) & in_mine & in_theirs <= set(found)
    assert in_theirs - set(base) <= set(found)
    assert Counter(one.title_en for one in plan.items if not one.item_id) == Counter(
        one.title_en for one in mine.items if not one.item_id
    )
    # What is gone was taken out by somebody, and the other one either left it alone or was asked.
    asked = {one.path for one in first.overlaps}
    for number in set(base) - set(found):
        kept = next((one for one in (*mine.items, *theirs.items) if one.item_id == number), None)
        assert kept is None or kept == base[number] or f"item.{number}.exists" in asked


@given(pairs)
@settings(max_examples=300, deadline=None)
def test_without_overlaps_every_change_of_both_is_there(pair):
    mine, theirs = pair
    result = merged(mine, theirs)
    if result.overlaps:
        return

    base = {one.item_id: one for one in BASE.items}
    found = {one.item_id: one for one in result.plan.items}
    for plan in pair:
        for one in plan.items:
            before = base.get(one.item_id)
            if before is None or one.item_id not in found:
                continue
            for names in merge.ITEM.values():
                for name in names:
                    if getattr(one, name) != getattr(before, name):
                        assert getattr(found[one.item_id], name) == getattr(one, name)


@given(pairs)
@settings(max_examples=200, deadline=None)
def test_one_edit_alone_is_taken_as_it_is(pair):
    mine, theirs = pair

    for one, other in ((mine, BASE), (BASE, theirs)):
        result = merged(one, other)
        assert result.overlaps == []
        assert result.plan.items == (mine if one is mine else theirs).items


# --- stored ---------------------------------------------------------------------------------------------------
def save(meeting: Meeting, plan: Plan, revision: int, **values) -> Meeting:
    return schedule.change(meeting=meeting, plan=plan, revision=revision, by=meeting.host, now=NOW, **values)


@db
def test_second_of_two_parallel_edits_is_joined_with_the_first():
    meeting = factories.draft()
    plan = planning.of_meeting(meeting)
    save(meeting, replace(plan, title="First", items=[*plan.items, item(None, "Added by the first")]), 1)

    save(meeting, replace(plan, items=[item(None, "Added by the second"), *plan.items[1:]]), 1)

    meeting.refresh_from_db()
    assert (meeting.title, meeting.revision) == ("First", 3)
    stored = [one.title_en for one in meeting.items.in_order()]
    assert stored == [
        "Added by the second",
        *[one.title_en for one in plan.items[1:]],
        "Added by the first",
    ]
    assert list(PlanRevision.objects.order_by("revision").values_list("revision", flat=True)) == [1, 2]


@db
def test_overlap_stores_nothing_until_somebody_chooses():
    meeting = factories.draft()
    plan = planning.of_meeting(meeting)
    first = plan.items[0].item_id
    save(meeting, changed(plan, first, report=30), 1)
    mine = replace(changed(plan, first, report=5), title="Mine")

    with pytest.raises(schedule.Overlapping, match=meeting.host.name) as caught:
        save(meeting, mine, 1)
    assert [one.path for one in caught.value.overlaps] == [f"item.{first}.minutes"]
    meeting.refresh_from_db()
    assert (meeting.title, meeting.items.get(pk=first).report_minutes) == (plan.title, 30)

    choices = {f"item.{first}.minutes": MINE}
    with pytest.raises(schedule.Overlapping):
        save(meeting, mine, 1, choices=choices, seen=1)
    save(meeting, mine, 1, choices=choices, seen=2)

    meeting.refresh_from_db()
    assert (meeting.title, meeting.items.get(pk=first).report_minutes) == ("Mine", 5)


@db
def test_item_removed_by_the_other_comes_back_when_its_change_is_chosen():
    meeting = factories.draft()
    plan = planning.of_meeting(meeting)
    first = plan.items[0].item_id
    save(meeting, replace(plan, items=plan.items[1:]), 1)

    save(meeting, changed(plan, first, report=30), 1, choices={f"item.{first}.exists": MINE}, seen=2)

    back = meeting.items.in_order().first()
    assert (back.report_minutes, back.title_en) == (30, plan.items[0].title_en)
    assert meeting.items.count() == 8


@db
def test_edit_that_began_from_an_unknown_revision_is_refused():
    meeting = factories.draft()
    Meeting.objects.filter(pk=meeting.pk).update(revision=7)

    with pytest.raises(NotAllowed, match="Somebody else"):
        save(meeting, planning.of_meeting(meeting), 3)


@db
def test_plan_survives_being_kept_and_compared():
    sales = lead("sales")
    people = [
        PersonPlan(user=sales, role=Participant.Role.PRESENTER, department=sales.memberships.get().department)
    ]
    meeting = factories.draft(people=people, departments=[factories.department("sales")], location="Room 3")
    plan = planning.of_meeting(meeting)
    reader = UserFactory()
    secret = replace(plan.items[0], is_confidential=True, readers=(reader,), presenter_user=sales)

    meeting = save(meeting, replace(plan, items=[secret, *plan.items[1:]]), 1)

    assert planning.of_meeting(meeting).items[0] == secret
    kept = PlanRevision.objects.get().content
    assert kept == merge.content(plan)
    assert merge.merge(kept, plan, planning.of_meeting(meeting)).plan == planning.of_meeting(meeting)


@db
def test_history_keeps_no_words_of_a_confidential_item():
    meeting = factories.draft()
    plan = planning.of_meeting(meeting)
    secret = replace(plan.items[0], title_en="Pay of the boss", title_zh="老板薪酬", is_confidential=True)

    save(meeting, replace(plan, items=[secret, *plan.items[1:]]), 1)

    after = history.of(meeting).first().after
    assert "Pay of the boss" not in str(after)
    assert after["agenda"][0] == {"report": 15, "discussion": 0, "confidential": True}
