"""Messages to chat robots and webhooks: one `Post` for each endpoint that is to tell of a notice.

The dispatcher calls both functions here: `promise_for` in the transaction that claims notices, `deliver` in every turn
of its loop, outside of any transaction. A message goes the same way as a mail: claimed with a lease, marked just
before it goes out, settled after the answer; whoever dies in between leaves it due or doubtful, never silently lost.
"""

from __future__ import annotations

import json
import logging
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Q

from notices import channels, digests, preferences, trial
from notices.channels import ledger, stopped, texts
from notices.channels.base import Down, Fault, Outcome, Reply, Sender
from notices.channels.wire import Lost
from notices.ledger import GIVE_UP_AFTER_DAYS
from notices.models import Endpoint, Notice, Post
from people.models import Membership

logger = logging.getLogger(__name__)

# So many endpoints are told at once; one that does not answer holds up the others for seconds, not for minutes.
BATCH = 8
# What concerns a single person by its nature is no business of a group.
NEVER_POSTED = frozenset({digests.CODE, trial.CODE, stopped.CODE})
State = Post.State

PROMISE = """
INSERT INTO notices_post AS old
    (endpoint_id, notice_id, subject_type_id, subject_id, kind, due_at, send_at, expires_at, priority, key,
     state, is_on_the_wire, attempts, note)
SELECT wanted.*, 'pending', false, 0, ''
FROM unnest(%s::bigint[], %s::bigint[], %s::integer[], %s::bigint[], %s::text[], %s::timestamptz[],
            %s::timestamptz[], %s::timestamptz[], %s::smallint[], %s::uuid[]) AS wanted
ON CONFLICT ON CONSTRAINT post_once DO UPDATE
SET state = 'pending', notice_id = EXCLUDED.notice_id, send_at = EXCLUDED.send_at, expires_at = EXCLUDED.expires_at
WHERE old.state = 'superseded'
"""


