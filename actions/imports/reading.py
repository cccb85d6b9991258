"""A file as records. Tables go through the same guarded door as reports (`metrics.intake.read`)."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from actions.imports import cells, heads, trello
from actions.imports.records import Record, Remark, Unreadable
from actions.models import ActionImport
from metrics.intake.problems import Problems, Refusal
from metrics.intake.read import Document, Layout, open_report
from metrics.intake.source import Source as Bytes
from metrics.intake.values import Cell
from people.models import User

ENDINGS = (".xlsx", ".csv", ".tsv", ".txt", ".json")
MOST_BYTES = 10 * 1024 * 1024
# What one person can look through, and one transaction takes over while somebody waits.
MOST_LINES = 1_000
# A cell of a list, not a document.
LONGEST = 20_000


@dataclass(slots=True)
class File:
    """What was read: where it comes from, and its lines; columns that are not known are named."""

    source: str
    records: list[Record]
    unknown: list[str] = field(default_factory=list)


def read(name: str, content: bytes, *, reader: User, now: datetime) -> File:
    """The file as records; days in words are counted from `now` in the reader's zone. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(
            _("The file has %(size)s; at most %(limit)s are taken. Export a part of it.")
            % {"size": filesizeformat(len(content)), "limit": filesizeformat(MOST_BYTES)}
        )
    if not content:
        raise Unreadable(_("The file is empty."))
    ending = PurePosixPath(name).suffix.lower()
    if ending not in ENDINGS:
        raise Unreadable(
            _("This is no list that can be read: hand in .xlsx, .csv or a Trello board as .json.")
        )
    if ending == ".json":
        found = File(ActionImport.Source.TRELLO, trello.records(content))
    else:
        found = _table(name, content, reader, now)
    if not found.records:
        raise Unreadable(_("The file has no line with an action."))
    if len(found.records) > MOST_LINES:
        raise Unreadable(
            _("The file has %(count)s lines; at most %(limit)s are taken at once. Split it.")
            % {"count": len(found.records), "limit": MOST_LINES}
        )
    return found


def _table(name: str, content: bytes, reader: User, now: datetime) -> File:
    try:
        document = open_report(Bytes(name, len(content), lambda: io.BytesIO(content)))
        layout, line, head = _head(document)
        problems = Problems()
        fields = heads.fields(head)
        source = heads.source(head)
        records: list[Record] = []
        for batch in document.batches(layout, line, len(head), problems):
            for number, row in zip(batch.lines, batch.rows, strict=True):
                records.append(_record(number, row, fields, reader, now))
            if len(records) > MOST_LINES:
                break
    except Refusal as refusal:
        raise Unreadable(refusal.problem.message) from refusal
    broken = {one.line for one in problems.listed if one.level == "error" and one.line is not None}
    records += [Record(number, {}, problems=[Remark("row_unreadable")]) for number in broken]
    records.sort(key=lambda record: record.line)
    if source == ActionImport.Source.SHEET:
        for record in records:
            record.external_id = ""  # "ID" in a list of somebody's own is a name of nothing
    unknown = [str(cell).strip()[:60] for place, cell in enumerate(head) if place not in fields]
    return File(source, records, [name for name in unknown if name])


def _head(document: Document) -> tuple[Layout, int, list[Cell]]:
    """The line with most known column names, in the layout in which it has most."""
    best: tuple[int, Layout, int, list[Cell]] | None = None
    for layout in document.layouts():
        for line, row in document.head(layout):
            found = heads.fields(row)
            if "title" in found.values() and len(found) > (best[0] if best else 0):
                best = (len(found), layout, line, row)
    if best is None:
        raise Unreadable(
            _(
                "No column says what is to be done. Name one “Action” or “Title”, in the first line of the list."
            )
        )
    return best[1], best[2], best[3]


def _record(line: int, row: Sequence[Cell], fields: Mapping[int, str], reader: User, now: datetime) -> Record:
    record = Record(line, {})
    raw = {name: row[place] for place, name in fields.items()}
    for name, cell in raw.items():
        text = cells.text(cell)
        if len(text) > LONGEST:
            record.problems.append(Remark("cell_long", {"field": name}))
            text = text[:200]
        record.values[name] = text
    if "due" in raw:
        found = cells.deadline(raw["due"], now=now, zone=reader.zone)
        if found is None:
            record.problems.append(Remark("date_unreadable", {"text": record.values["due"][:60]}))
        record.values["due"] = found or ""
    values = record.values
    record.number = values.pop("number", "").upper()
    record.external_id = values.pop("external_id", "")[:120]
    record.mark = values.pop("mark", "")
    if email := values.pop("owner_email", ""):
        values["owner"] = email
    is_done = cells.text(values.get("status", "")).casefold() in heads.FINISHED
    record.is_finished = is_done or bool(values.pop("finished_at", ""))
    _one_owner(record)
    return record


def _one_owner(record: Record) -> None:
    names = cells.people(record.values.get("owner", ""))
    if len(names) > 1:
        record.notes.append(Remark("several_people", {"person": names[0]}))
        record.values["owner"] = names[0]
