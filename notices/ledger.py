"""The dispatcher's bookkeeping: claim, mark, settle, give back, recover. Every function is one transaction.

Only the database's clock decides what is due and whose lease is over; the clocks of the machines may be wrong.
`clock_timestamp()` and not `now()`, which stands still during a transaction.

Whoever works on a row holds its lease, a token and an instant. Every write names the token, so a dispatcher that was
too slow changes nothing any more. Each claim also leaves a row in `notices_lease`, which is taken away when all its
notices are through: so the leases of notices need no index, and only after a death are they looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from notices import kinds
from notices.leases import LEASE_SECONDS, Leases, returning
from notices.models import Channel, Delivery, Lease, Notice
from notices.preferences import Hold

# `held_for` stays as it is: what waited for the collected mail goes into it even if the mail server is away just then.
LEASES = Leases(
    table="notices_notice",
    unmark="stage = ''",
    unmarked="stage = ''",
    resent="kind = ANY(%(resent)s)",
    among="phase = 'open' AND (%(everywhere)s OR lease_token = ANY(%(tokens)s))",
)
# A mail server that says "later" is believed for so long.
GIVE_UP_AFTER_DAYS = 3

# The note of a mail that nobody knows the fate of; worded for its reader where it is shown.
LOST = gettext_noop(
    "The dispatcher was lost while the mail server took the message over; it may or may not have arrived."
)

# Every priority there may be.
LOWEST = 32767

# MATERIALIZED: a LIMIT with FOR UPDATE inside a plain subquery could be run again by the planner. The moment is asked
# for in a subquery of its own, once, so that the indexes can be searched by it. `theirs` brings in all that is due for
# the same people, one person after the other, so that each gets one mail: where that comes to more than %(most)s rows,
# the person whose rows may not all be among them waits for the next claim. It has no ORDER BY of its own: people come
# in the order of their places anyway, and sorting would lock the rows of all of them first (10,000 instead of 500).
CLAIM = """
WITH first AS MATERIALIZED (
    SELECT id, recipient_id, priority, send_at FROM notices_notice
    WHERE phase = 'open' AND state = 'pending' AND send_at <= (SELECT clock_timestamp()) AND priority <= %(lowest)s
      AND (%(mail_is_up)s OR shown_at IS NULL AND kind <> %(digest)s)
    ORDER BY priority, send_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), person AS MATERIALIZED (
    SELECT recipient_id, row_number() OVER (ORDER BY min(priority), min(send_at), recipient_id) AS place
    FROM first GROUP BY recipient_id
), theirs AS MATERIALIZED (
    SELECT due.id, person.place FROM person
    CROSS JOIN LATERAL (
        SELECT id FROM notices_notice
        WHERE phase = 'open' AND state = 'pending' AND send_at <= (SELECT clock_timestamp())
          AND priority <= %(lowest)s AND (%(mail_is_up)s OR shown_at IS NULL AND kind <> %(digest)s)
          AND recipient_id = person.recipient_id
        ORDER BY priority, send_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
    ) AS due LIMIT %(most)s
), whole AS (
    SELECT id FROM theirs
    WHERE (SELECT count(*) < %(most)s OR min(place) = max(place) FROM theirs)
       OR place < (SELECT max(place) FROM theirs)
), taken AS (
    UPDATE notices_notice
    SET state = 'sending', stage = '', lease_token = %(token)s,
        lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
    WHERE id = ANY(ARRAY(SELECT id FROM whole))
    RETURNING id
), lease AS (
    INSERT INTO notices_lease (token, until)
    SELECT %(token)s, clock_timestamp() + make_interval(secs => %(lease)s) FROM taken LIMIT 1
)
SELECT id FROM taken
"""
# A lease that is over is done with when none of its notices is being sent any more: a mail that is being handed over
# just then has an end of its own.
OVER = "SELECT token FROM notices_lease WHERE until < clock_timestamp()"
DONE_WITH = """
DELETE FROM notices_lease WHERE token = ANY(%(tokens)s) AND NOT EXISTS (
    SELECT FROM notices_notice AS notice
    WHERE notice.phase = 'open' AND notice.state = 'sending' AND notice.lease_token = notices_lease.token)
