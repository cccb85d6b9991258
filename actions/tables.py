from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from actions.models import Action
from actions.order import GROUPS, Order, OrderedRows
from actions.templatetags.action_parts import slips_words, state
from core.templatetags.times import day_words, duration_words, moment_words, relative_words, zone_words
from core.templatetags.ui import flag, person

# Shown unless somebody chooses others; the title always comes first.
USUAL_COLUMNS = ("owner", "department", "due_at", "status", "acceptor")


@dataclass(frozen=True, slots=True)
class Line:
    """One row, its cells already written; `heading` where a new group begins."""

    action: Action
    cells: list[tuple[str, SafeString]]
    heading: str = ""


class ActionTable(tables.Table):
    """The columns that one may choose from, and their order. The rows are written by actions/table.html from `lines`:
    fifty rows cell by cell through the library cost several times the query behind them."""

    title = tables.Column(verbose_name=_("Action"))
    owner = tables.Column(verbose_name=_("Owner"))
    department = tables.Column(verbose_name=_("Department"))
    due_at = tables.Column(verbose_name=_("Deadline"))
    status = tables.Column(verbose_name=_("Status"))
    acceptor = tables.Column(verbose_name=_("Acceptor"))
    slips = tables.Column(verbose_name=pgettext_lazy("actions", "Postponed"))
    meeting = tables.Column(verbose_name=_("Meeting"))
    published_at = tables.Column(verbose_name=pgettext_lazy("action", "Published"))
    done_at = tables.Column(verbose_name=pgettext_lazy("action", "Handed in"), orderable=False)
    number = tables.Column(verbose_name=_("Number"), empty_values=())

    class Meta:
        model = Action
        fields = (
            "title",
            "owner",
            "department",
            "due_at",
            "status",
            "acceptor",
            "slips",
            "meeting",
            "published_at",
            "done_at",
            "number",
        )
        template_name = "actions/table.html"
        attrs = {"id": "action-table"}

    def __init__(self, rows: OrderedRows, *, columns: Sequence[str], order: Order, now: datetime) -> None:
        """`rows` come in their order."""
        shown = ("title", *columns)
        hidden = [name for name in self.base_columns if name not in shown]
        super().__init__(rows, sequence=shown, exclude=hidden, order_by=order.sort)
        self.group = GROUPS.get(order.group)
        self.now = now

    @classmethod
    def chosen(cls, names: Sequence[str]) -> list[str]:
        """Of some names of columns those that there are, each once, without the title; the usual ones for none."""
        known = [name for name in dict.fromkeys(names) if name in cls.base_columns and name != "title"]
        return known or list(USUAL_COLUMNS)

    @classmethod
    def offered(cls, shown: Sequence[str]) -> list[tuple[str, str, bool]]:
        """(name, heading, whether it is shown) of all columns but the title: those shown first, in their order."""
        others = [name for name in cls.base_columns if name not in shown and name != "title"]
        return [(name, cls.heading(name), name in shown) for name in (*shown, *others)]

    @classmethod
    def heading(cls, name: str) -> str:
        return str(cls.base_columns[name].verbose_name)

    def lines(self) -> Iterator[Line]:
        """The rows of the page."""
        cells = Cells(self.now)
        names = [(str(column.header), column.name) for column in self.columns if column.name != "title"]
        before: Any = object()
        for row in self.page.object_list:
            action = row.record
            heading = ""
            if self.group and (value := self.group.value(action)) != before:
                before, heading = value, self.group.words(action)
            yield Line(action, [(label, cells.write(name, action)) for label, name in names], heading)


class Cells:
    """Writes cells. A person and a status look the same in every row, so each is written once."""

    def __init__(self, now: datetime) -> None:
        self.deadlines = Deadlines(now)
        self.year = timezone.localtime(now).year
        self.people: dict[int | None, SafeString] = {}
        self.states: dict[tuple[bool, str], SafeString] = {}

    def write(self, column: str, action: Action) -> SafeString:
        return getattr(self, column)(action)

    def owner(self, action: Action) -> SafeString:
        if action.owner_id not in self.people:
            self.people[action.owner_id] = person(action.owner, "xs")
        return self.people[action.owner_id]

    def acceptor(self, action: Action) -> SafeString:
        return _named(action.acceptor)

    def department(self, action: Action) -> SafeString:
        return _named(action.department)

    def meeting(self, action: Action) -> SafeString:
        return format_html('<span dir="auto">{}</span>', action.meeting.title if action.meeting else "—")

    def status(self, action: Action) -> SafeString:
        look = (action.is_draft, action.status)
        if look not in self.states:
            self.states[look] = state(action)
        return self.states[look]

    def due_at(self, action: Action) -> SafeString:
        return self.deadlines.write(action)

    def slips(self, action: Action) -> SafeString:
        return slips_words(action) if action.slips else mark_safe("—")

    def published_at(self, action: Action) -> SafeString:
        return self._day(action.published_at)

    def done_at(self, action: Action) -> SafeString:
        return self._day(action.done_at)

    def number(self, action: Action) -> SafeString:
        return format_html('<span class="num">{}</span>', action.reference)

    def _day(self, moment: datetime | None) -> SafeString:
        if moment is None:
            return mark_safe("—")
        words = day_words(timezone.localtime(moment), self.year)
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), words)


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
        slips: str = (
            format_html(' <span class="slips">{}</span>', slips_words(action)) if action.slips else ""
        )
        if late_by := self.now - action.due_at if action.is_late(self.now) else action.was_late:
            length = duration_words(late_by)
            # Parts of a flag and of a time, both escaped; only the length lies between them.
            return mark_safe(f"{self.late_begins}{escape(length)}{self.late_ends} {moment}{slips}")  # noqa: S308
        if not action.is_owed:
            return format_html("{}{}", moment, slips)
        relative = relative_words(action.due_at, self.now)
        words = '<span class="when">{} <span class="when-rel">{}</span></span>{}'
        return format_html(words, moment, relative, slips)


def _named(one: Any) -> SafeString:
    return format_html('<span dir="auto">{}</span>', one.name) if one else mark_safe("—")
