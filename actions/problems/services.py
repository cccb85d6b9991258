"""The verbs of a problem: report, take note, hand over, call the special meeting, close."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from actions.errors import NotPossible
from actions.models import Action, Problem
from actions.problems import telling
from core import history, workdays
from core.periods import Grain, Period
from meetings import clock_rules
from meetings.models import ClockRule, Meeting, Participant, Template
from meetings.plan import DepartmentPlan, ItemPlan, PersonPlan, Plan
from meetings.services import schedule
from notices import services as notices
from people import queries as people
from people.models import Department, Membership, User

SPECIAL = "special-adjustment"
# A meeting called today leaves the departments so many workdays for their pre-reads.
WORKDAYS_AHEAD = 3
BEGINS = time(10, 0)
OLDEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody reports; `noticed_at` is typed, the clocks run from there."""

    title: str
    kind: str
    department: Department
    noticed_at: datetime
    what: str
    reach: str = ""
    first_steps: str = ""
    is_emergency: bool = True
    owner: User | None = None


@transaction.atomic
def report(*, report: Report, by: User, now: datetime) -> Problem:
    """Write it down and tell a direct superior and an executive at once.

    Without an owner whoever reports it deals with it. Raises NotPossible for a moment that is still to come, or more
    than a year ago.
    """
    if report.noticed_at > now:
        raise NotPossible(_("It cannot have been noticed later than now."))
    if report.noticed_at < now - OLDEST:
        raise NotPossible(_("That is more than a year ago. Check the day."))
    owner = report.owner or by
    problem = Problem(
        title=report.title.strip(),
        kind=report.kind,
        is_emergency=report.is_emergency,
        what=report.what.strip(),
        reach=report.reach.strip(),
        first_steps=report.first_steps.strip(),
        department=report.department,
        owner=owner,
        noticed_at=report.noticed_at,
        reported_by=by,
        reported_at=now,
    )
    if report.kind == Problem.Kind.STRATEGIC:
        within = clock_rules.rule(ClockRule.Kind.SPECIAL).offset
        problem.meeting_due_at = now + within if within else None
    problem.full_clean()
    problem.save()
    history.record(
        actor=by, verb="problems.reported", target=problem, after={"noticed_at": report.noticed_at}
    )
    telling.plan(problem)
    if owner != by:
        notices.tell(recipient=owner, subject=problem, kind=telling.YOURS, at=now)
    return problem


@transaction.atomic
def acknowledge(*, problem: Problem, by: User, now: datetime) -> None:
    """Take note for the line: nobody else is called any more, and whoever reported it knows. Once; later presses do
    nothing."""
    open_ones = Problem.objects.open().filter(pk=problem.pk, acknowledged_at=None)
    if not open_ones.update(acknowledged_by=by, acknowledged_at=now):
        return
    problem.refresh_from_db()
    history.record(actor=by, verb="problems.acknowledged", target=problem)
    telling.plan(problem)
    notices.tell(recipient=problem.reported_by, subject=problem, kind=telling.HEARD, at=now)
    settle(problem=problem)


@transaction.atomic
def hand_over(*, problem: Problem, owner: User, by: User, now: datetime) -> None:
    """Name who deals with it from now on. Raises NotPossible when it is closed or they have left the company."""
    if not owner.is_active:
        raise NotPossible(_("%(name)s has left the company.") % {"name": owner.name})
    before = problem.owner_id
    if before == owner.pk:
        return
    if not Problem.objects.open().filter(pk=problem.pk).update(owner=owner):
        raise NotPossible(_("This problem is closed."))
    problem.refresh_from_db()
    history.record(
        actor=by,
        verb="problems.handed_over",
        target=problem,
        before={"owner": before},
        after={"owner": owner.pk},
    )
    telling.plan(problem)
    if owner != by:
        notices.tell(recipient=owner, subject=problem, kind=telling.YOURS, at=now)


@transaction.atomic
def close(*, problem: Problem, outcome: str, by: User, now: datetime) -> None:
    """Close it with what came of it; its clocks stop. Raises NotPossible without words, when it is closed already, and
    for a strategic deviation whose special meeting was not held, unless an executive closes it."""
    if not outcome.strip():
        raise NotPossible(_("Say what came of it."))
    if problem.meeting_due_at and not telling.is_held(problem) and not by.has_role(User.Role.EXECUTIVE):
        raise NotPossible(
            _("Its special meeting has not been held. Hold it first, or let an executive close this.")
        )
    changed = Problem.objects.open().filter(pk=problem.pk)
    if not changed.update(closed_at=now, closed_by=by, outcome=outcome.strip()):
        raise NotPossible(_("This problem is closed."))
    settle(problem=problem)
    problem.refresh_from_db()
    history.record(actor=by, verb="problems.closed", target=problem, note=outcome.strip())
    notices.withdraw(subject=problem)
    for person in {problem.reported_by, problem.owner} - {by}:
        notices.tell(recipient=person, subject=problem, kind=telling.CLOSED, at=now)


