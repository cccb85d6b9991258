"""Bells for workers. What is to be done stands in the tables; a message carries an id or nothing."""

import logging

from celery import shared_task
from django.utils import timezone

logger = logging.getLogger(__name__)


@shared_task(name="meetings.make_pack", soft_time_limit=600)
def make_pack(*, pack_id: int) -> None:
    """Make one pack. Rung twice it does nothing the second time, because only one worker can claim it."""
    from meetings.models import Pack  # leaf
    from meetings.services import packs  # leaf

    pack = Pack.objects.select_related("reader").filter(pk=pack_id).first()
    if pack is None:
        logger.warning("Pack %s is gone.", pack_id)
        return
    packs.make(pack=pack, clock=timezone.now)


@shared_task(name="meetings.look_after_packs")
def look_after_packs() -> None:
    """Ring again for packs whose bell was lost or whose worker died, have those made that go out soon, and delete
    old ones."""
    from meetings import agenda_mail  # leaf
    from meetings.services import packs  # leaf

    now = timezone.now()
    agenda_mail.prepare_packs(now=now)
    for pack_id in packs.resume(now=now):
        packs.ring(pack_id)
    packs.clear(now=now)


@shared_task(name="meetings.read_replies")
def read_replies() -> None:
    """Look into the mailbox of replies to invitations, where one is set."""
    from meetings.mailbox import rounds  # leaf

    rounds.look(timezone.now())


@shared_task(name="meetings.extend_series")
def extend_series() -> None:
    """Make the meetings that series should have by now. A series that cannot go on does not hold up the others."""
    from meetings.errors import NotAllowed  # leaf
    from meetings.models import Series  # leaf
    from meetings.recurrence import BadRuleError  # leaf
    from meetings.services import occurrences  # leaf

    for series in Series.objects.filter(status=Series.Status.ACTIVE).order_by("pk"):
        try:
            occurrences.extend(series=series, now=timezone.now())
        except (NotAllowed, BadRuleError) as reason:
            logger.warning("Series %s makes no more meetings: %s", series.pk, reason)


@shared_task(name="meetings.freeze_figures")
def freeze_figures() -> None:
    """Freeze the figures and pre-reads of meetings whose chosen moment has come."""
    from meetings.services import snapshot  # leaf

    snapshot.freeze_due(now=timezone.now())


@shared_task(name="meetings.settle_minutes")
def settle_minutes() -> None:
    """Approve minutes that everybody has said yes to, as soon as the time for objections is over."""
    from meetings.services import minutes  # leaf

    minutes.settle_due(now=timezone.now())
