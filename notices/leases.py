"""Rows that one dispatcher at a time works on, each of which goes out once: what notices and messages to robots share.

Such a table has the columns `state`, `attempts`, `send_at`, `note`, `lease_until`, `lease_token`, `sent_at`, and a mark
that says that the row's message is just now being handed over. Every write names the token of the lease, so a
dispatcher that was too slow changes nothing any more. Only the database's clock counts; `clock_timestamp()` and not
`now()`, which stands still during a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

# How long a dispatcher that died keeps its rows from the others. More than the mail server may take between the mark
# and its last word (two replies of EMAIL_TIMEOUT each), see notices.checks.
LEASE_SECONDS = 120
# The pause after a failure doubles from the first to the last of these, and is then shaken by half either way.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 10, 300

GIVE_BACK = """
UPDATE {table}
SET state = 'pending', {unmark}, lease_until = NULL, lease_token = NULL,
    attempts = attempts + 1, note = %(note)s,
    send_at = clock_timestamp() + make_interval(
        secs => least(%(longest)s, %(first)s * 2 ^ least(attempts, 20)) * (0.5 + random()))
WHERE id = ANY(%(ids)s) AND lease_token = %(token)s AND state = 'sending'
RETURNING id
"""
RELEASE = """
UPDATE {table} SET state = 'pending', {unmark}, lease_until = NULL, lease_token = NULL
WHERE id = ANY(%(ids)s) AND lease_token = %(token)s AND state = 'sending'
RETURNING id
"""
# A receipt counts even when somebody has taken us for dead meanwhile ('uncertain').
SETTLE = """
UPDATE {table}
SET state = %(state)s, {unmark}, note = %(note)s, lease_until = NULL,
    lease_token = CASE WHEN %(state)s = 'uncertain' THEN lease_token END,
    sent_at = CASE WHEN %(state)s = 'sent' THEN clock_timestamp() END
WHERE id = ANY(%(ids)s) AND lease_token = %(token)s AND state IN ('sending', 'uncertain')
RETURNING id
"""
# Leases that are over: without the mark nothing was handed over, so it is safe to send; with it, `resent` says so.
RECOVER = """
UPDATE {table} SET state = 'pending', {unmark}, lease_until = NULL, lease_token = NULL
WHERE {among} AND state = 'sending' AND lease_until < clock_timestamp() AND ({unmarked} OR {resent})
RETURNING id
"""
DOUBT = """
UPDATE {table} SET state = 'uncertain', {unmark}, lease_until = NULL, note = %(note)s
WHERE {among} AND state = 'sending' AND lease_until < clock_timestamp() AND NOT {unmarked} AND NOT {resent}
RETURNING id
"""


class Leases:
    """The statements for one table. All arguments are SQL of ours, never of users.

    unmark: takes the mark away (SET …); unmarked: whether there is none; resent: whether a row that is marked may go
    out again all the same; among: where to look for leases that are over. Both may use the parameters that `recover`
    is given.
    """

    def __init__(self, *, table: str, unmark: str, unmarked: str, resent: str, among: str = "true") -> None:
        words = {"table": table, "unmark": unmark, "unmarked": unmarked, "resent": resent, "among": among}
        self._give_back = GIVE_BACK.format(**words)
        self._release = RELEASE.format(**words)
        self.settle_sql = SETTLE.format(**words)
        self._recover = RECOVER.format(**words)
        self._doubt = DOUBT.format(**words)

    def give_back(self, ids: Sequence[int], token: UUID, *, note: str) -> list[int]:
        """Back to pending, to be tried again after a pause that grows with the failures; the ids given back."""
        return returning(
            self._give_back,
            {
                "ids": list(ids),
                "token": token,
                "note": note[:1000],
                "first": FIRST_PAUSE_SECONDS,
                "longest": LONGEST_PAUSE_SECONDS,
            },
        )

    def release(self, ids: Sequence[int], token: UUID) -> list[int]:
        """Let go of rows without an attempt; they are due at once."""
        return returning(self._release, {"ids": list(ids), "token": token})

    def settle(self, ids: Sequence[int], token: UUID, state: str, *, note: str = "") -> list[int]:
        """Write how it ended; returns the ids that were still ours to settle."""
        return returning(
            self.settle_sql, {"ids": list(ids), "token": token, "state": str(state), "note": note[:1000]}
        )

    def recover(self, *, note: str, **more: Any) -> tuple[list[int], list[int]]:
        """Take over from dispatchers that died or hang: the ids that are due again, and those that are doubtful."""
        values = {"note": note, **more}
        return returning(self._recover, values), returning(self._doubt, values)


def returning(sql: str, values: dict[str, Any]) -> list[int]:
    """Run a statement that ends with RETURNING id; the ids."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [pk for (pk,) in cursor.fetchall()]
