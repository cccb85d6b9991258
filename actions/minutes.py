"""The promises of a meeting as its minutes keep them."""

from typing import Any

from actions.models import Action
from meetings.models import Meeting


def promises(meeting: Meeting) -> list[dict[str, Any]]:
    """Everything promised in this meeting, whoever may read it: the source that `meetings.minutes_sources` asks.

    Two queries. What was cancelled is no promise any more.
    """
    rows = (
        Action.objects.for_meeting(meeting)
        .exclude(status=Action.Status.CANCELLED)
        .select_related("owner", "acceptor", "department", "decision", "issue")
        .prefetch_related("criteria")
        .order_by("pk")
    )
    return [_promise(action) for action in rows]


def _promise(action: Action) -> dict[str, Any]:
    items = {
        action.agenda_item_id,
        action.decision.agenda_item_id if action.decision else None,
        action.issue.item_id if action.issue else None,
    }
    return {
        "id": action.pk,
        "place": action.agenda_item_id,
        "items": sorted(item for item in items if item),
        "title": action.title,
        "owner": action.owner.name if action.owner else "",
        "owner_id": action.owner_id,
        "acceptor": action.acceptor.name if action.acceptor else "",
        "department": action.department_id,
        "department_en": action.department.name_en if action.department else "",
        "department_zh": action.department.name_zh if action.department else "",
        "due_at": action.due_at.isoformat() if action.due_at else "",
        "time_zone": action.time_zone,
        "is_all_day": action.is_all_day,
        "criteria": [one.text for one in sorted(action.criteria.all(), key=lambda one: one.position)],
        "is_published": action.published_at is not None,
    }
