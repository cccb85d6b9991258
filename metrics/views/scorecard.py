from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.periods import Grain, Period
from metrics.queries.coverage import daily_reports
from metrics.queries.currencies import CurrencyError
from metrics.queries.scorecard import Scorecard, scorecard
from metrics.views.choice import Choice, choose

GRAINS: tuple[Grain, ...] = ("week", "month", "quarter", "year")


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """What is unusual in a period, and everything else by department."""
    choice = choose(request.GET, reports=daily_reports(), grains=GRAINS)
    board, problem = _board(choice)
    return render(
        request,
        "metrics/scorecard.html",
        {
            "choice": choice,
            "board": board,
            "problem": problem or choice.problem,
            "missing": missing_words(choice, choice.period),
            "missing_before": missing_words(choice, choice.period.previous() if choice.period else None),
        },
    )


def _board(choice: Choice) -> tuple[Scorecard | None, str]:
    if choice.period is None:
        return None, ""
    try:
        return (
            scorecard(
                period=choice.period, shops=choice.shops, currency=choice.currency, coverage=choice.coverage
            ),
            "",
        )
    except CurrencyError as error:
        return None, str(error)


def missing_words(choice: Choice, period: Period | None) -> str:
    """The days of a period for which reports are missing, in words; empty when all are in."""
    if period is None:
        return ""
    gaps = choice.coverage.gaps(choice.reports, period)
    return pgettext("between names", ", ").join(Period(start, end).tidy().label for start, end in gaps)
