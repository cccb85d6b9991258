"""A pre-read as its department works on it: the sections of its form with what stands in them and what is missing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from meetings.library import report_forms
from meetings.library.report_forms import Kind, SectionForm
from meetings.models import (
    AgendaItem,
    Attachment,
    DecisionRequest,
    PreRead,
    PreReadProblem,
    PreReadText,
    RequiredDocument,
    ResourceRequest,
    Statement,
)
from meetings.queries import confidential
from meetings.queries.figures import Figure, kpi_table
from meetings.queries.prereads import Block, cause_block
from people.models import User


class State(StrEnum):
    """How far a section is: `wanting` keeps the report from being submitted."""

    DONE = "done"
    EMPTY = "empty"
    WANTING = "wanting"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is still missing: the sentence, the place on the page, and whether submitting waits for it."""

    words: str
    anchor: str
    is_needed: bool = True


@dataclass(slots=True)
class Section:
    """One section of a report. Which lists are filled depends on its kind; attachments may stand in any.

    `texts` are the section's own text or the answers to the guiding questions; `documents` pairs each required
    document with its files.
    """

    form: SectionForm
    texts: list[Block] = field(default_factory=list)
    figures: list[tuple[Figure, Block]] = field(default_factory=list)
    problems: list[PreReadProblem] = field(default_factory=list)
    resources: list[ResourceRequest] = field(default_factory=list)
    decisions: list[DecisionRequest] = field(default_factory=list)
    documents: list[tuple[RequiredDocument, list[Attachment]]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.form.key

    @property
    def kind(self) -> str:
        return self.form.kind

    @property
    def heading(self) -> str:
        return self.form.heading

    @property
    def prompt(self) -> str:
        return self.form.prompt

    @property
    def page(self) -> int:
        return self.form.page

    @property
    def page_heading(self) -> str:
        """The page of the weekly form that begins or goes on with this section."""
        return report_forms.page_heading(self.form.page)

    @property
    def statements(self) -> list[Statement]:
        return [figure.statement for figure, _block in self.figures if figure.statement]

    @property
    def rows(self) -> list[Any]:
        return self.problems or self.resources or self.decisions

    @property
    def needed(self) -> list[Lack]:
        return [lack for lack in self.lacks if lack.is_needed]

    @property
    def state(self) -> State:
        if self.needed:
            return State.WANTING
        is_begun = (
            any(not block.is_empty for block in self.texts)
            or any(figure.has_value or figure.statement for figure, _block in self.figures)
            or any(not row.is_blank for row in self.rows)
            or any(files for _document, files in self.documents)
            or bool(self.attachments)
        )
        return State.DONE if is_begun and not self.lacks else State.EMPTY


@dataclass(slots=True)
class Report:
    """All sections in their order; `figures_problem` when no figures can be shown, a sentence."""

    preread: PreRead
    sections: list[Section]
    figures_problem: str = ""

    @property
    def figures(self) -> list[Figure]:
        return [figure for section in self.sections for figure, _block in section.figures]

    @property
    def blocks(self) -> list[Block]:
        """Every text field, causes included."""
        texts = [block for section in self.sections for block in section.texts]
        return texts + [block for section in self.sections for _figure, block in section.figures]

    @property
    def lacks(self) -> list[Lack]:
        return [lack for section in self.sections for lack in section.lacks]

    @property
    def needed(self) -> list[Lack]:
        """What submitting waits for."""
        return [lack for lack in self.lacks if lack.is_needed]

    @property
    def attachments(self) -> list[Attachment]:
        own = [file for section in self.sections for file in section.attachments]
        return own + [
            file for section in self.sections for _document, files in section.documents for file in files
        ]


def report(preread: PreRead, reader: User | None = None) -> Report:
    """The working report, as a reader may see it (without one: all of it). The number of queries is constant."""
    secret = _secret(preread, reader)
    texts = [
        text
        for text in preread.texts.select_related("edited_by").order_by("position", "pk")
        if confidential.item_of(text) not in secret
    ]
    statements = list(preread.statements.select_related("stated_by"))
    found, problem = kpi_table(preread, texts, statements)
    rows = [figure for figure in found if figure.item_id not in secret]
    files = _files(preread, reader)
    made = _Made(
        texts={(text.kind, text.key): text for text in texts},
        figures=rows,
        problems=_rows(PreReadProblem, preread, "needs"),
        resources=_rows(ResourceRequest, preread),
        decisions=[row for row in _rows(DecisionRequest, preread, "decider") if row.item_id not in secret],
        documents=_documents(preread, reader),
        files=files,
    )
    forms = report_forms.sections(preread.meeting.template.preread_form)
    sections = [_section(form, made) for form in forms]
    # An agenda item without questions of its own leaves no empty place.
    sections = [section for section in sections if section.kind != Kind.QUESTIONS or section.texts]
    _place_the_rest(sections, made)
    return Report(preread, sections, problem)


def lacks_of(preread: PreRead, reader: User) -> list[Lack]:
    """What keeps a pre-read from being submitted; what a confidential item lacks is not named to outsiders."""
    own = report(preread, reader).needed
    if not AgendaItem.objects.filter(meeting=preread.meeting_id, is_confidential=True).exists():
        return own
    if len(report(preread).needed) > len(own):
        words = _("Something is missing in a confidential part. Ask the lead of your department.")
        return [*own, Lack(words, "report-nav")]
    return own


def missing_documents(preread: PreRead, reader: User) -> list[RequiredDocument]:
    """The required documents without a file, of those this reader may know."""
    sections = report(preread, reader).sections
    return [document for section in sections for document, files in section.documents if not files]


@dataclass(slots=True)
class _Made:
    """What a report is put together from."""

    texts: dict[tuple[str, str], PreReadText]
    figures: list[Figure]
    problems: list[PreReadProblem]
    resources: list[ResourceRequest]
    decisions: list[DecisionRequest]
    documents: list[RequiredDocument]
    files: list[Attachment]


def _secret(preread: PreRead, reader: User | None) -> set[int]:
    if reader is None:
        return set()
    return confidential.hidden_ids(meeting=preread.meeting_id, user=reader)


def _rows(model: Any, preread: PreRead, *joined: str) -> list[Any]:
    """The rows of a kind; those that were taken off with something written in them stand at the end."""
    rows = model.objects.filter(preread=preread).select_related("edited_by", *joined)
    found = list(rows.order_by("position", "pk"))
    present = [row for row in found if row.removed_at is None]
    return present + [row for row in found if row.removed_at is not None and not row.is_blank]


def _documents(preread: PreRead, reader: User | None) -> list[RequiredDocument]:
    rows = RequiredDocument.objects.all() if reader is None else confidential.open_documents(reader)
    return list(
        rows.filter(meeting=preread.meeting_id, department=preread.department_id).order_by("order", "pk")
    )


def _files(preread: PreRead, reader: User | None) -> list[Attachment]:
    rows = Attachment.objects.all() if reader is None else confidential.open_files(reader)
    return list(
        rows.filter(preread=preread, removed_at=None).select_related("added_by", "document").order_by("pk")
    )


def _block(kind: str, key: str, made: _Made) -> Block:
    row = made.texts.get((kind, key))
    return Block(kind, key, row, row.text if row else "", row.version if row else 0)


def _section(form: SectionForm, made: _Made) -> Section:
    section = Section(form)
    if form.kind == Kind.FIGURES:
        section.figures = [(figure, cause_block(figure)) for figure in made.figures]
    elif form.kind == Kind.TEXT:
        section.texts = [_block(PreReadText.Kind.SECTION, form.key, made)]
    elif form.kind == Kind.FREE:
        section.texts = [_block(PreReadText.Kind.FREE, "free", made)]
    elif form.kind == Kind.QUESTIONS:
        kept = [text for text in made.texts.values() if text.kind == PreReadText.Kind.QUESTION]
        section.texts = [_block(text.kind, text.key, made) for text in kept]
    elif form.kind == Kind.PROBLEMS:
        section.problems, section.removed = _present(made.problems)
    elif form.kind == Kind.RESOURCES:
        section.resources, section.removed = _present(made.resources)
    elif form.kind == Kind.DECISIONS:
        section.decisions, section.removed = _present(made.decisions)
    section.attachments = [
        file for file in made.files if file.section == form.key and file.document_id is None
    ]
    section.lacks = list(_lacks(section))
    return section


def _present(rows: list[Any]) -> tuple[list[Any], list[Any]]:
    return [row for row in rows if row.removed_at is None], [
        row for row in rows if row.removed_at is not None
    ]


def _place_the_rest(sections: list[Section], made: _Made) -> None:
    """Required documents stand in their own section, where there is none in the last; so do files of no section."""
    if not sections:
        return
    home = next((one for one in sections if one.kind == Kind.DOCUMENTS), sections[-1])
    known = {document.pk for document in made.documents}
    home.documents = [
        (document, [file for file in made.files if file.document_id == document.pk])
        for document in made.documents
    ]
    home.lacks += [
        Lack(
            _("The document “%(name)s” is missing.") % {"name": document.name},
            f"document-{document.pk}",
            is_needed=False,
        )
        for document, files in home.documents
        if not files
    ]
    keys = {section.key for section in sections}
    sections[-1].attachments += [
        file
        for file in made.files
        if (file.document_id and file.document_id not in known)
        or (not file.document_id and file.section not in keys)
    ]


# --- what is missing ------------------------------------------------------------------------------------
def _lacks(section: Section) -> Iterable[Lack]:
    for figure, _cause in section.figures:
        if figure.needs_cause:
            words = _("%(metric)s moved beyond the tolerance: write its cause.")
            yield Lack(words % {"metric": figure.row.metric.name}, f"text-cause-{figure.row.metric.code}")
    kind = ROW_WORDS.get(section.kind)
    if kind:
        for number, row in enumerate(section.rows, start=1):
            if row.is_blank:
                continue
            for name in row.lacks:
                yield Lack(
                    _("%(what)s %(number)d: %(lack)s.")
                    % {"what": kind(), "number": number, "lack": lack_words(name)},
                    f"{section.kind}-{row.pk}",
                )


ROW_WORDS: dict[str, Callable[[], str]] = {
    Kind.PROBLEMS: lambda: _("Problem"),
    Kind.RESOURCES: lambda: _("Resource request"),
    Kind.DECISIONS: lambda: _("Decision request"),
}


def lack_words(name: str) -> str:
    """What is missing in a row, as the end of a sentence."""
    return {
        "problem": _("say what the problem is"),
        "solution": _("propose a solution"),
        "what": _("say what is asked for"),
        "cost": _("state the cost"),
        "past": _("choose the past figures, or say that nothing of the kind was tried so far"),
        "expected_increment": _("state the expected increment"),
        "question": _("say what is to be decided"),
        "options": _("give at least two options"),
        "recommended": _("recommend one of the options"),
        "decider": _("say who may decide"),
    }[name]
