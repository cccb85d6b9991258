from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from actions.models import Action
from actions.templatetags.action_parts import state
from core.templatetags.times import duration_words, moment_words, relative_words, zone_words
from core.templatetags.ui import flag, person


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
        deadlines = Deadlines(timezone.now())
        people: dict[int | None, SafeString] = {}
        states: dict[tuple[bool, str], SafeString] = {}
        for row in self.page.object_list:
            action = row.record
            if action.owner_id not in people:
                people[action.owner_id] = person(action.owner, "xs")
            look = (action.is_draft, action.status)
            if look not in states:
                states[look] = state(action)
            yield Line(action, people[action.owner_id], deadlines.write(action), states[look])


class Deadlines:
    """Writes deadlines as the page part `due` does, with what is the same in every row put together once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.with_zone = pgettext("time (zone)", "%(time)s (%(zone)s)")
        slot = "\x00"
        self.late_begins, _slot, self.late_ends = flag("late", slot).partition(slot)

    def write(self, action: Action) -> SafeString:
        if action.due_at is None:
            return mark_safe("—")
        short = moment_words(action.due_at, with_zone=False, now=self.now)
        zone = zone_words(timezone.localtime(action.due_at))
        moment = format_html(
            '<time datetime="{}" title="{}">{}</time>',
            action.due_at.isoformat(),
            self.with_zone % {"time": short, "zone": zone},
            short,
        )
        if not action.is_owed:
            return moment
        if action.due_at < self.now:
            length = duration_words(self.now - action.due_at)
            # Parts of a flag and of a time, both escaped; only the length lies between them.
            return mark_safe(f"{self.late_begins}{escape(length)}{self.late_ends} {moment}")  # noqa: S308
        relative = relative_words(action.due_at, self.now)
        return format_html('<span class="when">{} <span class="when-rel">{}</span></span>', moment, relative)
