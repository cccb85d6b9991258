"""The doorbell of live rooms: says that something happened, never what it means. PostgreSQL holds the truth.

One message per event on the channel `room:<meeting>`: {"number", "version", "verb"} as JSON. With Redis away nothing
is said, and browsers notice by asking.
"""

import json
import logging
from functools import cache

import redis
from django.conf import settings
from django.db import transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

from meetings.models import LiveEvent

logger = logging.getLogger(__name__)
CHANNELS = "room:"
TIMEOUT_SECONDS = 0.5


def channel(meeting_id: int) -> str:
    return f"{CHANNELS}{meeting_id}"


def ring(event: LiveEvent) -> None:
    """Tell everybody who listens, once the event is committed."""
    words = json.dumps({"number": event.number, "version": event.version, "verb": event.verb})
    transaction.on_commit(lambda: _publish(channel(event.meeting_id), words), robust=True)


def _publish(where: str, words: str) -> None:
    try:
        _client(settings.REDIS_URL).publish(where, words)
    except (redis.RedisError, OSError) as error:
        logger.warning("The room's bell is silent: %s", type(error).__name__)


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=TIMEOUT_SECONDS,
        socket_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
