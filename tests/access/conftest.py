import time

import pytest

from notices import health


@pytest.fixture(autouse=True)
def just_started(monkeypatch):
    """No worker runs beside these tests: /healthz blames neither a site that has just started nor notices that wait."""
    monkeypatch.setattr(health, "STARTED", time.monotonic())
    monkeypatch.setattr(health, "LONGEST_WAIT_SECONDS", 24 * 3600)
