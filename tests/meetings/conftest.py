import pytest
from django.utils import translation


@pytest.fixture
def english():
    """For tests that look at words: those of the source."""
    with translation.override("en"):
        yield
