"""Everything that meetings keep, one module per noun; other apps import from here."""

from meetings.models.agenda import AgendaItem, RequiredDocument
from meetings.models.meeting import Meeting, MeetingDepartment, Participant
from meetings.models.template import Template, TemplateDocument, TemplateModule

__all__ = [
    "AgendaItem",
    "Meeting",
    "MeetingDepartment",
    "Participant",
    "RequiredDocument",
    "Template",
    "TemplateDocument",
    "TemplateModule",
]
