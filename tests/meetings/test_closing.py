import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from meetings import closing_sources, replay
from meetings.errors import NotReady
from meetings.models import (
    ClosingMark,
    DecisionRequest,
    Meeting,
    ParkedItem,
    RoomItem,
    Statement,
)
from meetings.queries import closing as queries
from meetings.services import closing as services
from meetings.services import decisions, prereads
from meetings.services import room as rooms
from meetings.services.decisions import Content
from meetings.services.notes import LONGEST
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import NOW, START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
QUESTION = "Do we stop the brand keywords?"


def begun(**fields):
    meeting = make.meeting(departments=("sales",), **fields)
    rooms.start(meeting=meeting, by=meeting.host, now=START, reason="Nothing was asked for")
    return meeting


@pytest.fixture
def meeting():
    """A running meeting whose attendance is taken, so that nothing is open."""
    made = begun()
    make.roll_call(made, at(1))
    return made


def codes(meeting):
    return [point.code for point in queries.points(meeting)]


def press(meeting, by=None, minutes=60):
    version = Meeting.objects.values_list("clock__version", flat=True).get(pk=meeting.pk)
    return rooms.Press(by or meeting.host, at(minutes), version)


def put_off(item, state):
    """The room has taken this item off what is ahead."""
    RoomItem.objects.update_or_create(
        item=item,
        defaults={"state": state},
        create_defaults={
            "meeting": item.meeting,
            "position": item.order,
            "report_minutes": item.report_minutes,
            "discussion_minutes": item.discussion_minutes,
            "state": state,
        },
    )


def asked_for(*, secret=False):
    """A running meeting for which sales asked for a decision in what it handed in."""
    meeting = make.meeting(departments=("sales",))
    item = meeting.items.get(department__code="sales")
    item.is_confidential = secret
    item.save()
    (preread,) = prereads.open_for(meeting=meeting, now=NOW)
    lead = factories.lead("sales")
    request = DecisionRequest.objects.create(
        preread=preread,
        question=QUESTION,
        options=[{"text": "Stop", "effect": ""}, {"text": "Halve", "effect": ""}],
        recommended=1,
        decider=factories.executive(),
        item=item,
        edited_by=lead,
        edited_at=NOW,
    )
    prereads.submit(preread=preread, by=lead, now=NOW)
    rooms.start(meeting=meeting, by=meeting.host, now=START, reason="x")
    make.roll_call(meeting, at(1))
    return meeting, request


# --- the points -------------------------------------------------------------------------------------------
def test_attendance_must_be_confirmed():
    meeting = begun()
    assert codes(meeting) == ["attendance"]

    make.roll_call(meeting, at(1))

    assert codes(meeting) == []


def test_a_decision_that_was_asked_for_is_open_until_it_is_taken():
    meeting, request = asked_for()
    (point,) = queries.points(meeting)
    assert point.words == f"Sales asks for a decision: {QUESTION}"
    assert point.url == f"/meetings/{meeting.pk}/live/?view=record&item={request.item_id}#asked-{request.pk}"

    request.decision = decisions.record(
        meeting=meeting,
        item=request.item,
        content=Content(text="Halve", decided_by=meeting.host),
        by=meeting.host,
        now=at(10),
    )
    request.save()

    assert codes(meeting) == []


def test_a_request_that_was_not_handed_in_keeps_nothing_open():
    meeting, request = asked_for()
    later = DecisionRequest.objects.create(
        preread=request.preread, question="Draft words", edited_by=meeting.host, edited_at=NOW
    )

    points = queries.points(meeting)

    assert [point.key for point in points] == [f"request:{request.pk}"]
    assert later.question not in points[0].words


def test_what_a_confidential_item_asks_for_is_named_without_its_words():
    meeting, _request = asked_for(secret=True)

    (point,) = queries.points(meeting)

    assert "confidential item" in point.words
    assert QUESTION not in str(point.stored())


