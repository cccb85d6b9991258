"""The list of actions: what stands in it, what is found in it, and what it asks of the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.models import Action
from tests.actions.factories import ActionFactory, draft, meeting
from tests.factories import DepartmentFactory, UserFactory, host, member

Status = Action.Status

pytestmark = pytest.mark.django_db


# --- the list ------------------------------------------------------------------------------------------------
def titles(response) -> list[str]:
    return [row.record.title for row in response.context["table"].page.object_list]


def test_list_shows_what_one_may_see_late_first(client, action, soon):
    late = ActionFactory(owner=action.owner, due_at=timezone.now() - timedelta(days=2))
    ActionFactory(title="Another department's secret", department=DepartmentFactory(code="finance"))
    draft(created_by=action.acceptor)
    client.force_login(action.owner)

    response = client.get(reverse("actions:list"))

    assert titles(response) == [late.title, action.title]
    assert "<b>1 late</b>" in response.text
    assert "1 due within 7 days" in response.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("mine=on", ["mine"]),
        ("overdue=on", ["late"]),
        ("status=submitted", ["to accept"]),
        ("accept=on", ["to accept"]),
        ("status=finished", ["accepted"]),
        ("status=draft", ["draft"]),
        ("q=LATE", ["late"]),
        ("q=nothing+like+it", []),
        ("status=rubbish&department=x&meeting=y", ["late", "mine", "to accept"]),
        ("sort=-due_at", ["to accept", "mine", "late"]),
        ("sort=nonsense", ["late", "mine", "to accept"]),
        ("page=99", ["late", "mine", "to accept"]),
    ],
)
def test_filters(client, query, shown):
    now = timezone.now()
    viewer = host()
    ActionFactory(title="late", due_at=now - timedelta(days=1))
    ActionFactory(title="mine", owner=viewer, due_at=now + timedelta(days=2))
    ActionFactory(
        title="to accept", acceptor=viewer, status=Status.SUBMITTED, done_at=now, due_at=now + timedelta(9)
    )
    accepted = ActionFactory(title="accepted", due_at=now, criteria=[])
    Action.objects.filter(pk=accepted.pk).update(
        status=Status.ACCEPTED, done_at=now, accepted_at=now, accepted_by=accepted.acceptor
    )
    draft(title="draft")
    client.force_login(viewer)

    assert titles(client.get(f"{reverse('actions:list')}?{query}")) == shown


def test_list_by_meeting_department_and_reference(client, soon):
    viewer = host()
    review = meeting(viewer)
    wanted = ActionFactory(meeting=review, department=DepartmentFactory(code="finance"), due_at=soon)
    ActionFactory(due_at=soon)
    client.force_login(viewer)
    address = reverse("actions:list")

    for query in (f"meeting={review.pk}", f"department={wanted.department_id}", f"q={wanted.reference}"):
        assert titles(client.get(f"{address}?{query}")) == [wanted.title]


def test_filter_form_gets_the_table_alone(client, action):
    client.force_login(action.owner)

    headers = {"HX-Request": "true", "HX-Target": "shown"}
    response = client.get(reverse("actions:list"), headers=headers)

    boosted = client.get(reverse("actions:list"), headers={**headers, "HX-Boosted": "true"})
    assert "<html" not in response.text + boosted.text
    assert "layout=board" in response.text
    assert action.title in response.text
    assert "HX-Request" in response.headers["Vary"]


def test_list_needs_as_many_queries_for_three_as_for_one(client, soon):
    viewer = host()
    client.force_login(viewer)
    review = meeting(viewer)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(reverse("actions:list"))
        return len(captured)

    ActionFactory(meeting=review, due_at=soon)
    one = queries()
    ActionFactory.create_batch(2, meeting=review, due_at=soon)
    assert (queries(), one <= 10) == (one, True)


def test_empty_list_says_what_belongs_there(client):
    client.force_login(member())

    assert "No open actions" in client.get(reverse("actions:list")).text
    assert "No action fits this filter" in client.get(reverse("actions:list") + "?mine=on").text


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1"])
def test_export_holds_no_formula(client, title, soon):
    viewer = host()
    ActionFactory(title=title, due_at=soon, owner=UserFactory(name="=cmd"))
    client.force_login(viewer)

    response = client.get(reverse("actions:export"))
    text = b"".join(response.streaming_content).decode()

    assert text.startswith("\ufeff")
    assert f"'{title}" in text
    assert ",'=cmd," in text
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_export_is_filtered_and_leaks_nothing(client, action, soon):
    ActionFactory(title="SECRET", department=DepartmentFactory(code="finance"), due_at=soon)
    client.force_login(action.owner)

    rows = (
        b"".join(client.get(reverse("actions:export") + "?mine=on").streaming_content).decode().splitlines()
    )

    assert len(rows) == 2
    assert action.title in rows[1]


def test_what_is_set_is_said_in_words(client, soon):
    viewer, sales = host(language="en"), DepartmentFactory(code="sales")
    ActionFactory(due_at=soon)
    client.force_login(viewer)

    def said(query: str, **headers: str) -> list[str]:
        return client.get(f"{reverse('actions:list')}?{query}", headers=headers).context["said"]

    assert said("status=open&q=x") == said("status=rubbish&department=x&due_from=never") == []
    assert said(f"status=doing&department={sales.pk}&acceptor={viewer.pk}&due_until=2026-05-31&week=on") == [
        "in progress",
        sales.name,
        f"Acceptor {viewer.name}",
        "Due until 2026-05-31",
        "Due within 7 days",
    ]
    fragment = client.get(
        f"{reverse('actions:list')}?mine=on", headers={"HX-Request": "true", "HX-Target": "shown"}
    )
    assert (
        '<span class="filter-said" id="filter-said" hx-swap-oob="true" dir="auto">1 filter: Mine<'
        in fragment.text
    )
