"""The verbs: promise, tell, withdraw, mark as read, reconcile."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils import timezone

from notices import doorbell, kinds, planning
from notices.models import Notice
from notices.planning import Wanted
from people.models import User

logger = logging.getLogger(__name__)

# A promise that is there already stays as it is, with two exceptions: one that was withdrawn and never sent is
# wanted again, and one that still waits for its first attempt takes over changed particulars.
PROMISE = """
INSERT INTO notices_notice AS old
    (recipient_id, subject_type_id, subject_id, kind, due_at, send_at, expires_at, params, priority,
     state, stage, attempts, note)
SELECT wanted.*, 'pending', '', 0, ''
FROM unnest(%s::bigint[], %s::integer[], %s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[],
            %s::timestamptz[], %s::jsonb[], %s::smallint[]) AS wanted
ON CONFLICT ON CONSTRAINT notice_once DO UPDATE
SET state = 'pending', stage = '', attempts = 0, note = '', held_for = '',
    send_at = EXCLUDED.send_at, expires_at = EXCLUDED.expires_at, params = EXCLUDED.params,
    priority = EXCLUDED.priority
WHERE old.state = 'superseded'
   OR (old.state = 'pending' AND old.attempts = 0 AND old.shown_at IS NULL
       AND (old.send_at, old.expires_at, old.params)
           IS DISTINCT FROM (EXCLUDED.send_at, EXCLUDED.expires_at, EXCLUDED.params))
RETURNING id
"""
CHUNK = 1000


def promise(
    *,
    recipient: User,
    subject: models.Model,
    kind: str,
    due_at: datetime,
    send_at: datetime | None = None,
    expires_at: datetime | None = None,
    params: dict[str, Any] | None = None,
) -> Notice:
    """Promise to tell `recipient` about `subject`; call it in the transaction that makes it necessary.

    The promise is identified by recipient, subject, kind and `due_at`, the moment it is about: promised twice it is
    one row and goes out once. One that was withdrawn comes back to life, unless it has been sent.
    `send_at` (default: `due_at`) is when it goes out, `expires_at` when it is of no use any more; all three are
    aware datetimes. `params` (JSON) is for the kind's hooks.

    Raises LookupError for an unregistered kind, ValueError for a naive datetime or an unsaved subject.
    """
    one = Wanted(
        recipient=recipient, subject=subject, kind=kind, due_at=due_at,
        send_at=send_at, expires_at=expires_at, params=params or {},
    )  # fmt: skip
    changed = promise_all([one])
    if changed:
        return Notice.objects.get(pk=changed[0])
    return Notice.objects.get(
        recipient=recipient,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        kind=kind,
        due_at=due_at,
    )


def tell(
    *,
    recipient: User,
    subject: models.Model,
    kind: str,
    at: datetime | None = None,
    expires_at: datetime | None = None,
    params: dict[str, Any] | None = None,
) -> Notice:
    """Promise it for now. `at` is the moment it is about (default: now, so each call is a new notice).

    Give `at` wherever the record has such a moment (`meeting.ended_at`): then telling twice is telling once.
    """
    now = timezone.now()
    return promise(
        recipient=recipient, subject=subject, kind=kind, due_at=at or now,
        send_at=min(at, now) if at else now, expires_at=expires_at, params=params,
    )  # fmt: skip


def promise_all(wanted: Iterable[Wanted]) -> list[int]:
    """Promise many at once, as `promise` does one; returns the ids of the new, revived and changed rows.

    One statement per thousand. When any of them is due, the dispatcher is rung up after the commit.
    """
    rows = _unique(wanted)
    changed: list[int] = []
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(rows), CHUNK):
            columns = [list(column) for column in zip(*rows[start : start + CHUNK], strict=True)]
            cursor.execute(PROMISE, columns)
            changed += [pk for (pk,) in cursor.fetchall()]
        now = timezone.now()
        if changed and any(send_at <= now for send_at in (row[5] for row in rows)):
            doorbell.ring_on_commit()
    return changed


def withdraw(
    *, subject: models.Model, kinds: Sequence[str] | None = None, recipient: User | None = None
) -> int:
    """Take back what has not gone out yet about `subject`; returns how many. Call it in the causing transaction.

    Also reaches a notice that a dispatcher has already taken up but not yet handed over; the dispatcher then drops
    the mail. What stands in somebody's list already is shown there as withdrawn.
    """
    open_ones = Notice.objects.filter(
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        state__in=[Notice.State.PENDING, Notice.State.SENDING],
        stage=Notice.Stage.NONE,
    )
    if kinds is not None:
        open_ones = open_ones.filter(kind__in=list(kinds))
    if recipient is not None:
        open_ones = open_ones.filter(recipient=recipient)
    return open_ones.update(state=Notice.State.SUPERSEDED, lease_until=None, lease_token=None)


def mark_read(*, by: User, notice: Notice | None = None) -> int:
    """Mark one of the person's notices, or all of them, as read; returns how many were unread."""
    unread = Notice.objects.visible_to(by).filter(read_at__isnull=True)
    if notice is not None:
        unread = unread.filter(pk=notice.pk)
    return unread.update(read_at=Now())


def reconcile() -> int:
    """Compare the rows with what every app wants, and make good what is missing; returns the number of repairs.

    Anything but 0 means that rows were lost or a service forgot to promise: worth a look, hence the warning.
    """
    now = timezone.now()
    repairs = 0
    for planner in planning.planners():
        try:
            with transaction.atomic():
                due = (one for one in planner() if one.expires_at is None or one.expires_at > now)
                made = len(promise_all(due))
            repairs += 0 if planning.is_by_calendar(planner) else made
        except Exception:
            # One app's fault must not keep the others from being put right.
            logger.exception("The planner %s failed", getattr(planner, "__qualname__", planner))
    if repairs:
        logger.warning("Reconciling found %d notices missing or out of date and put them right.", repairs)
    return repairs


def _unique(wanted: Iterable[Wanted]) -> list[tuple[Any, ...]]:
    """The column values, the last of equal identities: one INSERT may not touch a row twice.

    Sorted by identity, so that two transactions which promise the same take the locks in the same order.
    """
    rows = (_row(one) for one in wanted)
    return [row for _identity, row in sorted({row[:5]: row for row in rows}.items())]


def _row(one: Wanted) -> tuple[Any, ...]:
    kind = kinds.get(one.kind)
    if one.subject.pk is None:
        raise ValueError("A notice needs a saved subject.")
    for moment in (one.due_at, one.send_at, one.expires_at):
        if moment is not None and timezone.is_naive(moment):
            raise ValueError(f"A notice needs aware datetimes, not {moment!r}.")
    return (
        one.recipient.pk,
        ContentType.objects.get_for_model(one.subject).pk,
        one.subject.pk,
        one.kind,
        one.due_at,
        one.send_at or one.due_at,
        one.expires_at,
        json.dumps(one.params, cls=DjangoJSONEncoder),
        int(kind.priority),
    )
