"""Figures that departments state, against those of the reports and against each other, and what was ruled on them.

One figure counts per metric: the reports', unless the data owner ruled that a department's does. A ruling is on two
values; once either of them changes it settles nothing any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from meetings.models import AgendaItem, Meeting, PreRead, Ruling, Snapshot, Statement, Tolerance
from meetings.queries.figures import planned, table
from metrics import queries as metrics
from metrics.models import Metric, Upload
from people.models import Department, User

# Of the reports' figure; stated figures are rounded, so a difference within it is none.
DIFFERENCE = Decimal("0.01")
SIXTH = Decimal("0.000001")


@dataclass(slots=True)
class Difference:
    """A stated figure beside the reports' one. Money of both is in `currency`, rates are fractions.

    `reported` is None where no report covers the period. `rivals` are other departments' figures for the metric that
    lie further away than tolerated. `ruling` is the newest on the present values, `former` the newest on others.
    """

    statement: Statement
    metric: Metric
    reported: Decimal | None
    currency: str
    tolerance: Decimal
    is_complete: bool = True
    ruling: Ruling | None = None
    former: Ruling | None = None
    # It was settled when the meeting was frozen; a later import then opens nothing again.
    was_frozen_settled: bool = False
    # A ruling for another department's figure that was given after this one was stated.
    overruled_by: Ruling | None = None
    rivals: list[Statement] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)

    @property
    def department(self) -> Department:
        return self.statement.preread.department

    @property
    def stated(self) -> Decimal:
        return self.statement.value

    @property
    def gap(self) -> Decimal | None:
        return None if self.reported is None else self.stated - self.reported

    @property
    def place(self) -> str:
        """Differs once one of the two figures does; fit for the id of an element."""
        return f"{self.stated.normalize():f}-{self.reported}".replace(".", "_")

    @property
    def fraction(self) -> Decimal | None:
        """The gap as a fraction of the reports' figure; None without one or where it is zero."""
        return fraction_between(self.stated, self.reported)

    @property
    def is_beyond(self) -> bool:
        return self.reported is not None and differ(self.stated, self.reported, self.tolerance)

    @property
    def needs_ruling(self) -> bool:
        """It contradicts the reports, or another department where there is no report."""
        return self.is_beyond or (self.reported is None and bool(self.rivals))

    @property
    def is_settled(self) -> bool:
        is_ruled = self.ruling is not None or self.overruled_by is not None
        return is_ruled or self.was_frozen_settled or not self.needs_ruling

    @property
    def is_open(self) -> bool:
        return not self.is_settled

    @property
    def is_without_report(self) -> bool:
        """The only figure there is: it is shown as stated until the data owner accepts it, and holds nothing up."""
        return self.reported is None and not self.rivals

    @property
    def counts(self) -> bool:
        """Whether the stated figure is the one the meeting works with."""
        if self.overruled_by is not None:
            return False
        if self.ruling is not None:
            return self.ruling.verdict == Ruling.Verdict.STATED
        return self.is_without_report and self.is_handed_in

    @property
    def is_handed_in(self) -> bool:
        """Whether it stands in what was submitted, rather than in a draft that others must not see."""
        return self.statement.preread.status in (PreRead.Status.SUBMITTED, PreRead.Status.CERTIFIED)


def differ(one: Decimal, other: Decimal, tolerance: Decimal) -> bool:
    """Whether two figures lie further apart than tolerated, as a fraction of the second."""
    if one == other:
        return False
    return other == 0 or abs(one - other) / abs(other) > tolerance


def fraction_between(one: Decimal, other: Decimal | None) -> Decimal | None:
    return None if not other else (one - other) / abs(other)


def tolerances(codes: Iterable[str]) -> dict[str, Decimal]:
    """The tolerated difference of each metric: its own row, else the company's general row, else 1 %."""
    wanted = list(codes)
    rows = dict(
        Tolerance.objects.filter(metric_code__in=["", *wanted]).values_list("metric_code", "difference")
    )
    return {code: rows.get(code, rows.get("", DIFFERENCE)) for code in wanted}


def compared(meeting: Meeting, *, user: User | None = None, with_sources: bool = False) -> list[Difference]:
    """Every stated figure of a meeting, by metric and department. One query without any; else a constant number.

    With a `user` only those whose working text this person may read (their department's; all for a data owner).
    """
    statements = list(
        Statement.objects.filter(preread__meeting=meeting)
        .select_related("preread__department", "stated_by")
        .prefetch_related("rulings__ruled_by")
        .order_by("metric_code", "preread__department__position", "pk")
    )
    statements = _open_ones(meeting, statements)
    if not statements:
        return []
    codes = list(dict.fromkeys(statement.metric_code for statement in statements))
    tolerated = tolerances(codes)
    found = _beside_reports(meeting, statements, tolerated)
    for one in found:
        one.rivals = [
            other.statement
            for other in found
            if other.metric.code == one.metric.code
            and other is not one
            and other.currency == one.currency
            and differ(one.stated, other.stated, one.tolerance)
        ]
    _put_rulings(found)
    if any(one.is_open and one.former for one in found):
        _put_frozen(meeting, found)
    if with_sources and meeting.period:
        known = [metric for metric in {one.metric.code: one.metric for one in found}.values() if metric.pk]
        behind = metrics.sources(metrics=known, period=meeting.period)
        for one in found:
            one.uploads = behind.get(one.metric.code, [])
    if user is not None and not user.has_role(User.Role.DATA_OWNER):
        found = [one for one in found if one.statement.preread.department_id in user.department_ids]
    return found


