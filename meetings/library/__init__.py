"""The types of meeting that a new company starts with. It may change them; what it changed is left alone.

`ensure()` creates the types that are missing, with their modules and required documents, and may run any number of
times. A type is known by its code: as soon as one version of it exists, nothing is added to it.
"""

from typing import Any

from meetings.library.business_review import BUSINESS_REVIEW
from meetings.library.parts import TemplateText
from meetings.library.weekly_operations import WEEKLY_OPERATIONS
from meetings.library.year_end_review import YEAR_END_REVIEW

TYPES: tuple[TemplateText, ...] = (BUSINESS_REVIEW, WEEKLY_OPERATIONS, YEAR_END_REVIEW)


def ensure(apps: Any = None) -> None:
    """Create what is missing. A migration hands in its own `apps`, whose models are those of its moment."""
    if apps is None:
        from django.apps import apps
    template_model = apps.get_model("meetings", "Template")
    for position, text in enumerate(TYPES, start=1):
        if not template_model.objects.filter(code=text.code).exists():
            _create(apps, text, position * 10)


def _create(apps: Any, text: TemplateText, position: int) -> None:
    departments = _departments(apps)
    template = apps.get_model("meetings", "Template").objects.create(
        code=text.code,
        name_en=text.name_en,
        name_zh=text.name_zh,
        purpose_en=text.purpose_en,
        purpose_zh=text.purpose_zh,
        planned_minutes=text.planned_minutes,
        period_grain=text.period_grain,
        preread_form=text.preread_form,
        preread_lead_days=text.preread_lead_days,
        position=position,
    )
    for order, part in enumerate(text.modules, start=1):
        module = apps.get_model("meetings", "TemplateModule").objects.create(
            template=template,
            order=order,
            title_en=part.title_en,
            title_zh=part.title_zh,
            presenter=part.presenter,
            department=departments.get(part.department),
            report_minutes=part.report,
            discussion_minutes=part.discussion,
            questions_en="\n".join(en for en, _zh in part.questions),
            questions_zh="\n".join(zh for _en, zh in part.questions),
            metric_codes=list(part.metrics),
        )
        document_model = apps.get_model("meetings", "TemplateDocument")
        document_model.objects.bulk_create(
            document_model(
                module=module, department=departments[code], name_en=name_en, name_zh=name_zh, order=number
            )
            for number, (code, name_en, name_zh) in enumerate(part.documents, start=1)
            if code in departments
        )


def _departments(apps: Any) -> dict[str, Any]:
    return {
        department.code: department for department in apps.get_model("people", "Department").objects.all()
    }
