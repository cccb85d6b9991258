from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions import carry
from actions.models import Action, Blocker, Progress
from meetings import carry_sources
from meetings.models import AgendaItem, Carried, MeetingDepartment
from tests.actions.factories import NOW, ActionFactory, draft, meeting
from tests.factories import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db
Status = Action.Status


@pytest.fixture
def progress():
    return meeting(status="scheduled")


@pytest.fixture
def reader(progress):
    return progress.host


def titles(kind, progress, reader) -> list[str]:
    return [action.title for action in carry.listed(kind=kind, meeting=progress, user=reader, now=NOW)]


def make(progress, title, **values) -> Action:
    return ActionFactory(title=title, meeting=progress, department=DepartmentFactory(code="sales"), **values)


def test_each_open_action_stands_in_one_list(progress, reader):
    blocked = make(progress, "blocked", status=Status.BLOCKED, due_at=NOW - timedelta(days=1))
    Blocker.objects.create(action=blocked, reason="Customs", by=reader, since=NOW)
    make(progress, "late", due_at=NOW - timedelta(days=1))
    make(progress, "due", due_at=NOW + timedelta(days=13))
    long_ago = NOW - timedelta(days=15)
    make(progress, "silent", due_at=NOW + timedelta(days=30), published_at=long_ago)
    spoken = make(progress, "spoken", due_at=NOW + timedelta(days=30), published_at=long_ago)
    Progress.objects.create(
        action=spoken, text="half", status=Status.DOING, by=reader, at=NOW - timedelta(days=2)
    )
    make(progress, "dropped", status=Status.CANCELLED, cancel_reason="x", due_at=NOW - timedelta(days=1))
    make(progress, "handed in", status=Status.SUBMITTED, done_at=NOW, due_at=NOW - timedelta(days=1))

    assert {kind: titles(kind, progress, reader) for kind in ("blocked", "late", "due", "silent")} == {
        "blocked": ["blocked"],
        "late": ["late"],
        "due": ["due"],
        "silent": ["silent"],
    }
    (found,) = carry.listed(kind="blocked", meeting=progress, user=reader, now=NOW)
    assert found.blocked_by == "Customs"


def test_a_meeting_with_departments_goes_through_theirs(progress, reader):
    make(progress, "sales")
    ActionFactory(title="finance", meeting=progress, department=DepartmentFactory(code="finance"))
    assert len(titles("due", progress, reader)) == 2
    MeetingDepartment.objects.create(meeting=progress, department=DepartmentFactory(code="finance"))
    assert titles("due", progress, reader) == ["finance"]


def test_only_what_the_reader_may_see(progress):
    other = UserFactory()
    make(progress, "theirs")
    assert titles("due", progress, other) == []


def test_an_action_of_a_confidential_item_is_for_its_circle(progress, reader):
    pay = AgendaItem.objects.create(meeting=progress, order=1, title_en="Pay", is_confidential=True)
    make(progress, "raise pay", agenda_item=pay)
    assert titles("due", progress, reader) == ["raise pay"]
    outsider = UserFactory(roles=["executive"])
    assert titles("due", progress, outsider) == []


def test_the_fragment(client, progress, reader):
    make(progress, "Ship it", status=Status.BLOCKED)
    url = reverse("actions:agenda_list", args=[progress.pk, "blocked"])
    client.force_login(reader)
    page = client.get(url, headers={"HX-Request": "true"})
    assert "Ship it" in page.content.decode()
    assert "<html" not in page.content.decode()
    assert "<html" in client.get(url).content.decode()
    assert client.get(reverse("actions:agenda_list", args=[progress.pk, "nonsense"])).status_code == 404
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404


def test_the_fragment_costs_the_same_for_more_rows(client, progress, reader):
    client.force_login(reader)
    url = reverse("actions:agenda_list", args=[progress.pk, "blocked"])
    make(progress, "one", status=Status.BLOCKED)
    client.get(url, headers={"HX-Request": "true"})
    counts = []
    for number in (1, 3):
        while Action.objects.count() < number:
            make(progress, "more", status=Status.BLOCKED)
        with CaptureQueriesContext(connection) as found:
            client.get(url, headers={"HX-Request": "true"})
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_items_with_open_and_blocked_actions_are_unfinished(progress, django_assert_num_queries):
    items = [AgendaItem.objects.create(meeting=progress, order=n, title_en=f"{n}") for n in range(1, 5)]
    make(progress, "open", agenda_item=items[0])
    make(progress, "open too", agenda_item=items[1])
    make(progress, "blocked", agenda_item=items[1], status=Status.BLOCKED)
    make(progress, "dropped", agenda_item=items[2], status=Status.CANCELLED, cancel_reason="x")
    draft(agenda_item=items[3], meeting=progress)
    # One for the actions, one for the issues.
    with django_assert_num_queries(2):
        found = carry_sources.unfinished([item.pk for item in items], NOW.date())
    assert found == {items[0].pk: Carried.OPEN_ACTION, items[1].pk: Carried.BLOCKED}
