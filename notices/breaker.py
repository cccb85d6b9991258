"""Whether the mail server is there at all, known to all dispatchers together.

A dead server says nothing of the single mails: they stay due and lose no attempt. While the breaker is open, notices
still come into the lists; when its pause is over one dispatcher tries with the mails of one person, and the others wait
for what it finds. The pause doubles up to five minutes, shaken so that several sites do not knock at once.
"""

from __future__ import annotations

import logging
from enum import Enum

from django.db import connection

from notices.models import Breaker, Channel

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 10, 300
# An emergency does not wait for the end of the pause, but knocks no more often than this.
EMERGENCY_PAUSE_SECONDS = 10
# Whoever tries has so long to say how it went, before another one tries.
TRIAL_SECONDS = 60

TRY = """
UPDATE notices_breaker
SET tried_at = clock_timestamp(), open_until = clock_timestamp() + make_interval(secs => %(trial)s)
WHERE channel = %(channel)s AND open_until IS NOT NULL
  AND (open_until <= clock_timestamp()
       OR %(emergency)s AND tried_at < clock_timestamp() - make_interval(secs => %(emergency_pause)s))
"""
TRIP = """
INSERT INTO notices_breaker AS old (channel, failures, since, tried_at, note, open_until)
VALUES (%(channel)s, 1, clock_timestamp(), clock_timestamp(), %(note)s,
        clock_timestamp() + make_interval(secs => %(first)s * (0.75 + random() / 2)))
ON CONFLICT (channel) DO UPDATE
SET failures = old.failures + 1, since = coalesce(old.since, EXCLUDED.since), tried_at = EXCLUDED.tried_at,
    note = EXCLUDED.note,
    open_until = clock_timestamp() + make_interval(
        secs => least(%(longest)s, %(first)s * 2 ^ least(old.failures, 20)) * (0.75 + random() / 2))
RETURNING failures
"""


class Line(Enum):
    UP = "up"
    # It was down, and it is on us to see whether it is back.
    TRIAL = "trial"
    DOWN = "down"


def ask(*, for_emergency: bool = False) -> Line:
    """How the mail server is. After TRIAL say `close`, `trip` or `let_go`."""
    if not Breaker.objects.filter(channel=Channel.EMAIL, open_until__isnull=False).exists():
        return Line.UP
    with connection.cursor() as cursor:
        cursor.execute(
            TRY,
            {
                "channel": Channel.EMAIL,
                "trial": TRIAL_SECONDS,
                "emergency": for_emergency,
                "emergency_pause": EMERGENCY_PAUSE_SECONDS,
            },
        )
        return Line.TRIAL if cursor.rowcount else Line.DOWN


def trip(note: str) -> None:
    """The server is not there: nobody tries for a while."""
    with connection.cursor() as cursor:
        cursor.execute(
            TRIP,
            {
                "channel": Channel.EMAIL,
                "note": note[:1000],
                "first": FIRST_PAUSE_SECONDS,
                "longest": LONGEST_PAUSE_SECONDS,
            },
        )
        (failures,) = cursor.fetchone()
    logger.warning("%s (%d times in a row); mails wait.", note, failures)


def close() -> None:
    """The server answers."""
    reset = {"failures": 0, "open_until": None, "since": None, "note": ""}
    if Breaker.objects.filter(channel=Channel.EMAIL, open_until__isnull=False).update(**reset):
        logger.info("The mail server is back.")


def let_go() -> None:
    """Nothing was there to try it with: whoever comes next may try at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notices_breaker SET open_until = clock_timestamp() "
            "WHERE channel = %s AND open_until IS NOT NULL",
            [Channel.EMAIL],
        )
