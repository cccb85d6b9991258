"""What open actions mean for the next agenda of a series, and the lists a progress meeting goes through."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from actions.models import Action, ActionQuerySet, Blocker, Progress
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


def listed(*, kind: str, meeting: Meeting, user: User, now: datetime) -> ActionQuerySet:
    """The actions of one list of a progress meeting, as this reader may see them. Each open action stands in one list
    at most: blocked before late before due within 14 days before silent for 14 days; beside them what was finished
    since the progress meeting before.

    They are those of the departments that take part; of all departments where the meeting names none.
    """
    return of_kind(kind, of_departments(readable(user), meeting), meeting=meeting, now=now)


def readable(user: User) -> ActionQuerySet:
    """What may be talked of before this person: not what they owe on an item that is closed to them."""
    return Action.objects.visible_to(user).exclude(agenda_item__in=AgendaItem.objects.closed_to(user))


def of_departments(actions: ActionQuerySet, meeting: Meeting) -> ActionQuerySet:
    """Those that the meeting goes through."""
    departments = list(meeting.departments.values_list("department", flat=True))
    return actions.filter(department__in=departments) if departments else actions


def of_kind(kind: str, actions: ActionQuerySet, *, meeting: Meeting, now: datetime) -> ActionQuerySet:
    """Of these actions the ones of one list, each with `last_word` (a moment) and `blocked_by` (words)."""
    last_word = Progress.objects.filter(action=OuterRef("pk")).order_by("-at").values("at")[:1]
    reason = Blocker.objects.filter(action=OuterRef("pk"), lifted_at=None).values("reason")[:1]
    said = actions.with_people().by_deadline()
    found = said.annotate(
        last_word=Coalesce(Subquery(last_word), F("published_at")), blocked_by=Subquery(reason)
    )
    if kind == ActionList.FINISHED:
        return found.filter(finished_since(since(meeting)))
    return found.filter(_chosen(kind, now), published_at__isnull=False, status__in=Action.OWED)


def _chosen(kind: str, now: datetime) -> Q:
    blocked, quiet = Q(status=Action.Status.BLOCKED), now - SILENCE
    said = Progress.objects.filter(action=OuterRef("pk"), at__gte=quiet)
    return {
        ActionList.BLOCKED: blocked,
        ActionList.LATE: ~blocked & Q(due_at__lt=now),
        ActionList.DUE: ~blocked & Q(due_at__gte=now, due_at__lt=now + SOON),
        ActionList.SILENT: ~blocked & ~Q(Exists(said)) & Q(due_at__gte=now + SOON, published_at__lt=quiet),
    }[ActionList(kind)]


def finished_since(moment: datetime) -> Q:
    """Accepted, cancelled or handed in since then."""
    cancelled = Progress.objects.filter(
        action=OuterRef("pk"), is_move=True, status=Action.Status.CANCELLED, at__gte=moment
    )
    return (
        Q(status=Action.Status.ACCEPTED, accepted_at__gte=moment)
        | Q(status=Action.Status.SUBMITTED, done_at__gte=moment)
        | Q(Exists(cancelled), status=Action.Status.CANCELLED)
    )


def since(meeting: Meeting) -> datetime:
    """When the meeting before this one ended: of its series, else of its type; two weeks before it where none was."""
    before = Meeting.objects.filter(status=Meeting.Status.ENDED, ended_at__lt=meeting.starts_at)
    same = Q(series=meeting.series_id) if meeting.series_id else Q(template__code=meeting.template.code)
    ended = before.filter(same).order_by("-ended_at").values_list("ended_at", flat=True).first()
    return max(ended or meeting.starts_at - SILENCE, meeting.starts_at - 4 * SILENCE)
