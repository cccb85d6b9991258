"""Proposals that wait for somebody's word."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from actions import services
from actions.approval import CHECK, Chain
from actions.models import Action
from core.models import Company
from core.unions import MOST
from core.work import Task, Urgency
from meetings.models import Meeting
from people.models import User


def tasks_for(user: User, now: datetime) -> list[Task]:
    """Complete proposals that wait for this person's word, those of a meeting in one line."""
    if not (user.headed_department_ids or user.has_role(User.Role.EXECUTIVE)):
        return []
    if not Company.current().checks_actions:
        return []
    drafts = list(
        Action.objects.visible_to(user)
        .drafts()
        .filter(sent_back_because="", confirmed_at=None)
        .with_people()
        .prefetch_related("criteria")
        .order_by("pk")[:MOST]
    )
    chain = Chain.of(drafts)
    waiting = [
        (draft, step)
        for draft in drafts
        if (step := chain.next_step(draft))
        and user in step.people
        and not services.check(action=draft, now=now)
    ]
    single = [
        _word_wanted(draft.title, draft.get_absolute_url(), _where_from(draft), step.kind, [draft])
        for draft, step in waiting
        if draft.meeting is None
    ]
    plans: dict[Meeting, list[Action]] = {}
    for draft, _step in waiting:
        if draft.meeting is not None:
            plans.setdefault(draft.meeting, []).append(draft)
    return single + [
        _word_wanted(
            ngettext("%(number)d proposal of the plan", "%(number)d proposals of the plan", len(proposed))
            % {"number": len(proposed)},
            reverse("actions:for_meeting", args=[meeting.pk]),
            meeting.title,
            next(step.kind for draft, step in waiting if draft.meeting == meeting),
            proposed,
        )
        for meeting, proposed in plans.items()
    ]


def _word_wanted(title: str, url: str, context: str, kind: str, proposed: list[Action]) -> Task:
    return Task(
        kind="actions.approve",
        title=title,
        url=url,
        step=pgettext("proposal", "Check") if kind == CHECK else pgettext("proposal", "Confirm"),
        urgency=Urgency.TODAY,
        context=context,
        icon="user-check",
        covers=tuple(f"approve:{draft.pk}" for draft in proposed),
    )


def _where_from(action: Action) -> str:
    """The department, and the meeting it was promised in."""
    return " · ".join(str(one) for one in (action.department, action.meeting) if one is not None)
