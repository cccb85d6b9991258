"""What an issue rests on: a figure as it stood frozen, a passage of a pre-read, a note. `Issue.evidence` keeps it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from core.templatetags.figures import figure_words, plain
from meetings.models import Issue, Meeting, Note, PreRead
from meetings.queries import frozen, reading
from meetings.queries.figures import planned
from meetings.queries.frozen import MeetingFigure
from meetings.queries.revisions import Reading
from metrics.models import Metric
from metrics.words import points_between
from people.models import User

LONGEST_EXCERPT = 400
LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Found:
    """What to keep as evidence; the confidential item it belongs to, and a text for the issue if none was typed."""

    evidence: dict[str, Any]
    item_id: int | None
    text: str


# --- looking up -------------------------------------------------------------------------------------------
def of_figure(*, meeting: Meeting, code: str, preread: PreRead | None, reader: User) -> Found | None:
    """A row of the department's figures, or of the meeting's KPI table; None for a row this reader has not got."""
    shown: Reading | None = None
    rows: Iterable[Any]
    if preread is not None:
        shown = frozen.readings(meeting, [preread], reader).get(preread.pk)
        rows = shown.figures if shown else ()
    else:
        rows = frozen.frozen_figures(meeting, reader)
    figure = next((one for one in rows if one.row.metric.code == code), None)
    if figure is None:
        return None
    row = figure.row
    evidence = {
        "kind": "figure",
        "code": code,
        "value": _text(row.value),
        "previous": _text(row.previous),
        "change": _text(row.change),
        "unit": row.metric.unit,
        "currency": row.currency,
        "period": meeting.period.code if meeting.period else "",
        **_source(preread, shown),
    }
    item = None if isinstance(figure, MeetingFigure) else figure.item_id
    return Found(evidence, item, _figure_text(row))


def of_passage(*, meeting: Meeting, place: str, preread: PreRead, reader: User) -> Found | None:
    """A text, problem, request or figure of a pre-read as it was handed in; None for one this reader has not got."""
    shown = frozen.readings(meeting, [preread], reader).get(preread.pk)
    if shown is None:
        return None
    if place.startswith("figure:"):
        code = place.removeprefix("figure:")
        return of_figure(meeting=meeting, code=code, preread=preread, reader=reader)
    words = {**reading.names(shown), **{f"{one.kind}:{one.key}": one.text for one in shown.answers}}
    items = reading.places_of(shown)
    if not place or place not in items:
        return None
    text = " ".join(words[place].split())
    evidence = {
        "kind": "passage",
        "place": place,
        "text": _cut(text, LONGEST_EXCERPT),
        **_source(preread, shown),
    }
    return Found(evidence, items[place], _cut(text, LONGEST_TEXT))


def of_note(note: Note) -> Found:
    text = " ".join(note.text.split())
    return Found({"kind": "note", "note": note.pk}, note.item_id, _cut(text, LONGEST_TEXT))


def _source(preread: PreRead | None, shown: Reading | None) -> dict[str, Any]:
    if preread is None or shown is None:
        return {}
    revision = shown.revision
    return {"department": preread.department.code, "revision": revision.pk, "number": revision.number}


def _figure_text(row: Any) -> str:
    """What the row says, for somebody who presses one key and types nothing."""
    value = f"{figure_words(row.value, row.metric)} {row.currency}".strip()
    if row.value is None:
        return _("%(metric)s: no figures") % {"metric": row.metric.name}
    if row.change is None:
        return f"{row.metric.name} {value}"
    return _("%(metric)s %(value)s (%(change)s against the period before)") % {
        "metric": row.metric.name,
        "value": value,
        "change": _move(row),
    }


def _move(row: Any) -> str:
    """Rates move by points, everything else by percent, as tables show it."""
    if row.metric.unit == "percent" and row.previous is not None:
        points = points_between(row.value, row.previous)
        return ("+" if points > 0 else "") + gettext("%(points)s pp") % {"points": plain(points, 1)}
    return f"{'+' if row.change > 0 else ''}{plain(row.change * 100, 1)}%"


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


# --- showing ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Shown:
    """Evidence as a page shows it; `url` leads to where it stands, `metric_url` to the metric's own page."""

    kind: str
    words: str = ""
    metric: Metric | None = None
    value: Decimal | None = None
    previous: Decimal | None = None
    change: Decimal | None = None
    currency: str = ""
    url: str = ""
    metric_url: str = ""


def shown(issues: Iterable[Issue]) -> dict[int, Shown]:
    """By issue id; issues without evidence are left out. At most two queries, however many they are."""
    rows = [issue for issue in issues if issue.evidence]
    codes = {issue.evidence["code"] for issue in rows if issue.evidence["kind"] == "figure"}
    notes = {issue.evidence["note"] for issue in rows if issue.evidence["kind"] == "note"}
    metrics = {one.code: one for one in Metric.objects.with_current().filter(code__in=codes)} if codes else {}
    texts = dict(Note.objects.filter(pk__in=notes).values_list("pk", "text")) if notes else {}
    return {issue.pk: _shown(issue, metrics, texts) for issue in rows}


def _shown(issue: Issue, metrics: dict[str, Metric], notes: dict[int, str]) -> Shown:
    kept = issue.evidence
    if kept["kind"] == "figure":
        metric = metrics.get(kept["code"]) or planned(kept["code"])
        return Shown(
            "figure",
            metric=metric,
            value=_number(kept["value"]),
            previous=_number(kept["previous"]),
            change=_number(kept["change"]),
            currency=kept["currency"],
            url=_url(issue),
            metric_url=metric.get_absolute_url() if metric.pk else "",
        )
    if kept["kind"] == "note":
        minutes = reverse("meetings:minutes", args=[issue.meeting_id])
        return Shown(
            "note", words=_cut(notes.get(kept["note"], ""), 120), url=f"{minutes}#note-{kept['note']}"
        )
    return Shown(kept["kind"], words=kept.get("text", ""), url=_url(issue))


def _url(issue: Issue) -> str:
    """The page that shows it as it stood: the revision of the pre-read, else the meeting's frozen figures."""
    kept = issue.evidence
    meeting = kept.get("meeting", issue.meeting_id)
    if kept.get("department") and kept.get("number"):
        try:
            return reverse("meetings:preread_revision", args=[meeting, kept["department"], kept["number"]])
        except NoReverseMatch:
            return ""
    return reverse("meetings:figures", args=[meeting])


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
