"""Fail a test for errors that it did not look at."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BASE_DIR = Path(__file__).resolve().parent.parent.parent


class Collector(logging.Handler):
    """Keeps what was logged as an error, by any thread of this process."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1]:
            text += f" ({record.exc_info[1]!r})"
        self.lines.append(text)


@pytest.fixture(autouse=True)
def no_errors_logged(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Fail when something is logged at level ERROR, unless `@pytest.mark.logs_errors("pattern")` expects it."""
    collector = Collector()
    logging.getLogger().addHandler(collector)
    yield collector.lines
    logging.getLogger().removeHandler(collector)
    complain(request, marker="logs_errors", found=collector.lines, title="logged as an error")


def complain(request: pytest.FixtureRequest, *, marker: str, found: list[str], title: str) -> None:
    """Fail the test for the lines in `found` that no marker of that name expects, and for an expectation unmet."""
    expected = [mark.args[0] for mark in request.node.iter_markers(marker)]
    unexpected = [line for line in found if not any(re.search(pattern, line) for pattern in expected)]
    unmet = [pattern for pattern in expected if not any(re.search(pattern, line) for line in found)]
    if unexpected:
        pytest.fail(f"{title}:\n" + "\n".join(dict.fromkeys(unexpected)), pytrace=False)
    if unmet:
        pytest.fail(f"not {title}, though the test expects it: {unmet}", pytrace=False)


class UndefinedVariable(str):
    """Django's `string_if_invalid`, an empty text that notes who asked for it.

    Django tests its truth in `FilterExpression.resolve` when a variable of a template is not there, so that is
    where the name and the template can be read; being empty, it leaves the page as it is in production. Only
    our own templates count, and a variable with `|default` is meant to be optional.
    """

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[str] = []

    def __bool__(self) -> bool:
        caller = sys._getframe(1)
        expression, context = caller.f_locals.get("self"), caller.f_locals.get("context")
        if context is None or not hasattr(expression, "filters"):
            return False
        template = context.render_context.template or context.template
        filters = {function.__name__ for function, _arguments in expression.filters}
        if _is_ours(template) and not filters & {"default", "default_if_none"}:
            self.found.append(f"{template.name}: {expression.token}")
        return False


def _is_ours(template: Any) -> bool:
    path = Path(getattr(template.origin, "name", "") or "")
    return path.is_relative_to(BASE_DIR) and not path.is_relative_to(BASE_DIR / ".venv")


@pytest.fixture(scope="session")
def _undefined() -> UndefinedVariable:
    from django.template import engines

    undefined = UndefinedVariable()
    engines["django"].engine.string_if_invalid = undefined  # type: ignore[attr-defined]
    return undefined


@pytest.fixture(autouse=True)
def no_undefined_variables(_undefined: UndefinedVariable) -> Iterator[None]:
    """Fail when one of our templates prints a variable that is not there."""
    _undefined.found.clear()
    yield
    found = list(dict.fromkeys(_undefined.found))
    if found:
        pytest.fail("undefined in a template:\n" + "\n".join(found), pytrace=False)
