"""The types of meeting that a new company starts with. It may change them; what it changed is left alone.

`ensure()` creates the types that are missing, with their modules and required documents, and may run any number of
times. A type is known by its code: as soon as one version of it exists, nothing is added to it.
"""

from collections.abc import Iterator
from typing import Any

from meetings.library.business_review import BUSINESS_REVIEW, BUSINESS_REVIEW_FITTED
from meetings.library.goals import KR_RESET, OKR_ALIGNMENT, SPECIAL_ADJUSTMENT
from meetings.library.parts import ModuleText, TemplateText
from meetings.library.progress import BIWEEKLY_PROGRESS, DEPARTMENT_LIAISON, MONTHLY_REVIEW
from meetings.library.weekly_operations import WEEKLY_OPERATIONS
from meetings.library.year_end_review import YEAR_END_REVIEW

TYPES: tuple[TemplateText, ...] = (
    BUSINESS_REVIEW,
    BUSINESS_REVIEW_FITTED,
    WEEKLY_OPERATIONS,
    BIWEEKLY_PROGRESS,
    MONTHLY_REVIEW,
    KR_RESET,
    OKR_ALIGNMENT,
    SPECIAL_ADJUSTMENT,
    DEPARTMENT_LIAISON,
    YEAR_END_REVIEW,
)


def ensure(apps: Any = None) -> None:
    """Create what is missing. A migration hands in its own `apps`, whose models are those of its moment: fields that
    they do not have yet are left out, and filled by the migration that comes after those fields."""
    if apps is None:
        from django.apps import apps
    known = set(apps.get_model("meetings", "Template").objects.values_list("code", flat=True))
    missing = [(place, text) for place, text in enumerate(TYPES, start=1) if text.code not in known]
    if missing:
        _create(apps, missing)


def _create(apps: Any, missing: list[tuple[int, TemplateText]]) -> None:
    """Three inserts, however many types are missing."""
    departments = {one.code: one for one in apps.get_model("people", "Department").objects.all()}
    template_model = apps.get_model("meetings", "Template")
    module_model = apps.get_model("meetings", "TemplateModule")
    document_model = apps.get_model("meetings", "TemplateDocument")
    templates = template_model.objects.bulk_create(
        template_model(position=place * 10, **_known(template_model, template_values(text)))
        for place, text in missing
    )
    modules: list[Any] = []
    documents: list[Any] = []
    for template, (_place, text) in zip(templates, missing, strict=True):
        for order, part in enumerate(text.modules, start=1):
            module = module_model(
                template=template,
                order=order,
                department=departments.get(part.department),
                **_known(module_model, module_values(part)),
            )
            modules.append(module)
            documents += _documents(document_model, module, part, departments)
    module_model.objects.bulk_create(modules)
    document_model.objects.bulk_create(documents)


def _documents(model: Any, module: Any, part: ModuleText, departments: dict[str, Any]) -> Iterator[Any]:
    for order, (code, name_en, name_zh) in enumerate(part.documents, start=1):
        if code in departments:
            yield model(
                module=module, department=departments[code], name_en=name_en, name_zh=name_zh, order=order
            )


def template_values(text: TemplateText) -> dict[str, Any]:
    """The columns of a version, without its place in the list."""
    return {
        "code": text.code,
        "name_en": text.name_en,
        "name_zh": text.name_zh,
        "purpose_en": text.purpose_en,
        "purpose_zh": text.purpose_zh,
        "planned_minutes": text.planned_minutes,
        "period_grain": text.period_grain,
        "preread_form": text.preread_form,
        "preread_lead_days": text.preread_lead_days,
        "preread_open_days": text.preread_open_days,
        "correction_hours": text.correction_hours,
        "preparation_hours": text.preparation,
        "usual_rule": text.usual_rule,
    }


def module_values(part: ModuleText) -> dict[str, Any]:
    """The columns of a module, without its template, place and department."""
    return {
        "title_en": part.title_en,
        "title_zh": part.title_zh,
        "presenter": part.presenter,
        "report_minutes": part.report,
        "discussion_minutes": part.discussion,
        "questions_en": "\n".join(en for en, _zh in part.questions),
        "questions_zh": "\n".join(zh for _en, zh in part.questions),
        "metric_codes": list(part.metrics),
        "kind": part.kind,
        "is_confidential": part.confidential,
        "is_recurring": part.recurring,
        "action_list": part.actions,
    }


def _known(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """What this model has columns for."""
    fields = {field.name for field in model._meta.fields}
    return {name: value for name, value in values.items() if name in fields}
