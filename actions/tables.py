from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from actions.models import Action
from actions.templatetags.action_parts import state
from core.templatetags.times import due, moment_words, relative_words, zone_words
from core.templatetags.ui import person


@dataclass(frozen=True, slots=True)
class Line:
    """One row, its costly cells already written."""

    action: Action
    owner: SafeString
    deadline: SafeString
    state: SafeString


class ActionTable(tables.Table):
    """The columns, their order and their sorting. The rows are written by actions/table.html from `lines`: fifty
    rows cell by cell through the library cost several times the query behind them."""

    title = tables.Column(verbose_name=_("Action"), order_by=("title", "pk"))
    owner = tables.Column(verbose_name=_("Owner"), order_by=("owner__name_sort", "due_at", "pk"))
    department = tables.Column(
        verbose_name=_("Department"), order_by=("department__position", "due_at", "pk")
    )
    due_at = tables.Column(verbose_name=_("Deadline"), order_by=("due_at", "pk"))
    status = tables.Column(verbose_name=_("Status"), order_by=("status", "due_at", "pk"))
    acceptor = tables.Column(verbose_name=_("Acceptor"), order_by=("acceptor__name_sort", "due_at", "pk"))

    class Meta:
        model = Action
        fields = ("title", "owner", "department", "due_at", "status", "acceptor")
        template_name = "actions/table.html"
        attrs = {"id": "action-table"}
        order_by = ("due_at",)

    def lines(self) -> Iterator[Line]:
        """The rows of the page. A person and a status look the same in every row, so each is written once."""
        now = timezone.now()
        people: dict[int | None, SafeString] = {}
        states: dict[tuple[bool, str], SafeString] = {}
        for row in self.page.object_list:
            action = row.record
            if action.owner_id not in people:
                people[action.owner_id] = person(action.owner, "xs")
            look = (action.is_draft, action.status)
            if look not in states:
                states[look] = state(action)
            yield Line(action, people[action.owner_id], deadline(action, now), states[look])


def deadline(action: Action, now: datetime) -> SafeString:
    """As `due` of the page parts; the zone, which stays the same, is put together here instead of twice a row."""
    if action.due_at is None or action.is_late(now):
        return due(action.due_at)
    short = moment_words(action.due_at, with_zone=False, now=now)
    zone = zone_words(timezone.localtime(action.due_at))
    return format_html(
        '<span class="when"><time datetime="{}" title="{}">{}</time> <span class="when-rel">{}</span></span>',
        action.due_at.isoformat(),
        pgettext("time (zone)", "%(time)s (%(zone)s)") % {"time": short, "zone": zone},
        short,
        relative_words(action.due_at, now) if action.is_owed else "",
    )
