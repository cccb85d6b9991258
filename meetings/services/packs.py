"""Making a meeting's pack in the background: asked for, made by a worker, made again by another if that one died."""

import logging
import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from meetings.models import Meeting, Pack
from meetings.packs import content, minutes_html, pdf
from meetings.queries import minutes_paper
from meetings.queries import packs as queries
from people.models import Department, User

logger = logging.getLogger(__name__)

# A worker gives a sign of life with each department and page; one silent for so long is taken for dead.
SILENCE = timedelta(minutes=3)
# A queued pack that nobody took up within this time lost its ring.
PATIENCE = timedelta(seconds=30)
MOST_ATTEMPTS = 3
# Finished packs are kept so long; one can be made again at any time.
KEEP = timedelta(days=30)
# Signs of life are written at most this often.
BEAT = timedelta(seconds=0.5)

NO_PANGO, FAULT, GAVE_UP = "no_pango", "fault", "gave_up"


class Superseded(Exception):
    """Another worker has taken the pack over."""


# --- asking -------------------------------------------------------------------------------------------------
def ask(
    *,
    meeting: Meeting,
    language: str,
    reader: User | None,
    by: User | None,
    now: datetime,
    kind: str = Pack.Kind.AGENDA,
) -> Pack:
    """The pack of a meeting, or its minutes, in a language: the finished edition if nothing has changed since, the
    one in the making if there is one, else a new one that waits for a worker.

    Without `reader` it is for all and holds nothing confidential; with one it holds what this person may read.
    `by` is None when the program asks.
    """
    if done := queries.fresh(meeting, language=language, reader=reader, kind=kind):
        return done
    making = Pack.objects.filter(
        meeting=meeting,
        kind=kind,
        reader=reader,
        language=language,
        state__in=[Pack.State.QUEUED, Pack.State.RUNNING],
    )
    if pack := making.first():
        return pack
    try:
        with transaction.atomic():
            pack = Pack.objects.create(
                meeting=meeting,
                kind=kind,
                reader=reader,
                language=language,
                asked_by=by,
                asked_at=now,
                heartbeat_at=now,
            )
    except IntegrityError:  # asked for twice at the same instant
        return making.get()
    transaction.on_commit(partial(ring, pack.pk))
    return pack


