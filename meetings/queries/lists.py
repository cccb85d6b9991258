"""Lists of meetings: what is next, what was."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Now

from meetings.models import AgendaItem, Decision, Meeting, Obligation, Participant, PreRead
from people.models import User


def with_readiness(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Each meeting with `prereads_total`, `prereads_in`, `asked`, `replied` and `agenda_minutes`.

    Subqueries instead of joins: counting over two joins would multiply the rows.
    """
    prereads = PreRead.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    asked = (
        Participant.objects.filter(meeting=OuterRef("pk"))
        .exclude(role__in=[Participant.Role.HOST, Participant.Role.OPTIONAL])
        .order_by()
        .values("meeting")
    )
    minutes = AgendaItem.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    return meetings.annotate(
        prereads_total=_number(prereads.annotate(n=Count("pk"))),
        prereads_in=_number(prereads.annotate(n=Count("pk", filter=Q(submitted_at__isnull=False)))),
        asked=_number(asked.annotate(n=Count("pk"))),
        replied=_number(asked.annotate(n=Count("pk", filter=~Q(reply=Participant.Reply.NONE)))),
        agenda_minutes=_number(minutes.annotate(n=Sum("report_minutes") + Sum("discussion_minutes"))),
    )


def _number(counted: QuerySet) -> Coalesce:
    return Coalesce(Subquery(counted.values("n")), 0)


def next_for(user: User, now: datetime) -> Meeting | None:
    """The meeting that runs or comes next among those the person takes part in themselves; what names it is read."""
    invited = Exists(Participant.objects.filter(meeting=OuterRef("pk"), user=user))
    return (
        Meeting.objects.upcoming(now)
        .filter(
            Q(host=user) | invited,
            Q(status=Meeting.Status.IN_PROGRESS) | Q(starts_at__gte=now),
        )
        .only("title", "status", "starts_at", "time_zone")
        .first()
    )


def next_visible(user: User, now: datetime) -> Meeting | None:
    """The meeting that runs or comes next among all that the person may read, with its readiness."""
    upcoming = Meeting.objects.visible_to(user).upcoming(now)
    ahead = upcoming.filter(Q(status=Meeting.Status.IN_PROGRESS) | Q(starts_at__gte=now))
    return with_readiness(ahead.select_related("template", "host")).first()


def with_outcome(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Each meeting with `decisions_count`, and `duties_open` and `duties_missed` of what had to follow it."""
    decisions = Decision.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    duties = Obligation.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    return meetings.annotate(
        decisions_count=_number(decisions.annotate(n=Count("pk"))),
        duties_open=_number(duties.annotate(n=Count("pk", filter=Q(met_at=None, due_at__gte=Now())))),
        duties_missed=_number(duties.annotate(n=Count("pk", filter=Q(met_at=None, due_at__lt=Now())))),
    )
