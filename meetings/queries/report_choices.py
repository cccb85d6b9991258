"""What may be chosen in the rows of a pre-read; read once for all rows of a page."""

from dataclasses import dataclass

from django.db.models import Q

from meetings.models import AgendaItem, Participant, PreRead
from meetings.queries.past import currencies, money_metrics
from metrics.models import Metric
from people.models import Department, User


@dataclass(frozen=True, slots=True)
class Choices:
    departments: list[Department]
    deciders: list[User]
    items: list[AgendaItem]
    currencies: list[str]
    metrics: list[Metric]


def choices(preread: PreRead, user: User) -> Choices:
    """Five queries, however many rows there are."""
    items = AgendaItem.objects.visible_to(user).filter(meeting=preread.meeting_id, kind="topic").in_order()
    return Choices(
        departments=list(Department.objects.exclude(pk=preread.department_id).in_order()),
        deciders=deciders(preread),
        items=list(items),
        currencies=currencies(),
        metrics=money_metrics(),
    )


def deciders(preread: PreRead) -> list[User]:
    """Who may decide in this meeting: its executives, those of the company, and its host."""
    role = Participant.Role
    leading = Participant.objects.filter(meeting=preread.meeting_id, role__in=[role.EXECUTIVE, role.HOST])
    people = User.objects.active().filter(
        Q(pk__in=leading.values("user"))
        | Q(pk=preread.meeting.host_id)
        | Q(roles__contains=[User.Role.EXECUTIVE])
    )
    return list(people.by_name())
