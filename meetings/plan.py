"""What somebody plans, before it is a row: the form gathers it, the services write it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import get_language

from core.periods import Period
from meetings.agenda import Slot
from meetings.models.agenda import AgendaItem, ItemReader
from meetings.models.meeting import Meeting, Participant
from meetings.models.module import Kind, Presenter
from meetings.models.template import Template, TemplateModule
from people.models import Department, User


@dataclass(frozen=True, kw_only=True)
class ItemPlan:
    """One agenda item. `item_id` names the row it was before, `module` the template's module it comes from."""

    title_en: str
    title_zh: str
    kind: str = Kind.TOPIC
    presenter: str = Presenter.DEPARTMENT
    department: Department | None = None
    presenter_user: User | None = None
    report: int = 0
    discussion: int = 0
    is_pinned: bool = False
    questions_en: str = ""
    questions_zh: str = ""
    metric_codes: tuple[str, ...] = ()
    # Known to its circle alone, and to the readers who are let in by name.
    is_confidential: bool = False
    readers: tuple[User, ...] = ()
    is_recurring: bool = False
    action_list: str = ""
    item_id: int | None = None
    module: TemplateModule | None = None
    # In a series, for items that are new: what they go on with, and by which rule (`meetings.models.agenda.Carried`).
    carried_from: AgendaItem | None = None
    carried_because: str = ""

    @property
    def slot(self) -> Slot:
        return Slot(self.report, self.discussion, self.is_pinned)

    @property
    def minutes(self) -> int:
        return self.report + self.discussion

    @property
    def title(self) -> str:
        return in_language(self.title_en, self.title_zh)

    @classmethod
    def of_module(cls, module: TemplateModule) -> "ItemPlan":
        return cls(module=module, **_common(module))

    @classmethod
    def of_item(cls, item: AgendaItem) -> "ItemPlan":
        return cls(
            item_id=item.pk,
            module=item.template_module,
            presenter_user=item.presenter_user,
            readers=tuple(row.user for row in item.readers.all()),
            carried_from=item.carried_from,
            carried_because=item.carried_because,
            **_common(item),
        )


def _common(part: TemplateModule | AgendaItem) -> dict:
    return {
        "title_en": part.title_en,
        "title_zh": part.title_zh,
        "kind": part.kind,
        "presenter": part.presenter,
        "department": part.department,
        "report": part.report_minutes,
        "discussion": part.discussion_minutes,
        "is_pinned": part.is_pinned,
        "questions_en": part.questions_en,
        "questions_zh": part.questions_zh,
        "metric_codes": tuple(part.metric_codes),
        "is_confidential": part.is_confidential,
        "is_recurring": part.is_recurring,
        "action_list": part.action_list,
    }


def in_language(english: str, chinese: str) -> str:
    """The text in the reader's language, or in the other one where that is all there is."""
    return (chinese or english) if (get_language() or "").startswith("zh") else (english or chinese)


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


# The moments before a meeting that may be set for it alone, in their order.
MOMENTS = ("preread_opens_at", "preread_due_at", "corrections_until", "freeze_at")


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
    # The share of the expected people without whom nothing should be decided; 0: no quorum.
    quorum_percent: int = 0
    location: str = ""
    online_url: str = ""
    note: str = ""
    # Empty: the rules of the type say so (`meetings.clock_rules`).
    preread_opens_at: datetime | None = None
    preread_due_at: datetime | None = None
    corrections_until: datetime | None = None
    # Empty: when the meeting begins.
    freeze_at: datetime | None = None
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
            "quorum_percent": self.quorum_percent,
            "location": self.location,
            "online_url": self.online_url,
            "note": self.note,
            **{name: getattr(self, name) for name in MOMENTS},
        }


# A change of one of these is a change of the calendar entry: its SEQUENCE rises and everybody is told.
CALENDAR = ("starts_at", "time_zone", "planned_minutes", "location", "online_url")
# A change of one of these asks everybody for a new reply.
TIMES = ("starts_at", "planned_minutes")


def of_meeting(meeting: Meeting) -> Plan:
    """The plan of a meeting that exists; reads its departments, people and items."""
    readers = ItemReader.objects.select_related("user").order_by("user__name_sort", "pk")
    return Plan(
        template=meeting.template,
        title=meeting.title,
        host=meeting.host,
        starts_at=meeting.starts_at,
        time_zone=meeting.time_zone,
        planned_minutes=meeting.planned_minutes,
        period=meeting.period,
        quorum_percent=meeting.quorum_percent,
        location=meeting.location,
        online_url=meeting.online_url,
        note=meeting.note,
        **{name: getattr(meeting, name) for name in MOMENTS},
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
                "department", "presenter_user", "template_module", "carried_from"
            )
            .prefetch_related(Prefetch("readers", readers))
            .order_by("order", "pk")
        ],
    )
