"""Everything that ever changed on an action: the worded history, and beside it what the database itself kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from actions.models import Action, Criterion
from actions.queries.measured import amount_words
from core import history
from core.models import HistoryEntry, RowChange
from core.templatetags.times import day_words, duration_words, moment_words
from people.models import Department, User

# The newest ones; who needs older ones asks the database.
MOST = 300
LONGEST = 200
# The line in the history follows its rows by milliseconds; machines that are busy need longer.
ZERO, NEAR = timedelta(0), timedelta(seconds=2)
# What is kept beside the action's own row, by the name of the relation.
PARTS = ("criteria", "milestones", "blockers", "evidence", "deadline_requests")
# Columns that say nothing to people, or whose names they may not be allowed to read.
UNSAID = {"id", "version", "position", "action_id", "met_by_id", "done_by_id", "file", "file_size", "source"}
# Columns whose fields have no name of their own, or one for programs.
NAMES: dict[str, Any] = {
    "late_seconds": pgettext_lazy("a fact", "late by"),
    "external_id": pgettext_lazy("a fact", "number elsewhere"),
    "created_by": pgettext_lazy("a fact", "written down by"),
    "created_at": pgettext_lazy("a fact", "written down"),
    "checked_by": pgettext_lazy("a fact", "checked by"),
    "checked_at": pgettext_lazy("a fact", "checked"),
    "confirmed_by": pgettext_lazy("a fact", "confirmed by"),
    "confirmed_at": pgettext_lazy("a fact", "confirmed"),
    "accepted_by": pgettext_lazy("a fact", "accepted by"),
    "by": pgettext_lazy("a fact", "noted by"),
    "asked_by": pgettext_lazy("a fact", "asked by"),
    "asked_at": pgettext_lazy("a fact", "asked"),
    "answered_by": pgettext_lazy("a fact", "answered by"),
    "answered_at": pgettext_lazy("a fact", "answered"),
    "lifted_by": pgettext_lazy("a fact", "lifted by"),
    "time_zone": pgettext_lazy("a fact", "time zone"),
    "is_all_day": pgettext_lazy("a fact", "all day"),
}
ONLY_NAMED = {"meeting_id", "agenda_item_id", "decision_id", "issue_id", "source_note_id", "raised_item_id"}


class Fact(NamedTuple):
    """One column: what it was and what it became, in words."""

    name: str
    before: str
    after: str


@dataclass(slots=True, kw_only=True)
class Change:
    """What happened in one step; `words` is empty where no step of the site did it. `actor` None: the system."""

    at: datetime
    actor: User | None
    words: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


def changes_of(action: Action) -> list[Change]:
    """The steps, newest first, in the reader's language and zone. A fixed number of queries."""
    entries = list(history.of(action)[:MOST])
    rows = list(_rows(action))
    names = _Names(action, entries, rows)
    steps, waiting = [], sorted(rows, key=lambda row: row.at)
    for entry in reversed(entries):
        change = Change(at=entry.at, actor=names.people.get(entry.actor_id or 0))
        change.words.append(_words(entry, names))
        change.notes += [entry.note] if entry.note else []
        # A step writes its rows first, then its line in the history.
        own = [row for row in waiting if row.actor_id == entry.actor_id and ZERO <= entry.at - row.at < NEAR]
        waiting = [row for row in waiting if row not in own]
        change.facts += [fact for row in own for fact in _facts(row, names)]
        steps.append(change)
    for row in waiting:
        _add(steps, row, names)
    return sorted((one for one in steps if one.words or one.facts), key=lambda one: one.at, reverse=True)


def _add(steps: list[Change], row: RowChange, names: "_Names") -> None:
    """What follows a step at once belongs to it; anything else bypassed the steps and stands alone."""
    actor = names.people.get(row.actor_id or 0)
    near = (one for one in steps if one.actor == actor and ZERO <= row.at - one.at < NEAR)
    step = next(near, None)
    if step is None:
        steps.append(step := Change(at=row.at, actor=actor))
    step.facts += _facts(row, names)


def _rows(action: Action) -> models.QuerySet[RowChange]:
    wanted = Q(table=Action._meta.db_table, row_id=action.pk)
    for name in PARTS:
        related = getattr(action, name)
        wanted |= Q(table=related.model._meta.db_table, row_id__in=related.values("pk"))
    return RowChange.objects.filter(wanted).order_by("-pk")[:MOST]


