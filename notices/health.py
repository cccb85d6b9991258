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
STARTED = time.monotonic()

# One look at the tables. A notice is late since it was due or, when its mail is tried again and again, since it was
# first shown; one that is held back for its recipient's sake is not late. A lease is stuck when nobody has taken it
# over after twice its length. Of each priority only the first that waits is read, so it costs the same with one due as
# with a hundred thousand.
LOOK = """
WITH RECURSIVE first AS (
    (SELECT priority, send_at FROM notices_notice WHERE phase = 'open' AND state = 'pending'
     ORDER BY priority, send_at LIMIT 1)
  UNION ALL
    SELECT next.priority, next.send_at FROM first CROSS JOIN LATERAL (
        SELECT priority, send_at FROM notices_notice
        WHERE phase = 'open' AND state = 'pending' AND priority > first.priority
        ORDER BY priority, send_at LIMIT 1
    ) AS next
), waiting (since) AS (
    SELECT min(send_at) FROM first WHERE send_at <= clock_timestamp()
  UNION ALL
    (SELECT shown_at FROM notices_notice
     WHERE phase = 'open' AND attempts > 0 AND shown_at IS NOT NULL AND state = 'pending'
     ORDER BY shown_at LIMIT 1)
)
SELECT
    (SELECT extract(epoch FROM clock_timestamp() - min(since)) FROM waiting),
    CASE WHEN EXISTS (SELECT FROM notices_lease WHERE until < clock_timestamp() - make_interval(secs => %(lease)s)) THEN
        (SELECT count(*) FROM notices_notice WHERE phase = 'open' AND state = 'sending'
         AND lease_until < clock_timestamp() - make_interval(secs => %(lease)s))
    ELSE 0 END,
    (SELECT extract(epoch FROM clock_timestamp() - at) FROM notices_heartbeat WHERE name = 'beat'),
    (SELECT extract(epoch FROM clock_timestamp() - at) FROM notices_heartbeat WHERE name = 'worker'),
    (SELECT extract(epoch FROM clock_timestamp() - at) FROM notices_heartbeat WHERE name = 'loop'),
    (SELECT extract(epoch FROM clock_timestamp() - since) FROM notices_breaker
     WHERE channel = 'email' AND open_until IS NOT NULL),
    (SELECT count(*) FROM notices_notice WHERE phase = 'question' AND state = 'uncertain'),
    (SELECT count(*) FROM notices_address WHERE flagged_at IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the tables say of the sending of notices; lengths of time in seconds, None for never or nothing."""

    oldest: float | None
    stuck: int
    beat: float | None
    worker: float | None
    loop: float | None
    mail_down: float | None
    doubtful: int
    refused_addresses: int

    @property
    def is_late(self) -> bool:
        return self.oldest is not None and self.oldest > LONGEST_WAIT_SECONDS

    @property
    def loop_runs(self) -> bool:
        return self.loop is not None and self.loop <= LONGEST_SILENCE_SECONDS

    @property
    def beat_is_silent(self) -> bool:
        """Where only `manage.py dispatch` runs and Celery never did, nothing is missing."""
        return _is_silent(self.beat) and not (self.beat is None and self.loop_runs)

    @property
    def worker_is_silent(self) -> bool:
        """A worker without anything to do is no silent one: it is asked for by beat."""
        if _is_silent(self.beat):
            return self.beat is None and not self.loop_runs and _is_silent(self.worker)
        return _is_silent(self.worker)


def look() -> Vitals:
    """One query; raises DatabaseError."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 2000")
        cursor.execute(LOOK, {"lease": ledger.LEASE_SECONDS})
        oldest, stuck, beat, worker, loop, mail_down, doubtful, refused = cursor.fetchone()
    return Vitals(oldest, stuck, beat, worker, loop, mail_down, doubtful, refused)


def _is_silent(seconds: float | None) -> bool:
    return seconds is None or seconds > LONGEST_SILENCE_SECONDS


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
        vitals = look()
    except DatabaseError as error:
        logger.warning("/healthz: the database fails: %s", error)
        return {"database": Check(False, "the database does not answer")}
    stuck = vitals.stuck
    return {
        "database": Check(True, "answers"),
        "notices": _limit(
            vitals.oldest, LONGEST_WAIT_SECONDS, "nothing waits", "the oldest due notice waits for {} s"
        ),
        "leases": Check(not stuck, f"{stuck} stuck" if stuck else "none is stuck"),
        "beat": _heard("beat", vitals.beat, vitals.beat_is_silent),
        "worker": _heard("worker", vitals.worker, vitals.worker_is_silent),
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


def _heard(name: str, silence: float | None, is_silent: bool) -> Check:
    """Beat is heard when it sends its tick, a worker when it takes one."""
    last = "never ran" if silence is None else f"ran {int(silence)} s ago"
    if not is_silent:
        return Check(True, last)
    if time.monotonic() - STARTED < GRACE_SECONDS:
        return Check(True, "is starting")
    return Check(False, f"{last}; is the {name} running?")


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