"""

# Whoever has many mails before them and is alive keeps them. What another one is taking over just now is left to them.
RENEW = """
WITH ours AS (
    SELECT id FROM notices_notice
    WHERE id = ANY(%(ids)s) AND lease_token = %(token)s AND state = 'sending' AND stage = ''
    FOR UPDATE SKIP LOCKED
), lease AS (
    UPDATE notices_lease SET until = clock_timestamp() + make_interval(secs => %(lease)s) WHERE token = %(token)s
)
UPDATE notices_notice SET lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE id IN (SELECT id FROM ours)
RETURNING id
"""

# The last look before the mail server takes the message over: a fence against a slower dispatcher, and against what
# has happened since the claim (withdrawn, expired, the recipient has left).
MARK = """
UPDATE notices_notice AS notice
SET stage = %(stage)s, lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
FROM people_user AS recipient
WHERE notice.id = %(id)s AND notice.lease_token = %(token)s
  AND notice.state = 'sending' AND notice.stage = '' AND notice.lease_until > clock_timestamp()
  AND (notice.expires_at IS NULL OR notice.expires_at > clock_timestamp())
  AND recipient.id = notice.recipient_id AND recipient.is_active
"""

# What becomes of a row whose mark was refused, unless it is out of our hands already.
DROP = """
UPDATE notices_notice AS notice
SET state = CASE WHEN NOT recipient.is_active THEN 'suppressed'
                 WHEN notice.expires_at <= clock_timestamp() THEN 'expired'
                 ELSE 'pending' END,
    lease_until = NULL, lease_token = NULL
FROM people_user AS recipient
WHERE notice.id = %(id)s AND notice.lease_token = %(token)s AND notice.state = 'sending' AND notice.stage = ''
  AND recipient.id = notice.recipient_id
RETURNING notice.state
"""

# Nothing is wrong with it, only the hour: it comes back when its recipient may be disturbed.
HOLD = """
UPDATE notices_notice AS notice
SET state = 'pending', stage = '', lease_until = NULL, lease_token = NULL, note = '', attempts = 0,
    held_for = held.why, send_at = held.until
FROM unnest(%(ids)s::bigint[], %(whys)s::text[], %(untils)s::timestamptz[]) AS held (id, why, until)
WHERE notice.id = held.id AND notice.lease_token = %(token)s AND notice.state = 'sending'
RETURNING notice.id
"""
EMERGENCY = """
SELECT EXISTS (SELECT FROM notices_notice
               WHERE phase = 'open' AND state = 'pending' AND priority <= %s
                 AND send_at <= (SELECT clock_timestamp()))
"""

# How a mail ended, and its receipt, in one statement.
SETTLE_MAIL = f"""
WITH settled AS ({LEASES.settle_sql}), receipt AS (
    INSERT INTO notices_delivery AS old (notice_id, channel, state, address, message_id, at)
    SELECT id, %(channel)s, %(state)s, %(address)s, %(message_id)s, clock_timestamp() FROM settled
    ON CONFLICT ON CONSTRAINT delivery_once_per_channel DO UPDATE
    SET state = EXCLUDED.state, address = EXCLUDED.address, message_id = EXCLUDED.message_id, at = EXCLUDED.at
    WHERE old.state = 'uncertain'
)
SELECT id FROM settled
"""  # noqa: S608 - of our own texts


def now() -> datetime:
    """The database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def beat(name: str) -> None:
    """Write down that something that must run all the time has just run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_heartbeat (name, at) VALUES (%s, clock_timestamp()) "
            "ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at",
            [name],
        )


def claim(token: UUID, *, limit: int, lowest: int = LOWEST, mail_is_up: bool = True) -> list[int]:
    """Take due notices that nobody else works on, the most urgent first; their ids.

    Those of up to `limit` people, each with all that is due for them, ten times `limit` in all; only priorities up to
    `lowest`, and while the mail server is down only those that are not in the list yet. Call it inside the transaction
    that also decides on them: a dispatcher that dies before its commit has claimed nothing.
    """
    return returning(
        CLAIM,
        {
            "token": token,
            "limit": limit,
            "most": 10 * limit,
            "lease": LEASE_SECONDS,
            "lowest": lowest,
            "mail_is_up": mail_is_up,
            "digest": kinds.DIGEST,
        },
    )


def renew(notices: Sequence[Notice], token: UUID) -> list[int]:
    """Keep what was claimed and is still to be mailed for another lease; the ids that are still ours."""
    return returning(RENEW, {"ids": _ids(notices), "token": token, "lease": LEASE_SECONDS})


def is_emergency_due() -> bool:
    """Whether an emergency waits that no dispatcher has taken yet."""
    with connection.cursor() as cursor:
        cursor.execute(EMERGENCY, [kinds.Priority.EMERGENCY])
        (found,) = cursor.fetchone()
        return bool(found)


def mark(notice: Notice, token: UUID, stage: Notice.Stage) -> bool:
    """Write that the message is being handed over from here on. False: it must not be sent."""
    with connection.cursor() as cursor:
        cursor.execute(MARK, {"id": notice.pk, "token": token, "stage": stage, "lease": LEASE_SECONDS})
        return cursor.rowcount == 1


def drop(notice: Notice, token: UUID) -> Notice.State | None:
    """Let go of a row whose mark was refused: suppressed, expired, or back to those that are due.

    Returns its state; None when it was out of our hands already.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DROP, {"id": notice.pk, "token": token})
        row = cursor.fetchone()
        state = Notice.State(row[0]) if row else None
        if state not in (None, Notice.State.PENDING):
            _pass_on([notice.pk], state)
        return state


