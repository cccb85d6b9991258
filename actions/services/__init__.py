"""The verbs. Each takes keyword arguments, `by` (who does it) and `now` (when), and refuses by `NotPossible`."""

from django.db.transaction import atomic as all_or_nothing

from actions.errors import Incomplete, NotPossible, PlanIncomplete
from actions.services.approval import approve, propose, refuse
from actions.services.capture import capture, check, discard, edit, publish
from actions.services.life import accept, block, cancel, lift, send_back, start, submit, take_back
from actions.services.plan import publish_plan
from actions.services.terms import change_acceptor, hand_over, move_deadline
from actions.services.work import (
    add_evidence,
    add_milestone,
    mark_criterion,
    reach_milestone,
    remark,
    report,
)

__all__ = [
    "Incomplete",
    "NotPossible",
    "PlanIncomplete",
    "accept",
    "add_evidence",
    "add_milestone",
    "all_or_nothing",
    "approve",
    "block",
    "cancel",
    "capture",
    "change_acceptor",
    "check",
    "discard",
    "edit",
    "hand_over",
    "lift",
    "mark_criterion",
    "move_deadline",
    "propose",
    "publish",
    "publish_plan",
    "reach_milestone",
    "refuse",
    "remark",
    "report",
    "send_back",
    "start",
    "submit",
    "take_back",
]
