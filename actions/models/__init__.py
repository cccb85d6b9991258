"""What was promised: the action, the parts of it, and the record of every move of its deadline."""

from actions.models.action import Action, ActionQuerySet
from actions.models.parts import Blocker, Criterion, DeadlineChange, Evidence, Milestone, Progress

__all__ = [
    "Action",
    "ActionQuerySet",
    "Blocker",
    "Criterion",
    "DeadlineChange",
    "Evidence",
    "Milestone",
    "Progress",
]
