"""Notes of a meeting: small blocks with versions, so that several people write at once and nothing gets lost."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from meetings.errors import Conflict, NotAllowed
from meetings.models import AgendaItem, Meeting, Note, ParkedItem
from meetings.services import log, once, open_minutes
from people.models import User

# Of a text of the record, in signs; more than anybody reads in minutes.
LONGEST = 20_000
RECORDABLE = (Meeting.Status.IN_PROGRESS, Meeting.Status.ENDED)


def check_recordable(meeting: Meeting) -> None:
    """Raises NotAllowed unless the meeting has begun; after its end the record may still be completed, until the
    minutes are circulated."""
    if meeting.status not in RECORDABLE:
        raise NotAllowed(_("Notes and decisions are recorded once the meeting has begun."))
    open_minutes.check(meeting.pk)


@transaction.atomic
def add(
    *,
    meeting: Meeting,
    item: AgendaItem | None,
    text: str,
    by: User,
    now: datetime,
    key: UUID | None = None,
) -> Note:
    """Begin a block. Raises NotAllowed for an empty text or a meeting that has not begun.

    A browser that heard no answer sends the same `key` again: the note is then there already, and is given back.
    """
    check_recordable(meeting)
    _check_words(text)
    if earlier := once.recorded(meeting=meeting, key=key, noun="note"):
        return Note.objects.select_related("created_by", "edited_by").get(pk=earlier)
    note = Note.objects.create(
        meeting=meeting,
        item=item,
        text=text,
        created_by=by,
        created_at=now,
        edited_by=by,
        edited_at=now,
    )
    log.write(meeting=meeting, verb="note.added", data={"row": log.row(note)}, by=by, now=now, key=key)
    return note


@transaction.atomic
def save(*, note: Note, text: str, version: int, by: User, now: datetime) -> Note:
    """Store the block's new text if nobody saved another one since `version`; returns the stored note.

    The same words again are no conflict. Raises Conflict (`theirs` is the stored note, `yours` the text) and
    NotAllowed for an empty text or a note that was removed.
    """
    _check_words(text)
    open_minutes.check(note.meeting_id)
    changed = Note.objects.filter(pk=note.pk, version=version, removed_at=None).update(
        text=text, version=F("version") + 1, edited_by=by, edited_at=now
    )
    stored = _stored(note)
    if stored.removed_at:
        raise NotAllowed(_("This note was removed in the meantime. Copy your text into a new note."))
    if not changed and stored.text != text:
        raise Conflict(_("Someone else saved this note in the meantime."), theirs=stored, yours=text)
    if changed:
        _log(stored, "note.saved", by, now)
    return stored


@transaction.atomic
def remove(*, note: Note, version: int, by: User, now: datetime) -> None:
    """Take a block away; it stays in the database. Raises Conflict when somebody has just changed it, NotAllowed
    while the minutes are circulated."""
    open_minutes.check(note.meeting_id)
    changed = Note.objects.filter(pk=note.pk, version=version, removed_at=None).update(
        removed_at=now, version=F("version") + 1, edited_by=by, edited_at=now
    )
    stored = _stored(note)
    if changed:
        # The row stays in its table, so it stays in the log: with the moment it was taken away.
        _log(stored, "note.taken_away", by, now)
    elif stored.removed_at is None:
        raise Conflict(_("Someone else saved this note in the meantime."), theirs=stored, yours="")


def _stored(note: Note) -> Note:
    return Note.objects.select_related("meeting", "edited_by", "created_by").get(pk=note.pk)


def _log(note: Note, verb: str, by: User, now: datetime) -> None:
    log.write(meeting=note.meeting, verb=verb, data={"row": log.row(note)}, by=by, now=now)


@transaction.atomic
def park(
    *,
    meeting: Meeting,
    item: AgendaItem | None,
    text: str,
    by: User,
    now: datetime,
    source_note: Note | None = None,
    review_on: date | None = None,
    key: UUID | None = None,
) -> ParkedItem:
    """Put an off-topic matter into the parking lot, so that the room can go on; perhaps made of a note.

    `review_on`: put off until then. `key` as in `add`.
    """
    check_recordable(meeting)
    _check_words(text)
    if earlier := once.recorded(meeting=meeting, key=key, noun="parked"):
        return ParkedItem.objects.get(pk=earlier)
    parked = ParkedItem.objects.create(
        meeting=meeting,
        item=item,
        text=text.strip(),
        parked_by=by,
        parked_at=now,
        source_note=source_note,
        review_on=review_on,
    )
    log.write(meeting=meeting, verb="parked.added", data={"row": log.row(parked)}, by=by, now=now, key=key)
    return parked


def _check_words(text: str) -> None:
    if not text.strip():
        raise NotAllowed(_("Write something first. To take a note away, remove it."))
    check_length(text)


def check_length(text: str) -> None:
    """Raises NotAllowed for a text that is longer than the record takes."""
    if len(text) > LONGEST:
        raise NotAllowed(
            _("A text has at most %(limit)d signs; these are %(length)d. Keep what matters.")
            % {"limit": LONGEST, "length": len(text)}
        )
