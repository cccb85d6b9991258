"""The layouts of the list: one filter, the same actions in each, and as many questions for many as for one."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.layouts.board import MOST_CARDS
from actions.models import Action, Milestone
from tests.actions.factories import ActionFactory, draft, meeting
from tests.factories import DepartmentFactory, host, member

pytestmark = pytest.mark.django_db

Status = Action.Status
LIST = "/actions/"


@pytest.fixture
def company():
    """Actions of all statuses, early and late, of two departments, on and off a meeting."""
    now, viewer = timezone.now(), host()
    sales, finance = DepartmentFactory(code="sales"), DepartmentFactory(code="finance")
    review = meeting(viewer)
    for place, status in enumerate([*Action.OPEN, Status.SUBMITTED, Status.TODO, Status.TODO]):
        ActionFactory(
            title=f"tariff {place}",
            status=status,
            done_at=now if status == Status.SUBMITTED else None,
            department=sales if place % 2 else finance,
            meeting=review if place % 3 else None,
            owner=viewer if place == 2 else member(),
            due_at=now + timedelta(days=9 * place - 20),
            published_at=now - timedelta(days=40),
            slips=place % 2,
        )
    done = ActionFactory(title="done", criteria=[], due_at=now, published_at=now - timedelta(days=9))
    Action.objects.filter(pk=done.pk).update(
        status=Status.ACCEPTED, done_at=now, accepted_at=now, accepted_by=done.acceptor
    )
    draft(title="a draft", owner=None, acceptor=None, department=None, due_at=None, created_by=viewer)
    return viewer


def shown(client, query: str, layout: str) -> set[int]:
    """The ids that a layout draws: links to actions between the filter and the end of the list."""
    response = client.get(
        f"{LIST}?{query}&layout={layout}", headers={"HX-Request": "true", "HX-Target": "shown"}
    )
    assert response.status_code == 200
    return {int(pk) for pk in re.findall(r'href="/actions/(\d+)/"', response.text)}


def in_calendar(client, query: str) -> set[int]:
    """All months that hold a deadline, one after the other."""
    days = Action.objects.filter(due_at__isnull=False).dates("due_at", "month")
    return {pk for day in days for pk in shown(client, f"{query}&day={day:%Y-%m-%d}", "calendar")}


@pytest.mark.parametrize(
    "query",
    [
        "status=open",
        "status=all",
        "status=owed&overdue=on",
        "status=finished",
        "status=blocked",
        "q=tariff&slipped=on",
        "mine=on",
        "status=all&week=on",
        "due_from={day}",
    ],
)
def test_every_layout_shows_the_same_actions(client, company, query):
    client.force_login(company)
    query = query.format(day=timezone.localdate().isoformat())
    table = shown(client, query, "table")

    assert table, "the filter must leave something to compare"
    assert shown(client, query, "board") == table
    assert shown(client, query, "timeline") == table
    assert in_calendar(client, query) == table
    assert shown(client, f"{query}&group=department&sort=-title", "table") == table


def test_drafts_stand_in_all_layouts_but_have_no_day(client, company):
    client.force_login(company)
    one = shown(client, "status=draft", "table")

    assert len(one) == 1
    assert shown(client, "status=draft", "board") == shown(client, "status=draft", "timeline") == one
    assert "1 without a deadline" in client.get(f"{LIST}?status=draft&layout=calendar").text


@pytest.mark.parametrize(
    "address", ["?layout=table", "?layout=board", "?layout=timeline", "?layout=calendar", "load/"]
)
def test_a_page_asks_as_much_for_five_as_for_one(client, address):
    viewer, soon = host(), timezone.now() + timedelta(days=1)
    review = meeting(viewer)
    client.force_login(viewer)

    def add() -> None:
        action = ActionFactory(meeting=review, due_at=soon, slips=1)
        Milestone.objects.create(action=action, title="half", due_at=soon - timedelta(hours=3))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST + address).status_code == 200
        return len(captured)

    add()
    one = queries()
    for _ in range(4):
        add()
    assert (queries(), one <= 12) == (one, True)


def test_table_page_stays_within_ten_statements(client, company):
    client.force_login(company)
    department = DepartmentFactory(code="sales")

    with CaptureQueriesContext(connection) as captured:
        response = client.get(
            f"{LIST}?status=owed&department={department.pk}&overdue=on&sort=-owner&group=owner"
        )

    assert response.status_code == 200
    assert len(captured) <= 10


def test_board_counts_what_it_does_not_draw(client):
    viewer = host()
    for _ in range(MOST_CARDS + 2):
        ActionFactory(owner=viewer, criteria=[], due_at=timezone.now() + timedelta(days=1))
    client.force_login(viewer)

    page = client.get(f"{LIST}?layout=board")

    assert page.text.count("data-card=") == MOST_CARDS
    assert "2 more in the table" in page.text


def test_calendar_says_what_lies_before_and_after(client):
    viewer, zone = host(time_zone="Asia/Shanghai"), timezone.get_default_timezone()
    for month, day in ((1, 31), (2, 1), (2, 28), (3, 1)):
        ActionFactory(title=f"due {month}-{day}", due_at=datetime(2027, month, day, 18, tzinfo=zone))
    client.force_login(viewer)

    page = client.get(f"{LIST}?layout=calendar&day=2027-02-10").text

    assert "<b>2 due here</b>" in page
    assert "1 before" in page
    assert "1 after" in page
    assert "due 2-28" in page
    assert "due 3-1" not in page
    week = client.get(f"{LIST}?layout=calendar&span=week&day=2027-02-28").text
    assert "due 2-28" in week
    assert "due 2-1<" not in week


@pytest.mark.parametrize(
    "day", ["nonsense", "2027-02-31", "0001-01-01", "9999-12-31", "1900-01-01", "2199-12-31"]
)
def test_nonsense_days_lead_to_a_month(client, day):
    client.force_login(host())

    assert client.get(f"{LIST}?layout=calendar&day={day}").status_code == 200
    assert client.get(f"{LIST}?due_from={day}&due_until={day}&layout=calendar&span=week").status_code == 200


def test_a_deadline_stands_on_the_day_of_the_reader(client):
    """18:00 UTC is already the next day in Shanghai."""
    ActionFactory(title="late at night", due_at=datetime(2027, 5, 3, 18, tzinfo=UTC))
    client.force_login(host(time_zone="Asia/Shanghai"))

    weeks = client.get(f"{LIST}?layout=calendar&day=2027-05-10").context["weeks"]

    assert [str(day.day) for week in weeks for day in week if day.actions] == ["2027-05-04"]


def test_load_names_who_has_too_much(client):
    now, busy, calm = timezone.now(), member(name="Busy Bee"), member(name="Calm Cat")
    for place in range(4):
        ActionFactory(owner=busy, due_at=now - timedelta(days=place + 1))
    ActionFactory(owner=calm, due_at=now + timedelta(days=60))
    ActionFactory(owner=calm, acceptor=busy, status=Status.SUBMITTED, done_at=now, due_at=now)
    client.force_login(host())

    page = client.get(reverse("actions:load"))
    first, second = page.context["people"]

    assert (first.user, first.open, first.late, first.is_overloaded) == (busy, 4, 4, True)
    assert first.to_accept == 1
    assert (second.user, second.open, second.later, second.is_overloaded) == (calm, 1, 1, False)
    assert "<b>1 person has too much at once</b>" in page.text
    for number, url in ((4, first.late_url), (4, first.url), (1, second.url)):
        assert len(client.get(url).context["table"].page.object_list) == number


def test_load_leads_to_the_actions_of_a_week(client):
    now, somebody = timezone.now(), member()
    ActionFactory.create_batch(3, owner=somebody, due_at=now + timedelta(days=8))
    client.force_login(host())

    (person,) = client.get(reverse("actions:load")).context["people"]
    full = [cell for cell in person.weeks if cell.count]

    assert [cell.count for cell in full] == [3]
    assert len(client.get(full[0].url).context["table"].page.object_list) == 3


def test_groups_follow_each_other(client, company):
    client.force_login(company)

    page = client.get(f"{LIST}?group=department&status=open")
    headings = re.findall(r'class="group-row"><th[^>]*>([^<]+)<', page.text)

    assert len(headings) == len(set(headings)) == 2