def promise_for(
    notices: Iterable[Notice], *, send_at: Callable[[Notice], datetime | None] | None = None
) -> int:
    """Promise to every endpoint concerned what these notices tell; returns how many messages that makes.

    Call it in the transaction that shows the notices for the first time (calling it again adds nothing). `notices`
    have their recipient and subject loaded. `send_at(notice)` is when its recipient may be disturbed (the end of their
    quiet hours), None for at once.
    """
    told = [notice for notice in notices if notice.kind not in NEVER_POSTED]
    endpoints = _endpoints_of(told)
    if not endpoints:
        return 0
    moment = ledger.now()
    rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for endpoint, notice in _concerned(endpoints, told):
        identity = (endpoint.pk, notice.subject_type_id, notice.subject_id, notice.kind, notice.due_at)
        later = send_at(notice) if send_at else None
        rows.setdefault(
            identity,
            (
                endpoint.pk, notice.pk, *identity[1:], later or moment, notice.expires_at, notice.priority, uuid4(),
            ),
        )  # fmt: skip
    if not rows:
        return 0
    columns = [list(column) for column in zip(*(row for _identity, row in sorted(rows.items())), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(PROMISE, columns)
        return cursor.rowcount


def deliver(*, should_stop: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Send the messages that are due, until none is; returns how many went into which state.

    Takes at most some seconds for one round, and asks `should_stop` between rounds. Never raises for trouble with an
    endpoint; database errors pass through.
    """
    tally: Counter[str] = Counter(recovered=ledger.recover())
    with ThreadPoolExecutor(max_workers=BATCH, thread_name_prefix="posts") as pool:
        while not should_stop():
            token = uuid4()
            posts = ledger.claim(token, limit=BATCH)
            if not posts:
                break
            _round(posts, token, tally, pool)
    return +tally


def _endpoints_of(notices: list[Notice]) -> list[Endpoint]:
    people = {notice.recipient_id for notice in notices}
    if not people:
        return []
    concerned = (
        Q(person__in=people) | Q(department__memberships__user__in=people) | Q(person=None, department=None)
    )
    return list(Endpoint.objects.filter(concerned, is_active=True).distinct().order_by("pk"))


def _concerned(endpoints: list[Endpoint], notices: list[Notice]) -> Iterable[tuple[Endpoint, Notice]]:
    members: defaultdict[int, set[int]] = defaultdict(set)
    departments = {endpoint.department_id for endpoint in endpoints if endpoint.department_id}
    if departments:
        rows = Membership.objects.filter(department__in=departments).values_list("department_id", "user_id")
        for department_id, user_id in rows:
            members[department_id].add(user_id)
    choices = preferences.Choices(notice.recipient for notice in notices)
    for notice in notices:
        category = notice.behaviour.category
        for endpoint in endpoints:
            if endpoint.categories and category not in endpoint.categories:
                continue
            if endpoint.person_id is not None:
                if endpoint.person_id == notice.recipient_id and choices.of(notice.recipient, category).chat:
                    yield endpoint, notice
            elif texts.has_door(notice) and (
                endpoint.department_id is None or notice.recipient_id in members[endpoint.department_id]
            ):
                yield endpoint, notice


def _round(posts: list[Post], token: UUID, tally: Counter[str], pool: ThreadPoolExecutor) -> None:
    """Word and mark these messages here, hand them over side by side, and settle them here again."""
    ready: list[tuple[Post, dict[str, Any]]] = []
    for post in posts:
        try:
            payload = _payload(post, token, tally)
        except Exception as error:
            # A kind whose words fail must not hold up the others.
            logger.exception("Message %d (%s) cannot be worded", post.pk, post.kind)
            ledger.give_back(
                post, token, note=f"{type(error).__name__}: {error}", status=None, is_doubtful=False
            )
            tally["given back"] += 1
            continue
        if payload is None:
            continue
        if ledger.mark(post, token, json.dumps(payload)):
            ready.append((post, payload))
        else:
            ledger.release(post, token, is_doubtful=post.tried_at is not None)
            tally["dropped"] += 1
    under_way = [
        (
            post,
            pool.submit(channels.of(post.endpoint.channel).hand_over, payload, str(post.key), post.endpoint),
        )
        for post, payload in ready
    ]
    for post, future in under_way:
        _settle(post, token, future.result, tally)


def _payload(post: Post, token: UUID, tally: Counter[str]) -> dict[str, Any] | None:
    """What goes out; None when it must not, which is written then."""
    moment = ledger.now()
    if post.tried_at is not None:  # on the wire once, and nobody knows: the same again, or nothing
        if ledger.may_repeat(post, moment) and isinstance(post.payload, dict):
            return post.payload
        _end(post, token, State.UNCERTAIN, tally, note=post.note or ledger.UNKNOWN)
        return None
    is_late = post.expires_at is not None and post.expires_at <= moment
    if is_late or moment - post.send_at > timedelta(days=GIVE_UP_AFTER_DAYS):
        _end(post, token, State.EXPIRED, tally, note=post.note)
        return None
    message = texts.compose(post)
    if message is None:
        _end(post, token, State.SUPERSEDED, tally)
        return None
    return channels.of(post.endpoint.channel).write(message, post.endpoint)


def _end(post: Post, token: UUID, state: Post.State, tally: Counter[str], *, note: str = "") -> None:
    ledger.settle(post, token, state, note=note)
    tally[state] += 1


def _settle(post: Post, token: UUID, answered: Callable[[], Reply], tally: Counter[str]) -> None:
    sender = channels.of(post.endpoint.channel)
    try:
        reply = answered()
    except Down as error:
        _is_down(post, token, sender, error, tally)
        return
    except Fault as error:
        _is_wrong(post, token, error, tally)
        return
    except Lost as error:
        reply = Reply(Outcome.DOUBTFUL, str(error))
    except Exception as error:
        logger.exception("Handing over message %d failed", post.pk)
        reply = Reply(Outcome.DOUBTFUL, type(error).__name__)
    if reply.outcome is Outcome.ACCEPTED:
        ledger.settle(post, token, State.SENT, note=reply.words, status=reply.status)
        tally[State.SENT] += 1
    elif reply.outcome is Outcome.REFUSED:
        _is_refused(post, token, reply, tally)
    elif reply.outcome is Outcome.DEFERRED or ledger.may_repeat(_as_marked(post), ledger.now()):
        _try_later(post, token, sender, reply, tally)
    else:
        logger.warning("Message %d is doubtful: %s", post.pk, reply.words)
        ledger.settle(post, token, State.UNCERTAIN, note=reply.words)
        tally[State.UNCERTAIN] += 1


def _as_marked(post: Post) -> Post:
    """The row knows since when it is on the wire; what was claimed before does not yet."""
    post.refresh_from_db(fields=["tried_at"])
    return post


def _try_later(post: Post, token: UUID, sender: Sender, reply: Reply, tally: Counter[str]) -> None:
    """Again after a pause; a channel with a fixed number of pauses gives up after the last."""
    pause = None
    if sender.pauses is not None:
        if post.attempts >= len(sender.pauses):
            _is_refused(post, token, reply, tally)
            return
        pause = sender.pauses[post.attempts] * random.uniform(0.8, 1.2)  # noqa: S311 - so that not all come at once
    ledger.give_back(
        post, token, note=reply.words, status=reply.status, pause=pause,
        is_doubtful=reply.outcome is Outcome.DOUBTFUL,
    )  # fmt: skip
    tally["given back"] += 1


def _is_refused(post: Post, token: UUID, reply: Reply, tally: Counter[str]) -> None:
    logger.warning("Message %d is refused: %s", post.pk, reply.words)
    ledger.settle(post, token, State.REFUSED, note=reply.words, status=reply.status)
    tally[State.REFUSED] += 1


def _is_down(post: Post, token: UUID, sender: Sender, error: Down, tally: Counter[str]) -> None:
    if sender.pauses is not None:
        if error.rest is not None:
            ledger.rest(post, seconds=error.rest)
        _try_later(post, token, sender, Reply(Outcome.DEFERRED, error.words, error.status), tally)
        return
    ledger.rest(post, seconds=error.rest)
    ledger.release(post, token, note=error.words, is_doubtful=post.tried_at is not None)
    tally["given back"] += 1


def _is_wrong(post: Post, token: UUID, error: Fault, tally: Counter[str]) -> None:
    _is_refused(post, token, Reply(Outcome.REFUSED, error.words, error.status), tally)
    if ledger.count_fault(post, words=error.words):
        stopped.tell(post.endpoint)
