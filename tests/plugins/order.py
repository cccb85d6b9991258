"""Which tests begin: on several processes, those that take longest, so that no core is idle in the end.

What commits (browsers, journeys, real servers and their deaths) waits half of its time for something. Begun last, all
processes would wait at once; begun first, the others compute meanwhile. pytest-xdist gives each process one stretch of
the list and lets whoever is done take from the end of another's, so the long ones stand at the heads of the stretches.
"""

from __future__ import annotations

import os
from itertools import groupby

import pytest
from pytest_django.plugin import validate_django_db

# About how many seconds one test takes, by the beginning of its name; the others take next to nothing.
LONG = {
    "tests/journey/test_live_room.py": 100,
    "tests/platform/test_manage.py::test_command_brings_its_own": 100,
    "tests/access/test_confidential_room.py": 15,
    "tests/access/test_confidential.py::test_no_page": 60,
    "tests/access/test_markup.py::test_no_text": 15,
    "tests/access/test_leaks.py::test_outsiders_find": 10,
    "tests/dashboard/test_demo.py": 10,
    "tests/dashboard/test_obligations.py": 10,
    "tests/journey/": 60,
    "tests/faults/": 14,
    "tests/platform/": 8,
    "tests/meetings/test_records.py::test_eight_writers": 50,
    "tests/notices/test_crashes.py": 15,
    "tests/notices/test_posts_killed.py": 15,
}
BROWSER_SECONDS = 5


def commits(item: pytest.Item) -> bool:
    """Whether it writes rows that others see, and empties the tables after it."""
    marker = item.get_closest_marker("django_db")
    return bool(marker and validate_django_db(marker)[0]) or bool(
        {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    )


def reads(item: pytest.Item) -> bool:
    """Whether it needs the database at all."""
    return item.get_closest_marker("django_db") is not None or "db" in getattr(item, "fixturenames", ())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if count > 1:
        items[:] = stretches(items, count)


def stretches(items: list[pytest.Item], count: int) -> list[pytest.Item]:
    """The same items, in so many stretches, each with long ones at its head: what waits at the heads of the last two,
    what computes at those of the others."""
    waiting: list[pytest.Item] = []
    long: list[pytest.Item] = []
    rest: list[pytest.Item] = []
    for item in items:
        waits = commits(item) or item.path.parent.name == "platform"
        (waiting if waits else long if seconds(item) > 1 else rest).append(item)
    two = min(2, count - 1)
    lines = [*_dealt(long, count - two), *_dealt(waiting, two)]
    left = len(items)
    for number, line in enumerate(lines):
        size = left // (count - number)  # as pytest-xdist deals them out
        left -= size
        room = max(0, size - len(line))
        line.extend(rest[:room])
        del rest[:room]
    return [item for line in lines for item in line] + rest


def _dealt(items: list[pytest.Item], count: int) -> list[list[pytest.Item]]:
    """Module by module to whoever has least, the longest first."""
    modules = [list(found) for _path, found in groupby(sorted(items, key=_place), key=lambda item: item.path)]
    lines: list[list[pytest.Item]] = [[] for _ in range(count)]
    for module in sorted(modules, key=lambda found: -max(map(seconds, found))):
        min(lines, key=lambda line: sum(map(seconds, line))).extend(module)
    return lines


def _place(item: pytest.Item) -> tuple[str, float]:
    return str(item.path), -seconds(item)


def seconds(item: pytest.Item) -> float:
    known = [value for name, value in LONG.items() if item.nodeid.startswith(name)]
    return max(known, default=BROWSER_SECONDS if item.get_closest_marker("browser") else 1)
