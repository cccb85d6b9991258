"""What keeps a meeting from being ready, and going ahead all the same."""

import datetime as dt

import pytest

from meetings.errors import NotAllowed, NotReady
from meetings.models import Meeting, ReadyMark, Snapshot
from meetings.queries import blockers
from meetings.queries.minutes import went_ahead
from meetings.services import readiness, review, room, settling, snapshot
from tests import factories
from tests.meetings import room_factories
from tests.meetings import settling_factories as made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW, START = made.NOW, room_factories.START
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def shop():
    return made.october(100)


def codes(meeting):
    return [blocker.code for blocker in blockers.blockers(meeting)]


def start(meeting, reason=""):
    return room.start(meeting=meeting, by=meeting.host, now=START, reason=reason)


# --- the points ---------------------------------------------------------------------------------------------
def test_a_meeting_without_prereads_and_figures_has_none():
    meeting = room_factories.meeting()

    assert blockers.blockers(meeting) == []
    start(meeting)
    assert not ReadyMark.objects.exists()


def test_a_missing_preread_is_named_with_the_way_to_it():
    meeting = made.review("sales", "finance", metrics=())
    made.submit(meeting)

    (found,) = blockers.blockers(meeting)

    assert (found.words, found.link_words) == ("The pre-read of Finance is missing", "See who is missing")
    assert found.url == f"/meetings/{meeting.pk}/#prereads"


def test_a_returned_one_is_missing_again_until_it_is_handed_in():
    meeting = made.review(metrics=())
    revision = made.submit(meeting)
    assert codes(meeting) == []

    review.return_(revision=revision, comment="No.", by=factories.data_owner(), now=LATER)
    assert [b.words for b in blockers.blockers(meeting)] == [
        "The pre-read of Sales was returned and not handed in anew"
    ]
    made.submit(meeting, at=LATER)
    assert codes(meeting) == []


def test_a_department_that_owes_none_holds_nothing_up():
    meeting = made.review("sales", "finance", metrics=())
    made.submit(meeting)
    meeting.departments.filter(department__code="finance").update(needs_preread=False)

    assert codes(meeting) == []


def test_an_unsettled_difference_holds_it_up_without_telling_the_figures(shop):
    meeting = made.review()
    statement = made.state(meeting, 137)
    made.submit(meeting)

    (found,) = blockers.blockers(meeting)

    assert found.words == "Orders: Sales states another figure than the reports; not settled"
    assert found.url == f"/meetings/{meeting.pk}/figures/#statement-{statement.pk}"
    settling.rule(statement=statement, verdict="stated", reason="Yes.", by=factories.data_owner(), now=NOW)
    # What counts now has moved by 37 % against September, and nobody said why.
    assert codes(meeting) == ["cause"]


def test_what_was_frozen_as_settled_stays_so_after_a_later_import(shop):
    meeting = made.review()
    made.submit(meeting)
    statement = made.state(meeting, 120)
    settling.rule(
        statement=statement,
        verdict="authoritative",
        reason="As settled.",
        by=factories.data_owner(),
        now=LATER,
    )
    made.set_orders(shop, 101)
    assert codes(meeting) == ["difference"], "before the freeze a ruling is on the present values alone"
    made.set_orders(shop, 100)
    snapshot.freeze(meeting=meeting, cause=Snapshot.Cause.HOST, by=meeting.host, now=LATER)

    made.set_orders(shop, 101)

    assert codes(meeting) == []
    made.state(meeting, 130)
    assert codes(meeting) == ["difference"], "another figure is another difference"


def test_a_later_import_moves_no_frozen_figure(shop):
    meeting = made.review()
    made.submit(meeting)
    snapshot.freeze(meeting=meeting, cause=Snapshot.Cause.HOST, by=meeting.host, now=LATER)

    made.set_orders(shop, 900)

    assert codes(meeting) == []


def test_a_move_that_came_with_a_later_import_needs_its_cause(shop):
    meeting = made.review()
    made.submit(meeting)
    assert codes(meeting) == []

    made.set_orders(shop, 150)

    (found,) = blockers.blockers(meeting)
    assert (found.code, found.words) == ("cause", "Orders of Sales moved by +50.0% without a cause")
    made.submit(meeting, causes=["orders"], at=LATER)
    assert codes(meeting) == []


def test_the_number_of_queries_does_not_grow(shop, django_assert_max_num_queries):
    one, three = made.review(), made.review("sales", "finance", "tech")
    for meeting in (one, three):
        for department in meeting.departments.values_list("department__code", flat=True):
            made.state(meeting, 120, department)
            made.submit(meeting, department)
    with django_assert_max_num_queries(32) as few:
        assert codes(one) == ["difference"]
    with django_assert_max_num_queries(32) as many:
        assert codes(three) == ["difference"] * 3

    assert len(few) == len(many)


