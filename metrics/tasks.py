"""Bells for workers: the ids of uploads to read. What is to be done stands in the uploads themselves."""

import logging

from celery import shared_task
from django.utils import timezone

logger = logging.getLogger(__name__)


@shared_task(name="metrics.import_upload", soft_time_limit=840)
def import_upload(*, upload_id: int) -> None:
    """Read one upload. Rung twice it does nothing the second time, because only one worker can claim it."""
    from metrics.models import Upload  # leaf
    from metrics.services import uploads  # leaf

    upload = Upload.objects.filter(pk=upload_id).first()
    if upload is None:
        logger.warning("Upload %s is gone.", upload_id)
        return
    uploads.import_upload(upload=upload, now=timezone.now(), clock=timezone.now)


@shared_task(name="metrics.resume_uploads")
def resume_uploads() -> None:
    """Ring again for uploads whose bell was lost or whose worker died."""
    from metrics.services import uploads  # leaf

    for upload_id in uploads.resume(now=timezone.now()):
        import_upload.delay(upload_id=upload_id)
