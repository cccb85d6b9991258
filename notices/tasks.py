from celery import shared_task

from notices import dispatcher, services


@shared_task(name="notices.dispatch")
def dispatch(*, rung: bool = False) -> None:
    """Send what is due. `rung`: by the doorbell and not by beat, so it says nothing about beat's health."""
    if not rung:
        dispatcher.beat("beat")
    dispatcher.run(seconds=60)


@shared_task(name="notices.reconcile")
def reconcile() -> None:
    """Make good the promises that were lost."""
    services.reconcile()
