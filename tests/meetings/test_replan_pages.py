"""The parts of the live page for re-plans and the executive's priority: who sees and may do what."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.errors import Conflict
from meetings.models import LiveEvent, OpeningPriority, Replan, RoomClock
from meetings.queries import replan as queries
from meetings.queries import room as rooms
from meetings.services import priority as services
from meetings.services import replan as replan_services
from meetings.services import room as room_services
from meetings.services.room import Press
from tests import factories
from tests.meetings import room_factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def meeting():
    """Begun two and a half hours ago, 30 minutes behind: three departments of an hour and a summary in 210 minutes."""
    begun = timezone.now() - dt.timedelta(minutes=90)
    made = make.meeting(departments=("sales", "marketing", "supply"), planned_minutes=210, starts_at=begun)
    make.invite(made, factories.executive(name="Boss Li"), "executive")
    make.invite(made, factories.UserFactory(), "recorder")
    room_services.start(meeting=made, by=made.host, now=begun, reason="Without the pre-reads")
    room_services.command(meeting=made, verb="next", press=Press(made.host, timezone.now(), 1))
    made.refresh_from_db()
    return made


def person(meeting, role):
    return meeting.participants.get(role=role).user


def post(client, meeting, name, **data):
    version = RoomClock.objects.get(meeting=meeting).version
    return client.post(reverse(f"meetings:{name}", args=[meeting.pk]), {"version": version, **data})


def get(client, meeting, name):
    return client.get(reverse(f"meetings:{name}", args=[meeting.pk])).content.decode()


# --- the re-plan ----------------------------------------------------------------------------------------
def test_the_host_sees_how_late_it_is_and_takes_a_proposal(client, meeting):
    client.force_login(meeting.host)
    assert "30 min after the planned end" in get(client, meeting, "live_replan")

    answer = post(client, meeting, "live_replan", verb="take", option="squeeze")

    assert answer.url == reverse("meetings:live", args=[meeting.pk]) + "#room-replan"
    assert queries.lateness(rooms.room(meeting), timezone.now()) == dt.timedelta()
    html = get(client, meeting, "live_replan")
    assert "re-planned what is left" in html
    assert "60 → " in html


def test_the_undo_button_brings_the_plan_back(client, meeting):
    client.force_login(meeting.host)
    post(client, meeting, "live_replan", verb="take", option="squeeze")

    post(client, meeting, "live_replan", verb="undo", replan=Replan.objects.get().pk)

    assert Replan.objects.get().undone_by == meeting.host
    assert "after the planned end" in get(client, meeting, "live_replan")


def test_others_read_what_was_changed_and_get_no_buttons(client, meeting):
    replan_services.take(
        meeting=meeting, option="squeeze", press=Press(meeting.host, timezone.now(), version=2)
    )
    client.force_login(person(meeting, "executive"))

    html = get(client, meeting, "live_replan")

    assert "re-planned what is left" in html
    assert "<button" not in html
    assert post(client, meeting, "live_replan", verb="take", option="squeeze").status_code == 403


def test_a_stale_press_by_htmx_says_so_beside_the_fresh_proposals(client, meeting):
    client.force_login(meeting.host)

    answer = client.post(
        reverse("meetings:live_replan", args=[meeting.pk]),
        {"verb": "take", "option": "squeeze", "version": "1"},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 422
    assert "Someone else has just changed the clock" in answer.content.decode()
    assert not Replan.objects.exists()


@pytest.mark.parametrize("name", ["live_replan", "live_priority"])
def test_who_gets_at_the_parts(client, meeting, name):
    url = reverse(f"meetings:{name}", args=[meeting.pk])
    assert client.get(url).status_code == 302
    client.force_login(meeting.host)
    assert client.post(url, {"verb": "explode"}).status_code == 404
    assert client.put(url).status_code == 405
    client.force_login(factories.member("operations"))
    assert client.get(url).status_code == 404
    assert client.post(url, {"verb": "save"}).status_code == 404


def test_both_parts_take_as_many_queries_with_more_items(client, meeting, django_assert_max_num_queries):
    client.force_login(meeting.host)
    with django_assert_max_num_queries(14) as few:
        get(client, meeting, "live_replan")
    for order, code in enumerate(("finance", "tech", "service"), start=5):
        make.add_department(meeting, code, order)
    with django_assert_max_num_queries(len(few)):
        get(client, meeting, "live_replan")


# --- the priority ---------------------------------------------------------------------------------------
def words(meeting, **more):
    boss = person(meeting, "executive")
    item = meeting.items.get(title_en="Supply chain")
    return {
        "verb": "save",
        "text": "Returns in Germany",
        "item": item.pk,
        "said_by": boss.pk,
        "version": 0,
        **more,
    }


@pytest.mark.parametrize(("action_list", "is_folded"), [("", False), ("blocked", True)])
def test_a_meeting_that_begins_with_its_actions_asks_for_the_priority_in_a_line(
    client, meeting, action_list, is_folded
):
    first = meeting.items.in_order().first()
    type(first).objects.filter(pk=first.pk).update(action_list=action_list)
    RoomClock.objects.filter(meeting=meeting).update(item=first)
    client.force_login(meeting.host)

    html = get(client, meeting, "live_priority")

    assert "Which problem do you most want us to solve now?" in html
    assert ('<details class="priority-change">' in html) is is_folded


@pytest.mark.parametrize("role", ["host", "recorder", "executive"])
def test_the_priority_is_written_down_and_logged(client, meeting, role):
    client.force_login(person(meeting, role))
    assert "Which problem do you most want us to solve now?" in get(client, meeting, "live_priority")

    post(client, meeting, "live_priority", **words(meeting))

    found = OpeningPriority.objects.get()
    assert (found.text, found.item.title_en, found.said_by.name) == (
        "Returns in Germany",
        "Supply chain",
        "Boss Li",
    )
    assert LiveEvent.objects.filter(meeting=meeting, verb="priority.set").count() == 1
    assert "Returns in Germany" in get(client, meeting, "live_priority")


def test_a_member_reads_it_and_writes_nothing(client, meeting):
    member = make.invite(meeting, factories.UserFactory())
    client.force_login(member)

    assert post(client, meeting, "live_priority", **words(meeting)).status_code == 403
    assert "<form" not in get(client, meeting, "live_priority")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": " "}, "Write what is to be solved now"),
        ({"text": "x" * 501}, "at most 500 characters"),
        ({"said_by": 0}, "Choose the executive"),
        ({"version": 7}, "Someone else has just written"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, meeting, wrong, sentence):
    client.force_login(meeting.host)
    data = words(meeting, **wrong)

    answer = client.post(
        reverse("meetings:live_priority", args=[meeting.pk]), data, headers={"HX-Request": "true"}
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert f'value="{data["text"]}"' in html
    assert not OpeningPriority.objects.exists()


def test_its_item_is_taken_next_by_one_press_and_put_back_by_another(client, meeting):
    client.force_login(meeting.host)
    post(client, meeting, "live_priority", **words(meeting, item=meeting.items.get(title_en="Summary").pk))
    assert "Take its item next" in get(client, meeting, "live_priority")

    post(client, meeting, "live_priority", verb="rank")

    assert rooms.room(meeting).next_item().title_en == "Summary"
    assert Replan.objects.get().cause == "priority"
    assert "Take its item next" not in get(client, meeting, "live_priority")
    post(client, meeting, "live_replan", verb="undo", replan=Replan.objects.get().pk)
    assert rooms.room(meeting).next_item().title_en == "Supply chain"


def test_two_who_write_it_at_once_do_not_overwrite_each_other(meeting):
    boss = person(meeting, "executive")
    common = {"meeting": meeting, "item": None, "said_by": boss.pk, "by": boss, "now": timezone.now()}
    services.save(text="first", version=0, **common)

    with pytest.raises(Conflict):
        services.save(text="second", version=0, **common)
    services.save(text="third", version=1, **common)

    assert OpeningPriority.objects.get().text == "third"


def test_outside_of_the_circle_of_its_item_its_words_are_not_told(client, meeting):
    item = meeting.items.get(title_en="Supply chain")
    item.is_confidential = True
    item.save()
    boss = person(meeting, "executive")
    services.save(
        meeting=meeting,
        text="Redundancies",
        item=item,
        said_by=boss.pk,
        version=0,
        by=boss,
        now=timezone.now(),
    )
    client.force_login(make.invite(meeting, factories.UserFactory()))

    html = get(client, meeting, "live_priority") + get(client, meeting, "live_replan")

    assert "Redundancies" not in html
    assert "Supply chain" not in html
    assert "a confidential item" in html
