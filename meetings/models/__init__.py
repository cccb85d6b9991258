"""Everything that meetings keep, one module per noun; other apps import from here."""

from meetings.models.agenda import AgendaItem, Carried, ItemReader, RequiredDocument
from meetings.models.cost import CostRate
from meetings.models.decision import Decision, DecisionCounter
from meetings.models.feed import CalendarFeed, CalendarReply
from meetings.models.meeting import Meeting, MeetingDepartment, Participant, PlanRevision
from meetings.models.module import ActionList, Kind, Presenter
from meetings.models.obligation import ClockRule, Obligation
from meetings.models.pack import Pack
from meetings.models.preread import Attachment, PreRead, PreReadRevision, PreReadText, Tolerance
from meetings.models.reading import PreReadComment, ReadReceipt
from meetings.models.requests import DecisionRequest, PreReadProblem, ResourceRequest
from meetings.models.room import ItemRun, LiveEvent, Note, ParkedItem, Part, RoomClock
from meetings.models.series import CarryOver, Series, SeriesException
from meetings.models.settling import ReadyMark, Review, Ruling, Snapshot, Statement
from meetings.models.template import Template, TemplateDocument, TemplateModule

__all__ = [
    "ActionList",
    "AgendaItem",
    "Attachment",
    "CalendarFeed",
    "CalendarReply",
    "Carried",
    "CarryOver",
    "ClockRule",
    "CostRate",
    "Decision",
    "DecisionCounter",
    "DecisionRequest",
    "ItemReader",
    "ItemRun",
    "Kind",
    "LiveEvent",
    "Meeting",
    "MeetingDepartment",
    "Note",
    "Obligation",
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
    "ReadReceipt",
    "ReadyMark",
    "RequiredDocument",
    "ResourceRequest",
    "Review",
    "RoomClock",
    "Ruling",
    "Series",
    "SeriesException",
    "Snapshot",
    "Statement",
    "Template",
    "TemplateDocument",
    "TemplateModule",
    "Tolerance",
]
