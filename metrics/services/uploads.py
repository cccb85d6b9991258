"""What people and workers do with uploads: hand in, read, replace, make valid again."""

import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import history
from metrics.intake import store
from metrics.intake.outcome import Outcome, Stated
from metrics.intake.problems import Problem, Refusal, shorten
from metrics.intake.source import Source
from metrics.models import Upload, UploadProblem

logger = logging.getLogger(__name__)

# A worker says every few rows that it lives; one that has been silent for so long is taken for dead.
SILENCE = timedelta(seconds=120)
# A queued upload that nobody took up within this time lost its doorbell.
PATIENCE = timedelta(seconds=30)
MOST_ATTEMPTS = 3
NOTHING_STATED = Stated()


class NotAllowed(Exception):
    """The upload's state does not permit this step; the text is for people."""


def receive_upload(
    *,
    file: BinaryIO | File,
    name: str,
    size: int,
    stated: Stated = NOTHING_STATED,
    by: Any,
    now: datetime,
) -> Upload:
    """Keep a file as it is and queue it for reading; the caller rings for a worker after the commit.

    A file whose very bytes are already stored is noted as a duplicate at once and not read again. A file that
    cannot be a report by size or ending is kept out: the upload is rejected with the reason and holds no bytes.
    `by` is None for the command line. Returns the new upload (queued, duplicate or rejected).
    """
    upload = Upload(
        original_name=shorten(name.replace("\\", "/").rpartition("/")[2] or name, 500),
        size=size,
        stated=stated.as_json(),
        created_by=by,
        created_at=now,
        heartbeat_at=now,
    )
    source = Source(upload.original_name, size, lambda: _rewound(file))
    try:
        source.check_outside()
    except Refusal as refusal:
        upload.state, upload.step, upload.progress = Upload.State.REJECTED, Upload.Step.DONE, 100
        upload.finished_at = now
        with transaction.atomic():
            upload.save()
            _keep_problems(upload, [refusal.problem])
        return upload
    upload.sha256 = _digest(file)
    if original := same_bytes(upload.sha256, stated):
        return _note_duplicate(upload, original, now)
    upload.file.save(upload.original_name, File(_rewound(file)), save=False)
    upload.save()
    return upload


def _rewound(file: BinaryIO | File) -> Any:
    file.seek(0)
    return file


def _digest(file: BinaryIO | File) -> str:
    digest = hashlib.sha256()
    _rewound(file)
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def same_bytes(sha256: str, stated: Stated) -> Upload | None:
    """The upload that already holds these bytes in the figures, or held them before it was replaced.

    The same bytes for another shop than before are not the same report.
    """
    known = Upload.objects.filter(
        sha256=sha256, state__in=[Upload.State.STORED, Upload.State.SUPERSEDED]
    ).select_related("shop")
    if stated.shop:
        known = known.filter(shop__code=stated.shop)
    # A valid one first ("stored" < "superseded"), then the newest.
    return known.order_by("state", "-created_at", "-pk").first()


# What an upload takes over from the one whose bytes it repeats.
SAME = (
    "kind shop period_start period_end currency encoding delimiter header_line locale "
    "rows_read rows_accepted rows_rejected rows_ignored totals evidence"
).split()


def _note_duplicate(upload: Upload, original: Upload, now: datetime) -> Upload:
    """The duplicate shows what the original holds; no bytes are kept twice and no figure changes."""
    for name in SAME:
        setattr(upload, name, getattr(original, name))
    upload.file = original.file.name
    upload.duplicate_of = original
    upload.state, upload.step, upload.progress = Upload.State.DUPLICATE, Upload.Step.DONE, 100
    upload.finished_at = now
    with transaction.atomic():
        upload.save()
        _keep_problems(upload, [duplicate_problem(original)])
    return upload


def become_duplicate(*, upload: Upload, original: Upload, now: datetime) -> None:
    """End a running upload as a repetition of one that is stored."""
    same = {name: getattr(original, name) for name in SAME}
    with transaction.atomic():
        noted = _mine(upload).update(
            state=Upload.State.DUPLICATE,
            step=Upload.Step.DONE,
            progress=100,
            finished_at=now,
            duplicate_of=original,
            **same,
        )
        if noted:
            upload.problems.all().delete()
            _keep_problems(upload, [duplicate_problem(original)])
    upload.refresh_from_db()


