"""Waking the dispatcher up when something is due now. Nothing but a ring: what is due stands in the table."""

import logging
import time
from types import SimpleNamespace

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# After a ring that nobody answered, pages do not wait for the broker again for so many seconds.
QUIET_SECONDS = 30
_line = SimpleNamespace(quiet_until=0.0)


def ring_on_commit() -> None:
    """Ring once after the transaction, however many notices it promised."""
    if not any(callback[1] is ring for callback in connection.run_on_commit):
        transaction.on_commit(ring)


def ring() -> None:
    """Ask a worker to look at the table; with the broker away the next tick or `manage.py dispatch` does."""
    if time.monotonic() < _line.quiet_until:
        return
    try:
        # By name: a web process rings without loading what answers.
        current_app.send_task("notices.dispatch", kwargs={"rung": True}, retry=False, expires=60)
    except (OperationalError, RedisError, OSError) as error:
        _line.quiet_until = time.monotonic() + QUIET_SECONDS
        logger.warning("The broker does not answer (%s); notices go out with the next tick.", error)
