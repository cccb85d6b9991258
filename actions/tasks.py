"""Bells for workers. What is to be done stands in the tables; a message carries an id or nothing."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="actions.judge_criteria", soft_time_limit=300)
def judge_criteria(*, shop_id: int | None = None) -> None:
    """Judge measured criteria by the figures as they are now: those of one shop, or all."""
    from actions.services import criteria  # leaf

    criteria.judge_all(shop_id=shop_id, now=timezone.now())
