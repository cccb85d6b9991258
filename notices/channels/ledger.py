"""The bookkeeping of messages to robots: claim, mark, settle, give back, recover; and how each robot is.

Beside what they share with notices (`notices.leases`), messages wait for their endpoint: it takes so many in a minute,
and rests when it is down. An endpoint's row is locked while one of its messages is chosen, so all dispatchers together
stay below its limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from notices import channels, kinds
from notices.channels.base import Limit
from notices.leases import LEASE_SECONDS, LONGEST_PAUSE_SECONDS, Leases
from notices.ledger import now
from notices.models import Endpoint, Post

# The notes of messages that nobody knows the fate of; worded for their reader where they are shown.
LOST = gettext_noop(
    "The dispatcher was lost while the message was on its way; it may or may not have arrived."
)
UNKNOWN = gettext_noop("It may or may not have arrived.")

LEASES = Leases(
    table="notices_post",
    unmark="is_on_the_wire = false",
    unmarked="NOT is_on_the_wire",
    resent="id = ANY(%(resent)s)",
)
# Between our noting a message and its arrival there lies the way; so long are two of them counted as closer together.
SLACK_SECONDS = 3
# This part of a limit is for everything; what is left is there for emergencies.
ORDINARY_SHARE = 0.8
# After so many refusals in a row that were the endpoint's own fault, the program stops using it.
MOST_FAULTS = 3
FIRST_REST_SECONDS = 5

READY = """
SELECT endpoint.id, endpoint.channel, endpoint.recent, first.id, first.priority
FROM notices_endpoint AS endpoint CROSS JOIN LATERAL (
    SELECT id, priority, send_at FROM notices_post
    WHERE endpoint_id = endpoint.id AND state = 'pending' AND send_at <= clock_timestamp()
    ORDER BY priority, send_at, id LIMIT 1
) AS first
WHERE endpoint.is_active AND (endpoint.rest_until IS NULL OR endpoint.rest_until <= clock_timestamp())
ORDER BY first.priority, first.send_at, first.id
FOR UPDATE OF endpoint SKIP LOCKED
"""
TAKE = """
UPDATE notices_post
SET state = 'sending', is_on_the_wire = false, lease_token = %(token)s,
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE id = ANY(%(ids)s) AND state = 'pending'
RETURNING id
"""
# The last look before it goes out, and from when on it is doubtful. A repetition keeps its words and their moment.
MARK = """
UPDATE notices_post AS post
SET is_on_the_wire = true, payload = %(payload)s::jsonb, tried_at = coalesce(post.tried_at, clock_timestamp()),
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
FROM notices_endpoint AS endpoint
WHERE post.id = %(id)s AND post.lease_token = %(token)s AND post.state = 'sending' AND NOT post.is_on_the_wire
  AND post.lease_until > clock_timestamp()
  AND (post.expires_at IS NULL OR post.expires_at > clock_timestamp())
  AND endpoint.id = post.endpoint_id AND endpoint.is_active
"""
REST = """
UPDATE notices_endpoint
SET failures = failures + 1, rest_until = clock_timestamp() + make_interval(
    secs => coalesce(%(rest)s, least(%(longest)s, %(first)s * 2 ^ least(failures, 20)) * (0.75 + random() / 2)))
WHERE id = %(id)s
"""


class Claim(NamedTuple):
    endpoint_id: int
    post_id: int
    recent: list[datetime]


def claim(token: UUID, *, limit: int) -> list[Post]:
    """Take the most urgent due message of each endpoint that can take one now, of at most `limit` endpoints."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(READY)
            rows = cursor.fetchall()
        if not rows:
            return []
        moment = now()
        chosen: list[Claim] = []
        for endpoint_id, channel, recent, post_id, priority in rows:
            limits = channels.of(channel).limits
            counted = within(recent, limits, moment)
            if has_room(counted, limits, moment, is_emergency=priority <= kinds.Priority.EMERGENCY):
                chosen.append(Claim(endpoint_id, post_id, [*counted, moment] if limits else []))
            if len(chosen) == limit:
                break
        for one in chosen:
            Endpoint.objects.filter(pk=one.endpoint_id).update(recent=one.recent)
        with connection.cursor() as cursor:
            ids = [one.post_id for one in chosen]
            cursor.execute(TAKE, {"ids": ids, "token": token, "lease": LEASE_SECONDS})
        return list(
            Post.objects.filter(lease_token=token, state=Post.State.SENDING)
            .select_related("endpoint__person", "endpoint__department")
            .order_by("priority", "send_at", "pk")
        )


def take_place(endpoint: Endpoint) -> bool:
    """Count one more message to the endpoint, beside those that are promised; False when it takes none now."""
    limits = channels.of(endpoint.channel).limits
    with transaction.atomic():
        row = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        moment = now()
        counted = within(row.recent, limits, moment)
        if not has_room(counted, limits, moment, is_emergency=True):
            return False
        if limits:
            Endpoint.objects.filter(pk=row.pk).update(recent=[*counted, moment])
        return True


