"""Which screen shows what to whom: sides of the live page, one's own part, decisions needed, the timekeeper's keys."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem, Decision, DecisionRequest, Participant, PreReadRevision, RoomClock
from meetings.queries import my_part, needed
from meetings.queries import room as queries
from meetings.services import room as rooms
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings import settling_factories as figures
from tests.meetings.room_factories import START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def begin(meeting, now=START):
    rooms.start(meeting=meeting, by=meeting.host, now=now, reason="Without the pre-reads")
    meeting.refresh_from_db()
    return meeting


def move(meeting, verb, minutes):
    press = rooms.Press(meeting.host, at(minutes), RoomClock.objects.get(meeting=meeting).version)
    rooms.command(meeting=meeting, verb=verb, press=press)


def side(client, who, meeting, query=""):
    client.force_login(who)
    html = client.get(reverse("meetings:live", args=[meeting.pk]) + query).content.decode()
    return html.partition('data-view="')[2].partition('"')[0]


# --- sides of the live page ---------------------------------------------------------------------------------
def test_whoever_writes_the_record_begins_with_it(client):
    meeting = begin(make.meeting())
    member = make.invite(meeting, factories.UserFactory())
    assert (side(client, meeting.host, meeting), side(client, member, meeting)) == ("record", "screen")

    recorder = make.invite(meeting, factories.UserFactory(), Participant.Role.RECORDER)

    assert (side(client, meeting.host, meeting), side(client, recorder, meeting)) == ("screen", "record")


def test_a_side_can_be_asked_for_and_nonsense_is_none(client):
    meeting = begin(make.meeting())

    assert side(client, meeting.host, meeting, "?view=people") == "people"
    assert side(client, meeting.host, meeting, "?view=nowhere") == "record"


def test_without_scripts_one_side_is_open_and_the_links_lead_to_the_others(client):
    meeting = begin(make.meeting())
    client.force_login(meeting.host)

    html = client.get(reverse("meetings:live", args=[meeting.pk]) + "?view=issues").content.decode()

    assert '<div class="room-side" data-room-view="issues">' in html
    assert '<div class="room-side" data-room-view="people" hidden>' in html
    assert 'href="?view=people"' in html


# --- one's own part -----------------------------------------------------------------------------------------
def part_of(meeting, who, minutes):
    return my_part.next_part(queries.room(meeting, who), who, at(minutes))


def test_ones_own_part_is_as_far_away_as_what_is_before_it():
    meeting = begin(make.meeting(departments=("sales", "finance", "tech")))
    lead = factories.lead("tech")

    mine = part_of(meeting, lead, 5)

    assert (mine.item.department.code, mine.is_now) == ("tech", False)
    # 15 of the report and 40 of the discussion of sales, and the hour of finance.
    assert mine.minutes == 15 + 40 + 60


def test_overtime_takes_nothing_from_the_wait():
    meeting = begin(make.meeting(departments=("sales", "finance")))

    assert part_of(meeting, factories.lead("finance"), 30).minutes == 40


def test_what_was_parked_is_neither_waited_for_nor_ones_own():
    meeting = begin(make.meeting(departments=("sales", "finance", "tech")))
    move(meeting, "next", 10)
    move(meeting, "park", 15)

    assert part_of(meeting, factories.lead("finance"), 16) is None
    assert part_of(meeting, factories.lead("tech"), 16).is_now


def test_an_item_with_a_name_is_that_persons_and_not_the_departments():
    meeting = begin(make.meeting(departments=("sales", "finance")))
    lead, clerk = factories.lead("finance"), factories.UserFactory()
    meeting.items.filter(department__code="finance").update(presenter_user=clerk)

    assert part_of(meeting, lead, 0) is None
    assert part_of(meeting, clerk, 0).minutes == 60


def test_the_page_says_when_it_is_ones_turn(client):
    meeting = begin(make.meeting(departments=("sales", "finance")), now=timezone.now())
    client.force_login(factories.lead("finance"))

    html = client.get(reverse("meetings:live", args=[meeting.pk])).content.decode()

    assert "Your part in about 60 min" in html


# --- decisions needed -----------------------------------------------------------------------------------------
def ask(meeting, code, question, item=None):
    """A department has handed in a pre-read that asks for a decision."""
    preread = figures.preread(meeting, code)
    row = DecisionRequest.objects.create(
        preread=preread,
        question=question,
        position=1,
        options=[{"text": "Yes", "effect": ""}, {"text": "No", "effect": ""}],
        recommended=1,
        edited_by=meeting.host,
        edited_at=make.NOW,
    )
    said = {"id": row.pk, "question": question, "options": row.options, "recommended": 1, "item_id": item}
    PreReadRevision.objects.create(
        preread=preread,
        number=1,
        content={"decisions": [said]},
        submitted_by=meeting.host,
        submitted_at=START,
        is_late=False,
    )
    return row


def questions(meeting, who):
    return [(one.question, one.is_now) for one in needed.waiting(meeting, queries.room(meeting, who), who)]


def test_decisions_of_the_moment_come_first_and_taken_ones_go():
    meeting = begin(figures.review("sales", "finance"))
    first = ask(meeting, "sales", "More for ads?")
    ask(meeting, "finance", "Which bank?")
    assert questions(meeting, meeting.host) == [("More for ads?", True), ("Which bank?", False)]

    move(meeting, "next", 5)
    assert questions(meeting, meeting.host) == [("Which bank?", True), ("More for ads?", False)]

    first.decision = Decision.objects.create(
        meeting=meeting,
        number=1,
        year=2026,
        text="No",
        decided_by=meeting.host,
        recorded_by=meeting.host,
        recorded_at=START,
    )
    first.save()
    assert questions(meeting, meeting.host) == [("Which bank?", True)]


def test_a_decision_for_a_confidential_item_is_for_its_circle(client):
    meeting = begin(figures.review("sales", "finance"))
    item = meeting.items.get(department__code="finance")
    AgendaItem.objects.filter(pk=item.pk).update(is_confidential=True)
    ask(meeting, "finance", "Whose bonus?", item=item.pk)
    outsider = make.invite(meeting, factories.UserFactory())

    assert questions(meeting, outsider) == []
    client.force_login(outsider)
    for name in ("live", "live_needed"):
        assert (
            "Whose bonus?" not in client.get(reverse(f"meetings:{name}", args=[meeting.pk])).content.decode()
        )


# --- the timekeeper -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("verb", "status"),
    [
        ("pause", 302),
        ("extend", 302),
        ("discuss", 302),
        ("next", 302),
        ("back", 302),
        ("end", 403),
        ("park", 403),
        ("jump", 403),
        ("start", 403),
    ],
)
def test_the_timekeeper_keeps_the_time_and_leaves_the_rest_to_the_host(client, verb, status):
    meeting = begin(
        make.meeting(departments=("sales", "finance")), now=timezone.now() - dt.timedelta(minutes=5)
    )
    if verb == "back":
        move(meeting, "next", 3)
    keeper = make.invite(meeting, factories.UserFactory(), Participant.Role.TIMEKEEPER)
    client.force_login(keeper)
    version = RoomClock.objects.get(meeting=meeting).version

    answer = client.post(
        reverse("meetings:live_command", args=[meeting.pk]), {"verb": verb, "version": version}
    )

    assert answer.status_code == status
    assert RoomClock.objects.get(meeting=meeting).version == version + (status == 302)


@pytest.mark.parametrize(("role", "status"), [("timekeeper", 200), ("recorder", 403), ("member", 403)])
def test_the_remote_is_for_whoever_keeps_the_time(client, role, status):
    meeting = begin(make.meeting())
    client.force_login(make.invite(meeting, factories.UserFactory(), role))

    assert client.get(reverse("meetings:live_remote", args=[meeting.pk])).status_code == status


def test_the_remote_of_a_meeting_that_is_over_leads_to_the_minutes(client):
    meeting = make.meeting(status="ended")
    client.force_login(meeting.host)

    answer = client.get(reverse("meetings:live_remote", args=[meeting.pk]))

    assert answer.url == reverse("meetings:minutes", args=[meeting.pk])
