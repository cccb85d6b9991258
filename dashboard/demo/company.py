"""Load the demo company."""

from collections.abc import Callable
from datetime import datetime

from core.periods import Period
from dashboard.demo import people


def load(*, now: datetime, until: Period | None = None, say: Callable[[str], object] | None = None) -> None:
    """People, then a year of real reports, then meetings around `now`. What is already there is left alone."""
    people.load()
