from datetime import timedelta

import pytest
from django.utils import timezone

from tests.actions.factories import ActionFactory
from tests.factories import DepartmentFactory, lead, member


@pytest.fixture(autouse=True)
def _in_english(english: None) -> None:
    """All tests of this folder read sentences."""


@pytest.fixture
def soon():
    return timezone.now() + timedelta(days=7)


@pytest.fixture
def action(soon):
    """Owned by a member of sales whose lead accepts it."""
    owner, boss = member("sales", name="Han Mei"), lead("sales", name="Li Lei")
    return ActionFactory(
        owner=owner,
        acceptor=boss,
        created_by=boss,
        department=DepartmentFactory(code="sales"),
        due_at=soon,
        published_at=timezone.now(),
    )
