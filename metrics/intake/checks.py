"""Looks across the rows of a file: which period it covers, and what was done to it before it came here."""

from datetime import date, timedelta

from django.utils.translation import gettext_noop

from core.periods import Period
from metrics.intake import values
from metrics.intake.columns import MISSING
from metrics.intake.kinds.base import ReportKind, Tally
from metrics.intake.outcome import Stated
from metrics.intake.problems import Problems

# A month whose first and last rows lie further from its ends than this was probably not over.
DAYS_OF_GRACE = 3


def period_of(kind: ReportKind, tally: Tally, stated: Stated, problems: Problems) -> Period | None:
    """The days for which the file speaks. Tells a problem and returns None when it cannot be decided."""
    days = sorted(day for day in tally.days if day != MISSING)
    if not days:
        return None
    if kind.monthly:
        return _one_month(tally, days, stated, problems)
    if stated.period:
        _tell_outside(tally, days, stated.period, problems)
        return stated.period
    first, last = date.fromordinal(days[0]), date.fromordinal(days[-1])
    month = Period.containing(first, "month")
    if last in month:
        is_short = (first - month.start).days > DAYS_OF_GRACE or (month.last - last).days > DAYS_OF_GRACE
        if is_short and not problems.errors:  # else the missing days may stand in the broken lines
            problems.add("warning", "period_incomplete", first=first.isoformat(), last=last.isoformat())
        return month
    problems.add("warning", "several_months", first=first.isoformat(), last=last.isoformat())
    end_month = Period.containing(last, "month")
    # Near the end of a month means up to it, so that a quarter's file is a quarter and not one day less.
    start = month.start if (first - month.start).days <= DAYS_OF_GRACE else first
    end = end_month.end if (end_month.last - last).days <= DAYS_OF_GRACE else last + timedelta(days=1)
    return Period(start, end).tidy()


def _one_month(tally: Tally, days: list[int], stated: Stated, problems: Problems) -> Period | None:
    months = [Period.containing(date.fromordinal(day), "month") for day in days]
    if len(months) > 1:
        line = max(tally.days[day][0] for day in days)
        problems.add("error", "months_mixed", line, months=", ".join(month.code for month in months))
        return None
    if stated.period and stated.period != months[0]:
        _tell_outside(tally, days, stated.period, problems)
    return months[0]


def _tell_outside(tally: Tally, days: list[int], period: Period, problems: Problems) -> None:
    for day in days:
        if date.fromordinal(day) not in period:
            line, count = tally.days[day]
            problems.add(
                "error",
                "outside_period",
                line,
                day=date.fromordinal(day).isoformat(),
                period=period.code,
                count=count,
            )


def covered(tally: Tally) -> dict[str, object]:
    """First and last day with rows and how many there are: evidence, and the guard against replacing more by less."""
    days = sorted(day for day in tally.days if day != MISSING)
    if not days:
        return {}
    first, last = date.fromordinal(days[0]), date.fromordinal(days[-1])
    return {"first_day": first.isoformat(), "last_day": last.isoformat(), "days_with_rows": len(days)}


def tell_excel(tally: Tally, bare_returns: bool, problems: Problems) -> None:
    """Say in one sentence what shows that Excel saved the file again."""
    if bare_returns:
        tally.mark(gettext_noop("lines end with a carriage return only"))
    if tally.excel:
        problems.add("warning", "excel_resaved", marks=sorted(tally.excel))


def month_marks(tally: Tally, texts: set[object]) -> None:
    """Months such as `Sep-25` were dates to Excel."""
    odd = sum(isinstance(text, str) and values.looks_like_excel_month(text) for text in texts)
    tally.mark(gettext_noop("months were turned into dates"), odd)
