"""Looking something up in everything that was said and promised: each kind of record once, newest first.

Every source is one query through `visible_to`, so that a search finds what its reader may open and nothing else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions.models import Action
from core import grams
from dashboard.snippets import Piece, holds, snippet
from meetings.models import (
    AgendaItem,
    Decision,
    Issue,
    Meeting,
    MinutesText,
    Note,
    ParkedItem,
    PreRead,
    PreReadRevision,
)
from meetings.queries import confidential, passages
from people.models import User

# Of one kind: in the overview, and when it is asked for alone.
FEW, MANY = 5, 50


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: what it is called, where it stands, and the words around what was looked for."""

    title: str
    url: str
    meeting: Meeting | None
    at: datetime | None
    pieces: list[Piece]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What one source found; `is_cut` says that there is more than is shown."""

    code: str
    label: str | Promise
    icon: str
    hits: list[Hit]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Source:
    label: str | Promise
    icon: str
    rows: Callable[[str, User], QuerySet[Any]]
    # (title, url, meeting, when, texts, mark) of a row
    show: Callable[[Any], tuple[str, str, Meeting | None, datetime | None, list[str], str]]


def search(*, query: str, user: User, kind: str = "") -> list[Group]:
    """What this person may read of what holds all words of the query, by kind; nothing for a query without a word.

    One statement per source, two for pre-reads, whatever is found.
    """
    wanted = grams.words(query)
    if not wanted:
        return []
    codes = [kind] if kind in SOURCES else list(SOURCES)
    most = MANY if kind in SOURCES else FEW
    return [_group(code, query, wanted, user, most) for code in codes]


def _group(code: str, query: str, wanted: list[str], user: User, most: int) -> Group:
    source = SOURCES[code]
    rows = source.rows(query, user).order_by("-pk")
    found = _hits_in_prereads if code == "prereads" else _hits
    # Some rows hold all pairs of characters but not the word: a few more are looked at than shown.
    hits = list(found(source, rows[: 2 * most + 1], wanted, user))
    return Group(code, source.label, source.icon, hits[:most], is_cut=len(hits) > most)


def _hits(source: Source, rows: QuerySet[Any], wanted: list[str], _user: User) -> Iterator[Hit]:
    for row in rows:
        title, url, meeting, at, texts, mark = source.show(row)
        whole = " ".join(filter(None, texts))
        if holds(whole, wanted):
            yield Hit(title, url, meeting, at, snippet(whole, wanted), mark)


def _hits_in_prereads(source: Source, rows: QuerySet[Any], wanted: list[str], user: User) -> Iterator[Hit]:
    """The passages that this reader may see decide, not the whole text that the index knows."""
    revisions = list(rows)
    meetings = {revision.preread.meeting_id for revision in revisions}
    hidden = confidential.hidden_ids_of(meetings=meetings, user=user) if meetings else set()
    for revision in revisions:
        title, url, meeting, at, _texts, mark = source.show(revision)
        said = [text for text in passages.passages(revision.content, hidden) if text]
        if holds(" ".join(said), wanted):
            passage = next((text for text in said if holds(text, wanted[:1])), "")
            yield Hit(title, url, meeting, at, snippet(passage, wanted), mark)


# --- the sources ------------------------------------------------------------------------------------------------
def _meetings(query: str, user: User) -> QuerySet[Any]:
    return Meeting.objects.visible_to(user).filter(grams.says(query, "title", "note"))


def _decisions(query: str, user: User) -> QuerySet[Any]:
    return (
        Decision.objects.visible_to(user)
        .filter(grams.says(query, "text", "options", "recommendation", "chosen", "dissent"))
        .select_related("meeting")
        .prefetch_related("superseded_by")
    )


def _notes(query: str, user: User) -> QuerySet[Any]:
    notes = Note.objects.visible_to(user).filter(removed_at__isnull=True)
    return notes.filter(grams.says(query, "text")).select_related("meeting")


def _minutes(query: str, user: User) -> QuerySet[Any]:
    hidden = AgendaItem.objects.all().hidden_from(user)
    return (
        MinutesText.objects.filter(grams.says(query, "text"))
        .filter(minutes__meeting__in=Meeting.objects.visible_to(user))
        .exclude(item__in=hidden)
        .select_related("minutes__meeting")
    )


def _issues(query: str, user: User) -> QuerySet[Any]:
    issues = Issue.objects.visible_to(user)
    return issues.filter(grams.says(query, "text", "root_cause", "process", "solution")).select_related(
        "meeting"
    )


def _parked(query: str, user: User) -> QuerySet[Any]:
    return ParkedItem.objects.visible_to(user).filter(grams.says(query, "text")).select_related("meeting")


def _actions(query: str, user: User) -> QuerySet[Any]:
    actions = Action.objects.visible_to(user).filter(grams.says(query, "title", "description"))
    return actions.select_related("meeting")


def _prereads(query: str, user: User) -> QuerySet[Any]:
    """The newest revision of each pre-read that this person may read."""
    readable = PreRead.objects.visible_to(user).filter(submitted_at__isnull=False)
    later = PreReadRevision.objects.filter(preread=OuterRef("preread"), number__gt=OuterRef("number"))
    return PreReadRevision.objects.filter(
        ~Exists(later), grams.says(query, "content"), preread__in=readable
    ).select_related("preread__meeting", "preread__department")


def _record_url(meeting: int, anchor: str) -> str:
    return f"{reverse('meetings:minutes', args=[meeting])}#{anchor}"


def _of_decision(row: Any) -> tuple[str, str, Meeting | None, datetime | None, list[str], str]:
    mark = str(_("replaced")) if row.superseded_by.all() else ""
    texts = [row.text, row.options, row.recommendation, row.chosen, row.dissent]
    return row.code, row.get_absolute_url(), row.meeting, row.recorded_at, texts, mark


def _of_preread(row: Any) -> tuple[str, str, Meeting | None, datetime | None, list[str], str]:
    preread = row.preread
    url = reverse("meetings:preread", args=[preread.meeting_id, preread.department.code])
    return preread.department.name, url, preread.meeting, row.submitted_at, [], ""


SOURCES: dict[str, Source] = {
    "decisions": Source(_("Decisions"), "gavel", _decisions, _of_decision),
    "actions": Source(
        _("Action items"),
        "checkbox",
        _actions,
        lambda row: (
            row.reference,
            row.get_absolute_url(),
            row.meeting,
            row.published_at or row.created_at,
            [row.title, row.description],
            row.get_status_display() if row.published_at else str(_("draft")),
        ),
    ),
    "notes": Source(
        _("Notes"),
        "notes",
        _notes,
        lambda row: (
            str(_("Note")),
            _record_url(row.meeting_id, f"note-{row.pk}"),
            row.meeting,
            row.created_at,
            [row.text],
            "",
        ),
    ),
    "minutes": Source(
        _("Minutes"),
        "file-text",
        _minutes,
        lambda row: (
            str(_("Minutes")),
            _record_url(row.minutes.meeting_id, f"item-{row.item_id}" if row.item_id else "summary"),
            row.minutes.meeting,
            row.edited_at,
            [row.text],
            "",
        ),
    ),
    "prereads": Source(_("Pre-reads"), "report-analytics", _prereads, _of_preread),
    "issues": Source(
        _("Issues"),
        "bulb",
        _issues,
        lambda row: (
            str(_("Issue")),
            _record_url(row.meeting_id, f"issue-{row.pk}"),
            row.meeting,
            row.raised_at,
            [row.text, row.root_cause, row.process, row.solution],
            row.get_state_display(),
        ),
    ),
    "parked": Source(
        _("Parking lot"),
        "parking",
        _parked,
        lambda row: (
            str(_("Parked")),
            _record_url(row.meeting_id, f"item-{row.item_id or 'other'}"),
            row.meeting,
            row.parked_at,
            [row.text],
            "",
        ),
    ),
    "meetings": Source(
        _("Meetings"),
        "calendar",
        _meetings,
        lambda row: (row.title, row.get_absolute_url(), row, row.starts_at, [row.title, row.note], ""),
    ),
}
