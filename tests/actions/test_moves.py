"""Moves on the board: each is a step of the action's life with its rule, and a refused one says why."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from actions import moves
from actions.models import Action
from tests.actions.factories import ActionFactory, draft
from tests.factories import DepartmentFactory, lead, member

pytestmark = pytest.mark.django_db

Status = Action.Status


def move(client, action, to, **fields):
    return client.post(f"/actions/{action.pk}/move/", {"to": to, **fields}, headers={"HX-Request": "true"})


def test_the_owner_starts_and_the_board_is_told(client, action):
    client.force_login(action.owner)

    answer = move(client, action, "doing")

    action.refresh_from_db()
    assert (answer.status_code, action.status) == (204, Status.DOING)
    assert json.loads(answer["HX-Trigger"]) == {"actions:moved": "Started."}


def test_without_scripts_it_leads_to_the_action(client, action):
    client.force_login(action.owner)

    assert "Start" in client.get(f"/actions/{action.pk}/move/").text
    answer = client.post(f"/actions/{action.pk}/move/", {"to": "doing"})

    assert (answer.status_code, answer["Location"]) == (302, action.get_absolute_url())


@pytest.mark.parametrize(
    ("to", "who", "status", "said"),
    [
        ("doing", "acceptor", 403, "Only its owner says that it has begun."),
        ("accepted", "acceptor", 422, "there is no step to"),
        ("todo", "owner", 422, "there is no step to"),
        ("nonsense", "owner", 422, "there is no step to"),
        ("", "owner", 422, "there is no step to"),
        ("submitted", "owner", 422, "ACoS"),
        ("cancelled", "owner", 403, "Only its acceptor, or whoever manages it, cancels it."),
    ],
)
def test_a_refused_move_says_why_and_changes_nothing(client, action, to, who, status, said):
    client.force_login(getattr(action, who))

    answer = move(client, action, to)

    action.refresh_from_db()
    assert (answer.status_code, action.status) == (status, Status.TODO)
    assert said in answer.text


def test_a_step_that_needs_words_asks_for_them_first(client, action):
    client.force_login(action.owner)

    asked = move(client, action, "blocked")
    empty = move(client, action, "blocked", asked="yes")
    done = move(
        client, action, "blocked", asked="yes", reason="No stock", needs_department=action.department_id
    )

    action.refresh_from_db()
    assert "What blocks it?" in asked.text
    assert "Say what blocks it." not in asked.text
    assert "Say what blocks it." in empty.text
    assert (done.status_code, action.status) == (204, Status.BLOCKED)


def test_a_stranger_finds_nothing(client, action):
    client.force_login(member("finance"))

    assert client.get(f"/actions/{action.pk}/move/").status_code == 404
    assert move(client, action, "doing").status_code == 404


def test_a_draft_is_published_first(client):
    action = draft(created_by=lead("sales"), department=DepartmentFactory(code="sales"))
    client.force_login(action.owner)

    assert "still a draft" in move(client, action, "doing").text


def test_every_column_is_reached_by_the_table_of_transitions():
    """The board offers exactly what an action's life allows, and "not started" is never gone back to."""
    for here, there in Action.NEXT.items():
        for to in Status:
            action = Action(status=here, published_at=timezone.now())
            assert bool(moves.verb_for(action, to)) == (to in there), (here, to)


def test_no_move_closes_without_evidence_and_another_persons_word(client):
    boss = lead("sales")
    action = ActionFactory(
        owner=member("sales"),
        acceptor=boss,
        department=DepartmentFactory(code="sales"),
        due_at=timezone.now() + timedelta(days=2),
    )
    for person in (action.owner, boss):
        client.force_login(person)
        for to in Status:
            move(client, action, to, asked="yes")

    action.refresh_from_db()
    assert action.status not in Action.FINISHED
