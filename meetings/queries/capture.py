"""What understanding the recorder's line needs to know: people, workdays, and who usually decides."""

import re

from django.db.models import Exists, OuterRef

from core.workdays import Workdays
from meetings.models import Decision, Meeting, Participant, Series
from people import queries as people_queries
from people.models import User, UserQuerySet

_BUDGET = re.compile(r"(?:预算|追加预算|budget)\b|(?:预算|追加预算)", re.IGNORECASE)
_INFORMATION = re.compile(r"(?:通报|知悉|告知|for information|info|fyi)\s*[:：]", re.IGNORECASE)


def people_of(meeting: Meeting) -> UserQuerySet:
    """Everybody whom a line may name: who takes part first, then the other colleagues, by name."""
    here = Participant.objects.filter(meeting=meeting, user=OuterRef("pk"))
    found = people_queries.colleagues().annotate(is_here=Exists(here))
    return found.order_by("-is_here", "name_sort", "pk")


def nearest(meeting: Meeting) -> list[User]:
    """The same as a list in which nobody outside of the meeting has the name of somebody in it."""
    people = list(people_of(meeting))
    here = {person.name for person in people if person.is_here}  # type: ignore[attr-defined]
    return [person for person in people if person.is_here or person.name not in here]  # type: ignore[attr-defined]


def takes_part(person: User, meeting: Meeting) -> bool:
    return person.pk == meeting.host_id or meeting.participants.filter(user=person).exists()


def usual_decider(meeting: Meeting) -> User | None:
    """The executive of the meeting where there is exactly one."""
    role = Participant.Role.EXECUTIVE
    found = list(meeting.participants.filter(role=role, user__is_active=True).select_related("user")[:2])
    return found[0].user if len(found) == 1 else None


def kind_of_decision(text: str) -> str:
    """“预算：…” and “budget: …” are budget decisions, “通报：…” and “fyi: …” are for information."""
    if _INFORMATION.match(text):
        return Decision.Kind.INFORMATION
    return Decision.Kind.BUDGET if _BUDGET.match(text) else Decision.Kind.DECISION


def workdays_of(meeting: Meeting) -> Workdays:
    """The workdays that the meeting's series counts; those that a new series would count for a single meeting."""
    if meeting.series_id and meeting.series:
        return Workdays(meeting.series.holiday_region)
    return Workdays(Series._meta.get_field("holiday_region").get_default())
