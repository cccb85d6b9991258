"""What others owe a person."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from actions.models import Action
from actions.queries.lines import MOST
from core.work import Task, Urgency
from people.models import User

Status = Action.Status


def waiting_for(user: User, now: datetime) -> list[Task]:
    """What others owe this person: actions they are to accept or have given, and their own that wait for acceptance."""
    owed = (
        Action.objects.visible_to(user)
        .owed()
        .filter(Q(acceptor=user) | Q(created_by=user))
        .exclude(owner=user)
    )
    handed_in = Action.objects.published().mine(user).filter(status=Status.SUBMITTED)
    tasks = [
        Task(
            kind="actions.waiting",
            title=action.title,
            url=action.get_absolute_url(),
            step=_("Look"),
            urgency=Urgency.LATE if action.is_late(now) else Urgency.WAITING,
            due_at=action.due_at,
            context=str(action.owner),
            icon="user",
        )
        for action in owed.in_brief().by_deadline()[:MOST]
    ]
    tasks += [
        Task(
            kind="actions.submitted",
            title=action.title,
            url=action.get_absolute_url(),
            step=_("Look"),
            urgency=Urgency.WAITING,
            context=_("%(name)s is to accept it") % {"name": action.acceptor},
            icon="clipboard-check",
        )
        for action in handed_in.in_brief().order_by("done_at", "pk")[:MOST]
    ]
    return tasks
