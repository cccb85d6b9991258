"""What a planner is offered: types, periods, people."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from core.periods import Grain, Period
from core.text import whole
from meetings.models import Template, TemplateModule
from metrics import queries as metrics
from people.models import Department, Membership, User

# So many periods back are offered; older ones are typed as dates.
OFFERED = {"week": 14, "month": 14, "quarter": 9, "year": 4}


def templates() -> QuerySet[Template]:
    """The types of meeting on offer, with their modules."""
    return _with_modules(Template.objects.current().in_order())


def begun_from(code: str, version: str) -> QuerySet[Template]:
    """The version that a form in the making began from, though another one may count by now: its rows name that
    version's modules. Without a number the version that counts."""
    if not version:
        return templates().filter(code=code)
    return _with_modules(Template.objects.filter(code=code, version=whole(version)))


def _with_modules(found: QuerySet[Template]) -> QuerySet[Template]:
    modules = TemplateModule.objects.select_related("department").order_by("order")
    return found.prefetch_related(Prefetch("modules", modules))


def latest_with_figures(grain: str) -> Period | None:
    """The last complete period that has figures."""
    return metrics.last_complete_period(_grain(grain)) if grain else None


def default_period(grain: str, today: date, latest: Period | None) -> Period | None:
    """The last complete period that has figures; without figures the last complete one; None for no grain."""
    if not grain:
        return None
    return latest or Period.containing(today, _grain(grain)).previous()


def period_choices(
    grain: str, today: date, latest: Period | None, chosen: Period | None
) -> list[tuple[str, str]]:
    """The current period and those before it, newest first, with those around the latest figures and the chosen one."""
    offered = {period for period in (chosen, latest) if period and period.grain != "range"}
    if grain:
        offered |= set(_back(Period.containing(today, _grain(grain)), OFFERED[grain]))
    if latest:
        offered |= set(_back(latest, OFFERED[grain] // 2))
    with_figures = _("%(period)s – latest with complete figures")
    return [
        (period.code, with_figures % {"period": period.label} if period == latest else period.label)
        for period in sorted(offered, reverse=True)
    ]


def _back(period: Period, count: int) -> Iterator[Period]:
    for _number in range(count):
        yield period
        period = period.previous()


def departments_with_members() -> list[tuple[Department, list[Membership]]]:
    """Every department with its active members, leads first; two queries."""
    memberships = (
        Membership.objects.filter(user__is_active=True)
        .select_related("user")
        .order_by("role", "user__name_sort", "pk")
    )
    rows = Department.objects.in_order().prefetch_related(Prefetch("memberships", memberships))
    return [(department, list(department.memberships.all())) for department in rows]


def first_lead(members: list[Membership]) -> User | None:
    return next((row.user for row in members if row.role == Membership.Role.LEAD), None)


def _grain(text: str) -> Grain:
    return text  # type: ignore[return-value]
