"""Load the demo company."""

from collections.abc import Callable
from datetime import date, datetime

from core.periods import Period
from dashboard.demo import figures, followup, meetings, people
from meetings import library
from meetings.models import CostRate
from metrics.dictionary import load as dictionary
from people.models import Department


def load(*, now: datetime, until: Period | None = None, say: Callable[[str], object] | None = None) -> None:
    """People, then a year of real reports, then meetings around `now`. What is already there is left alone."""
    team = people.load()
    dictionary.ensure()
    library.ensure()
    figures.load(by=team["data"], now=now, until=until, say=say)
    _cost_rates()
    meetings.load(team=team, now=now)
    followup.load(team=team, now=now)


def _cost_rates() -> None:
    """What an hour costs on average: the company's rate, and a higher one for developers."""
    since = date(2025, 1, 1)
    for code, per_hour in ((None, 80), ("tech", 120)):
        department = Department.objects.get(code=code) if code else None
        CostRate.objects.get_or_create(
            department=department, valid_from=since, defaults={"per_hour": per_hour}
        )