def give_back(notices: Sequence[Notice], token: UUID, *, note: str) -> int:
    """Back to pending, to be tried again after a pause that grows with the failures; returns how many."""
    return len(LEASES.give_back(_ids(notices), token, note=note))


def release(notices: Sequence[Notice], token: UUID) -> int:
    """Let go of rows that we cannot send now, for no fault of theirs; they stay due. Returns how many."""
    return len(LEASES.release(_ids(notices), token))


def step_back(notice: Notice, token: UUID, *, seconds: float) -> None:
    """Let go of a row during which the line broke, and let others go first: it may be the one that breaks it."""
    ours = Notice.objects.filter(pk=notice.pk, lease_token=token, state="sending")
    ours.update(
        state=Notice.State.PENDING,
        lease_until=None,
        lease_token=None,
        send_at=now() + timedelta(seconds=seconds),
    )


def hold(held: Sequence[tuple[Notice, Hold]], token: UUID) -> int:
    """Back to pending until these moments, without an attempt burnt; returns how many."""
    if not held:
        return 0
    return len(
        returning(
            HOLD,
            {
                "ids": [notice.pk for notice, _hold in held],
                "whys": [hold.why for _notice, hold in held],
                "untils": [hold.until for _notice, hold in held],
                "token": token,
            },
        )
    )


def is_worth_another_try(notice: Notice) -> bool:
    """Whether a mail server that says "later" is still believed: for three days from the first attempt."""
    first_attempt = notice.shown_at or notice.created_at
    return notice.attempts == 0 or now() - first_attempt < timedelta(days=GIVE_UP_AFTER_DAYS)


def settle(notices: Sequence[Notice], token: UUID, state: Notice.State, *, note: str = "") -> list[int]:
    """Write how it ended; returns the ids that were still ours to settle."""
    with transaction.atomic():
        settled = LEASES.settle(_ids(notices), token, state, note=note)
        _pass_on(
            [notice.pk for notice in notices if notice.kind == kinds.DIGEST and notice.pk in settled], state
        )
        return settled


def settle_mail(
    notice: Notice, token: UUID, state: Notice.State, *, address: str, message_id: str, note: str = ""
) -> None:
    """Write what became of a mail, with its receipt."""
    values: dict[str, Any] = {
        "ids": [notice.pk], "token": token, "state": str(state), "note": note[:1000],
        "channel": Channel.EMAIL, "address": address, "message_id": message_id,
    }  # fmt: skip
    if notice.kind != kinds.DIGEST:
        returning(SETTLE_MAIL, values)
        return
    with transaction.atomic():
        _pass_on(returning(SETTLE_MAIL, values), state)


def finish(token: UUID) -> None:
    """Everything that was claimed with this token is through: nobody need look after it."""
    Lease.objects.filter(token=token).delete()


def recover(*, everywhere: bool = False) -> int:
    """Take over from dispatchers that died or hang: what was surely not sent is due again, the rest is doubtful.

    `everywhere`: also of claims that nobody knows of any more, which takes a look at everything that is open.
    """
    with connection.cursor() as cursor:
        cursor.execute(OVER)
        tokens = [token for (token,) in cursor.fetchall()]
    if not tokens and not everywhere:
        return 0
    resent = kinds.codes_resent_when_doubtful()
    with transaction.atomic():
        due, doubtful = LEASES.recover(note=LOST, resent=resent, tokens=tokens, everywhere=everywhere)
        Delivery.objects.bulk_create(
            [
                Delivery(notice_id=pk, channel=Channel.EMAIL, state=Delivery.State.UNCERTAIN, at=now())
                for pk in doubtful
            ],
            ignore_conflicts=True,
        )
        _pass_on(doubtful, Notice.State.UNCERTAIN)
        with connection.cursor() as cursor:
            cursor.execute(DONE_WITH, {"tokens": tokens})
    return len(due) + len(doubtful)


def _pass_on(ids: Sequence[int], state: str) -> None:
    """What became of a collected mail became of its lines."""
    if ids:
        Notice.objects.filter(deliveries__digest__in=ids).update(state=state)


def _ids(notices: Sequence[Notice]) -> list[int]:
    return [notice.pk for notice in notices]
