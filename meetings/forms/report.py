"""A pre-read as one form: its texts, rows and stated figures, as they are stored or as they were posted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.forms import BoundField, Form
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.text import whole
from meetings.errors import Conflict, NotAllowed
from meetings.forms.report_rows import ROW_FORMS, EffortForm, StatementForm
from meetings.models import PreRead, Statement
from meetings.queries.report import Report, Section, report
from meetings.queries.report_choices import Choices, choices
from meetings.services import prereads, report_rows, statements
from metrics.models import Metric
from people.models import User


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which the stored row differs from what was typed, with the stored value in words."""

    name: str
    label: str
    value: Any
    words: str


@dataclass(slots=True)
class Entry:
    """One row as fields, the version they began from, and where a stored row differs that somebody else saved."""

    key: str
    row: Any
    form: Any
    version: int
    theirs: list[Difference] = field(default_factory=list)
    by: str = ""
    is_unsaved: bool = False

    @property
    def is_stated(self) -> bool:
        """For a stated figure: whether one is stored, or typed and not stored yet."""
        return self.row is not None or self.is_unsaved


def row_form(kind: str, row: Any, options: Choices, data: QueryDict | None = None) -> Any:
    form = ROW_FORMS[kind]
    return form(data, prefix=f"{kind}-{row.pk}", initial=form.initial_of(row), choices=options)


def statement_form(
    metric: Metric, row: Statement | None, options: Choices, currency: str, data: QueryDict | None = None
) -> StatementForm:
    initial = StatementForm.initial_of(row) if row else {"currency": currency or "USD"}
    return StatementForm(
        data, prefix=f"statement-{metric.code}", initial=initial, metric=metric, choices=options
    )


def differences(form: Any, theirs: Any) -> list[Difference]:
    """Where the stored row differs from a bound form, field by field. `theirs` None: it was taken back."""
    stored = type(form).initial_of(theirs) if theirs is not None else {}
    found = []
    for name, one in form.fields.items():
        typed = form[name].value()
        if not one.has_changed(stored.get(name), typed):
            continue
        value = one.prepare_value(stored.get(name))
        value = "" if value is None else value
        found.append(Difference(form[name].html_name, str(one.label), value, _words(one, value)))
    return found


def _words(one: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    labels = {str(key): str(label) for key, label in getattr(one, "choices", ())}
    return labels.get(str(value), str(value))


class Draft:
    """The report of one pre-read with all its fields for one writer."""

    def __init__(self, preread: PreRead, user: User, data: QueryDict | None = None) -> None:
        self.preread, self.user, self.data = preread, user, data
        self.report: Report = report(preread, user)
        self.choices = choices(preread, user)
        self.conflicts: list[Conflict] = []
        self.errors: list[BoundField] = []
        self.refused: list[str] = []
        self.rows: dict[str, list[Entry]] = {
            section.key: [self._row(section.kind, row) for row in section.rows]
            for section in self.report.sections
            if section.kind in ROW_FORMS
        }
        self.statements = {figure.row.metric.code: self._statement(figure) for figure in self.report.figures}
        minutes = preread.preparation_minutes
        self.effort = EffortForm(
            data if data is not None and "effort-hours" in data else None,
            prefix="effort",
            initial={"hours": None if minutes is None else round(minutes / 60, 1)},
        )

    # --- what the page walks through -----------------------------------------------------------------
    @property
    def sections(self) -> Iterator[tuple[Section, list[Entry]]]:
        for section in self.report.sections:
            yield section, self.rows.get(section.key, [])

    @property
    def is_whole(self) -> bool:
        """Everything that was posted could be stored."""
        return not (self.conflicts or self.errors or self.refused)

    # --- from a post ---------------------------------------------------------------------------------
    def _posted(self, key: str) -> QueryDict | None:
        return self.data if self.data is not None and f"version:{key}" in self.data else None

    def _version(self, key: str, stored: int) -> int:
        data = self._posted(key)
        return stored if data is None else whole(str(data.get(f"version:{key}", "")))

    def _row(self, kind: str, row: Any) -> Entry:
        key = f"{kind}-{row.pk}"
        form = row_form(kind, row, self.choices, self._posted(key))
        return Entry(key, row, form, self._version(key, row.version))

    def _statement(self, figure: Any) -> Entry:
        metric, row = figure.row.metric, figure.statement
        key = f"statement-{metric.code}"
        form = statement_form(metric, row, self.choices, figure.row.currency, self._posted(key))
        return Entry(key, row, form, self._version(key, row.version if row else 0))

    # --- storing -------------------------------------------------------------------------------------
    def save(self, *, texts: list[prereads.Sent], by: User, now: datetime) -> bool:
        """Store all that changed; True when nothing is left over. Raises NotAllowed when it is not open for writing.

        What could not be stored stays in the fields: conflicts with the stored row beside, errors at their field.
        """
        self.conflicts = prereads.save_texts(preread=self.preread, sent=texts, by=by, now=now)
        for entries in self.rows.values():
            for entry in entries:
                self._save_entry(entry, lambda entry=entry: self._save_row(entry, by, now))
        for code, entry in self.statements.items():
            self._save_entry(
                entry, lambda entry=entry, code=code: save_statement(self.preread, code, entry, by, now)
            )
        self._save_effort(by, now)
        return self.is_whole

    def _save_entry(self, entry: Entry, store: Any) -> None:
        form: Form = entry.form
        if not form.is_bound or not form.has_changed():
            return
        if not form.is_valid():
            entry.is_unsaved = True
            self.errors += [form[name] for name in form.errors if name in form.fields]
            return
        try:
            store()
        except Conflict as conflict:
            entry.is_unsaved = True
            entry.theirs, entry.by = differences(form, conflict.theirs), _who(conflict.theirs)
            entry.version = conflict.theirs.version
            self.conflicts.append(conflict)
        except NotAllowed as error:
            entry.is_unsaved = True
            self.refused.append(str(error))

    def _save_row(self, entry: Entry, by: User, now: datetime) -> None:
        entry.row.preread = self.preread
        report_rows.save(row=entry.row, values=entry.form.values(), version=entry.version, by=by, now=now)

    def _save_effort(self, by: User, now: datetime) -> None:
        if not self.effort.is_bound or not self.effort.has_changed():
            return
        if self.effort.is_valid():
            prereads.say_effort(preread=self.preread, minutes=self.effort.minutes(), by=by, now=now)
        else:
            self.errors.append(self.effort["hours"])


def save_statement(preread: PreRead, code: str, entry: Entry, by: User, now: datetime) -> Statement | None:
    """State, change or take back a figure as the form says."""
    form: StatementForm = entry.form
    if form.says_nothing:
        statements.retract(preread=preread, metric_code=code, version=entry.version, by=by, now=now)
        return None
    return statements.state(
        preread=preread, metric_code=code, version=entry.version, by=by, now=now, **form.values()
    )


def _who(row: Any) -> str:
    person = getattr(row, "edited_by", None) or getattr(row, "stated_by", None)
    return person.name if person else ""
