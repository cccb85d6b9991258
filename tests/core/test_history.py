from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from core import history
from core.models import HistoryEntry
from tests.factories import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_record_keeps_who_what_and_both_values():
    user, department = UserFactory(), DepartmentFactory()

    history.record(
        actor=user, verb="people.rename", target=department, before={"rate": Decimal("1.5")}, after="物流部"
    )

    [entry] = history.of(department)
    assert (entry.actor, entry.verb, entry.before, entry.after) == (
        user,
        "people.rename",
        {"rate": "1.5"},
        "物流部",
    )


def test_history_cannot_be_changed_or_deleted():
    entry = history.record(actor=None, verb="people.rename", target=DepartmentFactory())

    with pytest.raises(DatabaseError), transaction.atomic():
        HistoryEntry.objects.filter(pk=entry.pk).update(note="never happened")
    with pytest.raises(DatabaseError), transaction.atomic():
        HistoryEntry.objects.filter(pk=entry.pk).delete()
