"""Drafts that somebody has to complete: of the meetings they hosted, and what they wrote down themselves."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions import services
from actions.models import Action
from actions.models.reach import ActionQuerySet
from core.unions import MOST
from core.work import Task, Urgency
from meetings.models import Meeting
from people.models import User


def of(user: User) -> ActionQuerySet:
    """The drafts that are this person's to complete."""
    whose = Q(meeting__host=user, meeting__status=Meeting.Status.ENDED) | Q(meeting=None, created_by=user)
    return Action.objects.drafts().filter(whose).order_by("-meeting__ended_at", "pk")


def tasks_for(user: User, now: datetime) -> list[Task]:
    """One line for each meeting, and one for all that came from no meeting; what a draft lacks makes it count."""
    drafts = of(user).with_people().prefetch_related("criteria")
    gaps: dict[Meeting | None, list[Action]] = {}
    for draft in drafts[: MOST * 5]:
        if services.check(action=draft, now=now):
            gaps.setdefault(draft.meeting, []).append(draft)
    return [
        _of_meeting(meeting, lacking) if meeting is not None else _loose(lacking)
        for meeting, lacking in gaps.items()
    ]


def _of_meeting(meeting: Meeting, lacking: list[Action]) -> Task:
    number = len(lacking)
    return Task(
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
        covers=_covers(lacking),
    )


def _loose(lacking: list[Action]) -> Task:
    number = len(lacking)
    return Task(
        kind="actions.drafts",
        title=lacking[0].title
        if number == 1
        else ngettext("Complete %(number)d draft", "Complete %(number)d drafts", number) % {"number": number},
        url=reverse("actions:edit", args=[lacking[0].pk])
        if number == 1
        else reverse("actions:list", query={"status": "draft"}),
        step=_("Complete it"),
        urgency=Urgency.SOON,
        icon="edit",
        covers=_covers(lacking),
    )


def _covers(lacking: list[Action]) -> tuple[str, ...]:
    return tuple(f"draft:{draft.pk}" for draft in lacking)
