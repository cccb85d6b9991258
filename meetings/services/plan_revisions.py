"""Revisions of a plan: each change raises the number and keeps what stood there before."""

from datetime import datetime

from meetings import merge
from meetings import plan as planning
from meetings.models import Meeting, PlanRevision
from meetings.plan import Plan
from people.models import User


def keep(*, meeting: Meeting, by: User, now: datetime, before: Plan | None = None) -> int:
    """Keep the plan as it stands, before it is changed, and raise the meeting's revision; returns the new one.

    Call it with the meeting's row locked, in the transaction of the change. Whoever edits a plan without it takes
    items away from under somebody who has the form open.
    """
    plan = before or planning.of_meeting(meeting)
    PlanRevision.objects.get_or_create(
        meeting=meeting,
        revision=meeting.revision,
        defaults={"content": merge.content(plan), "replaced_by": by, "replaced_at": now},
    )
    meeting.revision += 1
    meeting.save(update_fields=["revision"])
    return meeting.revision


def base_of(meeting: Meeting, revision: int) -> merge.Content | None:
    """The plan that an editor began from, when it was replaced meanwhile; None when it is not known."""
    return (
        PlanRevision.objects.filter(meeting=meeting, revision=revision)
        .values_list("content", flat=True)
        .first()
    )


def changed_by(meeting: Meeting, since: int) -> list[User]:
    """Who changed the plan from that revision on, each once."""
    users = User.objects.filter(
        pk__in=PlanRevision.objects.filter(meeting=meeting, revision__gte=since).values("replaced_by")
    )
    return list(users.order_by("name_sort", "pk"))
