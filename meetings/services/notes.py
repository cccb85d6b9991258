"""Notes of a meeting: small blocks with versions, so that several people write at once and nothing gets lost."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from meetings.errors import Conflict, NotAllowed
from meetings.models import AgendaItem, Meeting, Note, ParkedItem
from people.models import User

RECORDABLE = (Meeting.Status.IN_PROGRESS, Meeting.Status.ENDED)


def check_recordable(meeting: Meeting) -> None:
    """Raises NotAllowed unless the meeting has begun; after its end the minutes may still be completed."""
    if meeting.status not in RECORDABLE:
        raise NotAllowed(_("Notes and decisions are recorded once the meeting has begun."))


def add(*, meeting: Meeting, item: AgendaItem | None, text: str, by: User, now: datetime) -> Note:
    """Begin a block. Raises NotAllowed for an empty text or a meeting that has not begun."""
    check_recordable(meeting)
    _check_words(text)
    return Note.objects.create(
        meeting=meeting,
        item=item,
        text=text,
        created_by=by,
        created_at=now,
        edited_by=by,
        edited_at=now,
    )


def save(*, note: Note, text: str, version: int, by: User, now: datetime) -> Note:
    """Store the block's new text if nobody saved another one since `version`; returns the stored note.

    The same words again are no conflict. Raises Conflict (`theirs` is the stored note, `yours` the text) and
    NotAllowed for an empty text or a note that was removed.
    """
    _check_words(text)
    changed = Note.objects.filter(pk=note.pk, version=version, removed_at=None).update(
        text=text, version=F("version") + 1, edited_by=by, edited_at=now
    )
    stored = Note.objects.select_related("edited_by", "created_by").get(pk=note.pk)
    if stored.removed_at:
        raise NotAllowed(_("This note was removed in the meantime. Copy your text into a new note."))
    if not changed and stored.text != text:
        raise Conflict(_("Someone else saved this note in the meantime."), theirs=stored, yours=text)
    return stored


def remove(*, note: Note, version: int, by: User, now: datetime) -> None:
    """Take a block away; it stays in the database. Raises Conflict when somebody has just changed it."""
    if Note.objects.filter(pk=note.pk, version=version, removed_at=None).update(
        removed_at=now, version=F("version") + 1, edited_by=by, edited_at=now
    ):
        return
    stored = Note.objects.select_related("edited_by").get(pk=note.pk)
    if stored.removed_at is None:
        raise Conflict(_("Someone else saved this note in the meantime."), theirs=stored, yours="")


@transaction.atomic
def park(
    *,
    meeting: Meeting,
    item: AgendaItem | None,
    text: str,
    by: User,
    now: datetime,
    source_note: Note | None = None,
) -> ParkedItem:
    """Put an off-topic matter into the parking lot, so that the room can go on; perhaps made of a note."""
    check_recordable(meeting)
    _check_words(text)
    return ParkedItem.objects.create(
        meeting=meeting,
        item=item,
        text=text.strip(),
        parked_by=by,
        parked_at=now,
        source_note=source_note,
    )


def _check_words(text: str) -> None:
    if not text.strip():
        raise NotAllowed(_("Write something first. To take a note away, remove it."))