@transaction.atomic
def link(*, action: Action, problem: Problem, by: User) -> None:
    """Say that an action answers this problem."""
    history.acting(by)
    Action.objects.filter(pk=action.pk).update(problem=problem)
    history.record(actor=by, verb="problems.action_added", target=problem, after={"action": action.pk})


def settle(*, problem: Problem) -> None:
    """Write when the line had been reached, once it has."""
    if problem.told_at is None and (moment := telling.reached_at(problem)) is not None:
        Problem.objects.filter(pk=problem.pk, told_at=None).update(told_at=moment)
        problem.told_at = moment


def settle_all() -> int:
    """For the tick: all problems whose line may have been reached meanwhile. The instants do not depend on when."""
    found = Problem.objects.filter(told_at=None).select_related("reported_by", "department")
    for problem in found:
        settle(problem=problem)
    return sum(problem.told_at is not None for problem in found)


@transaction.atomic
def call_meeting(*, problem: Problem, by: User, now: datetime) -> Meeting:
    """Draft the special adjustment meeting: its type's agenda, in three workdays at ten, before its time is over; the
    heads of the departments, the executives and whoever deals with it. The draft is looked through and sent as any.

    Raises NotPossible when there is one already, or the problem asks for none; LookupError without the type.
    """
    problem = (
        Problem.objects.select_for_update(of=("self",)).select_related("special_meeting").get(pk=problem.pk)
    )
    if problem.meeting_due_at is None or problem.closed_at is not None:
        raise NotPossible(_("This problem asks for no special meeting."))
    if problem.special_meeting and problem.special_meeting.status != Meeting.Status.CANCELLED:
        raise NotPossible(_("Its special meeting is planned already."))
    template = Template.objects.filter(code=SPECIAL, is_current=True).first()
    if template is None:
        raise NotPossible(_("There is no type of meeting for this any more. Plan the meeting by hand."))
    meeting = schedule.draft(plan=_plan(problem, template, by, now), by=by, now=now)
    Problem.objects.filter(pk=problem.pk).update(special_meeting=meeting)
    history.record(actor=by, verb="problems.meeting_called", target=problem, after={"meeting": meeting.pk})
    return meeting


def _plan(problem: Problem, template: Template, by: User, now: datetime) -> Plan:
    heads = list(
        Membership.objects.filter(
            role=Membership.Role.LEAD, user__is_active=True, department__is_external=False
        ).select_related("user", "department")
    )
    rows = {by.pk: PersonPlan(user=by, role=Participant.Role.HOST)}
    for one in people.executives():
        rows.setdefault(one.pk, PersonPlan(user=one, role=Participant.Role.EXECUTIVE))
    for head in heads:
        role = Participant.Role.PRESENTER
        rows.setdefault(head.user_id, PersonPlan(user=head.user, role=role, department=head.department))
    rows.setdefault(problem.owner_id, PersonPlan(user=problem.owner))
    modules = template.modules.select_related("department").order_by("order")
    departments = {one.department_id: one.department for one in heads}
    grain = template.period_grain
    return Plan(
        template=template,
        title=f"{template.name}: {problem.title}"[:200],
        host=by,
        starts_at=_start(problem, by, now),
        time_zone=by.time_zone,
        planned_minutes=template.planned_minutes,
        period=Period.containing(now.astimezone(by.zone).date(), cast("Grain", grain)) if grain else None,
        departments=[DepartmentPlan(department=one) for one in departments.values()],
        people=list(rows.values()),
        items=[ItemPlan.of_module(one) for one in modules],
    )


def _start(problem: Problem, by: User, now: datetime) -> datetime:
    """In three workdays at ten; sooner where the time is over before, and an hour from now where it is over today."""
    today = now.astimezone(by.zone).date()
    for ahead in range(WORKDAYS_AHEAD, 0, -1):
        day = workdays.add_workdays(today, ahead, "CN")
        at = datetime.combine(day, BEGINS, by.zone)
        if problem.meeting_due_at is None or at <= problem.meeting_due_at:
            return at
    soon = now.astimezone(by.zone) + timedelta(hours=1)
    return soon.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
