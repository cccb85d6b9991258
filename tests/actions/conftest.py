from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The services' sentences in English, whatever the language of the site; pages speak the person's own."""
    with translation.override("en"):
        yield
