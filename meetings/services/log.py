"""The log of a live room: one line for everything that happens in it, numbered, chained by digests, and rung out."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from meetings import bell
from meetings.models import LiveEvent, Meeting, RoomClock
from people.models import User


@transaction.atomic
def write(
    *,
    meeting: Meeting,
    verb: str,
    data: dict[str, Any],
    by: User,
    now: datetime,
    key: UUID | None = None,
    clock: RoomClock | None = None,
) -> LiveEvent | None:
    """Append one event and ring; None before the meeting began, when there is no room yet.

    `verb` is "<noun>.<what happened>" ("issue.raised"), the commands of the clock are bare ("pause"). `data` must be
    enough to rebuild the room from the log alone (`meetings.replay`). Call it last in a transaction: the clock's row
    is locked from here to the commit, so that numbers have no gap. `clock` is that row where the caller holds its
    lock and saves it afterwards.
    """
    held = clock or RoomClock.objects.select_for_update().filter(meeting=meeting).first()
    if held is None:
        return None
    held.events += 1
    if clock is None:
        RoomClock.objects.filter(pk=held.pk).update(events=held.events)
    before = (
        LiveEvent.objects.filter(meeting=meeting, number=held.events - 1)
        .values_list("digest", flat=True)
        .first()
    )
    if key is not None and LiveEvent.objects.filter(meeting=meeting, key=key).exists():
        # A browser that gives one key to two things has made two; only the first can be told by it.
        key = None
    data = json.loads(json.dumps(data, default=plain))
    event = LiveEvent(
        meeting=meeting,
        number=held.events,
        version=held.version,
        verb=verb,
        data=data,
        by=by,
        at=now,
        key=key,
    )
    event.digest = digest(event, before or "")
    event.save(force_insert=True)
    bell.ring(event)
    return event


def row(instance: models.Model, **more: Any) -> dict[str, Any]:
    """What an event keeps of a record: all of its columns in plain values, and `more` that stands elsewhere.

    Events about a record carry {"row": row(record)}, so that the newest one says all; verbs that end in ".removed"
    take it out of the room.
    """
    values = {field.attname: field.value_from_object(instance) for field in instance._meta.concrete_fields}
    return json.loads(json.dumps({**values, **more}, default=plain))


def plain(value: object) -> str:
    """How events write what JSON cannot: instants in UTC to the microsecond, everything else by its text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)


def digest(event: LiveEvent, before: str) -> str:
    """SHA-256 over what an event says and the digest of the event before it."""
    said = {
        "meeting": event.meeting_id,
        "number": event.number,
        "version": event.version,
        "verb": event.verb,
        "data": event.data,
        "by": event.by_id,
        "at": event.at.astimezone(UTC).isoformat(),
        "before": before,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