def test_a_deferred_decision_needs_a_day_that_is_still_to_come(meeting):
    def defer(day):
        content = Content(text="Later", outcome="deferred", deferred_until=day)
        return decisions.record(meeting=meeting, item=None, content=content, by=meeting.host, now=at(5))

    defer(START.date() + dt.timedelta(days=7))
    assert codes(meeting) == []

    lost = defer(START.date())
    (point,) = queries.points(meeting)
    assert point.code == "deferred"
    assert lost.code in point.words


def test_an_item_that_was_put_off_needs_a_day_unless_a_series_takes_it_up(meeting):
    item = meeting.items.order_by("order").first()
    put_off(item, "deferred")
    assert codes(meeting) == ["put_off"]

    services.put_off(
        meeting=meeting, item=item, until=at(0).date() + dt.timedelta(days=7), by=meeting.host, now=at(5)
    )

    assert codes(meeting) == []
    assert ParkedItem.objects.get().item == item


def test_a_day_that_is_over_is_no_destination(meeting):
    item = meeting.items.order_by("order").first()

    with pytest.raises(services.NotAllowed, match="after today"):
        services.put_off(meeting=meeting, item=item, until=START.date(), by=meeting.host, now=at(5))

    assert not ParkedItem.objects.exists()


def test_other_apps_add_points_of_their_own(meeting, monkeypatch):
    monkeypatch.setattr(closing_sources, "_SOURCES", [])
    mine = closing_sources.Point("mine", "mine:1", lambda: "Something is open", "/there/", lambda: "There")
    closing_sources.register(lambda one: [mine] if one == meeting else [])

    assert queries.points(meeting) == [mine]


def test_disputed_figures_are_open(meeting):
    (preread,) = prereads.open_for(meeting=meeting, now=NOW)
    Statement.objects.create(
        preread=preread,
        metric_code="no-such-metric",
        value=1,
        source="sheet",
        stated_by=factories.lead("sales"),
        stated_at=NOW,
    )

    assert set(codes(meeting)) <= {"dispute"}


def test_the_points_take_as_many_queries_for_three_as_for_one():
    meeting, _request = asked_for()
    with CaptureQueriesContext(connection) as one:
        queries.points(meeting)
    for number in (1, 2):
        put_off(meeting.items.order_by("order")[number - 1], "parked")
        decisions.record(
            meeting=meeting,
            item=None,
            content=Content(text="Later", outcome="deferred", deferred_until=START.date()),
            by=meeting.host,
            now=at(3),
        )

    with CaptureQueriesContext(connection) as more:
        assert len(queries.points(meeting)) > 3

    assert len(more) == len(one)


# --- ending -----------------------------------------------------------------------------------------------
def test_with_nothing_open_the_host_ends_it(meeting):
    rooms.end(meeting=meeting, press=press(meeting))

    assert Meeting.objects.get(pk=meeting.pk).status == "ended"
    assert not ClosingMark.objects.exists()


@pytest.mark.parametrize("reason", ["", "We are in a hurry"])
def test_whoever_is_no_executive_cannot_end_it_with_points_open(reason):
    meeting = begun()

    with pytest.raises(NotReady, match="have an executive end") as caught:
        rooms.end(meeting=meeting, press=press(meeting), reason=reason)

    assert [point.code for point in caught.value.blockers] == ["attendance"]
    stored = Meeting.objects.get(pk=meeting.pk)
    assert (stored.status, stored.ended_at) == ("in_progress", None)
    assert stored.clock.is_running


