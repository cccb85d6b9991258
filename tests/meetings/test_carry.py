from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings import carry_sources
from meetings.errors import NotAllowed
from meetings.models import (
    AgendaItem,
    Carried,
    CarryOver,
    ItemReader,
    ItemRun,
    Meeting,
    ParkedItem,
    RoomItem,
    Series,
)
from meetings.plan import ItemPlan
from meetings.services import carry, schedule
from meetings.services import series as series_services
from tests.factories import UserFactory
from tests.meetings.factories import NOW, draft, template
from tests.meetings.series_factories import TUESDAY, terms

pytestmark = pytest.mark.django_db

AFTER = TUESDAY + timedelta(hours=2)


@pytest.fixture
def series() -> Series:
    meeting = draft(template=template("weekly-operations"), starts_at=TUESDAY, title="Weekly")
    return series_services.start(meeting=meeting, terms=terms(), by=meeting.host, now=NOW)


@pytest.fixture
def first(series) -> Meeting:
    return series.meetings.order_by("starts_at")[0]


@pytest.fixture
def second(series) -> Meeting:
    return series.meetings.order_by("starts_at")[1]


def add(meeting: Meeting, title: str, **values) -> AgendaItem:
    order = 1 + meeting.items.order_by("-order")[0].order
    return AgendaItem.objects.create(
        meeting=meeting, order=order, title_en=title, title_zh=title, discussion_minutes=10, **values
    )


def hold(meeting: Meeting, *, all_but: tuple[str, ...] = ()) -> None:
    """The meeting is over; every item was come to, but these."""
    Meeting.objects.filter(pk=meeting.pk).update(status="ended", started_at=TUESDAY, ended_at=AFTER)
    meeting.refresh_from_db()
    for item in meeting.items.exclude(title_en__in=all_but):
        ItemRun.objects.create(meeting=meeting, item=item, part="discussion", first_at=TUESDAY, last_at=AFTER)


def park(meeting: Meeting, text: str, **values) -> ParkedItem:
    return ParkedItem.objects.create(
        meeting=meeting, text=text, parked_by=meeting.host, parked_at=AFTER, **values
    )


def carried(meeting: Meeting) -> list[tuple[str, str]]:
    rows = meeting.items.exclude(carried_because="").in_order()
    return [(item.title_en, item.carried_because) for item in rows]


# --- each rule ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("begun", [True, False])
def test_what_the_room_put_off_comes_back_as_it_is(first, second, begun):
    item = add(first, "Parcel prices", report_minutes=5)
    hold(first, all_but=() if begun else ("Parcel prices",))
    room_item(item, "deferred")

    carry.after(meeting=first, now=AFTER)

    assert carried(second) == [("Parcel prices", "not_discussed")]
    assert second.items.get(title_en="Parcel prices").minutes == 15


def test_an_item_that_the_room_parked_comes_once_out_of_the_parking_lot(first, second):
    item = add(first, "Parcel prices")
    hold(first, all_but=("Parcel prices",))
    room_item(item, "parked")
    park(first, "Parcel prices", item=item)

    carry.after(meeting=first, now=AFTER)

    assert carried(second) == [("Parcel prices", "parked")]


def room_item(item: AgendaItem, state: str) -> None:
    RoomItem.objects.create(
        item=item,
        meeting=item.meeting,
        position=item.order,
        report_minutes=0,
        discussion_minutes=10,
        state=state,
    )


def test_what_was_not_discussed_comes_to_the_next_meeting_and_the_rest_does_not(first, second):
    add(first, "Parcel prices")
    add(first, "Packaging")
    hold(first, all_but=("Parcel prices",))
    carry.after(meeting=first, now=AFTER)
    assert carried(second) == [("Parcel prices", "not_discussed")]
    item = second.items.get(title_en="Parcel prices")
    assert item.carried_from.meeting == first
    assert item.discussion_minutes == 10