def ring(pack_id: int) -> None:
    """Wake a worker up. With the broker away, the next tick of `resume` finds the pack."""
    from meetings import tasks  # leaf: the tasks call this module

    try:
        tasks.make_pack.apply_async(kwargs={"pack_id": pack_id}, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("The broker does not answer (%s); pack %s waits for the next tick.", error, pack_id)


# --- making -------------------------------------------------------------------------------------------------
def make(*, pack: Pack, clock: Callable[[], datetime]) -> bool:
    """Make a queued pack; False when another worker has it or it is finished.

    Writes its progress while it goes. A machine without pango ends it as failed with the problem "no_pango"; a
    fault of the program ends it as failed and is raised.
    """
    if not claim(pack=pack, now=clock()):
        return False
    try:
        _make(pack, clock)
    except Superseded:
        logger.warning("Pack %s was taken over by another worker.", pack.pk)
        return False
    except pdf.PangoMissing:
        _end(pack, Pack.State.FAILED, clock(), problem=NO_PANGO)
    except Exception:
        _end(pack, Pack.State.FAILED, clock(), problem=FAULT)
        raise
    return True


def claim(*, pack: Pack, now: datetime) -> bool:
    taken = Pack.objects.filter(pk=pack.pk, state=Pack.State.QUEUED).update(
        state=Pack.State.RUNNING, step="", progress=0, attempts=F("attempts") + 1, heartbeat_at=now
    )
    if taken:
        pack.refresh_from_db()
    return bool(taken)


def _make(pack: Pack, clock: Callable[[], datetime]) -> None:
    pdf.load()  # before the work, not after it
    report = _Reporter(pack, clock)
    meeting = Meeting.objects.select_related("template", "host").get(pk=pack.meeting_id)
    # Read before the content: what changes in between makes the pack look old, never new.
    pack.fingerprint = queries.fingerprint(
        meeting, language=pack.language, reader=pack.reader, kind=pack.kind
    )
    with translation.override(pack.language), timezone.override(meeting.zone):
        html, pictures = _document(pack, meeting, report, clock())
        printed = pdf.render(html, pictures=pictures, on_page=report.page, on_writing=report.writing)
    report.writing()
    pack.file.save("pack.pdf", ContentFile(printed.content), save=False)
    ended = _end(
        pack,
        Pack.State.DONE,
        clock(),
        file=pack.file.name,
        fingerprint=pack.fingerprint,
        pages=printed.pages,
        size=len(printed.content),
    )
    if not ended:
        pack.file.delete(save=False)
        raise Superseded


def _document(
    pack: Pack, meeting: Meeting, report: "_Reporter", now: datetime
) -> tuple[str, dict[str, bytes]]:
    """The HTML that becomes the PDF, and its pictures."""
    if pack.kind == Pack.Kind.MINUTES:
        report("minutes", 20)
        paper = minutes_paper.paper(meeting, reader=pack.reader, now=now)
        return minutes_html.as_html(paper, language=pack.language, now=now), {}
    found = content.gather(meeting, reader=pack.reader, on_department=report.department)
    pictures = read_pictures(found, report)
    return as_html(found, pictures=pictures, language=pack.language, now=now), pictures


def as_html(found: content.Content, *, pictures: Mapping[str, bytes], language: str, now: datetime) -> str:
    """The complete document for the PDF; the language is active already. Pictures that are not among `pictures` are
    named without being shown."""
    return render_to_string(
        "meetings/pack.html",
        {
            "content": found,
            "made_at": now,
            "readable": {int(key) for key in pictures},
            "language": "zh-Hans" if language.startswith("zh") else language,
        },
    )


def read_pictures(found: content.Content, report: Callable[[str, int], None]) -> dict[str, bytes]:
    """The pictures of a pack by their key, scaled for paper. One that cannot be read is left out."""
    pictures = {}
    for file in found.pictures:
        report("pictures", 50)
        try:
            with file.file.open("rb") as stream:
                scaled = pdf.scaled(stream.read())
        except OSError as error:
            logger.warning("Attachment %s cannot be read for a pack: %s", file.pk, error)
            continue
        if scaled:
            pictures[str(file.pk)] = scaled
    return pictures


def _mine(pack: Pack):  # type: ignore[no-untyped-def]
    """This attempt of this worker, as long as nobody has taken it over."""
    return Pack.objects.filter(pk=pack.pk, state=Pack.State.RUNNING, attempts=pack.attempts)


def _end(pack: Pack, state: str, now: datetime, **values: object) -> bool:
    values |= {"progress": 100} if state == Pack.State.DONE else {}
    ended = _mine(pack).update(state=state, step="", finished_at=now, **values)
    pack.refresh_from_db()
    return bool(ended)


class _Reporter:
    """Writes step and percent to the pack's row, at most twice a second; stops a worker that was given up."""

    def __init__(self, pack: Pack, clock: Callable[[], datetime]) -> None:
        self.pack, self.clock = pack, clock
        self.written_at: datetime | None = None

    def __call__(self, step: str, percent: int, *, always: bool = False) -> None:
        now = self.clock()
        if not always and self.written_at and now - self.written_at < BEAT:
            return
        self.written_at = now
        if not _mine(self.pack).update(step=step[:40], progress=min(percent, 99), heartbeat_at=now):
            raise Superseded

    def department(self, department: Department, done: int, total: int) -> None:
        self(f"department:{department.code}", 2 + 46 * done // max(total, 1))

    def writing(self) -> None:
        self("writing", 96, always=True)

    def page(self, number: int) -> None:
        """Nobody knows how many pages there will be: the bar goes slower the further it is."""
        self(f"layout:{number}", 50 + round(45 * (1 - math.exp(-number / 25))))


# --- ticks --------------------------------------------------------------------------------------------------
def resume(*, now: datetime) -> list[int]:
    """Give up workers that died and return the packs that wait for a ring: those that lost theirs, too.

    A pack that killed three workers is given up.
    """
    silent = Pack.objects.filter(state=Pack.State.RUNNING, heartbeat_at__lt=now - SILENCE)
    silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=Pack.State.FAILED, problem=GAVE_UP, finished_at=now
    )
    silent.update(state=Pack.State.QUEUED, step="", progress=0, heartbeat_at=now - PATIENCE)
    waiting = Pack.objects.filter(state=Pack.State.QUEUED, heartbeat_at__lte=now - PATIENCE)
    found = list(waiting.order_by("asked_at", "pk").values_list("pk", flat=True)[:50])
    Pack.objects.filter(pk__in=found, state=Pack.State.QUEUED).update(heartbeat_at=now)
    return found


def clear(*, now: datetime) -> int:
    """Delete packs that are finished for longer than `KEEP`, and failed ones after a day; returns how many."""
    done = Q(state=Pack.State.DONE, finished_at__lt=now - KEEP)
    failed = Q(state=Pack.State.FAILED, finished_at__lt=now - timedelta(days=1))
    cleared = 0
    for pack in Pack.objects.filter(done | failed).order_by("pk")[:200]:
        name, storage = pack.file.name, pack.file.storage
        pack.delete()
        # After the row: a file without a row is waste, a row without its file would be a broken link.
        if name:
            storage.delete(name)
        cleared += 1
    return cleared
