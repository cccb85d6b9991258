"""What the lines of somebody's work have in common."""

from actions.models import Action

# A page of work shows no more than this of one kind; the list of actions has them all.
MOST = 50


def where_from(action: Action) -> str:
    """The department, and the meeting it was promised in."""
    return " · ".join(str(one) for one in (action.department, action.meeting) if one is not None)
