from celery import shared_task


@shared_task(name="notices.dispatch")
def dispatch(*, rung: bool = False) -> None:
    """Send what is due. `rung`: by the doorbell and not by beat, so it says nothing about beat's health."""
    from notices import dispatcher  # a web process rings without loading the mail machinery

    if not rung:
        dispatcher.beat("beat")
    dispatcher.run(seconds=60)


@shared_task(name="notices.reconcile")
def reconcile() -> int:
    """Make good the promises that were lost; returns how many."""
    from notices import services  # services ring the doorbell, which knows this module

    return services.reconcile()
