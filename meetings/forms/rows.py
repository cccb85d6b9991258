"""The agenda while it is being edited: rows as typed, not checked yet, so that every step works on half a form."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings import agenda, walltime
from meetings.agenda import CannotFit, Slot, Timing
from meetings.forms.agenda import initial_of
from meetings.forms.people import Colleagues
from meetings.models.module import Kind, Presenter
from meetings.plan import ItemPlan
from meetings.queries.suggestions import Suggestion

FIELDS = (
    "kind",
    "title",
    "who",
    "person",
    "report",
    "discussion",
    "is_pinned",
    "questions",
    "is_recurring",
    "action_list",
    "is_confidential",
    "readers",
    "item_id",
    "module_id",
    "key",
)
MOST_ROWS = 60


@dataclass
class AgendaRows:
    """Rows in their order. `planned` is the meeting's length, `undo` the minutes before they were last set for all.

    A row's `key` stays with it wherever it is moved, so that undoing finds it again. `suggestions` are by key.
    """

    rows: list[dict[str, Any]]
    planned: int
    starts_at: datetime | None = None
    undo: str = ""
    problem: str = ""
    done: str = ""
    suggestions: dict[str, Suggestion] = field(default_factory=dict)
    slots: list[Slot] = field(init=False)

    def __post_init__(self) -> None:
        self._recount()

    @classmethod
    def of_plan(
        cls,
        items: list[ItemPlan],
        planned: int,
        starts_at: datetime | None,
        colleagues: Colleagues,
        hidden: Collection[int] = (),
    ) -> "AgendaRows":
        """`hidden` are ids of items that the planner must not know."""
        rows = [
            {"index": order, **initial_of(item, order, colleagues, is_hidden=item.item_id in hidden)}
            for order, item in enumerate(items)
        ]
        return cls(rows, planned, starts_at)

    @classmethod
    def of_post(cls, data: Mapping[str, Any]) -> "AgendaRows":
        count = min(_whole(data.get("items-count")), MOST_ROWS)
        rows = [
            {"index": index, "order": _whole(data.get(f"items-{index}-order"), index)}
            | {name: data.get(f"items-{index}-{name}", "") for name in FIELDS}
            for index in range(count)
        ]
        rows.sort(key=lambda row: (row["order"], row["index"]))
        return cls(rows, _whole(data.get("planned_minutes")), _start(data), data.get("undo", ""))

    # --- what it comes to ------------------------------------------------------------------------------
    @property
    def total(self) -> int:
        return agenda.planned_sum(self.slots)

    @property
    def over(self) -> int:
        """Minutes over the planned length; negative when some are free."""
        return self.total - self.planned

    @property
    def without_minutes(self) -> list[str]:
        """Titles of rows that have no time at all, in order."""
        return [
            str(row.get("title") or _("Confidential item"))
            for row, slot in zip(self.rows, self.slots, strict=True)
            if not slot.minutes
        ]

    @property
    def free(self) -> int:
        return -self.over

    @property
    def can_undo(self) -> bool:
        minutes = _minutes(self.undo)
        return any(self._key(row) in minutes for row in self.rows)

    def _key(self, row: Mapping[str, Any]) -> str:
        return str(row.get("key") or row["index"])

    @property
    def timings(self) -> list[Timing]:
        """Nothing while the start is not known, or so late that the calendar ends before the agenda."""
        try:
            return agenda.timings(self.slots, self.starts_at) if self.starts_at else []
        except OverflowError:
            return []

    @property
    def clocks(self) -> list[tuple[int, Timing | None]]:
        """(number of the row in the form, its times) in the order of the agenda."""
        times = self.timings or [None] * len(self.rows)
        return [(row["index"], timing) for row, timing in zip(self.rows, times, strict=True)]

    @property
    def zone(self) -> Any:
        """The zone in which the clock times are shown: the one typed in the form."""
        return self.starts_at.tzinfo if self.starts_at else None

    @property
    def ends_at(self) -> datetime | None:
        return self.timings[-1].ends_at if self.timings else None

    # --- steps -----------------------------------------------------------------------------------------
    def step(self, do: str) -> None:
        """Carry out what a button says: fit, undo, add, break, sort, take-all, or up-, down-, remove-, take- with a
        row's number."""
        verb, _dash, number = do.partition("-")
        place = next((at for at, row in enumerate(self.rows) if str(row["index"]) == number), -1)
        if verb == "fit":
            self._fit()
        elif verb == "undo":
            self._undo()
        elif verb in ("add", "break") and len(self.rows) < MOST_ROWS:
            self.rows.append(self._new_row(is_break=verb == "break"))
        elif verb == "take":
            self._take(self.rows if number == "all" else self.rows[place : place + 1] if place >= 0 else [])
        elif place >= 0:
            self._move_or_remove(verb, place)
        for place, row in enumerate(self.rows):
            row["index"] = place
        self._recount()

    def _new_row(self, *, is_break: bool) -> dict[str, Any]:
        numbers = [_whole(self._key(row)[1:]) for row in self.rows if self._key(row)[:1] == "n"]
        row: dict[str, Any] = dict.fromkeys(FIELDS, "")
        row |= {"index": -1, "key": f"n{max(numbers, default=0) + 1}", "who": Presenter.HOST, "report": 0}
        if is_break:
            # A fit leaves a break as long as it is.
            return row | {"kind": Kind.BREAK, "title": _("Break"), "discussion": 10, "is_pinned": "on"}
        return row | {"kind": Kind.TOPIC, "discussion": 10}

    def restore(self, items: list[ItemPlan], colleagues: Colleagues) -> None:
        """Put items back that the planner must not know and therefore cannot remove."""
        there = {str(row.get("item_id")) for row in self.rows}
        for item in items:
            if str(item.item_id) not in there:
                order = len(self.rows)
                self.rows.append({"index": order, **initial_of(item, order, colleagues, is_hidden=True)})
        self._recount()

    def _move_or_remove(self, verb: str, place: int) -> None:
        row = self.rows.pop(place)
        if verb == "up":
            self.rows.insert(max(place - 1, 0), row)
        elif verb == "down":
            self.rows.insert(place + 1, row)
        elif verb != "remove":
            self.rows.insert(place, row)
        if not row.get("key"):
            self.undo = ""

    def _fit(self) -> None:
        try:
            fitted = agenda.fit(self.slots, self.planned)
        except CannotFit as reason:
            self.problem = str(reason)
            return
        self._remember()
        for row, slot in zip(self.rows, fitted, strict=True):
            row["report"], row["discussion"] = slot.report, slot.discussion
        self.done = _("Fitted to exactly %(minutes)d minutes. Pinned items were left alone.") % {
            "minutes": self.planned
        }

    def _take(self, rows: list[dict[str, Any]]) -> None:
        """Take over what items like these usually took; pinned ones only when asked for one by one."""
        found = [(row, self.suggestions.get(self._key(row))) for row in rows]
        taken = [(row, usual) for row, usual in found if usual and (len(rows) == 1 or not row["is_pinned"])]
        if not taken:
            return
        self._remember()
        for row, usual in taken:
            row["report"], row["discussion"] = usual.report, usual.discussion
        self.done = ngettext(
            "The usual minutes of %(n)d item are taken over.",
            "The usual minutes of %(n)d items are taken over.",
            len(taken),
        ) % {"n": len(taken)}

    def _remember(self) -> None:
        self.undo = ";".join(
            f"{self._key(row)}={slot.report}-{slot.discussion}"
            for row, slot in zip(self.rows, self.slots, strict=True)
        )

    def _undo(self) -> None:
        minutes = _minutes(self.undo)
        for row in self.rows:
            if self._key(row) in minutes:
                row["report"], row["discussion"] = minutes[self._key(row)]
                self.done = _("The minutes are back as they were before.")
        self.undo = ""

    def _recount(self) -> None:
        for order, row in enumerate(self.rows):
            row["order"] = order
        self.slots = [
            Slot(_whole(row["report"]), _whole(row["discussion"]), bool(row["is_pinned"]))
            for row in self.rows
        ]


def _whole(value: Any, default: int = 0) -> int:
    """A whole number from 0 on; anything else counts as the default, the form itself complains on saving."""
    try:
        number = int(str(value))
    except ValueError:
        return default
    return number if 0 <= number <= 100_000 else default


def _minutes(text: str) -> dict[str, tuple[int, int]]:
    found = {}
    for part in text.split(";"):
        key, _sign, minutes = part.partition("=")
        report, _dash, discussion = minutes.partition("-")
        if key and minutes:
            found[key] = _whole(report), _whole(discussion)
    return found


def _start(data: Mapping[str, Any]) -> datetime | None:
    """The start as typed so far; None while it is not one single instant."""
    try:
        day, clock = date.fromisoformat(data.get("date", "")), time.fromisoformat(data.get("time", ""))
        fold = int(data["fold"]) if data.get("fold") else None
        return walltime.instant(day, clock.replace(tzinfo=None), ZoneInfo(data.get("time_zone", "")), fold)
    except (ValueError, KeyError, OSError, OverflowError, walltime.NoSuchTime, walltime.TwoSuchTimes):
        return None