def within(recent: Sequence[datetime], limits: Sequence[Limit], moment: datetime) -> list[datetime]:
    """Of these moments those that still count for a limit."""
    longest = max((limit.seconds for limit in limits), default=0) + SLACK_SECONDS
    return [at for at in recent if at > moment - timedelta(seconds=longest)]


def has_room(
    recent: Sequence[datetime], limits: Sequence[Limit], moment: datetime, *, is_emergency: bool
) -> bool:
    """Whether one more message stays within the limits; a part of each is kept for emergencies."""
    for limit in limits:
        most = limit.most if is_emergency else int(limit.most * ORDINARY_SHARE)
        start = moment - timedelta(seconds=limit.seconds + SLACK_SECONDS)
        if sum(at > start for at in recent) >= most:
            return False
    return True


def mark(post: Post, token: UUID, payload: str) -> bool:
    """Write that it goes onto the wire now, with these words (JSON). False: it must not go out."""
    values: dict[str, Any] = {"id": post.pk, "token": token, "payload": payload, "lease": LEASE_SECONDS}
    with connection.cursor() as cursor:
        cursor.execute(MARK, values)
        return cursor.rowcount == 1


def settle(post: Post, token: UUID, state: Post.State, *, note: str = "", status: int | None = None) -> bool:
    """Write how it ended; False when it was not ours any more."""
    with transaction.atomic():
        if not LEASES.settle([post.pk], token, state, note=note):
            return False
        Post.objects.filter(pk=post.pk).update(answer_status=status)
        if state == Post.State.SENT:
            Endpoint.objects.filter(pk=post.endpoint_id).update(
                failures=0, rest_until=None, last_sent_at=Now()
            )
        return True


def give_back(
    post: Post, token: UUID, *, note: str, status: int | None, is_doubtful: bool, pause: float | None = None
) -> None:
    """To be tried again after a pause; a doubtful one with the very same words."""
    with transaction.atomic():
        if not LEASES.give_back([post.pk], token, note=note):
            return
        changes: dict[str, Any] = {"answer_status": status}
        if not is_doubtful:
            changes["tried_at"] = None
        if pause is not None:
            changes["send_at"] = now() + timedelta(seconds=pause)
        Post.objects.filter(pk=post.pk).update(**changes)


def release(post: Post, token: UUID, *, note: str = "", is_doubtful: bool = False) -> None:
    """Let go of it without an attempt burnt: nothing is wrong with it, but its endpoint is down, or we have no time."""
    with transaction.atomic():
        if LEASES.release([post.pk], token):
            changes: dict[str, Any] = {"note": note[:1000]} | ({} if is_doubtful else {"tried_at": None})
            Post.objects.filter(pk=post.pk).update(**changes)


def rest(post: Post, *, seconds: float | None) -> None:
    """Leave the endpoint alone for a while: so many seconds, or longer with each failure up to five minutes."""
    values: dict[str, Any] = {
        "id": post.endpoint_id,
        "rest": seconds,
        "first": FIRST_REST_SECONDS,
        "longest": LONGEST_PAUSE_SECONDS,
    }
    with connection.cursor() as cursor:
        cursor.execute(REST, values)


def count_fault(post: Post, *, words: str) -> bool:
    """The endpoint itself is wrong. True when that was once too often, and it is not used any more from now on."""
    Endpoint.objects.filter(pk=post.endpoint_id).update(failures=F("failures") + 1)
    return bool(
        Endpoint.objects.filter(pk=post.endpoint_id, is_active=True, failures__gte=MOST_FAULTS).update(
            is_active=False, stopped_because=words[:1000]
        )
    )


def recover() -> int:
    """Take over from dispatchers that died; returns how many messages.

    What was surely not sent is due again; so is what the other side drops when it is a repetition, and what its kind
    wants sent again. The rest is doubtful.
    """
    over = Post.objects.filter(state=Post.State.SENDING, lease_until__lt=now()).select_related("endpoint")
    rows = list(over)
    if not rows:
        return 0
    moment = now()
    due, doubtful = LEASES.recover(
        note=LOST,
        resent=[post.pk for post in rows if may_repeat(post, moment)],
    )
    return len(due) + len(doubtful)


def may_repeat(post: Post, moment: datetime) -> bool:
    """Whether a doubtful message may go out again: the other side recognises it, or missing it would be worse."""
    if post.kind in kinds.codes_resent_when_doubtful():
        return True
    window = channels.of(post.endpoint.channel).repeats_within(post.endpoint)
    # The attempt itself takes a while, too.
    end = None if window is None or post.tried_at is None else post.tried_at + window - timedelta(minutes=1)
    return end is not None and moment < end
