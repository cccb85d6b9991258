"""What every test leans on: a real worker, a real mail server, a real browser, and guards that fail a test for
what it did not look at (a logged error, an undefined template variable, a breach of the content security policy).
"""

import gc
import os
from collections.abc import Iterator

import pytest
from django.utils import translation

pytest_plugins = [
    "tests.plugins.guards",
    "tests.plugins.order",
    "tests.plugins.schema",
    "tests.plugins.browser",
    "tests.plugins.worker",
    "tests.plugins.mail",
    "tests.plugins.demo",
]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Nobody needs to drop a database whose server goes with the tests; a session left open could only hinder it."""
    return os.environ.get("FUPAN_TEST_SERVERS") == "ours"


@pytest.fixture
def english() -> Iterator[None]:
    """The sentences of services in English, whatever the language of the site; pages speak the person's own."""
    with translation.override("en"):
        yield


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end; looking through it again and again for garbage only takes time."""
    gc.collect()
    gc.freeze()