def test_a_module_of_the_type_is_marked_and_not_doubled(first, second):
    module = first.items.exclude(template_module=None).exclude(kind="break").first()
    number = second.items.count()
    hold(first, all_but=(module.title_en,))
    carry.after(meeting=first, now=AFTER)
    assert second.items.count() == number
    assert carried(second) == [(module.title_en, "not_discussed")]


def test_an_item_that_is_marked_later_comes_to_every_meeting(first, second):
    add(first, "Round of news", is_recurring=True)
    hold(first)
    carry.after(meeting=first, now=AFTER)
    assert carried(second) == [("Round of news", "recurring")]


def test_parked_matters_come_and_are_taken_up(first, second):
    parked = park(first, "Rename the brand?")
    hold(first)
    carry.after(meeting=first, now=AFTER)
    assert carried(second) == [("Rename the brand?", "parked")]
    parked.refresh_from_db()
    assert parked.taken_up_by == second.items.get(title_en="Rename the brand?")


def test_a_matter_that_was_put_off_waits_for_its_day(series, first, second):
    third = series.meetings.order_by("starts_at")[2]
    park(first, "Trade fair", review_on=third.starts_at.date())
    hold(first)
    carry.after(meeting=first, now=AFTER)
    assert carried(second) == []
    hold(second)
    carry.after(meeting=second, now=AFTER + timedelta(days=7))
    assert carried(third) == [("Trade fair", "review_due")]


def test_what_a_registered_source_says_is_open_comes_with_its_reason(first, second, monkeypatch):
    open_, blocked = add(first, "Open"), add(first, "Blocked")
    asked = []

    def source(items, day):
        asked.append((set(items), day))
        return {open_.pk: Carried.OPEN_ACTION, blocked.pk: Carried.BLOCKED}

    monkeypatch.setattr(
        carry_sources, "_SOURCES", [source, lambda items, day: {blocked.pk: Carried.OPEN_ACTION}]
    )
    hold(first)
    carry.after(meeting=first, now=AFTER)
    assert carried(second) == [("Open", "open_action"), ("Blocked", "blocked")]
    assert asked[0][0] >= {open_.pk, blocked.pk}
    assert asked[0][1] == date(2026, 12, 15)


def test_breaks_and_lists_of_actions_do_not_come(first, second):
    add(first, "Coffee", kind="break")
    add(first, "Blocked actions", action_list="blocked")
    hold(first, all_but=("Coffee", "Blocked actions"))
    carry.after(meeting=first, now=AFTER)
    assert carried(second) == []


# --- once ---------------------------------------------------------------------------------------------
def test_each_comes_once_however_often_it_is_asked_for(first, second):
    add(first, "Parcel prices")
    park(first, "Rename the brand?")
    hold(first, all_but=("Parcel prices",))
    assert len(carry.after(meeting=first, now=AFTER)) == 2
    assert carry.after(meeting=first, now=AFTER) == []
    assert carry.bring_over(meeting=second, now=AFTER, by=second.host) == []
    assert len(carried(second)) == 2


def test_what_the_host_drops_does_not_come_back_into_this_meeting(first, second):
    add(first, "Parcel prices")
    parked = park(first, "Rename the brand?")
    hold(first, all_but=("Parcel prices",))
    carry.after(meeting=first, now=AFTER)
    for item in second.items.exclude(carried_because=""):
        carry.drop(item=item, by=second.host, now=AFTER)
    carry.bring_over(meeting=second, now=AFTER, by=second.host)
    assert carried(second) == []
    assert CarryOver.objects.filter(meeting=second, item=None).count() == 2
    parked.refresh_from_db()
    assert parked.taken_up_by is None


def test_a_chain_goes_on_and_comes_once(series, first, second):
    third = series.meetings.order_by("starts_at")[2]
    add(first, "Parcel prices")
    hold(first, all_but=("Parcel prices",))
    carry.after(meeting=first, now=AFTER)
    hold(second, all_but=("Parcel prices",))
    carry.after(meeting=second, now=AFTER + timedelta(days=7))
    assert carried(third) == [("Parcel prices", "not_discussed")]
    assert third.items.get(title_en="Parcel prices").carried_from.meeting == second


