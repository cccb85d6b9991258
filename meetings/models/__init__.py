"""Everything that meetings keep, one module per noun; other apps import from here."""

from meetings.models.agenda import AgendaItem, Carried, ItemReader, RequiredDocument
from meetings.models.cost import CostRate
from meetings.models.decision import Decision, DecisionCounter
from meetings.models.feed import CalendarFeed, CalendarReply
from meetings.models.issue import Issue, IssueVote
from meetings.models.meeting import Meeting, MeetingDepartment, Participant, PlanRevision
from meetings.models.minutes import (
    ClosingMark,
    Correction,
    Minutes,
    MinutesApproval,
    MinutesEdition,
    MinutesText,
    Objection,
    Rating,
)
from meetings.models.module import ActionList, Kind, Presenter
from meetings.models.obligation import ClockRule, Obligation
from meetings.models.pack import Pack
from meetings.models.preread import Attachment, PreRead, PreReadRevision, PreReadText, Tolerance
from meetings.models.presence import Attendance, FloorRequest, HandOver, SpeakingTurn
from meetings.models.reading import PreReadComment, ReadReceipt
from meetings.models.requests import DecisionRequest, PreReadProblem, ResourceRequest
from meetings.models.room import (
    ItemRun,
    LiveEvent,
    Note,
    OpeningPriority,
    ParkedItem,
    Part,
    Replan,
    RoomClock,
    RoomItem,
    WallLink,
)
from meetings.models.series import CarryOver, Series, SeriesException
from meetings.models.settling import ReadyMark, Review, Ruling, Snapshot, Statement
from meetings.models.template import Template, TemplateDocument, TemplateModule

__all__ = [
    "ActionList",
    "AgendaItem",
    "Attachment",
    "Attendance",
    "CalendarFeed",
    "CalendarReply",
    "Carried",
    "CarryOver",
    "ClockRule",
    "ClosingMark",
    "Correction",
    "CostRate",
    "Decision",
    "DecisionCounter",
    "DecisionRequest",
    "FloorRequest",
    "HandOver",
    "Issue",
    "IssueVote",
    "ItemReader",
    "ItemRun",
    "Kind",
    "LiveEvent",
    "Meeting",
    "MeetingDepartment",
    "Minutes",
    "MinutesApproval",
    "MinutesEdition",
    "MinutesText",
    "Note",
    "Objection",
    "Obligation",
    "OpeningPriority",
    "Pack",
    "ParkedItem",
    "Part",
    "Participant",
    "PlanRevision",
    "PreRead",
    "PreReadComment",
    "PreReadProblem",
    "PreReadRevision",
    "PreReadText",
    "Presenter",
    "Rating",
    "ReadReceipt",
    "ReadyMark",
    "Replan",
    "RequiredDocument",
    "ResourceRequest",
    "Review",
    "RoomClock",
    "RoomItem",
    "Ruling",
    "Series",
    "SeriesException",
    "Snapshot",
    "SpeakingTurn",
    "Statement",
    "Template",
    "TemplateDocument",
    "TemplateModule",
    "Tolerance",
    "WallLink",
]
