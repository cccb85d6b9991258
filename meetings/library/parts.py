"""How a type of meeting is written down."""

from dataclasses import dataclass, field
from decimal import Decimal


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
    kind: str = "topic"
    questions: tuple[tuple[str, str], ...] = ()
    metrics: tuple[str, ...] = ()
    documents: tuple[tuple[str, str, str], ...] = ()
    # For its circle only: pay, commission.
    confidential: bool = False
    # In every meeting of a series, discussed or not.
    recurring: bool = False
    # The actions it goes through: blocked, late, due, silent, finished.
    actions: str = ""


@dataclass(frozen=True, kw_only=True)
class TemplateText:
    """One type. Pre-reads open, are due and may be corrected so long before the meeting; `preparation` is what
    one of them takes in person-hours, `usual_rule` an RFC 5545 rule or empty for a meeting without a rhythm."""

    code: str
    name_en: str
    name_zh: str
    purpose_en: str
    purpose_zh: str
    planned_minutes: int
    period_grain: str
    preread_form: str
    preread_lead_days: int = 7
    preread_open_days: int = 10
    correction_hours: int = 48
    preparation: Decimal = Decimal(4)
    usual_rule: str = ""
    modules: tuple[ModuleText, ...] = field(default=())


def break_(minutes: int) -> ModuleText:
    return ModuleText(
        title_en="Break", title_zh="休息", kind="break", presenter="host", report=0, discussion=minutes
    )
