"""What open actions mean for the next agenda of a series, and the lists a progress meeting goes through."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from actions.models import Action, Blocker, Progress
from meetings.models import ActionList, AgendaItem, Carried, Meeting
from people.models import User

# Due this soon is close enough to be looked at; no word for so long is silence.
SOON = SILENCE = timedelta(days=14)


def unfinished(items: Collection[int], day: date) -> dict[int, Carried]:
    """Agenda items on which actions are open: the source that `meetings.carry_sources` asks. One query."""
    rows = Action.objects.open().filter(agenda_item__in=list(items)).values_list("agenda_item", "status")
    found: dict[int, Carried] = {}
    for item, status in rows:
        if status == Action.Status.BLOCKED:
            found[item] = Carried.BLOCKED
        else:
            found.setdefault(item, Carried.OPEN_ACTION)
    return found


def listed(*, kind: str, meeting: Meeting, user: User, now: datetime) -> QuerySet[Action]:
    """The actions of one list of a progress meeting, as this reader may see them. Each open action stands in one list
    at most: blocked before late before due within 14 days before silent for 14 days.

    They are those of the departments that take part; of all departments where the meeting names none.
    """
    departments = list(meeting.departments.values_list("department", flat=True))
    actions = Action.objects.visible_to(user).owed()
    actions = actions.exclude(agenda_item__in=AgendaItem.objects.closed_to(user))
    if departments:
        actions = actions.filter(department__in=departments)
    last_word = Progress.objects.filter(action=OuterRef("pk")).order_by("-at").values("at")[:1]
    reason = Blocker.objects.filter(action=OuterRef("pk"), lifted_at=None).values("reason")[:1]
    blocked = Q(status=Action.Status.BLOCKED)
    late = ~blocked & Q(due_at__lt=now)
    due = ~blocked & Q(due_at__gte=now, due_at__lt=now + SOON)
    rest = ~blocked & Q(due_at__gte=now + SOON)
    chosen = {
        ActionList.BLOCKED: blocked,
        ActionList.LATE: late,
        ActionList.DUE: due,
        ActionList.SILENT: rest & Q(last_word__lt=now - SILENCE),
    }[ActionList(kind)]
    return (
        actions.annotate(
            last_word=Coalesce(Subquery(last_word), F("published_at")), blocked_by=Subquery(reason)
        )
        .filter(chosen)
        .with_people()
        .by_deadline()
    )
