"""The list by day: what is due on each day of a month or a week, in the reader's zone."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date

from actions.filters import FIRST_DAY, LAST_DAY, begins
from actions.models import Action
from actions.order import Order
from actions.showing import Showing
from core.counting import MOST, capped

# Of one day the month shows so many; the day itself, a list, has them all.
MOST_OF_A_DAY = 5
# What one calendar draws at most; more of it says that it is too much.
MOST_DRAWN = 1000


@dataclass(slots=True)
class Day:
    day: date
    is_here: bool
    is_today: bool
    actions: list[Action] = field(default_factory=list)
    shown: int = MOST_OF_A_DAY

    @property
    def first(self) -> list[Action]:
        return self.actions[: self.shown]

    @property
    def left_out(self) -> int:
        return max(len(self.actions) - self.shown, 0)


def calendar(showing: Showing, *, day: str, span: str) -> dict[str, Any]:
    """`day` names the month or week that it lies in, `span` is "month" or "week"; nonsense means today's month.

    What is due before and after, or not at all, is only counted: it is the same list.
    """
    span = span if span in ("month", "week") else "month"
    here = _parse(day) or timezone.localtime(showing.now).date()
    first, last = _bounds(here, span)
    start, end = begins(first), begins(last + timedelta(days=1))
    actions = showing.filter.counted
    before, within, after, never = capped(
        [
            actions.filter(due_at__lt=start),
            actions.filter(due_at__gte=start, due_at__lt=end),
            actions.filter(due_at__gte=end),
            actions.filter(due_at=None),
        ]
    )
    return {
        "span": span,
        "here": first,
        # Where the week begins that the month turns into: today's, if that is here.
        "week_day": here,
        "last": last,
        "previous": max(first - timedelta(days=1), FIRST_DAY),
        "next": last + timedelta(days=1),
        "weeks": _weeks(showing, first, last, span),
        "before": before,
        "within": within,
        "after": after,
        "never": never,
        "most": MOST,
        "is_cut": within > MOST_DRAWN,
        "drawn": MOST_DRAWN,
    }


def _weeks(showing: Showing, first: date, last: date, span: str) -> list[list[Day]]:
    """Whole weeks from Monday; the days of other months that stand at the ends stay empty."""
    monday = first - timedelta(days=first.weekday())
    today = timezone.localtime(showing.now).date()
    count = (last - monday).days // 7 + 1
    days = {
        day: Day(
            day, first <= day <= last, day == today, shown=MOST_OF_A_DAY if span == "month" else MOST_DRAWN
        )
        for day in (monday + timedelta(days=n) for n in range(7 * count))
    }
    rows = showing.rows(Order()).filter(
        due_at__gte=begins(first), due_at__lt=begins(last + timedelta(days=1))
    )
    for action in rows[:MOST_DRAWN]:
        days[timezone.localtime(action.due_at).date()].actions.append(action)
    ordered = list(days.values())
    return [ordered[place : place + 7] for place in range(0, len(ordered), 7)]


def _bounds(day: date, span: str) -> tuple[date, date]:
    """First and last day of the month or week."""
    if span == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _parse(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:  # 2026-02-31
        return None
    return day if day is not None and FIRST_DAY <= day < LAST_DAY else None
