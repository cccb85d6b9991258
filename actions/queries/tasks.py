"""What waits for a person, for the page "my work"."""

from datetime import datetime, time

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions import services
from actions.models import Action
from actions.queries import approvals, blockers
from actions.queries.lines import MOST, where_from
from core.work import Task, Urgency, urgency
from meetings.models import Meeting
from people.models import User

Status = Action.Status


def tasks_for(user: User, now: datetime) -> list[Task]:
    """What waits for this person: own actions, what to accept, whom to help, plans to complete."""
    today_ends_at = datetime.combine(now.astimezone(user.zone).date(), time.max, user.zone)
    return [
        *_owed_by(user, now, today_ends_at),
        *_to_accept(user),
        *_help_wanted_from(user, now, today_ends_at),
        *_plans_of(user, now),
        *approvals.tasks_for(user, now),
    ]


def _owed_by(user: User, now: datetime, today_ends_at: datetime) -> list[Task]:
    steps = {
        Status.TODO: _("Start"),
        Status.DOING: _("Report progress"),
        Status.BLOCKED: _("See the blocker"),
        Status.RETURNED: _("Rework"),
    }
    return [
        Task(
            kind="actions.returned" if action.status == Status.RETURNED else "actions.owed",
            title=action.title,
            url=action.get_absolute_url(),
            step=steps[Status(action.status)],
            # What came back needs an answer now, whatever its deadline.
            urgency=min(urgency(action.due_at, now, today_ends_at), Urgency.TODAY)
            if action.status == Status.RETURNED
            else urgency(action.due_at, now, today_ends_at),
            due_at=action.due_at,
            context=where_from(action),
            icon="arrow-back-up" if action.status == Status.RETURNED else "checkbox",
        )
        for action in Action.objects.owed().mine(user).in_brief().by_deadline()[:MOST]
    ]


def _to_accept(user: User) -> list[Task]:
    left = Q(acceptor__is_active=False, department__in=user.led_department_ids) & ~Q(owner=user)
    waiting = Action.objects.visible_to(user).filter(Q(acceptor=user) | left, status=Status.SUBMITTED)
    return [
        Task(
            kind="actions.accept",
            title=action.title,
            url=action.get_absolute_url(),
            step=_("Check and accept"),
            urgency=Urgency.TODAY,
            context=_("handed in by %(name)s") % {"name": action.owner},
            icon="clipboard-check",
        )
        for action in waiting.in_brief().order_by("done_at", "pk")[:MOST]
    ]


def _help_wanted_from(user: User, now: datetime, today_ends_at: datetime) -> list[Task]:
    """Calls for help without an answer, and what was promised: until then it only comes up."""
    return [
        Task(
            kind="actions.help",
            title=blocker.reason,
            url=blocker.action.get_absolute_url(),
            step=_("Give help") if blocker.answered_at else _("Answer"),
            urgency=urgency(blocker.helps_by, now, today_ends_at) if blocker.answered_at else Urgency.TODAY,
            due_at=blocker.helps_by or blocker.wanted_by,
            context=f"{blocker.by.name} · {blocker.action.title}",
            icon="hand-stop",
        )
        for blocker in blockers.asked_of(user)
    ]


def _plans_of(user: User, now: datetime) -> list[Task]:
    """Meetings that the person hosted, that have ended, and whose drafts are incomplete."""
    drafts = (
        Action.objects.drafts()
        .filter(meeting__host=user, meeting__status=Meeting.Status.ENDED)
        .with_people()
        .prefetch_related("criteria")
        .order_by("-meeting__ended_at", "pk")
    )
    gaps: dict[Meeting, int] = {}
    for draft in drafts:
        if draft.meeting is not None and services.check(action=draft, now=now):
            gaps[draft.meeting] = gaps.get(draft.meeting, 0) + 1
    return [
        Task(
            kind="actions.plan",
            title=ngettext(
                "Complete %(number)d action of the plan", "Complete %(number)d actions of the plan", number
            )
            % {"number": number},
            url=reverse("actions:for_meeting", args=[meeting.pk]),
            step=_("Complete it"),
            urgency=Urgency.TODAY,
            context=meeting.title,
            icon="list-check",
        )
        for meeting, number in gaps.items()
    ]
