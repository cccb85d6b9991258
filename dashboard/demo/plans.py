"""Plans of the demo company's meetings: who comes, what is on the agenda, when."""

import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.periods import Period
from meetings import agenda
from meetings.models import Meeting, Participant, Template
from meetings.plan import DepartmentPlan, ItemPlan, PersonPlan, Plan
from meetings.services import schedule
from people.models import Department, User

ZONE = "Asia/Shanghai"
REPORTING = ("sales", "marketing", "supply", "finance", "tech")
Team = dict[str, User]


def sent_out(
    team: Team,
    uid: uuid.UUID,
    *,
    code: str,
    title: str,
    starts_at: datetime,
    period: str | None,
    sent: int,
    now: datetime | None = None,
    extra: tuple[ItemPlan, ...] = (),
) -> Meeting:
    """Draft and send a meeting `sent` days before it begins (or before `now`), its agenda fitted to its length."""
    at = (now or starts_at) + timedelta(days=sent)
    meeting = drafted(
        team, uid, code=code, title=title, starts_at=starts_at, period=period, at=at, extra=extra
    )
    return schedule.send(meeting=meeting, by=team["host"], now=at)


def drafted(
    team: Team,
    uid: uuid.UUID,
    *,
    code: str,
    title: str,
    starts_at: datetime,
    period: str | None,
    at: datetime,
    extra: tuple[ItemPlan, ...] = (),
) -> Meeting:
    template = Template.objects.filter(code=code).order_by("-version").first()
    assert template is not None, f"the type {code} ships with the program"
    plan = Plan(
        template=template,
        title=title,
        host=team["host"],
        starts_at=starts_at,
        time_zone=ZONE,
        planned_minutes=template.planned_minutes,
        period=Period.parse(period) if period else _last_week(),
        location="深圳总部 3 楼会议室",
        departments=_departments(template),
        people=_people(team),
        items=_fitted(template, extra),
    )
    meeting = schedule.draft(plan=plan, by=team["host"], now=at)
    Meeting.objects.filter(pk=meeting.pk).update(uid=uid)
    meeting.refresh_from_db()
    return meeting


def _fitted(template: Template, extra: tuple[ItemPlan, ...]) -> list[ItemPlan]:
    items = [*(ItemPlan.of_module(module) for module in template.modules.order_by("order")), *extra]
    slots = agenda.fit([item.slot for item in items], template.planned_minutes)
    return [
        replace(item, report=slot.report, discussion=slot.discussion)
        for item, slot in zip(items, slots, strict=True)
    ]


def _departments(template: Template) -> list[DepartmentPlan]:
    codes = template.modules.exclude(department=None).values_list("department__code", flat=True)
    return [
        DepartmentPlan(department=department)
        for department in Department.objects.filter(code__in=[*codes]).order_by("position")
    ]


def _people(team: Team) -> list[PersonPlan]:
    role = Participant.Role
    company = [
        ("host", role.HOST),
        ("boss", role.EXECUTIVE),
        ("data", role.DATA_OWNER),
        ("xu", role.RECORDER),
    ]
    departments = {department.code: department for department in Department.objects.all()}
    return [
        *(PersonPlan(user=team[login], role=its_role) for login, its_role in company),
        *(
            PersonPlan(user=team[login], role=role.PRESENTER, department=departments[login])
            for login in (*REPORTING, "service")
        ),
        PersonPlan(user=team["amy"], role=role.OPTIONAL),
    ]


def _last_week() -> Period | None:
    from metrics.queries import last_complete_period

    return last_complete_period("week")


def at_hour(now: datetime, *, days: int, hour: int) -> datetime:
    day: date = (now.astimezone(ZoneInfo(ZONE)) + timedelta(days=days)).date()
    return datetime.combine(day, time(hour), ZoneInfo(ZONE))


def next_five_minutes(at: datetime) -> datetime:
    """To the next five minutes, as people plan."""
    return at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0) + timedelta(minutes=5)


def last_weekday(now: datetime, *, weekday: int, weeks: int, hour: int) -> datetime:
    """That hour of the weekday (0 = Monday) at least so many weeks ago."""
    day = (now.astimezone(ZoneInfo(ZONE)) - timedelta(weeks=weeks)).date()
    return datetime.combine(day - timedelta(days=(day.weekday() - weekday) % 7), time(hour), ZoneInfo(ZONE))
