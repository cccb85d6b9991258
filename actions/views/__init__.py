"""Pages of actions: the list, one action, what a meeting promised, files."""

from actions.views.agenda import agenda_list
from actions.views.detail import act, detail, edit, evidence_file, new
from actions.views.exporting import export, export_calendar, export_paper, export_workbook
from actions.views.line import capture_line, preview_line
from actions.views.listing import index
from actions.views.meeting import approve_plan, capture, for_meeting, publish_plan

__all__ = [
    "act",
    "agenda_list",
    "approve_plan",
    "capture",
    "capture_line",
    "detail",
    "edit",
    "evidence_file",
    "export",
    "export_calendar",
    "export_paper",
    "export_workbook",
    "for_meeting",
    "index",
    "new",
    "preview_line",
    "publish_plan",
]
