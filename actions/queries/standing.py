"""The top line of the list of actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from actions.models import Action
from people.models import User

Status = Action.Status
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The top line of the list: among all actions one sees."""

    late: int
    due_this_week: int
    to_accept: int
    open: int

    @property
    def tone(self) -> str:
        return "red" if self.late else "yellow" if self.due_this_week or self.to_accept else "green"


def standing(user: User, now: datetime) -> Standing:
    owed = Q(published_at__isnull=False, status__in=Action.OWED)
    numbers = Action.objects.visible_to(user).aggregate(
        late=Count("pk", filter=owed & Q(due_at__lt=now)),
        due_this_week=Count("pk", filter=owed & Q(due_at__gte=now, due_at__lt=now + WEEK)),
        to_accept=Count("pk", filter=Q(acceptor=user, status=Status.SUBMITTED)),
        open=Count("pk", filter=Q(published_at__isnull=False, status__in=Action.OPEN)),
    )
    return Standing(**numbers)
