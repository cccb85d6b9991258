"""How a type of meeting is written down."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class ModuleText:
    """One module: minutes of report and discussion, who presents, and pairs (English, Chinese) of questions.

    Documents are (department code, English, Chinese); metrics are codes of the data dictionary.
    """

    title_en: str
    title_zh: str
    report: int
    discussion: int
    department: str = ""
    presenter: str = "department"
    questions: tuple[tuple[str, str], ...] = ()
    metrics: tuple[str, ...] = ()
    documents: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class TemplateText:
    code: str
    name_en: str
    name_zh: str
    purpose_en: str
    purpose_zh: str
    planned_minutes: int
    period_grain: str
    preread_form: str
    preread_lead_days: int = 7
    modules: tuple[ModuleText, ...] = field(default=())