def _open_ones(meeting: Meeting, statements: list[Statement]) -> list[Statement]:
    """Without figures that only confidential items of their department ask for: these stay in the circle."""
    if not statements:
        return []
    asked: dict[tuple[int | None, str], bool] = {}
    items = AgendaItem.objects.filter(meeting=meeting).values_list(
        "department_id", "is_confidential", "metric_codes"
    )
    for department, secret, codes in items:
        for code in codes:
            asked[department, code] = asked.get((department, code), True) and secret
    return [one for one in statements if not asked.get((one.preread.department_id, one.metric_code), False)]


def differences(meeting: Meeting) -> list[Difference]:
    """The stated figures that need, or have, a ruling."""
    return [one for one in compared(meeting) if one.needs_ruling]


def open_differences(meeting: Meeting) -> list[Difference]:
    """Those that the data owner has not settled yet; they keep a meeting from being ready."""
    return [one for one in compared(meeting) if one.is_open]


def _beside_reports(
    meeting: Meeting, statements: list[Statement], tolerated: dict[str, Decimal]
) -> list[Difference]:
    codes, period = list(tolerated), meeting.period
    rows = table(codes, period).rows if period else {}
    # Money that was stated in another currency is compared in that currency.
    others: dict[str, set[str]] = {}
    for statement in statements:
        row = rows.get(statement.metric_code)
        if row and row.currency and statement.currency and statement.currency != row.currency:
            others.setdefault(statement.currency, set()).add(statement.metric_code)
    converted = {
        (currency, row.metric.code): row
        for currency, wanted in others.items()
        for row in _rows_in(currency, wanted, meeting)
    }
    found = []
    for statement in statements:
        code = statement.metric_code
        row = converted.get((statement.currency, code)) or rows.get(code)
        # An amount that cannot be converted is not compared.
        foreign = bool(row and row.currency and statement.currency and statement.currency != row.currency)
        found.append(
            Difference(
                statement=statement,
                metric=row.metric if row else planned(code),
                reported=None if row is None or foreign or row.value is None else row.value.quantize(SIXTH),
                currency=statement.currency or (row.currency if row else ""),
                tolerance=tolerated[code],
                is_complete=row is None or row.is_complete,
            )
        )
    return found


def _put_frozen(meeting: Meeting, found: list[Difference]) -> None:
    """Mark what the meeting's snapshot holds as settled, as long as the department still states the same."""
    snapshot = Snapshot.objects.filter(meeting=meeting).first()
    settled = {
        (figure["code"], stated["department"], Decimal(stated["value"]))
        for figure in (snapshot.content["figures"] if snapshot else ())
        for stated in figure["stated"]
        if not stated["is_open"]
    }
    for one in found:
        one.was_frozen_settled = (one.metric.code, one.department.code, one.stated) in settled


def _rows_in(currency: str, codes: Iterable[str], meeting: Meeting) -> "list[metrics.KpiRow]":
    if meeting.period is None:
        return []
    try:
        return metrics.kpi_rows(codes=codes, period=meeting.period, currency=currency)
    except metrics.CurrencyError:
        return []


def _put_rulings(found: list[Difference]) -> None:
    """The newest ruling on the present values of each, and the one for another department that came after it."""
    for one in found:
        newest_first = sorted(one.statement.rulings.all(), key=lambda ruling: (ruling.ruled_at, ruling.pk))[
            ::-1
        ]
        for ruling in newest_first:
            is_present = ruling.stated_value == one.stated and ruling.authoritative_value == one.reported
            if is_present and one.ruling is None:
                one.ruling = ruling
            elif not is_present and one.former is None:
                one.former = ruling
    by_metric: dict[str, list[Difference]] = {}
    for one in found:
        by_metric.setdefault(one.metric.code, []).append(one)
    for rows in by_metric.values():
        for one in rows:
            later = [
                other.ruling
                for other in rows
                if other is not one
                and other.ruling is not None
                and other.ruling.verdict == Ruling.Verdict.STATED
                and other.ruling.ruled_at >= one.statement.stated_at
                and (one.ruling is None or other.ruling.pk > one.ruling.pk)
            ]
            one.overruled_by = max(later, key=lambda ruling: ruling.pk, default=None)
