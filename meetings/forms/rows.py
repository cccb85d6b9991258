"""The agenda while it is being edited: rows as typed, not checked yet, so that every step works on half a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from meetings import agenda, walltime
from meetings.agenda import CannotFit, Slot, Timing
from meetings.forms.agenda import initial_of
from meetings.models.module import Presenter
from meetings.plan import ItemPlan

FIELDS = ("title", "who", "report", "discussion", "is_pinned", "questions", "item_id", "module_id")
MOST_ROWS = 60


@dataclass
class AgendaRows:
    """Rows in their order. `planned` is the meeting's length, `undo` the minutes before the last fit."""

    rows: list[dict[str, Any]]
    planned: int
    starts_at: datetime | None = None
    undo: str = ""
    problem: str = ""
    done: str = ""
    slots: list[Slot] = field(init=False)

    def __post_init__(self) -> None:
        self._recount()

    @classmethod
    def of_plan(cls, items: list[ItemPlan], planned: int, starts_at: datetime | None) -> "AgendaRows":
        rows = [{"index": order, **initial_of(item, order)} for order, item in enumerate(items)]
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
    def free(self) -> int:
        return -self.over

    @property
    def can_undo(self) -> bool:
        return len(_minutes(self.undo)) == len(self.rows) > 0

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
        """Carry out what a button says: fit, undo, add, sort, or up-, down-, remove- with a row's number."""
        verb, _dash, number = do.partition("-")
        place = next((at for at, row in enumerate(self.rows) if str(row["index"]) == number), -1)
        if verb == "fit":
            self._fit()
        elif verb == "undo":
            self._undo()
        elif verb == "add" and len(self.rows) < MOST_ROWS:
            self.rows.append(
                dict.fromkeys(FIELDS, "")
                | {"index": -1, "who": Presenter.HOST, "report": 0, "discussion": 10}
            )
            self.undo = ""
        elif place >= 0:
            self._move_or_remove(verb, place)
        for place, row in enumerate(self.rows):
            row["index"] = place
        self._recount()

    def _move_or_remove(self, verb: str, place: int) -> None:
        row = self.rows.pop(place)
        if verb == "up":
            self.rows.insert(max(place - 1, 0), row)
        elif verb == "down":
            self.rows.insert(place + 1, row)
        elif verb != "remove":
            self.rows.insert(place, row)
        self.undo = ""

    def _fit(self) -> None:
        try:
            fitted = agenda.fit(self.slots, self.planned)
        except CannotFit as reason:
            self.problem = str(reason)
            return
        self.undo = ",".join(f"{slot.report}-{slot.discussion}" for slot in self.slots)
        self._set_minutes([(slot.report, slot.discussion) for slot in fitted])
        self.done = _("Fitted to exactly %(minutes)d minutes. Pinned items were left alone.") % {
            "minutes": self.planned
        }

    def _undo(self) -> None:
        if self.can_undo:
            self._set_minutes(_minutes(self.undo))
            self.done = _("The minutes are back as they were before the fit.")
        self.undo = ""

    def _set_minutes(self, minutes: list[tuple[int, int]]) -> None:
        for row, (report, discussion) in zip(self.rows, minutes, strict=True):
            row["report"], row["discussion"] = report, discussion

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


def _minutes(text: str) -> list[tuple[int, int]]:
    pairs = [part.partition("-") for part in text.split(",") if part]
    return [(_whole(report), _whole(discussion)) for report, _dash, discussion in pairs]


def _start(data: Mapping[str, Any]) -> datetime | None:
    """The start as typed so far; None while it is not one single instant."""
    try:
        day, clock = date.fromisoformat(data.get("date", "")), time.fromisoformat(data.get("time", ""))
        fold = int(data["fold"]) if data.get("fold") else None
        return walltime.instant(day, clock.replace(tzinfo=None), ZoneInfo(data.get("time_zone", "")), fold)
    except (ValueError, KeyError, OSError, OverflowError, walltime.NoSuchTime, walltime.TwoSuchTimes):
        return None