def duplicate_problem(original: Upload) -> Problem:
    code = "same_bytes" if original.state == Upload.State.STORED else "same_bytes_replaced"
    day = original.created_at.date().isoformat()
    return Problem("warning", code, params={"file": original.original_name, "date": day})


def import_upload(*, upload: Upload, now: datetime, clock: Any) -> Outcome | None:
    """Read a queued upload and store its figures; None when another worker has it or it is finished.

    Writes progress while it goes. `clock()` gives the time of a sign of life. Ends as stored, duplicate or rejected;
    a fault of the program ends as failed, with nothing stored, and is raised.
    """
    from metrics.intake import pipeline  # slow import: pandas

    if not claim(upload=upload, now=now):
        return None
    stated = Stated.from_json(upload.stated)
    if original := same_bytes(upload.sha256, stated):
        # Handed in together with its twin, which was read first.
        become_duplicate(upload=upload, original=original, now=clock())
        return None
    source = Source.of_storage(
        upload.file.storage, upload.file.name or "", name=upload.original_name, size=upload.size
    )
    try:
        outcome = pipeline.run(source, stated=stated, upload=upload, progress=_Reporter(upload, clock))
    except store.AlreadyStored as twin:
        become_duplicate(upload=upload, original=twin.original, now=clock())
        return None
    except store.Superseded:
        logger.warning("Upload %s was taken over by another worker.", upload.pk)
        return None
    except Exception:
        _mine(upload).update(state=Upload.State.FAILED, finished_at=clock())
        raise
    finish(upload=upload, outcome=outcome, now=clock())
    return outcome


def claim(*, upload: Upload, now: datetime) -> bool:
    """Take a queued upload for reading; False when somebody else was quicker."""
    taken = Upload.objects.filter(pk=upload.pk, state=Upload.State.QUEUED).update(
        state=Upload.State.RUNNING,
        step=Upload.Step.RECOGNISING,
        progress=0,
        attempts=F("attempts") + 1,
        heartbeat_at=now,
    )
    if taken:
        upload.refresh_from_db()
    return bool(taken)


def _mine(upload: Upload):  # type: ignore[no-untyped-def]
    """This attempt of this worker, as long as nobody has taken it over."""
    return Upload.objects.filter(pk=upload.pk, state=Upload.State.RUNNING, attempts=upload.attempts)


class _Reporter:
    """Writes step and percent to the upload's row, at most twice a second."""

    def __init__(self, upload: Upload, clock: Any) -> None:
        self.upload = upload
        self.clock = clock
        self.step = ""
        self.at: datetime | None = None

    def __call__(self, step: str, percent: int) -> None:
        now = self.clock()
        if step == self.step and self.at and now - self.at < timedelta(seconds=0.5):
            return
        self.step, self.at = step, now
        if not _mine(self.upload).update(step=step, progress=min(percent, 99), heartbeat_at=now):
            raise store.Superseded


def finish(*, upload: Upload, outcome: Outcome, now: datetime) -> None:
    """Note how reading ended. The figures of a stored upload are already in; this adds problems and history."""
    if outcome.is_refused:
        refused = _mine(upload).update(
            state=Upload.State.REJECTED,
            step=Upload.Step.DONE,
            progress=100,
            finished_at=now,
            **store.facts(outcome),
        )
        if not refused:
            return
    with transaction.atomic():
        upload.problems.all().delete()
        _keep_problems(upload, outcome.problems)
        upload.refresh_from_db()
        history.record(actor=upload.created_by, verb=f"uploads.{outcome.status}", target=upload)


def _keep_problems(upload: Upload, problems: Iterable[Problem]) -> None:
    UploadProblem.objects.bulk_create(
        (
            UploadProblem(
                upload=upload,
                level=problem.level,
                line=problem.line,
                column=problem.column[:120],
                code=problem.code,
                text=problem.text,
                params=problem.params,
            )
            for problem in problems
        ),
        batch_size=1000,
    )


