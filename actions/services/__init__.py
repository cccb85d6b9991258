"""The verbs. Each takes keyword arguments, `by` (who does it) and `now` (when), and refuses by `NotPossible`."""

from django.db.transaction import atomic as all_or_nothing

from actions.errors import Incomplete, NotPossible, PlanIncomplete
from actions.services.approval import approve, propose, refuse
from actions.services.attachments import attach, remove_attachment
from actions.services.blockers import answer, block, lift, offer
from actions.services.capture import capture, check, discard, edit, publish
from actions.services.comments import comment, edit_comment, remove_comment
from actions.services.criteria import add_measured, drop_measured, is_proven, mark_criterion
from actions.services.life import accept, cancel, send_back, start, submit, take_back
from actions.services.plan import publish_plan
from actions.services.requests import ask_deadline, grant_deadline, refuse_deadline, withdraw_request
from actions.services.split import Portion, merge, split
from actions.services.terms import change_acceptor, hand_over, move_deadline
from actions.services.updates import give as give_update
from actions.services.work import (
    add_evidence,
    add_milestone,
    reach_milestone,
    report,
)

__all__ = [
    "Incomplete",
    "NotPossible",
    "PlanIncomplete",
    "Portion",
    "accept",
    "add_evidence",
    "add_measured",
    "add_milestone",
    "all_or_nothing",
    "answer",
    "approve",
    "ask_deadline",
    "attach",
    "block",
    "cancel",
    "capture",
    "change_acceptor",
    "check",
    "comment",
    "discard",
    "drop_measured",
    "edit",
    "edit_comment",
    "give_update",
    "grant_deadline",
    "hand_over",
    "is_proven",
    "lift",
    "mark_criterion",
    "merge",
    "move_deadline",
    "offer",
    "propose",
    "publish",
    "publish_plan",
    "reach_milestone",
    "refuse",
    "refuse_deadline",
    "remove_attachment",
    "remove_comment",
    "report",
    "send_back",
    "split",
    "start",
    "submit",
    "take_back",
    "withdraw_request",
]
