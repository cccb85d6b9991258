"""Everything that meetings keep, one module per noun; other apps import from here."""

from meetings.models.agenda import AgendaItem, RequiredDocument
from meetings.models.decision import Decision, DecisionCounter
from meetings.models.meeting import Meeting, MeetingDepartment, Participant
from meetings.models.obligation import ClockRule, Obligation
from meetings.models.preread import Attachment, PreRead, PreReadRevision, PreReadText, Tolerance
from meetings.models.room import ItemRun, LiveEvent, Note, ParkedItem, Part, RoomClock
from meetings.models.template import Template, TemplateDocument, TemplateModule

__all__ = [
    "AgendaItem",
    "Attachment",
    "ClockRule",
    "Decision",
    "DecisionCounter",
    "ItemRun",
    "LiveEvent",
    "Meeting",
    "MeetingDepartment",
    "Note",
    "Obligation",
    "ParkedItem",
    "Part",
    "Participant",
    "PreRead",
    "PreReadRevision",
    "PreReadText",
    "RequiredDocument",
    "RoomClock",
    "Template",
    "TemplateDocument",
    "TemplateModule",
    "Tolerance",
]
