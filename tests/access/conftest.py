import time
from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import transaction

from notices import health
from tests.access.world import World


@pytest.fixture(autouse=True)
def just_started(monkeypatch):
    """No worker runs beside these tests: /healthz blames neither a site that has just started nor notices that wait."""
    day = 24 * 3600
    monkeypatch.setattr(health, "STARTED", time.monotonic())
    # A walk along all pages takes longer than a site may take to start, where the machine is busy.
    monkeypatch.setattr(health, "GRACE_SECONDS", day)
    monkeypatch.setattr(health, "LONGEST_WAIT_SECONDS", day)


@pytest.fixture(scope="module")
def kept_for_module(django_db_setup, django_db_blocker) -> Iterator[None]:
    """A transaction around all tests of a module: what is written in it before them is there for each; what a test
    writes is rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def shared_world(kept_for_module) -> World:
    return World()


@pytest.fixture
def world(shared_world) -> World:
    """The company as it was built, whatever an earlier test has done to its objects."""
    return deepcopy(shared_world)