# --- declaring ----------------------------------------------------------------------------------------------
def declare(meeting, reason=""):
    return readiness.declare_ready(meeting=meeting, by=meeting.host, now=NOW, reason=reason)


def test_with_nothing_open_the_host_just_says_so():
    meeting = made.review(metrics=())
    made.submit(meeting)

    assert declare(meeting).blockers == []
    assert blockers.ready(meeting).is_ready


def test_with_points_open_it_takes_a_reason():
    meeting = made.review(metrics=())
    with pytest.raises(NotReady) as refused:
        declare(meeting, "  ")
    assert [blocker.code for blocker in refused.value.blockers] == ["preread"]

    mark = declare(meeting, "Sales is at the fair.")

    assert mark.blockers == [
        {
            "code": "preread",
            "key": "preread:sales",
            "words_en": "The pre-read of Sales is missing",
            "words_zh": mark.blockers[0]["words_zh"],
        }
    ]
    assert blockers.ready(meeting).is_ready


def test_what_comes_up_afterwards_is_said_and_asks_again(shop):
    meeting = made.review()
    declare(meeting, "Sales is at the fair.")
    made.state(meeting, 120)

    found = blockers.ready(meeting)

    assert ([point.code for point in found.since], found.is_ready) == (["difference"], False)
    with pytest.raises(NotReady):
        start(meeting)
    declare(meeting, "We settle it in the room.")
    assert blockers.ready(meeting).is_ready
    assert ReadyMark.objects.standing().count() == 1


def test_the_word_can_be_taken_back():
    meeting = made.review(metrics=())
    declare(meeting, "Sales is at the fair.")
    readiness.withdraw_ready(meeting=meeting, by=meeting.host, now=LATER)

    assert blockers.ready(meeting).mark is None


def test_only_before_it_begins():
    with pytest.raises(NotAllowed):
        declare(room_factories.meeting(status="in_progress"))


# --- beginning ------------------------------------------------------------------------------------------------
def test_beginning_with_points_open_takes_a_reason_and_leaves_nothing_half_done():
    meeting = made.review(metrics=())
    with pytest.raises(NotReady):
        start(meeting)
    assert Meeting.objects.get(pk=meeting.pk).status == "scheduled"
    assert not Snapshot.objects.exists()


def test_the_minutes_print_the_reason_and_the_points():
    meeting = made.review(metrics=())
    start(meeting, "Sales is at the fair.")
    meeting.refresh_from_db()

    found = went_ahead(meeting)

    assert (found.mark.reason, found.points) == (
        "Sales is at the fair.",
        ["The pre-read of Sales is missing"],
    )


def test_a_reason_given_before_is_not_asked_for_again():
    meeting = made.review(metrics=())
    declare(meeting, "Sales is at the fair.")

    start(meeting)

    meeting.refresh_from_db()
    assert went_ahead(meeting).mark.reason == "Sales is at the fair."


# --- pages --------------------------------------------------------------------------------------------------
def test_start_asks_for_the_reason_and_keeps_what_was_typed(client):
    meeting = made.review(metrics=())
    client.force_login(meeting.host)
    url = f"/meetings/{meeting.pk}/start/"

    asked = client.post(url)
    assert asked.status_code == 422
    assert "The pre-read of Sales is missing" in asked.content.decode()

    assert client.post(url, {"asked": "1", "reason": "It cannot wait."}).status_code == 302
    page = client.get(f"/meetings/{meeting.pk}/minutes/").content.decode()
    assert "It cannot wait." in page
    assert "The pre-read of Sales is missing" in page


def test_the_rooms_own_button_leads_to_the_reason(client):
    meeting = made.review(metrics=())
    client.force_login(meeting.host)

    response = client.post(f"/meetings/{meeting.pk}/live/command/", {"verb": "start"})

    assert (response.status_code, response.url) == (302, f"/meetings/{meeting.pk}/start/")


def test_the_meetings_page_loads_the_open_points(client, shop):
    meeting = made.review()
    made.state(meeting, 120)
    client.force_login(meeting.host)
    page = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert f"/meetings/{meeting.pk}/open-points/" in page

    part = client.get(f"/meetings/{meeting.pk}/open-points/").content.decode()

    assert 'data-blocker="difference"' in part
    assert 'data-blocker="preread"' in part
    assert "120" not in part
