from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def english() -> Iterator[None]:
    """Sentences of the code under test in English, whatever the site speaks."""
    with translation.override("en"):
        yield
