import time

import pytest

from notices import health


@pytest.fixture(autouse=True)
def just_started(monkeypatch):
    """No worker runs beside these tests; a site that has just started is not blamed for that by /healthz yet."""
    monkeypatch.setattr(health, "_started", time.monotonic())
