"""What somebody plans, before it is a row: the form gathers it, the services write it."""

from dataclasses import dataclass, field
from datetime import datetime

from core.periods import Period
from meetings.agenda import Slot
from meetings.models.agenda import AgendaItem
from meetings.models.meeting import Meeting, Participant
from meetings.models.module import Presenter
from meetings.models.template import Template, TemplateModule
from people.models import Department, User


@dataclass(frozen=True, kw_only=True)
class ItemPlan:
    """One agenda item. `item_id` names the row it was before, `module` the template's module it comes from."""

    title_en: str
    title_zh: str
    presenter: str = Presenter.DEPARTMENT
    department: Department | None = None
    presenter_user: User | None = None
    report: int = 0
    discussion: int = 0
    is_pinned: bool = False
    questions_en: str = ""
    questions_zh: str = ""
    metric_codes: tuple[str, ...] = ()
    item_id: int | None = None
    module: TemplateModule | None = None

    @property
    def slot(self) -> Slot:
        return Slot(self.report, self.discussion, self.is_pinned)

    @classmethod
    def of_module(cls, module: TemplateModule) -> "ItemPlan":
        return cls(module=module, **_common(module))

    @classmethod
    def of_item(cls, item: AgendaItem) -> "ItemPlan":
        return cls(
            item_id=item.pk,
            module=item.template_module,
            presenter_user=item.presenter_user,
            **_common(item),
        )


def _common(part: TemplateModule | AgendaItem) -> dict:
    return {
        "title_en": part.title_en,
        "title_zh": part.title_zh,
        "presenter": part.presenter,
        "department": part.department,
        "report": part.report_minutes,
        "discussion": part.discussion_minutes,
        "is_pinned": part.is_pinned,
        "questions_en": part.questions_en,
        "questions_zh": part.questions_zh,
        "metric_codes": tuple(part.metric_codes),
    }


@dataclass(frozen=True, kw_only=True)
class PersonPlan:
    user: User
    role: str = Participant.Role.MEMBER
    department: Department | None = None


@dataclass(frozen=True, kw_only=True)
class DepartmentPlan:
    department: Department
    is_required: bool = True
    needs_preread: bool = True


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A whole meeting as planned. `starts_at` is aware; `people` includes the host, nobody stands in it twice."""

    template: Template
    title: str
    host: User
    starts_at: datetime
    time_zone: str
    planned_minutes: int
    period: Period | None = None
    location: str = ""
    online_url: str = ""
    note: str = ""
    preread_due_at: datetime | None = None
    departments: list[DepartmentPlan] = field(default_factory=list)
    people: list[PersonPlan] = field(default_factory=list)
    items: list[ItemPlan] = field(default_factory=list)

    def columns(self) -> dict:
        """The values of the meeting's own columns."""
        return {
            "title": self.title,
            "host": self.host,
            "starts_at": self.starts_at,
            "time_zone": self.time_zone,
            "planned_minutes": self.planned_minutes,
            "period_grain": self.period.grain if self.period else "",
            "period_start": self.period.start if self.period else None,
            "period_end": self.period.end if self.period else None,
            "location": self.location,
            "online_url": self.online_url,
            "note": self.note,
            "preread_due_at": self.preread_due_at,
        }


# A change of one of these is a change of the calendar entry: its SEQUENCE rises and everybody is told.
CALENDAR = ("starts_at", "time_zone", "planned_minutes", "location", "online_url")
# A change of one of these asks everybody for a new reply.
TIMES = ("starts_at", "planned_minutes")


def of_meeting(meeting: Meeting) -> Plan:
    """The plan of a meeting that exists; reads its departments, people and items."""
    return Plan(
        template=meeting.template,
        title=meeting.title,
        host=meeting.host,
        starts_at=meeting.starts_at,
        time_zone=meeting.time_zone,
        planned_minutes=meeting.planned_minutes,
        period=meeting.period,
        location=meeting.location,
        online_url=meeting.online_url,
        note=meeting.note,
        preread_due_at=meeting.preread_due_at,
        departments=[
            DepartmentPlan(
                department=row.department, is_required=row.is_required, needs_preread=row.needs_preread
            )
            for row in meeting.departments.select_related("department").order_by("department__position")
        ],
        people=[
            PersonPlan(user=row.user, role=row.role, department=row.department)
            for row in meeting.participants.in_order()
        ],
        items=[
            ItemPlan.of_item(item)
            for item in meeting.items.select_related(
                "department", "presenter_user", "template_module"
            ).order_by("order", "pk")
        ],
    )
