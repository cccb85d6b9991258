"""Reads of problems: the list, and how one stands against its clocks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet

from actions.models import Action, Problem
from actions.problems import chain, telling
from meetings import clock_rules
from meetings.models import ClockRule
from notices.models import Notice
from people.models import User


def rows(user: User, *, closed: bool = False) -> QuerySet[Problem]:
    """The problems somebody may read, the newest first, with the number of their actions that the person may read."""
    readable = Action.objects.visible_to(user).filter(problem__isnull=False).values("pk")
    found = Problem.objects.visible_to(user).filter(closed_at__isnull=not closed)
    return (
        found.select_related("department", "owner", "reported_by", "acknowledged_by", "special_meeting")
        .annotate(action_count=Count("actions", filter=Q(actions__in=readable)))
        .order_by("-noticed_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """One problem against its clock: until when the line had to be reached, and whether it was."""

    problem: Problem
    due_at: datetime
    is_late: bool
    late_by: timedelta
    is_held: bool


def standing(problem: Problem, now: datetime, *, within: timedelta | None = None) -> Standing:
    """`within`: what the company's rule gives from noticing to being told; read where it is not given."""
    due_at = problem.noticed_at + (notify_within() if within is None else within)
    late_by = (problem.told_at or now) - due_at
    return Standing(
        problem=problem,
        due_at=due_at,
        is_late=problem.is_emergency and late_by > timedelta(0),
        late_by=late_by,
        is_held=telling.is_held(problem),
    )


def notify_within() -> timedelta:
    return clock_rules.rule(ClockRule.Kind.INCIDENT).offset or Problem.NOTIFY_WITHIN


@dataclass(frozen=True, slots=True)
class Told:
    """One person of the line: what they were told for, and how far it got."""

    person: User
    part: str
    notice: Notice | None


def told(problem: Problem) -> list[Told]:
    """Who was or will be told, in the order of the line."""
    line = chain.of(problem)
    notices: dict[int, Notice] = {}
    rows = Notice.objects.filter(
        subject_type=ContentType.objects.get_for_model(Problem),
        subject_id=problem.pk,
        kind__in=telling.UP_THE_LINE,
    ).select_related("recipient")
    for notice in rows.order_by("due_at", "pk"):
        notices.setdefault(notice.recipient_id, notice)
    found: list[Told] = []
    for part, people in (
        ("superior", line.superiors),
        ("executive", line.executives),
        *(("above", level) for level in line.above),
    ):
        known = {one.person for one in found}
        found += [Told(one, part, notices.pop(one.pk, None)) for one in people if one not in known]
    # Who stood in the line when it was reported and does not any more.
    found += [Told(one.recipient, "former", one) for one in notices.values()]
    return found


def to_acknowledge(user: User) -> QuerySet[Problem]:
    """Open emergencies of which this person was told and nobody has taken note yet."""
    told = Notice.objects.filter(
        recipient=user,
        subject_type=ContentType.objects.get_for_model(Problem),
        kind__in=(telling.INCIDENT, telling.UNHEARD),
        shown_at__isnull=False,
    )
    return (
        Problem.objects.open()
        .filter(is_emergency=True, acknowledged_at=None, pk__in=told.values("subject_id"))
        .order_by("noticed_at", "pk")
    )


def dealt_with_by(user: User) -> QuerySet[Problem]:
    """Open problems that this person deals with, the oldest first."""
    return Problem.objects.open().filter(owner=user).order_by("noticed_at", "pk")


def meetings_to_call(user: User) -> QuerySet[Problem]:
    """Strategic deviations that this person deals with whose special meeting has not been held."""
    return dealt_with_by(user).filter(meeting_due_at__isnull=False).exclude(special_meeting__status="ended")
