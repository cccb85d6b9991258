"""Uploads read by a real worker, rung for through a real broker."""

import io

import pytest
from django.utils import timezone

from config.processes import wait_until
from metrics import bell, tasks
from metrics.models import DailyTotal, Upload
from metrics.services import uploads
from tests.metrics.intake.reports import OCTOBER


def received(content: bytes) -> Upload:
    return uploads.receive_upload(
        file=io.BytesIO(content), name="2025Oct.csv", size=len(content), by=None, now=timezone.now()
    )


def test_a_worker_reads_what_it_is_rung_for(celery_worker):
    upload = received(OCTOBER.read_bytes())

    bell.ring_for([upload])

    assert wait_until(lambda: Upload.objects.get().state not in Upload.UNFINISHED, seconds=60)
    upload.refresh_from_db()
    assert (upload.state, upload.progress, upload.attempts) == ("stored", 100, 1)
    assert upload.totals["product_sales"] == "12147.22"
    assert DailyTotal.objects.filter(measure__code="orders").count() == 31


def test_a_lost_bell_is_made_good_by_the_next_tick(celery_worker):
    upload = received(OCTOBER.read_bytes())
    Upload.objects.update(heartbeat_at=timezone.now() - uploads.PATIENCE)

    tasks.resume_uploads.delay()

    assert wait_until(lambda: Upload.objects.get(pk=upload.pk).state == "stored", seconds=60)


@pytest.mark.django_db
def test_ringing_for_an_upload_that_is_gone_or_done_does_nothing():
    upload = received(OCTOBER.read_bytes())
    Upload.objects.update(state="rejected")

    tasks.import_upload(upload_id=upload.pk)
    tasks.import_upload(upload_id=upload.pk + 1)

    upload.refresh_from_db()
    assert upload.state == "rejected"


@pytest.mark.django_db
def test_a_fault_of_the_program_marks_the_upload_and_is_raised(monkeypatch):
    upload = received(OCTOBER.read_bytes())
    upload.file.storage.delete(upload.file.name)

    with pytest.raises(FileNotFoundError):
        tasks.import_upload(upload_id=upload.pk)

    upload.refresh_from_db()
    assert (upload.state, DailyTotal.objects.exists()) == ("failed", False)
