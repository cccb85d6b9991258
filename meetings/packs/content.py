"""What a pack holds: cover, agenda with clock times, what is to be decided, and each department's pre-read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.periods import Grain, Period
from meetings import agenda
from meetings.models import AgendaItem, Attachment, Meeting, Participant, PreRead, Review
from meetings.models.module import Kind
from meetings.packs import charts
from meetings.queries import confidential, frozen
from meetings.queries.prereads import Figure, Reading
from meetings.queries.readiness import by_role
from metrics import queries as metrics
from people.models import Department, User

# Charts of one department; the others stand in its table.
MOST_CHARTS = 6
PERIODS = 13


@dataclass(frozen=True, slots=True)
class Line:
    """One agenda item with its clock times."""

    item: AgendaItem
    timing: agenda.Timing

    @property
    def is_break(self) -> bool:
        return self.item.kind == Kind.BREAK


@dataclass(frozen=True, slots=True)
class Chapter:
    """One department: its latest submitted pre-read, or that there is none. `review` is the last word on it."""

    department: Department
    preread: PreRead
    reading: Reading | None = None
    review: Review | None = None
    charts: list[SafeString] = field(default_factory=list)

    @property
    def is_certified(self) -> bool:
        return self.review is not None and self.review.verdict == Review.Verdict.CERTIFIED

    @property
    def is_returned(self) -> bool:
        return self.review is not None and self.review.verdict == Review.Verdict.RETURNED

    @property
    def pictures(self) -> list[Attachment]:
        return [file for file in self._files if file.content_type.startswith("image/")]

    @property
    def other_files(self) -> list[Attachment]:
        return [file for file in self._files if not file.content_type.startswith("image/")]

    @property
    def _files(self) -> list[Attachment]:
        return self.reading.attachments if self.reading else []

    @property
    def anchor(self) -> str:
        return f"department-{self.department.code}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Something a department asks of the meeting, named at the front of the pack."""

    chapter: Chapter
    request: Any


@dataclass(frozen=True, slots=True)
class Content:
    meeting: Meeting
    reader: User | None
    lines: list[Line]
    roles: list[tuple[str, list[Participant]]]
    chapters: list[Chapter]

    @property
    def total(self) -> int:
        return sum(line.item.minutes for line in self.lines)

    @property
    def certified(self) -> int:
        return sum(chapter.is_certified for chapter in self.chapters)

    @property
    def submitted(self) -> int:
        return sum(chapter.reading is not None for chapter in self.chapters)

    @property
    def missing(self) -> list[Chapter]:
        return [chapter for chapter in self.chapters if chapter.reading is None]

    @property
    def decisions(self) -> list[Asked]:
        return self._asked("decisions")

    @property
    def resources(self) -> list[Asked]:
        return self._asked("resources")

    def _asked(self, part: str) -> list[Asked]:
        return [
            Asked(chapter, request)
            for chapter in self.chapters
            if chapter.reading
            for request in getattr(chapter.reading, part)
        ]

    @property
    def pictures(self) -> Iterable[Attachment]:
        return (picture for chapter in self.chapters for picture in chapter.pictures)


def gather(
    meeting: Meeting,
    *,
    reader: User | None = None,
    on_department: Callable[[Department, int, int], None] = lambda department, done, total: None,
) -> Content:
    """Read everything, in the language that is active. Without a `reader` nothing confidential is in it; with one,
    what this person may read. `on_department` is told which department comes next, and how many of how many are done.
    """
    rows = list(meeting.items.select_related("department", "presenter_user").in_order())
    items = confidential.masked(rows, reader) if reader else confidential.masked_for_all(rows)
    participants = list(
        meeting.participants.select_related("user", "department").order_by("user__name_sort", "pk")
    )
    prereads = in_agenda_order(list(meeting.prereads.select_related("department").in_order()), items)
    for preread in prereads:
        preread.meeting = meeting
    submitted = [preread for preread in prereads if preread.submitted_at]
    read = frozen.readings(meeting, submitted, reader) if submitted else {}
    reviews = latest_reviews(reading.revision.pk for reading in read.values())
    chapters = []
    for done, preread in enumerate(prereads):
        on_department(preread.department, done, len(prereads))
        reading = read.get(preread.pk)
        chapters.append(
            Chapter(
                department=preread.department,
                preread=preread,
                reading=reading,
                review=reviews.get(reading.revision.pk) if reading else None,
                charts=draw(reading.figures, meeting.period) if reading and meeting.period else [],
            )
        )
    timings = agenda.timings(agenda.slots(items), meeting.starts_at.astimezone(meeting.zone))
    lines = [Line(item, timing) for item, timing in zip(items, timings, strict=True)]
    return Content(meeting, reader, lines, by_role(participants), chapters)


def in_agenda_order(prereads: Sequence[PreRead], items: Sequence[AgendaItem]) -> list[PreRead]:
    """As the departments speak; those without an item of their own after them."""
    order = {
        department: place for place, department in reversed(list(enumerate(i.department_id for i in items)))
    }
    return sorted(prereads, key=lambda preread: order.get(preread.department_id, len(items)))


def latest_reviews(revisions: Iterable[int]) -> dict[int, Review]:
    """By revision: what the data owner said last."""
    rows = Review.objects.filter(revision__in=list(revisions)).order_by("revision_id", "pk")
    return {revision: list(group)[-1] for revision, group in groupby(rows, key=lambda row: row.revision_id)}


# --- charts -----------------------------------------------------------------------------------------------
def last_periods(period: Period) -> list[Period]:
    """The thirteen periods that end with the one under review: weeks, months and quarters as they are, a year as
    months, a free range as weeks."""
    grain: Grain = {"year": "month", "range": "week"}.get(period.grain, period.grain)  # type: ignore[assignment]
    last = Period.containing(period.last, grain)
    found = [last]
    while len(found) < PERIODS:
        found.append(found[-1].previous())
    return found[::-1]


def draw(figures: Sequence[Figure], period: Period) -> list[SafeString]:
    """Small charts of a department's figures, those that moved first; figures that have no past get none."""
    by_code = {figure.row.metric.code: figure for figure in figures if figure.has_value}
    codes = sorted(by_code, key=lambda code: not by_code[code].is_moved)
    periods = last_periods(period)
    wanted = list(dict.fromkeys([*periods, *(each.year_before() for each in periods)]))
    try:
        values = metrics.values(codes=codes, periods=wanted) if codes else {}
    except metrics.CurrencyError:
        return []
    drawn: list[SafeString] = []
    for code in (code for code in codes if code in values):
        columns = [
            charts.Column(each, values[code][each], values[code][each.year_before()]) for each in periods
        ]
        if sum(column.value is not None for column in columns) < 2 or len(drawn) == MOST_CHARTS:
            continue
        row = by_code[code].row
        if periods[-1] == period and not row.is_complete:
            columns[-1] = charts.Column(period, columns[-1].value, columns[-1].year_before, is_complete=False)
        unit = charts.unit_words(row.metric, row.currency)
        drawn.append(charts.chart(metric=row.metric, columns=columns, who=_("All shops"), unit=unit))
    return drawn
