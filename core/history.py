"""Who changed what: one append-only line for each change that somebody may ask about later."""

import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from core.models import HistoryEntry


def record(
    *, actor: Any, verb: str, target: models.Model, before: Any = None, after: Any = None, note: str = ""
) -> HistoryEntry:
    """Write one line; `actor` None means the system. Call it in the transaction of the change itself."""
    return HistoryEntry.objects.create(
        actor=actor,
        verb=verb,
        target_type=ContentType.objects.get_for_model(target),
        target_id=target.pk,
        before=_plain(before),
        after=_plain(after),
        note=note,
    )


def acting(by: Any) -> None:
    """Say who makes the changes of this transaction: the trigger that keeps them (`RowChange`) writes it down.

    Call it inside the transaction, before the first change; `by` None means the system.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('fupan.actor', %s, true)", [str(by.pk) if by is not None else ""])


def of(target: models.Model) -> models.QuerySet[HistoryEntry]:
    """The lines of one record, newest first, with their actors."""
    return (
        HistoryEntry.objects.filter(
            target_type=ContentType.objects.get_for_model(target), target_id=target.pk
        )
        .select_related("actor")
        .order_by("-pk")
    )


def _plain(value: Any) -> Any:
    """Dates, decimals and lazy strings as JSON holds them."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
