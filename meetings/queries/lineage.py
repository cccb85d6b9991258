"""Where a note or an issue went: it stays where it was written and says what became of it."""

from collections.abc import Iterable

from meetings import lineage_sources
from meetings.lineage_sources import Became
from meetings.models import Decision, Issue, Note, ParkedItem
from people.models import User

# How much of an issue or a parked matter is cited.
CITED = 60


def attach(notes: Iterable[Note], reader: User) -> list[Note]:
    """The notes, each with `became`. The number of queries does not grow with them; none without notes."""
    rows = list(notes)
    ids = [note.pk for note in rows]
    found = of(notes=ids, issues=[], reader=reader) if ids else {}
    for note in rows:
        note.became = found.get(("note", note.pk), [])  # type: ignore[attr-defined]
    return rows


def of(*, notes: list[int], issues: list[int], reader: User) -> dict[lineage_sources.Key, list[Became]]:
    """What was made of these, by ("note" | "issue", id), as far as the reader may see it."""
    found = lineage_sources.of(notes=notes, issues=issues, reader=reader)
    decisions = Decision.objects.visible_to(reader).in_order()
    for decision in decisions.filter(source_note__in=notes) | decisions.filter(issue__in=issues):
        became = Became("decision", decision.code, decision.get_absolute_url())
        if decision.issue_id in issues:
            found.setdefault(("issue", decision.issue_id), []).append(became)
        if decision.source_note_id in notes:
            found.setdefault(("note", decision.source_note_id), []).append(became)
    if notes:
        for issue in Issue.objects.visible_to(reader).filter(source_note__in=notes).order_by("pk"):
            became = Became("issue", short(issue.text), issue.get_absolute_url())
            found.setdefault(("note", issue.source_note_id or 0), []).append(became)
        for parked in ParkedItem.objects.visible_to(reader).filter(source_note__in=notes).order_by("pk"):
            became = Became("parked", short(parked.text), "")
            found.setdefault(("note", parked.source_note_id or 0), []).append(became)
    if issues:
        later = Issue.objects.visible_to(reader).filter(carried_from__in=issues).select_related("meeting")
        for issue in later:
            became = Became("carried", issue.meeting.title, issue.get_absolute_url())
            found.setdefault(("issue", issue.carried_from_id or 0), []).append(became)
    return found


def short(text: str) -> str:
    return text if len(text) <= CITED else text[: CITED - 1] + "…"
