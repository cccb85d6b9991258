"""What was frozen, and what has changed since: figures and pre-reads of a meeting once its snapshot is taken."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from meetings.models import Meeting, PreRead, PreReadRevision, Ruling, Snapshot, Statement
from meetings.queries import counting, revisions
from meetings.queries.differences import fraction_between
from meetings.queries.figures import Figure
from meetings.queries.revisions import NUMBERS, Reading
from metrics.models import Metric
from people.models import Department, User

if TYPE_CHECKING:
    from metrics.queries import KpiRow


@dataclass(frozen=True, slots=True)
class Since:
    """What a frozen figure would be today; `fraction` is the difference as a fraction of the frozen one."""

    value: Decimal | None
    fraction: Decimal | None


@dataclass(frozen=True, slots=True)
class Stated:
    """A department's own figure for a metric, and what was ruled on it."""

    department: Department
    value: Decimal
    currency: str
    source: str
    counts: bool
    is_open: bool
    reported: Decimal | None = None
    verdict: str = ""
    reason: str = ""
    ruled_by: str = ""

    @property
    def is_ruled(self) -> bool:
        return bool(self.verdict)

    @property
    def verdict_words(self) -> str:
        return str(Ruling.Verdict(self.verdict).label) if self.verdict else ""


@dataclass(frozen=True, slots=True)
class MeetingFigure:
    """A row of a meeting's KPI table: frozen, or as it is now while nothing is frozen yet."""

    row: "KpiRow"
    reported: Decimal | None
    tolerance: Decimal | None = None
    stated: list[Stated] = field(default_factory=list)
    changed_since: Since | None = None

    # A cause is given per department, in its pre-read; the table of the whole meeting shows none.
    is_moved = False
    cause_text = ""

    @property
    def metric(self) -> Metric:
        return self.row.metric

    @property
    def has_value(self) -> bool:
        return self.row.value is not None


def snapshot_of(meeting: Meeting) -> Snapshot | None:
    """Read once per meeting object."""
    if "_snapshot" not in meeting.__dict__:
        meeting.__dict__["_snapshot"] = (
            Snapshot.objects.filter(meeting=meeting).select_related("taken_by").first()
        )
    return meeting.__dict__["_snapshot"]


# --- figures --------------------------------------------------------------------------------------------------
def frozen_figures(meeting: Meeting, user: User | None = None) -> list[MeetingFigure]:
    """The KPI table of a meeting. After the freeze the frozen numbers, each with what it would be today.

    With a `user` as that person may see it: without the metrics that only items kept from them ask for, and before
    the freeze without stated figures that do not count.
    """
    if "_figures" not in meeting.__dict__:
        meeting.__dict__["_figures"] = _figures(meeting)
    found: list[MeetingFigure] = meeting.__dict__["_figures"]
    if user is None:
        return found
    secret = set(counting.metric_codes(meeting)) - set(counting.metric_codes(meeting, user))
    shown = [each for each in found if each.metric.code not in secret]
    if snapshot_of(meeting) is not None:
        return shown
    return [replace(each, stated=[one for one in each.stated if one.counts]) for each in shown]


def _figures(meeting: Meeting) -> list[MeetingFigure]:
    snapshot = snapshot_of(meeting)
    if snapshot is None:
        now = counting.counted(meeting, counting.metric_codes(meeting))
        return [
            MeetingFigure(each.row, each.reported, stated=[_stated_now(one) for one in each.stated])
            for each in now.values()
        ]
    frozen = snapshot.content["figures"]
    now = counting.counted(meeting, [figure["code"] for figure in frozen])
    departments = {department.code: department for department in Department.objects.all()}
    return [
        _frozen(figure, now[figure["code"]].row, departments) for figure in frozen if figure["code"] in now
    ]


def _frozen(figure: dict[str, Any], now: "KpiRow", departments: dict[str, Department]) -> MeetingFigure:
    numbers: dict[str, Any] = {name: _number(figure[name]) for name in NUMBERS}
    row = replace(now, **numbers, currency=figure["currency"], is_complete=figure["is_complete"])
    return MeetingFigure(
        row=row,
        reported=_number(figure["reported"]),
        tolerance=Decimal(figure["tolerance"]),
        stated=[
            replace(_stated(each, departments), reported=_number(figure["reported"]))
            for each in figure["stated"]
            if each["department"] in departments
        ],
        changed_since=_since(row, now),
    )


