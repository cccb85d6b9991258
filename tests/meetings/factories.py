"""Meetings for tests. The types come from the library that every company starts with."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.periods import Period
from meetings import library
from meetings.models import Meeting, Participant, Template
from meetings.plan import DepartmentPlan, ItemPlan, PersonPlan, Plan
from meetings.services import schedule
from people.departments import ensure_standard
from tests.factories import DepartmentFactory, UserFactory
from tests.factories import host as host_factory

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
START = datetime(2026, 12, 2, 14, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def template(code: str = "business-review") -> Template:
    # Tests that commit flush the tables, and with them what the migrations brought.
    ensure_standard()
    library.ensure()
    return Template.objects.current().get(code=code)


def plan(**changes) -> Plan:
    """A business review ten days ahead, with a host and nobody else unless `people` says otherwise."""
    kind = changes.pop("template", None) or template()
    host = changes.pop("host", None) or host_factory()
    people = [PersonPlan(user=host, role=Participant.Role.HOST), *changes.pop("people", [])]
    items = changes.pop("items", None)
    if items is None:
        items = [
            ItemPlan.of_module(module)
            for module in kind.modules.select_related("department").order_by("order")
        ]
    values = {
        "title": "经营分析会 10 月",
        "starts_at": START,
        "time_zone": "Asia/Shanghai",
        "planned_minutes": kind.planned_minutes,
        "period": Period.month(2026, 10),
    }
    return Plan(template=kind, host=host, people=people, items=items, **{**values, **changes})


def department(code: str, **values) -> DepartmentPlan:
    return DepartmentPlan(department=DepartmentFactory(code=code), **values)


def draft(**changes) -> Meeting:
    planned = plan(**changes)
    return schedule.draft(plan=planned, by=planned.host, now=NOW)


def scheduled(**changes) -> Meeting:
    meeting = draft(**changes)
    return schedule.send(meeting=meeting, by=meeting.host, now=NOW)


def guest(role: str = Participant.Role.MEMBER, **fields) -> PersonPlan:
    return PersonPlan(user=UserFactory(**fields), role=role)


def simple(count: int, *, host, now: datetime = NOW, **values) -> list[Meeting]:
    """Bare rows for lists: scheduled, a day apart."""
    kind = template()
    return Meeting.objects.bulk_create(
        Meeting(
            **{
                "title": f"Review {number}",
                "template": kind,
                "host": host,
                "created_by": host,
                "status": Meeting.Status.SCHEDULED,
                "starts_at": now + timedelta(days=number + 1),
                "planned_minutes": 60,
                **values,
            }
        )
        for number in range(count)
    )
