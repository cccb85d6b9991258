"""Waking a worker up for uploads. Only a ring: what is to be read stands in the table, and is found there anyway."""

import logging
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from metrics import tasks
from metrics.models import Upload

logger = logging.getLogger(__name__)


def ring_for(uploads: Iterable[Upload]) -> None:
    """Ask for a worker after the commit. With the broker away, the next tick of `resume_uploads` finds them."""
    for upload in uploads:
        if upload.state == Upload.State.QUEUED:
            transaction.on_commit(partial(_ring, upload.pk))


def _ring(upload_id: int) -> None:
    try:
        tasks.import_upload.apply_async(kwargs={"upload_id": upload_id}, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning(
            "The broker does not answer (%s); upload %s waits for the next tick.", error, upload_id
        )