@transaction.atomic
def reactivate(*, upload: Upload, by: Any, now: datetime) -> None:
    """Make a replaced upload's figures valid again; what replaced it becomes superseded in turn.

    Raises NotAllowed when it is not superseded, or when another stored file speaks of only some of its days.
    """
    if upload.state != Upload.State.SUPERSEDED or upload.shop is None or upload.period is None:
        raise NotAllowed(_("Only figures that were replaced can be made valid again."))
    store.lock(upload.shop)
    replaced = store.overlapping(upload.shop, upload.kind, upload.period)
    for other in replaced:
        if not store.is_within(other, upload.period):
            raise NotAllowed(
                _("“%(file)s” speaks of only some of these days. Make it invalid first.")
                % {"file": other.original_name}
            )
    Upload.objects.filter(pk__in=[other.pk for other in replaced]).update(state=Upload.State.SUPERSEDED)
    moved = Upload.objects.filter(pk=upload.pk, state=Upload.State.SUPERSEDED).update(
        state=Upload.State.STORED
    )
    if not moved:
        raise NotAllowed(_("Someone has just changed this upload."))
    store.rebuild(upload.shop, [upload.period, *(other.period for other in replaced if other.period)])
    history.record(
        actor=by,
        verb="uploads.reactivated",
        target=upload,
        before=[other.pk for other in replaced],
        after=upload.pk,
    )
    upload.refresh_from_db()


@transaction.atomic
def withdraw(*, upload: Upload, by: Any, now: datetime) -> None:
    """Take a stored upload's figures out without putting others in. Raises NotAllowed when it is not stored."""
    if upload.state != Upload.State.STORED or upload.shop is None or upload.period is None:
        raise NotAllowed(_("Only valid figures can be made invalid."))
    store.lock(upload.shop)
    if not Upload.objects.filter(pk=upload.pk, state=Upload.State.STORED).update(
        state=Upload.State.SUPERSEDED
    ):
        raise NotAllowed(_("Someone has just changed this upload."))
    store.rebuild(upload.shop, [upload.period])
    history.record(actor=by, verb="uploads.withdrawn", target=upload)
    upload.refresh_from_db()


def retry(*, upload: Upload, stated: Stated, by: Any, now: datetime) -> None:
    """Queue a refused or interrupted upload again, with what a person now says of it. Raises NotAllowed."""
    if not upload.file:
        raise NotAllowed(_("The file was not kept; hand it in again."))
    queued = Upload.objects.filter(
        pk=upload.pk, state__in=[Upload.State.REJECTED, Upload.State.FAILED]
    ).update(
        state=Upload.State.QUEUED,
        step=Upload.Step.WAITING,
        progress=0,
        attempts=0,
        heartbeat_at=now,
        finished_at=None,
        stated=stated.as_json(),
    )
    if not queued:
        raise NotAllowed(_("Only a file that was not taken can be read again."))
    upload.refresh_from_db()
    history.record(actor=by, verb="uploads.retried", target=upload, after=upload.stated)


def resume(*, now: datetime) -> list[int]:
    """Uploads that wait in vain: never taken up, or their worker went silent. Returns those to ring for again.

    One that has failed its worker three times is given up as failed, so that a file which kills its reader does not
    kill all of them for ever.
    """
    silent = Upload.objects.filter(state=Upload.State.RUNNING, heartbeat_at__lt=now - SILENCE)
    for upload in silent.filter(attempts__gte=MOST_ATTEMPTS).only("pk", "attempts"):
        if _mine(upload).update(state=Upload.State.FAILED, finished_at=now):
            logger.error("Upload %s was given up after %s attempts.", upload.pk, MOST_ATTEMPTS)
    silent.filter(attempts__lt=MOST_ATTEMPTS).update(
        state=Upload.State.QUEUED, step=Upload.Step.WAITING, heartbeat_at=now - PATIENCE
    )
    waiting = Upload.objects.filter(state=Upload.State.QUEUED, heartbeat_at__lte=now - PATIENCE)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:100])
