"""Everything that changed on an action: the steps of the site, and what bypassed them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import services
from actions.models import Action
from actions.queries import changes
from tests.actions.pages import post
from tests.factories import member

pytestmark = pytest.mark.django_db


def test_every_column_that_is_told_has_a_name_in_the_readers_language():
    models = [Action, *(getattr(Action, name).rel.related_model for name in changes.PARTS)]
    unnamed = {
        field.name
        for model in models
        for field in model._meta.concrete_fields
        if field.column not in changes.UNSAID | changes.ONLY_NAMED and isinstance(field.verbose_name, str)
    }
    assert unnamed <= set(changes.NAMES)


def test_history_tells_steps_and_what_bypassed_them(client, action):
    now = timezone.now()
    services.hand_over(action=action, owner=member("sales", name="Wu Di"), by=action.acceptor, now=now)
    Action.objects.filter(pk=action.pk).update(title="Renamed by hand")
    client.force_login(action.acceptor)
    address = reverse("actions:history", args=[action.pk])

    page = client.get(address).text

    assert "Owner: Han Mei → Wu Di" in page
    assert f"{action.title} → Renamed by hand" in page
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(3):
        Action.objects.filter(pk=action.pk).update(title=f"Renamed {number}", owner=member("sales"))
    services.add_evidence(action=action, text="x", by=action.owner, now=now)
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(three) == len(one)
    client.force_login(member("finance"))
    assert client.get(address).status_code == 404
    assert post(client, action, "history").status_code == 405


@pytest.mark.parametrize(("hours", "words"), [(0, "Late by: — → in time"), (30, "Late by: — → 1 d 6 h")])
def test_lateness_is_told_in_words(action, hours, words):
    at = action.due_at + timedelta(hours=hours)
    for criterion in action.criteria.all():
        services.add_evidence(action=action, criterion=criterion, text="24 %", by=action.owner, now=at)
    services.submit(action=action, by=action.owner, now=at)
    services.accept(action=action, by=action.acceptor, now=at)

    told = [
        f"{fact.name}: {fact.before} → {fact.after}"
        for one in changes.changes_of(action)
        for fact in one.facts
    ]

    assert words in [line.replace("\N{NO-BREAK SPACE}", " ") for line in told]
