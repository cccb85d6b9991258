"""Load the demo company."""

from collections.abc import Callable
from datetime import datetime

from core.periods import Period
from dashboard.demo import figures, meetings, people
from meetings import library
from metrics.dictionary import load as dictionary


def load(*, now: datetime, until: Period | None = None, say: Callable[[str], object] | None = None) -> None:
    """People, then a year of real reports, then meetings around `now`. What is already there is left alone."""
    team = people.load()
    dictionary.ensure()
    library.ensure()
    figures.load(by=team["data"], now=now, until=until, say=say)
    meetings.load(team=team, now=now)
