"""The list by person: what everybody owes, how much of it is late, and what falls due in the coming weeks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from actions.filters import begins
from actions.models import Action
from actions.showing import Showing
from people.models import User

WEEKS = 6
# Above these somebody has too much at once; the page says so.
BUSY_WEEK, MANY_LATE = 5, 3
# One to four, by how near a week is to being too much.
DEGREES = 4


@dataclass(frozen=True, slots=True)
class Week:
    """From Monday (or today) to Sunday."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Cell:
    first: date
    count: int
    degree: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    user: User
    open: int
    late: int
    weeks: list[Cell]
    later: int
    to_accept: int
    url: str
    late_url: str

    @property
    def is_overloaded(self) -> bool:
        return self.late > MANY_LATE or any(cell.count > BUSY_WEEK for cell in self.weeks)


def load(showing: Showing) -> dict[str, Any]:
    """Three statements: what is owed by owner and week, what waits by acceptor, and who they are."""
    weeks = _weeks(timezone.localtime(showing.now).date())
    owed = _owed(showing, weeks)
    submitted = showing.actions.published().filter(status=Action.Status.SUBMITTED).order_by()
    waiting = dict(submitted.values_list("acceptor").annotate(count=Count("pk")))
    users = User.objects.in_bulk([key for key in {*owed, *waiting} if key])
    people = [
        _person(user, owed.get(pk, {}), waiting.get(pk, 0), weeks, showing) for pk, user in users.items()
    ]
    people.sort(key=lambda one: (not one.is_overloaded, -one.open, one.user.name_sort, one.user.pk))
    return {
        "weeks": weeks,
        "people": people,
        "overloaded": sum(one.is_overloaded for one in people),
        "most_open": max((one.open for one in people), default=0),
        "busy_week": BUSY_WEEK,
        "many_late": MANY_LATE,
    }


def _owed(showing: Showing, weeks: list[Week]) -> dict[int, Mapping[str, Any]]:
    counts = {
        f"week{place}": Count(
            "pk",
            filter=Q(due_at__gte=begins(week.first), due_at__lt=begins(week.last + timedelta(days=1))),
        )
        for place, week in enumerate(weeks)
    }
    later = Q(due_at__gte=begins(weeks[-1].last + timedelta(days=1)))
    rows = (
        showing.actions.owed()
        .order_by()
        .values("owner")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=showing.now)),
            later=Count("pk", filter=later),
            **counts,
        )
    )
    return {row["owner"]: row for row in rows}


def _person(user: User, row: Mapping[str, Any], waiting: int, weeks: list[Week], showing: Showing) -> Person:
    cells = []
    for place, week in enumerate(weeks):
        count = row.get(f"week{place}", 0)
        url = _list(showing, owner=user.pk, due_from=week.first, due_until=week.last)
        cells.append(Cell(week.first, count, _degree(count), url))
    return Person(
        user=user,
        open=row.get("open", 0),
        late=row.get("late", 0),
        weeks=cells,
        later=row.get("later", 0),
        to_accept=waiting,
        url=_list(showing, owner=user.pk),
        late_url=_list(showing, owner=user.pk, overdue="on"),
    )


def _degree(count: int) -> int:
    """0 for nothing, DEGREES for more than a busy week."""
    if not count:
        return 0
    return DEGREES if count > BUSY_WEEK else 1 + (count - 1) * (DEGREES - 1) // BUSY_WEEK


def _list(showing: Showing, **narrower: object) -> str:
    """The list with this page's filter and more."""
    query = QueryDict(showing.filter.query(), mutable=True)
    if query.get("status", "open") in ("open", "all"):
        query["status"] = "owed"
    for name, value in narrower.items():
        query[name] = str(value)
    return f"{reverse('actions:list')}?{query.urlencode()}"


def _weeks(today: date) -> list[Week]:
    monday = today - timedelta(days=today.weekday())
    starts = [monday + timedelta(weeks=n) for n in range(WEEKS)]
    return [Week(max(start, today), start + timedelta(days=6)) for start in starts]