def test_what_was_brought_into_a_meeting_that_is_cancelled_goes_on_to_the_next(series, first, second):
    third = series.meetings.order_by("starts_at")[2]
    add(first, "Parcel prices")
    park(first, "Rename the brand?")
    hold(first, all_but=("Parcel prices",))
    carry.after(meeting=first, now=AFTER)
    schedule.cancel(meeting=second, reason="Trade fair", by=second.host, now=AFTER)
    assert {title for title, _why in carried(third)} == {"Parcel prices", "Rename the brand?"}


def test_a_module_can_be_unmarked_and_stays(first, second):
    module = first.items.exclude(template_module=None).exclude(kind="break").first()
    hold(first, all_but=(module.title_en,))
    carry.after(meeting=first, now=AFTER)
    carry.drop(item=second.items.exclude(carried_because="").get(), by=second.host, now=AFTER)
    assert carried(second) == []
    assert second.items.filter(template_module=module.template_module).exists()


def test_nothing_is_brought_into_a_meeting_that_has_begun_or_dropped_from_it(first, second):
    add(second, "Extra", carried_because="parked")
    Meeting.objects.filter(pk=second.pk).update(status="in_progress", started_at=AFTER)
    with pytest.raises(NotAllowed):
        carry.bring_over(meeting=second, now=AFTER)
    with pytest.raises(NotAllowed):
        carry.drop(item=second.items.get(title_en="Extra"), by=second.host, now=AFTER)


def test_only_what_was_brought_over_is_dropped_here(second):
    with pytest.raises(NotAllowed):
        carry.drop(item=second.items.first(), by=second.host, now=AFTER)


def test_a_confidential_item_keeps_its_circle(first, second):
    item = add(first, "Pay", is_confidential=True)
    reader = UserFactory()
    ItemReader.objects.create(item=item, user=reader)
    park(first, "Bonus of the buyers", item=item)
    hold(first, all_but=("Pay",))
    carry.after(meeting=first, now=AFTER)
    for title in ("Pay", "Bonus of the buyers"):
        copy = second.items.get(title_en=title)
        assert copy.is_confidential
        assert [row.user for row in copy.readers.all()] == [reader]


def test_a_long_parked_matter_keeps_its_words(first, second):
    park(first, "x" * 300)
    hold(first)
    carry.after(meeting=first, now=AFTER)
    item = second.items.exclude(carried_because="").get()
    assert len(item.title_en) == 200
    assert item.questions_en == "x" * 300


def test_the_plan_rises_so_that_an_older_form_does_not_overwrite(first, second):
    before = second.revision
    park(first, "Rename the brand?")
    hold(first)
    carry.after(meeting=first, now=AFTER)
    second.refresh_from_db()
    assert second.revision == before + 1


def test_a_meeting_without_a_series_leaves_nothing_to_anybody():
    alone = draft()
    assert carry.bring_over(meeting=alone, now=NOW) == []
    assert carry.after(meeting=alone, now=NOW) == []


def test_looking_costs_the_same_with_more_matters(first, second):
    hold(first)
    counts = []
    for number in (1, 3):
        for each in range(number):
            item = add(first, f"Item {number}-{each}")
            park(first, f"Matter {number}-{each}", item=item)
        with CaptureQueriesContext(connection) as found:
            assert carry.open_matters(second)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_typed_item_of_the_first_agenda_is_marked_when_it_was_not_discussed():
    typed = ItemPlan(title_en="News", title_zh="通报", report=5)
    meeting = draft(template=template("weekly-operations"), starts_at=TUESDAY, items=[typed])
    series = series_services.start(meeting=meeting, terms=terms(), by=meeting.host, now=NOW)
    first, second = series.meetings.order_by("starts_at")[:2]
    hold(first, all_but=("News",))
    carry.after(meeting=first, now=AFTER)
    assert carried(second) == [("News", "not_discussed")]
