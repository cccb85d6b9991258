"""What is prepared for the meetings of the small company: pre-reads in every state, and packs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from meetings.models import Meeting, Pack, PreRead, PreReadComment, PreReadProblem, Statement
from meetings.queries import packs
from meetings.services import attachments, prereads
from meetings.services.prereads import Sent
from tests.access.words import DRAFT_TEXT, STATED_SOURCE, SUBMITTED_TEXT

if TYPE_CHECKING:
    from tests.access.world import World


def prepare(world: World) -> None:
    _prereads(world)
    _packs(world)


def _prereads(world: World) -> None:
    world.draft_preread = _preread(world, world.scheduled, DRAFT_TEXT)
    statement = Statement.objects.create(
        preread=world.draft_preread,
        metric_code="orders",
        value=42,
        source=STATED_SOURCE,
        stated_by=world.people["a_lead"],
        stated_at=world.now,
    )
    world.args["statement.draft"] = [world.scheduled.pk, statement.pk]
    world.args["preread.draft"] = [world.scheduled.pk, "sales"]
    world.scheduled.items.filter(department__isnull=False).update(metric_codes=["orders"])
    world.args["figure.draft"] = [world.scheduled.pk, "sales", "orders"]
    world.args["figure.other"] = [world.scheduled.pk, "sales", "units"]
    problem = PreReadProblem.objects.create(
        preread=world.draft_preread,
        problem=DRAFT_TEXT,
        edited_by=world.people["a_lead"],
        edited_at=world.now,
    )
    world.args["row.draft"] = [world.scheduled.pk, "sales", "problems", problem.pk]
    world.args["row.other"] = [world.running.pk, "sales", "problems", problem.pk]
    world.args["attachment.draft"] = [_attach(world, world.draft_preread, "draft.pdf").pk]
    submitted = _preread(world, world.running, SUBMITTED_TEXT)
    shown = _attach(world, submitted, "submitted.pdf")
    # Corrections are still open, so that it can be written anew beside what was submitted.
    submitted.corrections_until = world.now + timedelta(days=1)
    submitted.is_extended = True
    submitted.save(update_fields=["corrections_until", "is_extended"])
    prereads.submit(preread=submitted, by=world.people["a_lead"], now=world.now)
    prereads.reopen(preread=submitted, by=world.people["a_lead"], now=world.now)
    later = _attach(world, submitted, "later.pdf")
    world.args["preread.submitted"] = [world.running.pk, "sales"]
    _readers(world, submitted)
    world.args["preread.other"] = [world.running.pk, "tech"]
    world.args["attachment.submitted"] = [shown.pk]
    world.args["attachment.later"] = [later.pk]


def _readers(world: World, submitted: PreRead) -> None:
    """A second revision, equal to the first, and a question on the whole."""
    first = submitted.revisions.get()
    submitted.revisions.create(
        number=2,
        content=first.content,
        submitted_by=first.submitted_by,
        submitted_at=world.now,
        is_late=False,
    )
    asked = PreReadComment.objects.create(
        preread=submitted,
        text="Why is that?",
        is_question=True,
        written_by=world.people["runs"],
        written_at=world.now,
    )
    world.args["revision.shown"] = [world.running.pk, "sales", 2]
    world.args["revision.none"] = [world.scheduled.pk, "sales", 1]
    world.args["comment.shown"] = [world.running.pk, "sales", asked.pk]
    world.args["comment.other"] = [world.scheduled.pk, "sales", asked.pk]


def _preread(world: World, meeting: Meeting, words: str) -> PreRead:
    (preread,) = prereads.open_for(meeting=meeting, now=world.now)
    row = preread.texts.filter(kind="question").order_by("position").first()
    prereads.save_text(
        preread=preread,
        sent=Sent(row.kind, row.key, words, row.version),
        by=world.people["a_lead"],
        now=world.now,
    )
    return preread


def _attach(world: World, preread: PreRead, name: str) -> Any:
    file = SimpleUploadedFile(name, b"%PDF-1.7 " + name.encode())
    return attachments.attach(preread=preread, file=file, by=world.people["a_lead"], now=world.now)


def _packs(world: World) -> None:
    """One for all and one for the host alone, of the scheduled meeting."""
    for name, reader in (("all", None), ("personal", world.runs)):
        pack = Pack(
            meeting=world.scheduled,
            reader=reader,
            language="en",
            fingerprint=packs.fingerprint(world.scheduled, language="en", reader=reader),
            state=Pack.State.DONE,
            pages=1,
            size=8,
            asked_at=world.now,
            finished_at=world.now,
        )
        pack.file.save("pack.pdf", ContentFile(b"%PDF-1.7"), save=False)
        pack.save()
        world.args[f"pack.{name}"] = [pack.pk]
