"""Taking actions over from a file: looked at first, then all of it in one transaction, or none."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actions.approval import Chain
from actions.errors import Incomplete, NotPossible
from actions.imports.comparing import compare
from actions.imports.lines import CHANGED, NEW, Line, counts
from actions.imports.permits import PEOPLE, WORDS
from actions.imports.reading import read
from actions.imports.records import Record
from actions.models import Action, ActionImport
from actions.services import terms
from actions.services.capture import capture, check, edit, publish
from core import history
from people.models import User

State = ActionImport.State


class ChangedMeanwhile(NotPossible):
    """What would become of the file is not what was shown; it was looked at again instead."""


def look_at(*, name: str, content: bytes, by: User, now: datetime) -> ActionImport:
    """Read a file and keep what would become of each line; nothing else is written. Raises Unreadable."""
    file = read(name, content, reader=by, now=now)
    lines = compare(file.records, source=file.source, by=by, now=now)
    return ActionImport.objects.create(
        source=file.source,
        file_name=name[-255:],
        sha256=sha256(content).hexdigest(),
        rows=[line.as_json() for line in lines],
        counts=counts(lines) | {"unknown": file.unknown[:30]},
        by=by,
        at=now,
    )


@transaction.atomic
def take_over(
    *, imported: ActionImport, by: User, now: datetime, reason: str = "", as_promises: bool = True
) -> int:
    """Write what was shown: new actions, as promises where they are complete and `as_promises` says so, else as drafts;
    edits through the verbs that people use on the page, with their rules, reminders and history. No action is closed.

    `reason` is why deadlines move. Refused lines are left out. Returns how many actions were written.

    Raises NotPossible, naming the line, when one cannot be written: then none is. Raises ChangedMeanwhile when
    something has been changed here since the look: the caller keeps the new look (`look_again`).
    """
    history.acting(by)
    imported = ActionImport.objects.select_for_update().get(pk=imported.pk)
    if imported.state != State.LOOKED_AT:
        raise NotPossible(_("This file has been dealt with already."))
    lines = _again(imported, by, now)
    if _shape([line.as_json() for line in lines]) != _shape(imported.rows):
        raise ChangedMeanwhile(
            _(
                "Something has been changed here since you looked. Look at the lines again, then take them over."
            )
        )
    written = 0
    for line in lines:
        try:
            if line.change == NEW:
                line.action = _begin(line, imported, by, now, as_promises=as_promises)
            elif line.change == CHANGED and line.action is not None:
                _change(line, line.action, by, now, reason)
            else:
                continue
        except NotPossible as error:
            words = {"line": line.record.line, "why": str(error)}
            raise NotPossible(_("Nothing was taken over. Line %(line)s: %(why)s") % words) from error
        written += 1
    imported.rows = [line.as_json() for line in lines]
    imported.state, imported.taken_over_at = State.TAKEN_OVER, now
    imported.save(update_fields=["rows", "state", "taken_over_at"])
    return written


def look_again(*, imported: ActionImport, by: User, now: datetime) -> ActionImport:
    """Hold the same lines against what is here now."""
    lines = _again(imported, by, now)
    imported.rows = [line.as_json() for line in lines]
    imported.counts = imported.counts | counts(lines)
    imported.save(update_fields=["rows", "counts"])
    return imported


def drop(*, imported: ActionImport, by: User) -> None:
    """Take nothing over. Its lines are forgotten; that there was such a file is kept."""
    dropped = ActionImport.objects.filter(pk=imported.pk, by=by, state=State.LOOKED_AT)
    if not dropped.update(state=State.DROPPED, rows=[]):
        raise NotPossible(_("This file has been dealt with already."))


def _again(imported: ActionImport, by: User, now: datetime) -> list[Line]:
    records = [Record.of_json(row["record"]) for row in imported.rows]
    return compare(records, source=imported.source, by=by, now=now)


def _shape(rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What somebody agreed to."""
    return [(row["line"], row["change"], row["action"], row["edits"]) for row in rows]


def _begin(line: Line, imported: ActionImport, by: User, now: datetime, *, as_promises: bool) -> Action:
    said = line.terms
    action = capture(
        title=said.title,
        description=said.description,
        criteria=said.criteria,
        owner=said.owner,
        acceptor=said.acceptor,
        department=said.department,
        deadline=said.deadline,
        by=by,
        now=now,
    )
    Action.objects.filter(pk=action.pk).update(source=imported.source, external_id=line.record.external_id)
    action.source, action.external_id = imported.source, line.record.external_id
    history.record(actor=by, verb="actions.imported", target=action, note=imported.file_name)
    if as_promises and not check(action=action, now=now) and not Chain.of([action]).findings(action):
        publish(action=action, by=by, now=now)
    return action


def _change(line: Line, action: Action, by: User, now: datetime, reason: str) -> None:
    said, edited = line.terms, line.edited
    if action.is_draft:
        _write(line, action, by, now)
        return
    if edited & {*WORDS}:
        _write(line, action, by, now)
    hands = [name for name in PEOPLE if name in edited]
    if said.owner == action.acceptor:  # who accepted becomes the owner: somebody else accepts first
        hands.reverse()
    for name in hands:
        if name == "owner" and said.owner is not None:
            terms.hand_over(action=action, owner=said.owner, by=by, now=now, reason=reason)
        elif name == "acceptor" and said.acceptor is not None:
            terms.change_acceptor(action=action, acceptor=said.acceptor, by=by, now=now, reason=reason)
    if edited & {"due", "zone"} and said.deadline is not None and said.deadline.at != action.due_at:
        terms.move_deadline(action=action, deadline=said.deadline, reason=reason, by=by, now=now)


def _write(line: Line, action: Action, by: User, now: datetime) -> None:
    said = line.terms
    try:
        edit(
            action=action,
            version=action.version,
            title=said.title,
            description=said.description,
            criteria=said.criteria,
            department=said.department,
            owner=said.owner,
            acceptor=said.acceptor,
            deadline=said.deadline,
            vague_reason=action.vague_reason,
            by=by,
            now=now,
        )
    except Incomplete as error:
        raise NotPossible(str(error)) from error
