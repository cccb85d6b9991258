"""What a meeting left behind: per agenda item its pre-reads, notes, decisions and parked matters."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from meetings.models import (
    AgendaItem,
    Decision,
    Issue,
    Meeting,
    Note,
    Obligation,
    ParkedItem,
    PreRead,
    ReadyMark,
)
from meetings.queries import frozen, lineage
from meetings.queries.issues import Entry
from meetings.queries.issues import entries as issue_entries
from meetings.queries.revisions import Reading
from people.models import User


@dataclass(slots=True)
class Chapter:
    """One agenda item of the minutes; `item` is None for what belongs to none."""

    item: AgendaItem | None
    preread: PreRead | None = None
    reading: Reading | None = None
    notes: list[Note] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    parked: list[ParkedItem] = field(default_factory=list)
    issues: list[Entry] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.reading or self.notes or self.decisions or self.parked or self.issues)


def chapters(meeting: Meeting, items: Iterable[AgendaItem], reader: User) -> list[Chapter]:
    """The record of these items, in their order, then what belongs to no item. The number of queries is constant.

    What belongs to a masked item is left out altogether (`queries.confidential`), and so are the texts and files
    that its department handed in for it.
    """
    items = list(items)
    masked = {item.pk for item in items if item.is_masked}
    prereads = {
        preread.department_id: preread
        for preread in meeting.prereads.select_related("department").filter(submitted_at__isnull=False)
    }
    for preread in prereads.values():
        preread.meeting = meeting
    read = frozen.readings(meeting, prereads.values(), reader)
    found = {item.pk: Chapter(item) for item in items}
    loose = Chapter(None)
    shown = set()
    for item in items:
        own = prereads.get(item.department_id) if item.department_id else None
        # A department that presents two items has one pre-read; it stands with the first.
        if own and own.pk not in shown:
            shown.add(own.pk)
            found[item.pk].preread, found[item.pk].reading = own, read.get(own.pk)
    for part, item_id, row in _records(meeting, reader):
        if item_id not in masked:
            getattr(found.get(item_id or 0, loose), part).append(row)
    return [*found.values(), *([] if loose.is_empty else [loose])]


def _records(meeting: Meeting, reader: User) -> Iterator[tuple[str, int | None, Any]]:
    """What was recorded, each with its part of a chapter and its agenda item."""
    for note in lineage.attach(notes(meeting), reader):
        yield "notes", note.item_id, note
    for decision in decisions(meeting):
        yield "decisions", decision.agenda_item_id, decision
    for parked in meeting.parked.select_related("parked_by").order_by("pk"):
        yield "parked", parked.item_id, parked
    for entry in issue_entries(Issue.objects.visible_to(reader).filter(meeting=meeting), reader):
        yield "issues", entry.issue.item_id, entry


def notes(meeting: Meeting) -> list[Note]:
    return list(Note.objects.present().filter(meeting=meeting).select_related("created_by", "edited_by"))


def decisions(meeting: Meeting) -> list[Decision]:
    return list(Decision.objects.filter(meeting=meeting).with_marks().in_order())


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation with its state at the moment of the page."""

    obligation: Obligation
    state: Obligation.State

    @property
    def is_met_late(self) -> bool:
        return self.state == Obligation.State.BREACHED and self.obligation.met_at is not None


def duties(meeting: Meeting, now: datetime) -> list[Duty]:
    rows = meeting.obligations.select_related("owner", "department", "met_by").order_by("due_at", "pk")
    return [Duty(row, row.state_at(now)) for row in rows]


@dataclass(frozen=True, slots=True)
class WentAhead:
    """Why a meeting was held with points open; `points` are in the active language."""

    mark: ReadyMark
    points: list[str]


def went_ahead(meeting: Meeting) -> WentAhead | None:
    """The host's reason for going ahead, None where nothing was open."""
    mark = ReadyMark.objects.standing().filter(meeting=meeting).select_related("marked_by").first()
    if mark is None or not mark.blockers or meeting.started_at is None:
        return None
    key = "words_zh" if (get_language() or "").startswith("zh") else "words_en"
    return WentAhead(mark, [point[key] for point in mark.blockers])
