"""Habits of the house that a machine can see: short files, one door to records, texts that can be translated."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import BASE_DIR, python_files
from tests.architecture.test_imports import ORDER

LONGEST_FILE = 450
LONGEST_FUNCTION = 100
HAN = re.compile(r"[\u4e00-\u9fff]")


def ours() -> list[Path]:
    return [path for app in (*ORDER, "config") for path in python_files(app)]


def name_of(path: Path) -> str:
    return str(path.relative_to(BASE_DIR))


def test_files_are_read_in_one_go():
    found = {
        name_of(path): lines
        for path in ours()
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }

    assert found == {}


def test_functions_fit_on_a_screen():
    found = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in ours()
        if path.stem != "gallery"  # sample data of the style guide
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]

    assert found == []


def test_no_file_is_called_utils():
    assert [name_of(path) for path in ours() if path.stem in {"utils", "helpers", "misc", "common"}] == []


# Their door is open to everybody who is logged in, and LoginRequiredMiddleware lets nobody else into a view.
OPEN_TO_ALL = {"Shop", "Metric"}


def protected_models() -> set[str]:
    """Models whose query set has `visible_to`: who reads them in a view goes through that door."""
    from django.apps import apps

    guarded = {model.__name__ for model in apps.get_models() if hasattr(model._default_manager, "visible_to")}
    return guarded - OPEN_TO_ALL


def managers_used(path: Path) -> list[tuple[int, str, str]]:
    """(line, model, method) for every `Model.objects.method` of a file."""
    return [
        (node.lineno, node.value.value.id, node.attr)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "objects"
        and isinstance(node.value.value, ast.Name)
    ]


def test_views_read_protected_records_through_their_door():
    protected = protected_models()
    views = [path for path in ours() if path.stem == "views" or "views" in path.parts]
    found = [
        f"{name_of(path)}:{line} {model}.objects.{method}"
        for path in views
        for line, model, method in managers_used(path)
        if model in protected and method != "visible_to"
    ]

    assert found == []


@pytest.mark.parametrize("app", ORDER)
def test_services_take_their_arguments_by_name(app):
    """`publish(meeting=…, by=…, now=…)` reads aloud; who did it and when are never left to their place."""
    found = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in python_files(app)
        if path.stem == "services" or "services" in path.parts
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and (len(node.args.args) > 2 or {"by", "now"} & {argument.arg for argument in node.args.args})
    ]

    assert found == []


def test_source_strings_are_english():
    """Chinese belongs in the catalogue, in rows and in what files are recognised by; not in what makes pages."""
    allowed = ("metrics/intake/", "metrics/dictionary/", "dashboard/demo/", "config/launcher.py")
    drawers = {"views", "forms", "tables", "services", "rules", "tasks"}
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in ours()
        if not name_of(path).startswith(allowed) and drawers & {path.stem, *path.parts}
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and HAN.search(node.value)
        and not _is_docstring(node, path)
    ]

    assert found == []


def _is_docstring(constant: ast.Constant, path: Path) -> bool:
    text = constant.value
    return text in {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }
