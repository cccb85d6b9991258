"""The list over time: a bar from the day something was promised to its deadline, with its milestones.

Places are shares of the whole span in thousandths, which the template writes as attributes of SVG: styles within the
page are not allowed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import pgettext

from actions.models import Action, Milestone
from actions.order import GROUPS

Status = Action.Status
AROUND = timedelta(days=10)
LONGEST = timedelta(days=200)
# With more weeks than that, months are marked in their place.
MOST_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Tick:
    place: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diamond:
    place: float
    milestone: Milestone
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """`start` and `end` within the span; `is_cut_*` where it goes on beyond."""

    action: Action
    heading: str
    start: float
    end: float
    late_end: float | None
    is_cut_before: bool
    is_cut_after: bool
    diamonds: list[Diamond]

    @property
    def width(self) -> float:
        return round(max(self.end - self.start, 0.6), 2)

    @property
    def late_width(self) -> float:
        return round(self.late_end - self.end, 2) if self.late_end is not None else 0.0


class Span:
    """The time that is drawn: all of the rows, but no more than half a year before and after today."""

    def __init__(self, actions: Sequence[Action], now: datetime) -> None:
        zone = timezone.get_current_timezone()
        begins = min([_begin(one) for one in actions] + [now]) - AROUND / 5
        ends = max([one.due_at for one in actions if one.due_at] + [now]) + AROUND
        first = max(begins, now - LONGEST).astimezone(zone).date()
        last = min(ends, now + LONGEST).astimezone(zone).date()
        self.start = datetime(first.year, first.month, first.day, tzinfo=zone)
        self.end = datetime(last.year, last.month, last.day, tzinfo=zone)

    def place(self, moment: datetime) -> float:
        """0 to 100; what lies outside stands at the edge."""
        share = (moment - self.start) / (self.end - self.start) * 100
        return round(min(max(share, 0.0), 100.0), 2)

    def ticks(self) -> list[Tick]:
        """Mondays, or the first days of months where there would be too many."""
        pattern = pgettext("date format", "j M")
        first, last = self.start.date(), self.end.date()
        if (last - first).days <= 7 * MOST_WEEKS:
            monday = first + timedelta(days=-first.weekday() % 7)
            days = [monday + timedelta(weeks=n) for n in range((last - monday).days // 7 + 1)]
        else:
            days = [day for day in _months(first, last) if day >= first]
        return [
            Tick(
                self.place(datetime(d.year, d.month, d.day, tzinfo=self.start.tzinfo)),
                date_format(d, pattern),
            )
            for d in days
        ]


def timeline(actions: Sequence[Action], group: str, now: datetime) -> dict[str, Any]:
    """The bars of one page of rows, which come in their order; one more statement, for the milestones."""
    span = Span(actions, now)
    milestones: dict[int, list[Milestone]] = {}
    for one in Milestone.objects.filter(action__in=[action.pk for action in actions]).order_by(
        "due_at", "pk"
    ):
        milestones.setdefault(one.action_id, []).append(one)
    bars = []
    before: Any = object()
    for action in actions:
        heading = ""
        if group and (value := GROUPS[group].value(action)) != before:
            before, heading = value, GROUPS[group].words(action)
        bars.append(_bar(action, span, heading, milestones.get(action.pk, []), now))
    return {"bars": bars, "ticks": span.ticks(), "today": span.place(now)}


def _bar(action: Action, span: Span, heading: str, milestones: list[Milestone], now: datetime) -> Bar:
    begin, due = _begin(action), action.due_at or now
    over = action.done_at or now
    is_late = action.status != Status.CANCELLED and over > due
    return Bar(
        action=action,
        heading=heading,
        start=span.place(min(begin, due)),
        end=span.place(due),
        late_end=span.place(over) if is_late else None,
        is_cut_before=begin < span.start,
        is_cut_after=due > span.end,
        diamonds=[
            Diamond(
                place=span.place(one.due_at),
                milestone=one,
                is_late=one.done_at is None and one.due_at < now and action.is_owed,
            )
            for one in milestones
            if span.start <= one.due_at <= span.end
        ],
    )


def _begin(action: Action) -> datetime:
    return action.published_at or action.created_at


def _months(first: date, last: date) -> list[date]:
    months = []
    day = first.replace(day=1)
    while day <= last:
        months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return months
