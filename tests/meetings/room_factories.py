"""Meetings with what the room needs: a scheduled review with departments, people and an agenda."""

import datetime as dt

from meetings.models import AgendaItem, Meeting, MeetingDepartment, Participant, RoomClock, Template
from meetings.services import attendance
from meetings.services import room as rooms
from people.models import User
from tests import factories

UTC = dt.UTC
START = dt.datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai
NOW = dt.datetime(2026, 11, 10, 2, 0, tzinfo=UTC)


def at(minutes: float, since: dt.datetime = START) -> dt.datetime:
    return since + dt.timedelta(minutes=minutes)


def template() -> Template:
    """The shipped review; where a test before has emptied all tables, one of our own."""
    return (
        Template.objects.filter(code="business-review", is_current=True).first()
        or Template.objects.get_or_create(
            code="business-review-test",
            defaults={"name_en": "Review", "name_zh": "经营分析会", "planned_minutes": 240},
        )[0]
    )


def meeting(
    *, status: str = "scheduled", host: User | None = None, departments=("sales",), **fields
) -> Meeting:
    """A review of October with one item per department (20 min report, 40 min discussion) and a summary at the end."""
    host = host or factories.host()
    started = fields.pop("started_at", START if status in ("in_progress", "ended") else None)
    ended = fields.pop("ended_at", at(60) if status == "ended" else None)
    made = Meeting.objects.create(
        **{
            "title": "October review",
            "template": template(),
            "host": host,
            "starts_at": START,
            "planned_minutes": 240,
            "period_grain": "month",
            "period_start": dt.date(2026, 10, 1),
            "period_end": dt.date(2026, 11, 1),
            "created_by": host,
            "status": status,
            "started_at": started,
            "ended_at": ended,
            **fields,
        }
    )
    Participant.objects.create(meeting=made, user=host, role=Participant.Role.HOST)
    for order, code in enumerate(departments, start=1):
        add_department(made, code, order)
    AgendaItem.objects.create(
        meeting=made,
        order=len(departments) + 1,
        title_en="Summary",
        title_zh="总结",
        presenter="host",
        discussion_minutes=30,
    )
    return made


def add_department(made: Meeting, code: str, order: int) -> AgendaItem:
    department = factories.DepartmentFactory(code=code)
    MeetingDepartment.objects.create(meeting=made, department=department)
    return AgendaItem.objects.create(
        meeting=made,
        order=order,
        title_en=department.name_en,
        title_zh=department.name_zh,
        department=department,
        report_minutes=20,
        discussion_minutes=40,
        questions_en="Why did some products take off?\nWhere are new markets?",
        questions_zh="为什么有的产品爆了，有的没动？\n新市场在哪里？",
        metric_codes=[],
    )


def invite(made: Meeting, user: User, role: str = "member") -> User:
    Participant.objects.create(meeting=made, user=user, role=role)
    return user


def roll_call(made: Meeting, now: dt.datetime = START) -> None:
    """Everybody is here and the list is right: what a meeting needs before it can end."""
    attendance.arrive_all(meeting=made, users=attendance.expected(made), by=made.host, now=now)
    attendance.take(meeting=made, by=made.host, now=now)


def end(made: Meeting, minutes: float, *, reason: str = "", version: int | None = None) -> None:
    """End it with nothing open, so many minutes after its start."""
    if made.attendance_taken_at is None:
        roll_call(made, at(1, made.started_at))
    version = version or RoomClock.objects.get(meeting=made).version
    press = rooms.Press(by=made.host, now=at(minutes, made.started_at), version=version)
    rooms.end(meeting=made, press=press, reason=reason)
