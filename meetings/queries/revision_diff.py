"""What changed between two revisions of a pre-read, as one reader may see both: texts by word, figures, rows, files.

It compares readings, which hold only what is for this reader; so nothing confidential shows as added or removed.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from meetings.models import Attachment, PreReadText
from meetings.queries.figures import Figure
from meetings.queries.revisions import Reading


class What(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both (SAME), in the later (ADDED) or in the earlier one only (REMOVED)."""

    what: What
    text: str


# Chinese, Japanese and Korean are compared sign by sign, other writing word by word.
TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W\u3040-\u9fff\uac00-\ud7af]+|\s+|.",
    re.DOTALL,
)
# Longer texts are compared by lines: comparing takes the square of the number of tokens.
MOST_TOKENS = 4000


def words(old: str, new: str) -> list[Piece]:
    """The later text with what was taken out of the earlier one, piece by piece."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    if max(len(before), len(after)) > MOST_TOKENS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    for code, low, high, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if code == "equal":
            pieces.append(Piece(What.SAME, "".join(after[start:end])))
            continue
        if high > low:
            pieces.append(Piece(What.REMOVED, "".join(before[low:high])))
        if end > start:
            pieces.append(Piece(What.ADDED, "".join(after[start:end])))
    return pieces


@dataclass(frozen=True, slots=True)
class TextChange:
    what: What
    heading: str
    prompt: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure of the KPI table whose value is another one now; a side is None where the table lacked it."""

    old: Figure | None
    new: Figure | None

    @property
    def metric(self) -> Any:
        return (self.new or self.old).row.metric  # type: ignore[union-attr]  # one of them is there

    @property
    def currency(self) -> str:
        return (self.new or self.old).row.currency  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A problem, request or stated figure; `fields` are (name in words, pieces) of what differs."""

    what: What
    kind: str
    title: str
    fields: list[tuple[str, list[Piece]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FileChange:
    what: What
    file: Attachment


@dataclass(frozen=True, slots=True)
class Changes:
    texts: list[TextChange]
    figures: list[FigureChange]
    rows: list[RowChange]
    files: list[FileChange]

    @property
    def total(self) -> int:
        return len(self.texts) + len(self.figures) + len(self.rows) + len(self.files)


def changes(old: Reading, new: Reading) -> Changes:
    return Changes(
        texts=list(_texts(old, new)),
        figures=list(_figures(old, new)),
        rows=[
            *_rows(_("Stated figure"), old.statements, new.statements, _statement_fields),
            *_rows(_("Problem"), old.problems, new.problems, _problem_fields),
            *_rows(_("Resource request"), old.resources, new.resources, _resource_fields),
            *_rows(_("Decision request"), old.decisions, new.decisions, _decision_fields),
        ],
        files=list(_files(old, new)),
    )


def _what(old: object, new: object) -> What:
    if not old:
        return What.ADDED
    return What.CHANGED if new else What.REMOVED


def _texts(old: Reading, new: Reading) -> Iterable[TextChange]:
    before = {(text.kind, text.key): text for text in old.texts}
    after = {(text.kind, text.key): text for text in new.texts}
    names = {figure.row.metric.code: figure.row.metric.name for figure in (*old.figures, *new.figures)}
    for place in dict.fromkeys([*after, *before]):
        was, now = before.get(place), after.get(place)
        left, right = (text.text.strip() if text else "" for text in (was, now))
        if left != right:
            text = now or was
            assert text is not None
            yield TextChange(_what(left, right), _heading(text, names), text.prompt, words(left, right))


def _heading(text: PreReadText, names: dict[str, str]) -> str:
    if text.kind == PreReadText.Kind.CAUSE:
        return _("Cause of the move of %(metric)s") % {"metric": names.get(text.key, text.key)}
    if text.kind == PreReadText.Kind.FREE:
        return _("Anything else")
    return text.heading


def _figures(old: Reading, new: Reading) -> Iterable[FigureChange]:
    before = {figure.row.metric.code: figure for figure in old.figures}
    after = {figure.row.metric.code: figure for figure in new.figures}
    for code in dict.fromkeys([*after, *before]):
        was, now = before.get(code), after.get(code)
        if was is None or now is None or was.row.value != now.row.value:
            yield FigureChange(was, now)


def _rows(
    kind: str, old: Iterable[Any], new: Iterable[Any], fields: Callable[[Any], dict[str, str]]
) -> Iterable[RowChange]:
    before, after = {row.pk: row for row in old}, {row.pk: row for row in new}
    for pk in dict.fromkeys([*after, *before]):
        was, now = before.get(pk), after.get(pk)
        left, right = (fields(row) if row else {} for row in (was, now))
        differing = [
            (name, words(left.get(name, ""), right.get(name, "")))
            for name in dict.fromkeys([*right, *left])
            if left.get(name, "") != right.get(name, "")
        ]
        if differing:
            yield RowChange(_what(was, now), kind, str(now or was), differing)


def _statement_fields(row: Any) -> dict[str, str]:
    return {
        _("stated figure"): " ".join(filter(None, [_number(row.value), row.currency])),
        _("source"): row.source,
        _("how it is counted"): row.definition,
    }


def _problem_fields(row: Any) -> dict[str, str]:
    return {
        _("problem"): row.problem,
        _("five whys"): "\n".join(why for why in row.whys if why),
        _("root cause"): row.root_cause,
        _("proposed solution"): row.solution,
        _("needs"): row.needs.name if row.needs else "",
    }


def _resource_fields(row: Any) -> dict[str, str]:
    return {
        _("what is asked for"): row.what,
        _("what it is for"): row.why,
        _("cost"): _money(row.cost, row.currency),
        _("past cost"): _money(row.past_cost, row.currency),
        _("past return"): _money(row.past_return, row.currency),
        _("expected increment a month"): _money(row.expected_increment, row.currency),
    }


def _decision_fields(row: Any) -> dict[str, str]:
    options = [" – ".join(filter(None, [one.get("text"), one.get("effect")])) for one in row.options]
    recommended = row.recommended if row.recommended is not None and row.recommended < len(options) else None
    return {
        _("what is to be decided"): row.question,
        _("background"): row.background,
        _("options"): "\n".join(options),
        _("recommended"): "" if recommended is None else options[recommended],
        _("reason of the recommendation"): row.reason,
        _("may decide"): row.decider.name if row.decider else "",
    }


def _number(value: Any) -> str:
    return "" if value is None else f"{value.normalize():,f}"


def _money(value: Any, currency: str) -> str:
    return "" if value is None else f"{_number(value)} {currency}"


def _files(old: Reading, new: Reading) -> Iterable[FileChange]:
    before, after = {file.pk: file for file in old.attachments}, {file.pk: file for file in new.attachments}
    yield from (FileChange(What.ADDED, file) for pk, file in after.items() if pk not in before)
    yield from (FileChange(What.REMOVED, file) for pk, file in before.items() if pk not in after)
