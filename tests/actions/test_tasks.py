"""What somebody owes and waits for: each obligation once, and nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions import queries, services
from actions.models import Action
from tests.actions.factories import NOW, ActionFactory, draft, ended
from tests.factories import DepartmentFactory, UserFactory, lead

pytestmark = pytest.mark.django_db


def test_every_obligation_of_a_person_appears_once():
    user = lead("sales")
    mine = ActionFactory(owner=user, due_at=NOW + timedelta(hours=2))
    late = ActionFactory(owner=user, due_at=NOW - timedelta(hours=2))
    returned = ActionFactory(owner=user, status=Action.Status.RETURNED)
    to_accept = ActionFactory(acceptor=user, status=Action.Status.SUBMITTED, done_at=NOW)
    orphan = ActionFactory(acceptor=UserFactory(is_active=False), status=Action.Status.SUBMITTED, done_at=NOW)
    asking = ActionFactory(department=DepartmentFactory(code="finance"))
    services.block(
        action=asking,
        by=asking.owner,
        now=NOW,
        reason="Prices?",
        needs_department=DepartmentFactory(code="sales"),
    )
    review = ended(host=user)
    draft(meeting=review, owner=None)
    ActionFactory(department=DepartmentFactory(code="finance"))  # nobody asks this user

    tasks = queries.tasks_for(user, NOW)

    assert sorted((task.kind, task.url, task.urgency.name) for task in tasks) == sorted(
        [
            ("actions.owed", mine.get_absolute_url(), "TODAY"),
            ("actions.owed", late.get_absolute_url(), "LATE"),
            ("actions.returned", returned.get_absolute_url(), "TODAY"),
            ("actions.accept", to_accept.get_absolute_url(), "TODAY"),
            ("actions.accept", orphan.get_absolute_url(), "TODAY"),
            ("actions.help", asking.get_absolute_url(), "TODAY"),
            ("actions.plan", reverse("actions:for_meeting", args=[review.pk]), "TODAY"),
        ]
    )


def test_what_others_owe_me():
    user = UserFactory()
    given = ActionFactory(created_by=user, due_at=NOW - timedelta(hours=1))
    accepted_by_me = ActionFactory(acceptor=user)
    handed_in = ActionFactory(owner=user, status=Action.Status.SUBMITTED, done_at=NOW)
    ActionFactory(owner=user, created_by=user)
    draft(created_by=user)

    waiting = queries.waiting_for(user, NOW)

    assert [(task.url, task.urgency.name) for task in waiting] == [
        (given.get_absolute_url(), "LATE"),
        (accepted_by_me.get_absolute_url(), "WAITING"),
        (handed_in.get_absolute_url(), "WAITING"),
    ]


def test_tasks_need_no_query_per_row():
    user = lead("sales")

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.tasks_for(user, NOW)
            queries.waiting_for(user, NOW)
        return len(captured)

    def add():
        ActionFactory(owner=user)
        ActionFactory(acceptor=user, status=Action.Status.SUBMITTED, done_at=NOW)
        ActionFactory(created_by=user)
        draft(meeting=ended(host=user), owner=None)

    _ = user.led_department_ids
    add()
    count()  # what a process reads once is read
    one = count()
    add()
    add()
    assert count() == one
