"""Waking a worker up when figures have changed. Only a ring: what is to be judged stands in the criteria."""

import logging

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from actions import tasks

logger = logging.getLogger(__name__)


def figures_changed(shop_id: int) -> None:
    """Have the criteria of a shop judged. With the broker away, the next tick of beat judges all of them."""
    try:
        tasks.judge_criteria.apply_async(kwargs={"shop_id": shop_id}, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("The broker does not answer (%s); criteria are judged with the next tick.", error)
