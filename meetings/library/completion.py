"""Fills columns that came later into types that were shipped before, as long as the company has not changed them."""

from typing import Any

from meetings import library
from meetings.library.parts import ModuleText, TemplateText

LATER = ("preread_open_days", "correction_hours", "preparation_hours", "usual_rule")
LATER_OF_MODULE = ("kind", "is_confidential", "is_recurring", "action_list")


def complete(apps: Any) -> None:
    """Every type that still stands as it was shipped (one version, same texts and minutes, later columns at their
    defaults) gets the later columns; of another one nothing is touched. Also creates types that are missing."""
    library.ensure(apps)
    templates = apps.get_model("meetings", "Template").objects
    for text in library.TYPES:
        versions = list(templates.filter(code=text.code))
        if len(versions) == 1 and _is_as_shipped(versions[0], text):
            _fill(versions[0], text)


def _is_as_shipped(template: Any, text: TemplateText) -> bool:
    modules = _modules(template)
    return (
        template.version == 1
        and _same(template, library.template_values(text), LATER)
        and len(modules) == len(text.modules)
        and all(_is_same_module(row, part) for row, part in zip(modules, text.modules, strict=True))
    )


def _is_same_module(row: Any, part: ModuleText) -> bool:
    department = row.department.code if row.department else ""
    return department == part.department and _same(row, library.module_values(part), LATER_OF_MODULE)


def _same(row: Any, values: dict[str, Any], later: tuple[str, ...]) -> bool:
    """Whether the row says what was shipped; a later column may also still be at its default."""
    for name, value in values.items():
        present = getattr(row, name)
        if present != value and not (name in later and present == _default(row, name)):
            return False
    return True


def _default(row: Any, name: str) -> Any:
    return row._meta.get_field(name).get_default()


def _fill(template: Any, text: TemplateText) -> None:
    _set(template, library.template_values(text), LATER)
    for row, part in zip(_modules(template), text.modules, strict=True):
        _set(row, library.module_values(part), LATER_OF_MODULE)


def _set(row: Any, values: dict[str, Any], later: tuple[str, ...]) -> None:
    changed = [name for name in later if getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)


def _modules(template: Any) -> list[Any]:
    return list(template.modules.select_related("department").order_by("order"))
