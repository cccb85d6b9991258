"""Who waits for whom: open calls for help, and how long departments take to answer one another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    BigIntegerField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from actions.models import Action, Blocker
from people.models import Department, Membership, User

WINDOW = timedelta(days=90)
# So many waiting at once are the darkest cell.
DARKEST = 4
MOST = 100


class Median(Aggregate):
    """The middle of an ordered set; NULL rows do not count."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one department waits for from another: open calls now, and medians of the last 90 days (None: no case)."""

    asking: Department
    helping: Department
    waiting: int = 0
    unanswered: int = 0
    answer: timedelta | None = None
    lift: timedelta | None = None
    cases: int = 0

    @property
    def heat(self) -> int:
        return min(self.waiting, DARKEST)

    @property
    def answer_hours(self) -> int | None:
        return _hours(self.answer)

    @property
    def lift_hours(self) -> int | None:
        return _hours(self.lift)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """Department × department: `rows` are who waits, `columns` who is to help; a cell without a case is None."""

    columns: list[Department]
    rows: list[tuple[Department, list[Cell | None]]]
    pairs: list[Cell]
    # Calls that nobody has lifted, and those without a word, of all that the reader may see.
    waiting: int
    unanswered: int


def _hours(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds() / 3600)


def readable(user: User) -> QuerySet[Any]:
    """Calls for help about actions that somebody may read, with `helping`: the department asked, or that of the
    person."""
    return _with_helping(Blocker.objects.filter(action__in=Action.objects.visible_to(user).published()))


def _counted(user: User) -> QuerySet[Any]:
    """What the map counts: what one may read, and for heads what their department was asked, when that is over, too."""
    asked = Q(needs_department__in=user.led_department_ids)
    return _with_helping(
        Blocker.objects.filter(asked | Q(action__in=Action.objects.visible_to(user).published())).exclude(
            action__in=Action.objects.closed_to(user)
        )
    )


def _with_helping(found: QuerySet[Blocker]) -> QuerySet[Any]:
    own = Membership.objects.filter(user=OuterRef("needs_person")).order_by("pk").values("department")[:1]
    return found.annotate(helping=Coalesce("needs_department", Subquery(own), output_field=BigIntegerField()))


def heat(user: User, now: datetime) -> Heat:
    """Two queries, however many calls there are."""
    since = ExpressionWrapper(F("answered_at") - F("since"), output_field=DurationField())
    until = ExpressionWrapper(F("lifted_at") - F("since"), output_field=DurationField())
    recent = Q(since__gte=now - WINDOW)
    groups = (
        _counted(user)
        .filter(recent | Q(lifted_at=None))
        .values("action__department", "helping")
        .annotate(
            waiting=Count("pk", filter=Q(lifted_at=None)),
            unanswered=Count("pk", filter=Q(lifted_at=None, answered_at=None)),
            answer=Median(since, filter=recent, output_field=DurationField()),
            lift=Median(until, filter=recent, output_field=DurationField()),
            cases=Count("pk", filter=recent),
        )
        .order_by("action__department", "helping")
    )
    departments = {one.pk: one for one in Department.objects.in_order()}
    cells = {
        (group["action__department"], group["helping"]): Cell(
            asking=departments[group["action__department"]],
            helping=departments[group["helping"]],
            **{name: group[name] for name in ("waiting", "unanswered", "answer", "lift", "cases")},
        )
        for group in groups
        if group["action__department"] in departments and group["helping"] in departments
    }
    return _table(departments.values(), cells)


def _table(departments: Iterable[Department], cells: dict[tuple[int, int], Cell]) -> Heat:
    """Only departments that have a case, so that the table stays small."""
    ordered = list(departments)
    columns = [one for one in ordered if any(helping == one.pk for _asking, helping in cells)]
    asking = [one for one in ordered if any(first == one.pk for first, _helping in cells)]
    pairs = sorted(cells.values(), key=lambda cell: (-cell.waiting, -(cell.lift_hours or 0)))
    return Heat(
        columns=columns,
        rows=[(one, [cells.get((one.pk, other.pk)) for other in columns]) for one in asking],
        pairs=pairs,
        waiting=sum(cell.waiting for cell in pairs),
        unanswered=sum(cell.unanswered for cell in pairs),
    )


def waiting(user: User, *, asking: str = "", helping: str = "") -> list[Blocker]:
    """Open calls, the oldest first; narrowed to department codes."""
    found = readable(user).filter(lifted_at=None)
    if asking:
        found = found.filter(action__department__code=asking)
    if helping:
        found = found.filter(helping__in=Department.objects.filter(code=helping).values("pk"))
    return list(
        found.select_related(
            "action__owner", "action__department", "by", "needs_person", "needs_department", "answered_by"
        ).order_by("since", "pk")[:MOST]
    )


def asked_of(user: User) -> QuerySet[Blocker]:
    """Open calls that wait for this person's word or help: asked by name, or as head of the department asked. What
    they have called solved is the owner's again."""
    return (
        Blocker.objects.filter(
            Q(needs_person=user) | Q(needs_person=None, needs_department__in=user.led_department_ids),
            lifted_at=None,
            offered_at=None,
            action__status=Action.Status.BLOCKED,
            action__in=Action.objects.visible_to(user),
        )
        .exclude(action__owner=user)
        .select_related(
            "action__owner", "action__department", "by", "answered_by", "needs_person", "needs_department"
        )
        .order_by(F("answered_at").asc(nulls_first=True), "since", "pk")
    )
