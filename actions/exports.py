"""The list as CSV, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from actions.models import Action
from core.text import safe_cell


class _Echo:
    """A file that hands back what is written into it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(actions: Iterable[Action]) -> Iterator[str]:
    """Header and rows, UTF-8 with the mark that makes spreadsheets read it as such."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(
        [
            _("Number"),
            _("Action"),
            _("Status"),
            _("Owner"),
            _("Acceptor"),
            _("Department"),
            _("Deadline"),
            _("Time zone"),
            _("Times postponed"),
            _("Meeting"),
            _("Handed in"),
            pgettext("action", "Accepted"),
            _("Link"),
        ]
    )
    for action in actions:
        yield writer.writerow([safe_cell(cell) for cell in _cells(action)])


def _cells(action: Action) -> list[str | int]:
    zone = action.zone
    return [
        action.reference,
        action.title,
        str(_("draft")) if action.is_draft else str(action.get_status_display()),
        str(action.owner or ""),
        str(action.acceptor or ""),
        str(action.department or ""),
        _local(action.due_at, zone),
        action.time_zone,
        action.slips,
        str(action.meeting or ""),
        _local(action.done_at, zone),
        _local(action.accepted_at, zone),
        f"{settings.SITE_URL}{action.get_absolute_url()}",
    ]


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""
