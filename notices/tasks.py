from typing import Any

from celery import shared_task
from celery.signals import after_task_publish, beat_embedded_init, beat_init
from django.db import close_old_connections

from notices import dispatcher, ledger, services

TICK = "notices.dispatch"


@shared_task(name=TICK)
def dispatch(*, rung: bool = False) -> None:
    """Send what is due. `rung`: by the doorbell and not by beat."""
    dispatcher.beat("worker")
    dispatcher.run(seconds=60)


@shared_task(name="notices.reconcile")
def reconcile() -> None:
    """Make good the promises that were lost, and look after those that somebody took up and never let go."""
    ledger.recover(everywhere=True)
    services.reconcile()


def _beat_sent_its_tick(**_kwargs: Any) -> None:
    close_old_connections()  # beat lives long: the database may have been restarted
    dispatcher.beat("beat")


@beat_init.connect
@beat_embedded_init.connect
def _listen_to_beat(**_kwargs: Any) -> None:
    """In the process of beat, and only there, a tick that goes out is its sign of life for /healthz."""
    after_task_publish.connect(_beat_sent_its_tick, sender=TICK, weak=False)
