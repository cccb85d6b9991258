"""The order of the apps: each imports only from its left. config joins them and may import any."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import BASE_DIR, python_files

ORDER = ["core", "people", "notices", "metrics", "goals", "meetings", "actions", "dashboard", "api"]
# The readers at the right end stand side by side: neither may know the other.
SIDE_BY_SIDE = {frozenset({"dashboard", "api"})}
# Reading files is the intake's job alone, and pandas is slow to import.
ONLY_IN = {"pandas": ("metrics/intake/", "metrics/exports", "benchmarks/")}


def imported_modules(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import of a file, those inside functions included."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import; write the app's name"
            yield node.lineno, node.module or ""


def is_allowed(importer: str, imported: str) -> bool:
    if imported not in ORDER or importer == imported:
        return True
    if frozenset({importer, imported}) in SIDE_BY_SIDE:
        return False
    return ORDER.index(imported) < ORDER.index(importer)


def violations(path: Path, importer: str) -> list[str]:
    return [
        f"{path.relative_to(BASE_DIR)}:{line} imports {module}"
        for line, module in imported_modules(path)
        if not is_allowed(importer, module.split(".")[0])
    ]


@pytest.mark.parametrize("app", ORDER)
def test_app_imports_only_from_its_left(app):
    found = [line for path in python_files(app) for line in violations(path, app)]

    assert found == []


def test_no_app_imports_config_or_the_tests():
    """Only settings may come from config, and they come through django.conf."""
    found = [
        f"{path.relative_to(BASE_DIR)}:{line} imports {module}"
        for app in ORDER
        for path in python_files(app)
        for line, module in imported_modules(path)
        if module.split(".")[0] in {"config", "tests"}
    ]

    assert found == []


def test_the_walk_sees_an_upward_import(tmp_path):
    wrong = BASE_DIR / "tests" / "architecture" / "wrong_example.txt"

    assert violations(wrong, "people") == ["tests/architecture/wrong_example.txt:5 imports actions.models"]


@pytest.mark.parametrize("package", ONLY_IN)
def test_slow_packages_stay_where_they_belong(package):
    found = [
        f"{path.relative_to(BASE_DIR)}:{line}"
        for path in python_files(".")
        if not str(path.relative_to(BASE_DIR)).startswith((*ONLY_IN[package], "tests/"))
        for line, module in imported_modules(path)
        if module.split(".")[0] == package
    ]

    assert found == []


def test_no_signals_between_our_apps():
    """What a record's change causes is called by name. `post_migrate` is Django's own and concerns no record."""
    found = [
        f"{path.relative_to(BASE_DIR)}:{node.lineno} uses {alias.name}"
        for app in ORDER
        for path in python_files(app)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module in {"django.dispatch", "django.db.models.signals"}
        for alias in node.names
        if alias.name != "post_migrate"
    ]

    assert found == []
