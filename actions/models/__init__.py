"""What was promised: the action, the parts of it, and the record of every move of its deadline."""

from actions.models.action import Action
from actions.models.deadlines import DeadlineChange, DeadlineRequest
from actions.models.ladder import EscalationStep
from actions.models.lists import ActionImport, SavedView
from actions.models.parts import Criterion, Evidence, Milestone, MilestoneQuerySet
from actions.models.problem import Problem, ProblemQuerySet
from actions.models.progress import Blocker, Progress
from actions.models.reach import ActionQuerySet
from actions.models.sight import Sight
from actions.models.talk import Attachment, Comment, UpdateRequest

__all__ = [
    "Action",
    "ActionImport",
    "ActionQuerySet",
    "Attachment",
    "Blocker",
    "Comment",
    "Criterion",
    "DeadlineChange",
    "DeadlineRequest",
    "EscalationStep",
    "Evidence",
    "Milestone",
    "MilestoneQuerySet",
    "Problem",
    "ProblemQuerySet",
    "Progress",
    "SavedView",
    "Sight",
    "UpdateRequest",
]
