"""/healthz: whether the site works, for load balancers and outside monitors. Says what is wrong, never with what."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from notices import ledger

logger = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 5 * 60
LONGEST_SILENCE_SECONDS = 90
GRACE_SECONDS = 120
BROKER_TIMEOUT_SECONDS = 0.5
_started = time.monotonic()

# One look at the table. A notice that waits is late since it was due or, when a mail is tried again and again, since
# it was first shown; a lease is stuck when nobody has taken it over after twice its length.
WAITING = """
SELECT
    (SELECT extract(epoch FROM clock_timestamp() - min(least(send_at, coalesce(shown_at, send_at))))
     FROM notices_notice WHERE state = 'pending' AND (send_at <= clock_timestamp() OR shown_at IS NOT NULL)),
    (SELECT count(*) FROM notices_notice
     WHERE state = 'sending' AND lease_until < clock_timestamp() - make_interval(secs => %s)),
    (SELECT extract(epoch FROM clock_timestamp() - max(at)) FROM notices_heartbeat WHERE name IN ('beat', 'loop'))
"""


@dataclass(frozen=True, slots=True)
class Check:
    ok: bool
    text: str


# What other apps want said beside the checks; it fails nothing, because the site works without it.
Note = Callable[[], str]
_notes: dict[str, Note] = {}


def register_note(name: str, note: Note) -> None:
    """Let an app say something on /healthz: `note()` gives a sentence, "" for nothing to say."""
    _notes[name] = note


@never_cache
@require_safe
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when everything works, else 503, with one entry for each check."""
    checks = _database_checks()
    checks["broker"] = _broker()
    ok = all(check.ok for check in checks.values())
    return JsonResponse(
        {
            "status": "ok" if ok else "failing",
            "checks": {name: {"ok": check.ok, "text": check.text} for name, check in checks.items()},
            **_said(checks["database"].ok),
        },
        status=200 if ok else 503,
    )


def _database_checks() -> dict[str, Check]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 2000")
            cursor.execute(WAITING, [ledger.LEASE_SECONDS])
            oldest, stuck, silence = cursor.fetchone()
    except DatabaseError as error:
        logger.warning("/healthz: the database fails: %s", error)
        return {"database": Check(False, "the database does not answer")}
    return {
        "database": Check(True, "answers"),
        "notices": _limit(
            oldest, LONGEST_WAIT_SECONDS, "nothing waits", "the oldest due notice waits for {} s"
        ),
        "leases": Check(not stuck, f"{stuck} stuck" if stuck else "none is stuck"),
        "dispatcher": _dispatcher(silence),
    }


def _said(database_answers: bool) -> dict[str, dict[str, str]]:
    """What the apps have to say; they look into the database."""
    said = {}
    for name, note in _notes.items() if database_answers else ():
        try:
            with transaction.atomic():
                if text := note():
                    said[name] = text
        except DatabaseError as error:
            logger.warning("/healthz: the note %s fails: %s", name, error)
    return {"notes": said} if said else {}


def _dispatcher(silence: float | None) -> Check:
    """Beat and worker together: the tick that beat sends and a worker takes writes the heartbeat."""
    if silence is not None and silence <= LONGEST_SILENCE_SECONDS:
        return Check(True, f"ran {int(silence)} s ago")
    if time.monotonic() - _started < GRACE_SECONDS:
        return Check(True, "is starting")
    last = "never ran" if silence is None else f"last ran {int(silence)} s ago"
    return Check(False, f"{last}; are worker and beat running?")


def _limit(seconds: float | None, most: int, nothing: str, words: str) -> Check:
    if seconds is None:
        return Check(True, nothing)
    return Check(seconds <= most, words.format(int(seconds)))


def _broker() -> Check:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=BROKER_TIMEOUT_SECONDS,
        socket_timeout=BROKER_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        client.ping()
    except (RedisError, OSError) as error:
        logger.warning("/healthz: the broker fails: %s", type(error).__name__)
        return Check(
            False, "the broker does not answer; pages work, notices go out only by manage.py dispatch"
        )
    finally:
        client.close()
    return Check(True, "answers")