def test_an_executive_gives_a_reason_that_is_kept_in_both_languages():
    meeting = begun()
    boss = make.invite(meeting, factories.UserFactory(), "executive")
    with pytest.raises(NotReady, match="Give the reason"):
        rooms.end(meeting=meeting, press=press(meeting, boss), reason="  ")

    rooms.end(meeting=meeting, press=press(meeting, boss), reason=" The fire alarm rang. ")

    mark = ClosingMark.objects.get()
    assert (mark.reason, mark.marked_by, mark.marked_at) == ("The fire alarm rang.", boss, at(60))
    with translation.override("zh-hans"):
        chinese = queries.points(begun(title="Another"))[0].words
    assert mark.points[0]["words_en"] == "Nobody has confirmed who was present"
    assert mark.points[0]["words_zh"] == chinese
    assert replay.differences(meeting, replay.rebuild(replay.events_of(meeting))) == []


# --- the page -----------------------------------------------------------------------------------------------
def url(meeting, name="close"):
    return reverse(f"meetings:{name}", args=[meeting.pk])


def test_the_page_leads_to_each_open_point_and_offers_no_way_around(client):
    meeting, request = asked_for()
    client.force_login(meeting.host)

    page = client.get(url(meeting)).content.decode()

    assert QUESTION in page
    assert f"/meetings/{meeting.pk}/live/?view=record&amp;item={request.item_id}#asked-{request.pk}" in page
    assert 'name="reason"' not in page
    assert client.post(url(meeting), {"reason": "Because"}).status_code == 422
    assert Meeting.objects.get(pk=meeting.pk).status == "in_progress"


def test_the_host_ends_it_on_the_page_and_sees_the_minutes(client, meeting):
    with time_machine.travel(at(60), tick=False):
        client.force_login(meeting.host)
        assert "Nothing is open." in client.get(url(meeting)).content.decode()
        answer = client.post(url(meeting))

    assert answer.url == url(meeting, "minutes")
    assert Meeting.objects.get(pk=meeting.pk).ended_at == at(60)


def test_an_executive_who_does_not_run_the_meeting_ends_it_with_a_reason(client):
    meeting = begun()
    with time_machine.travel(at(60), tick=False):
        client.force_login(factories.executive())
        refused = client.post(url(meeting), {"reason": " "})
        assert refused.status_code == 422
        assert "Give the reason for ending all the same" in refused.content.decode()
        endless = client.post(url(meeting), {"reason": "字" * (LONGEST + 1)})
        assert endless.status_code == 422
        assert "字" * (LONGEST + 1) in endless.content.decode()
        assert not ClosingMark.objects.exists()
        client.post(url(meeting), {"reason": "<b>Fire</b>"})

    assert ClosingMark.objects.get().reason == "<b>Fire</b>"
    minutes = client.get(url(meeting, "minutes")).content.decode()
    assert "&lt;b&gt;Fire&lt;/b&gt;" in minutes


def test_a_press_of_the_old_button_leads_to_the_page(client):
    meeting = begun()
    client.force_login(meeting.host)
    command = url(meeting, "live_command")

    assert client.post(command, {"verb": "end", "version": "1"}).url == url(meeting)
    answer = client.post(command, {"verb": "end", "version": "1"}, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert "Points are still open" in answer.json()["message"]


def test_a_day_is_named_on_the_page(client, meeting):
    item = meeting.items.order_by("order").first()
    put_off(item, "parked")
    client.force_login(meeting.host)
    page = client.get(url(meeting)).content.decode()
    assert f'id="put-off-{item.pk}"' in page

    client.post(url(meeting, "close_put_off"), {"item": item.pk, "until": "nonsense"})
    assert not ParkedItem.objects.exists()
    client.post(url(meeting, "close_put_off"), {"item": item.pk, "until": "2999-01-02"})

    assert ParkedItem.objects.get().review_on == dt.date(2999, 1, 2)
    assert "Nothing is open." in client.get(url(meeting)).content.decode()


def test_who_neither_runs_it_nor_decides_cannot_open_the_page(client, meeting):
    client.force_login(make.invite(meeting, factories.UserFactory(), "recorder"))
    assert client.get(url(meeting)).status_code == 403
    assert client.post(url(meeting)).status_code == 403
    client.force_login(factories.member("operations"))
    assert client.get(url(meeting)).status_code == 404
