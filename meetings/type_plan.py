"""A type of meeting as somebody writes it down, before it is rows: the form gathers it, the services write it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from meetings.agenda import Slot
from meetings.models import Kind, Presenter, Template, TemplateDocument, TemplateModule

# The columns of a version that people fill in, in the order in which a comparison names them.
COLUMNS = (
    "name_en",
    "name_zh",
    "purpose_en",
    "purpose_zh",
    "planned_minutes",
    "period_grain",
    "quorum_percent",
    "preread_form",
    "preread_open_days",
    "preread_lead_days",
    "correction_hours",
    "preparation_hours",
    "usual_rule",
    "agenda_lead_hours",
    "plan_due_hours",
    "minutes_due_hours",
    "objection_hours",
)
MODULE_COLUMNS = (
    "title_en",
    "title_zh",
    "kind",
    "presenter",
    "report_minutes",
    "discussion_minutes",
    "is_pinned",
    "questions_en",
    "questions_zh",
    "metric_codes",
    "is_confidential",
    "is_recurring",
    "action_list",
)


@dataclass(frozen=True, kw_only=True)
class DocumentPlan:
    """A required document; `department` is the key of the department that hands it in."""

    department: int
    name_en: str
    name_zh: str


@dataclass(frozen=True, kw_only=True)
class ModulePlan:
    """One module. `module_id` names the row of the version it was before, `department` is a key or None."""

    title_en: str
    title_zh: str
    kind: str = Kind.TOPIC
    presenter: str = Presenter.DEPARTMENT
    department: int | None = None
    report_minutes: int = 0
    discussion_minutes: int = 0
    is_pinned: bool = False
    questions_en: str = ""
    questions_zh: str = ""
    metric_codes: tuple[str, ...] = ()
    is_confidential: bool = False
    is_recurring: bool = False
    action_list: str = ""
    documents: tuple[DocumentPlan, ...] = ()
    module_id: int | None = None

    @property
    def slot(self) -> Slot:
        return Slot(self.report_minutes, self.discussion_minutes, self.is_pinned)

    @classmethod
    def of(cls, module: TemplateModule) -> "ModulePlan":
        """The plan of a row; reads its documents."""
        documents = sorted(module.documents.all(), key=lambda one: (one.order, one.pk))
        values = {name: getattr(module, name) for name in MODULE_COLUMNS}
        return cls(
            **{**values, "metric_codes": tuple(module.metric_codes)},
            department=module.department_id,
            documents=tuple(
                DocumentPlan(department=one.department_id, name_en=one.name_en, name_zh=one.name_zh)
                for one in documents
            ),
            module_id=module.pk,
        )

    def columns(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in MODULE_COLUMNS}
        return {**values, "metric_codes": list(self.metric_codes), "department_id": self.department}

    def rows_of_documents(self, module: TemplateModule) -> list[TemplateDocument]:
        return [
            TemplateDocument(
                module=module,
                department_id=one.department,
                name_en=one.name_en,
                name_zh=one.name_zh,
                order=order,
            )
            for order, one in enumerate(self.documents, start=1)
        ]


@dataclass(frozen=True, kw_only=True)
class TypePlan:
    """A whole version: its columns by name (see COLUMNS) and its modules in order."""

    columns: dict[str, Any]
    modules: tuple[ModulePlan, ...] = field(default=())

    @classmethod
    def of(cls, template: Template) -> "TypePlan":
        """The plan of a stored version; reads its modules and their documents."""
        return cls._made(template, template.modules.prefetch_related("documents").order_by("order", "pk"))

    @classmethod
    def of_loaded(cls, template: Template) -> "TypePlan":
        """The same for a version whose modules (in order) and documents were read with it."""
        return cls._made(template, template.modules.all())

    @classmethod
    def _made(cls, template: Template, modules: Iterable[TemplateModule]) -> "TypePlan":
        return cls(
            columns={name: getattr(template, name) for name in COLUMNS},
            modules=tuple(ModulePlan.of(module) for module in modules),
        )

    @property
    def digest(self) -> str:
        """Tells two contents apart: a version that nobody used yet is changed without a new number."""
        modules = [{**asdict(module), "module_id": None} for module in self.modules]
        text = json.dumps([self.columns, modules], sort_keys=True, default=_plain)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def facts(self) -> dict[str, Any]:
        """What history keeps: the columns and the agenda in minutes."""
        agenda = [
            {
                "title": module.title_en or module.title_zh,
                "report": module.report_minutes,
                "discussion": module.discussion_minutes,
            }
            for module in self.modules
        ]
        return {**self.columns, "agenda": agenda}


def _plain(value: Any) -> str:
    """4 and 4.0 hours are the same."""
    return str(value.normalize()) if isinstance(value, Decimal) else str(value)