class _Names:
    """The people and departments that the records name by number, and what figures judge, read once."""

    def __init__(self, action: Action, entries: Iterable[HistoryEntry], rows: Iterable[RowChange]) -> None:
        people = {one.actor_id for one in entries if one.actor_id} | {
            one.actor_id for one in rows if one.actor_id
        }
        departments: set[int] = set()
        told = [one.before or {} for one in entries] + [one.after or {} for one in entries]
        for values in told:
            for name, value in values.items() if isinstance(values, dict) else ():
                if name in ("owner", "acceptor") and isinstance(value, int):
                    people.add(value)
        for row in rows:
            for column, pair in row.changes.items():
                related = _related(row.table, column)
                numbers = {one for one in pair if isinstance(one, int)} if isinstance(pair, list) else set()
                if related is User:
                    people |= numbers
                elif related is Department:
                    departments |= numbers
        self.people = User.objects.in_bulk(people)
        self.departments = Department.objects.in_bulk(departments)
        measured = action.criteria.filter(metric__isnull=False).select_related("metric")
        self.measured = {one.pk: one for one in measured}


# --- the worded history ----------------------------------------------------------------------------------------
SAID: dict[str, Any] = {
    "captured": gettext_lazy("Written down"),
    "imported": gettext_lazy("Imported"),
    "edited": gettext_lazy("Words changed"),
    "published": gettext_lazy("Published"),
    "checked": gettext_lazy("Proposal checked"),
    "confirmed": gettext_lazy("Proposal confirmed"),
    "refused": gettext_lazy("Proposal sent back"),
    "department": gettext_lazy("Another department"),
    "comment_edited": gettext_lazy("A comment was changed"),
    "comment_removed": gettext_lazy("A comment was removed"),
    "file_added": gettext_lazy("A file was attached"),
    "file_removed": gettext_lazy("A file was taken off"),
    "help_answered": gettext_lazy("The call for help was answered"),
    "help_offered": gettext_lazy("The helper says that it is solved"),
    "help_raised": gettext_lazy("The blocker was put on an agenda"),
    "deadline_refused": gettext_lazy("Another deadline refused"),
    "deadline_withdrawn": gettext_lazy("Wish for another deadline taken back"),
    "split": gettext_lazy("Split: other actions were made of it"),
    "merged": gettext_lazy("Another action was merged into it"),
}


def _words(entry: HistoryEntry, names: _Names) -> str:
    verb = entry.verb.removeprefix("actions.")
    before, after = entry.before or {}, entry.after or {}
    if verb == "status":
        return f"{_status(before.get('status'))} → {_status(after.get('status'))}"
    if verb in ("deadline", "deadline_asked"):
        what = _("Deadline") if verb == "deadline" else _("Another deadline asked for")
        return _("%(what)s: %(old)s → %(new)s") % {
            "what": what,
            "old": _moment(before.get("due_at")),
            "new": _moment(after.get("due_at")),
        }
    if verb in ("owner", "acceptor"):
        people = [names.people.get(values.get(verb) or 0) for values in (before, after)]
        return _("%(what)s: %(old)s → %(new)s") % {
            "what": _("Owner") if verb == "owner" else _("Acceptor"),
            "old": people[0] or "—",
            "new": people[1] or "—",
        }
    if verb in ABOUT:
        return ABOUT[verb](before, after)
    return str(SAID.get(verb, _("Changed")))


def _criterion(_before: dict[str, Any], after: dict[str, Any]) -> str:
    words = _("Criterion met: %(text)s") if after.get("is_met") else _("Criterion open again: %(text)s")
    return words % {"text": _short(after.get("criterion"))}


def _verdict(before: dict[str, Any], after: dict[str, Any]) -> str:
    names = {"met": _("met by the figures"), "missed": _("missed by the figures")}
    old, new = (names.get(told.get("verdict") or "", _("waits for the figures")) for told in (before, after))
    return _("%(text)s: %(old)s → %(new)s") % {
        "text": _short(after.get("criterion")),
        "old": old,
        "new": new,
    }