def _since(then: "KpiRow", now: "KpiRow") -> Since | None:
    """None where the figure is the same to the sixth place, or was frozen in another currency."""
    if then.currency != now.currency and then.value is not None and now.value is not None:
        return None
    if _rounded(then.value) == _rounded(now.value):
        return None
    fraction = None if now.value is None else fraction_between(now.value, then.value)
    return Since(now.value, fraction)


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.000001"))


def _stated(each: dict[str, Any], departments: dict[str, Department]) -> Stated:
    names = ("currency", "source", "counts", "is_open", "verdict", "reason", "ruled_by")
    return Stated(
        department=departments[each["department"]],
        value=Decimal(each["value"]),
        **{name: each[name] for name in names},
    )


def _stated_now(one: Any) -> Stated:
    ruling = one.ruling
    return Stated(
        department=one.department,
        value=one.stated,
        reported=one.reported,
        currency=one.currency,
        source=one.statement.source,
        counts=one.counts,
        is_open=one.is_open,
        verdict=ruling.verdict if ruling else "",
        reason=ruling.reason if ruling else "",
        ruled_by=ruling.ruled_by.name if ruling else "",
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# --- pre-reads ------------------------------------------------------------------------------------------------
def readings(meeting: Meeting, prereads: Iterable[PreRead], reader: User | None) -> dict[int, Reading]:
    """What the meeting reads, by pre-read id: the pinned revisions once it is frozen, the newest ones before.

    Figures then are the frozen ones, each with what has changed since. A pre-read that came later is there as it
    was handed in, marked `is_after_freeze`; one with a later revision names it in `later`.
    """
    by_pk = {preread.pk: preread for preread in prereads}
    snapshot = snapshot_of(meeting)
    newest = revisions.readings(by_pk.values(), reader)
    if not newest or (snapshot is None and not _has_statements(meeting)):
        return newest
    figures = {each.metric.code: each for each in frozen_figures(meeting)}
    if snapshot is None:
        return {pk: _with_figures(reading, figures, is_frozen=False) for pk, reading in newest.items()}
    pinned_ids = list(snapshot.content["revisions"].values())
    older = [pk for pk in pinned_ids if pk not in {reading.revision.pk for reading in newest.values()}]
    pinned = dict(newest)
    if older:
        rows = PreReadRevision.objects.filter(pk__in=older, preread__in=by_pk).select_related("submitted_by")
        for pk, reading in revisions.readings_of(rows, by_pk, reader).items():
            pinned[pk] = replace(reading, later=newest[pk].revision)
    return {
        pk: _with_figures(reading, figures, is_frozen=True)
        if reading.revision.pk in pinned_ids
        else replace(reading, is_after_freeze=True)
        for pk, reading in pinned.items()
    }


def pinned_number(meeting: Meeting, preread: PreRead) -> int | None:
    """The number of the revision the meeting works with: None before the freeze, 0 when none was in by then."""
    snapshot = snapshot_of(meeting)
    if snapshot is None:
        return None
    pinned = snapshot.content["revisions"].get(preread.department.code)
    found = (
        PreReadRevision.objects.filter(pk=pinned, preread=preread).values_list("number", flat=True).first()
    )
    return found or 0


def _has_statements(meeting: Meeting) -> bool:
    return Statement.objects.filter(preread__meeting=meeting).exists()


def _with_figures(reading: Reading, known: dict[str, MeetingFigure], *, is_frozen: bool) -> Reading:
    """The reading with what counts beside its figures: rulings always, frozen numbers once there are any."""
    return replace(
        reading,
        figures=[
            _with_figure(figure, known.get(figure.row.metric.code), is_frozen) for figure in reading.figures
        ],
    )


def _with_figure(figure: Figure, known: MeetingFigure | None, is_frozen: bool) -> Figure:
    if known is None:
        return figure
    if is_frozen:
        return replace(figure, row=known.row, stated=known.stated, changed_since=known.changed_since)
    return replace(figure, stated=[each for each in known.stated if each.is_ruled])
