"""Actions for tests, and the meeting they come from."""

from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from actions.models import Action, Criterion
from meetings.models import Meeting, Participant, Template
from meetings.services import obligations
from tests.factories import DepartmentFactory, UserFactory

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class ActionFactory(DjangoModelFactory):
    """A published action of the sales department, due in a week, with one criterion."""

    class Meta:
        model = Action
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Lower the ACoS of product {n} to 25 %")
    owner = factory.SubFactory(UserFactory)
    acceptor = factory.SubFactory(UserFactory)
    department = factory.SubFactory(DepartmentFactory)
    due_at = NOW + timedelta(days=7)
    created_by = factory.SubFactory(UserFactory)
    published_at = NOW - timedelta(days=1)
    first_due_at = factory.LazyAttribute(lambda made: made.due_at if made.published_at else None)

    @factory.post_generation
    def criteria(self, create, extracted, **kwargs):
        for position, text in enumerate(["ACoS ≤ 25 % in week 12"] if extracted is None else extracted):
            Criterion.objects.create(action=self, text=text, position=position)


def draft(**fields) -> Action:
    return ActionFactory(published_at=None, **fields)


def meeting(*people, host=None, status=Meeting.Status.ENDED, ended_at=NOW, roles=None, **fields) -> Meeting:
    """A meeting with its people; `roles` maps a person to a role other than member."""
    host = host or UserFactory()
    begun = status in (Meeting.Status.IN_PROGRESS, Meeting.Status.ENDED)
    made = Meeting.objects.create(
        title=fields.pop("title", "Business review"),
        template=fields.pop("template", None) or _template(),
        host=host,
        created_by=host,
        starts_at=ended_at - timedelta(hours=4),
        started_at=ended_at - timedelta(hours=4) if begun else None,
        ended_at=ended_at if status == Meeting.Status.ENDED else None,
        status=status,
        planned_minutes=240,
        **fields,
    )
    Participant.objects.create(meeting=made, user=host, role=Participant.Role.HOST)
    for person, role in (roles or {}).items():
        Participant.objects.create(meeting=made, user=person, role=role)
    for person in people:
        Participant.objects.create(meeting=made, user=person)
    return made


def ended(**fields) -> Meeting:
    """An ended meeting that owes its plan."""
    made = meeting(**fields)
    obligations.ensure(meeting=made, now=made.ended_at)
    return made


def _template() -> Template:
    found = Template.objects.order_by("pk").first()
    if found is None:
        found = Template.objects.create(code="test", name_en="Review", name_zh="复盘", planned_minutes=240)
    return found
