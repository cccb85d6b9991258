"""Bells for workers. What is to be done stands in the tables; a message carries an id or nothing."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="actions.judge_criteria", soft_time_limit=300)
def judge_criteria(*, shop_id: int | None = None) -> None:
    """Judge measured criteria by the figures as they are now: those of one shop, or all."""
    from actions.services import criteria  # leaf

    criteria.judge_all(shop_id=shop_id, now=timezone.now())


@shared_task(name="actions.build_agendas", soft_time_limit=300)
def build_agendas() -> None:
    """Let agendas follow the actions, ask for updates, put calls for help without an answer on agendas."""
    from actions.services import agenda  # leaf

    agenda.run(now=timezone.now())


@shared_task(name="actions.settle_problems")
def settle_problems() -> None:
    """Note of incidents when a superior and an executive had been reached."""
    from actions.problems import services  # leaf

    services.settle_all()