def _milestone(_before: dict[str, Any], after: dict[str, Any]) -> str:
    words = _("Milestone reached: %(text)s") if after.get("done_at") else _("Milestone: %(text)s")
    return words % {"text": _short(after.get("title"))}


ABOUT: dict[str, Callable[[dict[str, Any], dict[str, Any]], str]] = {
    "criterion": _criterion,
    "criterion_added": lambda _before, after: (
        _("A measured criterion was added: %(text)s") % {"text": _short(after.get("criterion"))}
    ),
    "criterion_dropped": lambda before, _after: (
        _("A measured criterion was dropped: %(text)s") % {"text": _short(before.get("criterion"))}
    ),
    "verdict": _verdict,
    "milestone": _milestone,
    "evidence": lambda _before, after: _("Evidence: %(text)s") % {"text": _short(after.get("evidence"))},
}


def _status(value: Any) -> str:
    labels: dict[Any, Any] = dict(Action.Status.choices)
    return str(labels.get(value, value or "—"))


def _moment(value: Any) -> str:
    found = parse_datetime(value) if isinstance(value, str) else None
    return moment_words(found, with_zone=False) if found else "—"


def _short(value: Any) -> str:
    return Truncator("—" if value in (None, "") else str(value)).chars(LONGEST)


# --- what the database kept ------------------------------------------------------------------------------------
def _facts(row: RowChange, names: _Names) -> list[Fact]:
    if row.is_removal:
        return []
    model = _model(row.table)
    colon = pgettext("between a field's name and its error", ": ")
    judged = names.measured.get(row.row_id) if model is Criterion else None
    prefix = "" if model is Action or model is None else capfirst(str(model._meta.verbose_name)) + colon
    return [
        Fact(prefix + _label(model, column), *_pair(model, column, pair, names, judged))
        for column, pair in row.changes.items()
        if column not in UNSAID
    ]


def _model(table: str) -> type[models.Model] | None:
    return next(
        (one for one in apps.get_app_config("actions").get_models() if one._meta.db_table == table), None
    )


def _field(model: type[models.Model] | None, column: str) -> Any:
    try:
        return model._meta.get_field(column.removesuffix("_id")) if model is not None else None
    except FieldDoesNotExist:
        return None


def _related(table: str, column: str) -> Any:
    return getattr(_field(_model(table), column), "related_model", None)


def _label(model: type[models.Model] | None, column: str) -> str:
    name = column.removesuffix("_id")
    words = getattr(_field(model, column), "verbose_name", column)
    # Django makes a name of its own, in English, of what has none.
    has_none = isinstance(words, str) or name == "late_seconds"
    return capfirst(str(NAMES.get(name, words) if has_none else words))


def _pair(
    model: type[models.Model] | None, column: str, pair: list[Any], names: _Names, judged: Criterion | None
) -> tuple[str, str]:
    if column in ONLY_NAMED:
        return ("…" if pair[0] else "—", "…" if pair[1] else "—")
    if column == "late_seconds":
        return (_lateness(pair[0]), _lateness(pair[1]))
    found = _field(model, column)
    if judged is not None and isinstance(found, models.DecimalField):
        return (amount_words(judged, pair[0]), amount_words(judged, pair[1]))
    return (_value(found, pair[0], names), _value(found, pair[1], names))


def _lateness(seconds: int | None) -> str:
    if not seconds:
        return "—" if seconds is None else pgettext("a fact", "in time")
    return duration_words(timedelta(seconds=seconds))


def _value(found: Any, value: Any, names: _Names) -> str:
    if value in (None, ""):
        return "—"
    if isinstance(value, bool):
        return pgettext("a fact", "yes") if value else pgettext("a fact", "no")
    if found is None:
        return _short(value)
    if found.related_model is User:
        return str(names.people.get(value, "—"))
    if found.related_model is Department:
        return str(names.departments.get(value, "—"))
    if found.related_model is Action:
        return f"A-{value}"
    if found.choices:
        return str(dict(found.flatchoices).get(value, value))
    if isinstance(found, models.DateTimeField):
        return _moment(value)
    if isinstance(found, models.DateField):
        day = parse_date(str(value))
        return day_words(day) if day else "—"
    return _short(value)
