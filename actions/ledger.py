"""The deadlines that an action has had, replayed from what was promised first and every move of it since."""

import math
from datetime import datetime

from actions.models import Action


def in_force(action: Action, moment: datetime | None = None) -> datetime | None:
    """The deadline that counted at that moment; without one the present one, by the ledger alone. None for a draft.

    One query. The moves are followed in the order in which they were made.
    """
    moves = list(action.deadline_changes.order_by("pk").values_list("at", "old_due_at", "new_due_at"))
    due_at = moves[0][1] if moves else action.first_due_at or action.due_at
    for at, _old, new in moves:
        if moment is not None and at > moment:
            break
        due_at = new
    return due_at


def lateness(action: Action) -> int:
    """By how many whole seconds it was handed in after the deadline of that moment; 0 in time."""
    due_at = in_force(action, action.done_at)
    if due_at is None or action.done_at is None:
        return 0
    return max(0, math.ceil((action.done_at - due_at).total_seconds()))
