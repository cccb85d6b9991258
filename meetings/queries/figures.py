"""The KPI table of a pre-read: the figures of the dictionary, what the department states itself, and causes."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import override

from core.periods import Period
from meetings import clock_rules
from meetings.library.planned_metrics import PLANNED_METRICS, PLANNED_UNITS
from meetings.models import AgendaItem, PreRead, PreReadText, Statement, Tolerance
from metrics import queries as metrics
from metrics.models import Metric, MetricVersion

if TYPE_CHECKING:
    from meetings.queries.frozen import Since, Stated
    from metrics.queries import KpiRow

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a KPI table: the figures, whether the move needs a cause (fraction tolerated), and the cause.

    `statement` is the figure that the department states itself, beside a report's figure or in place of one.
    `item_id` is the confidential item that the metric belongs to, None for a figure that everybody may see.
    """

    row: "KpiRow"
    tolerance: Decimal
    cause: PreReadText | None = None
    statement: Statement | None = None
    item_id: int | None = None
    # What departments state for the metric and what was ruled; what a frozen figure would be today (`frozen`).
    stated: "list[Stated]" = field(default_factory=list)
    changed_since: "Since | None" = None

    @property
    def is_moved(self) -> bool:
        """Moved further from the period before than is tolerated."""
        return self.row.change is not None and abs(self.row.change) > self.tolerance

    @property
    def needs_cause(self) -> bool:
        return self.is_moved and not self.cause_text.strip()

    @property
    def has_value(self) -> bool:
        return self.row.value is not None

    @property
    def is_planned(self) -> bool:
        """The dictionary does not have this metric yet, so no report can fill it."""
        return self.row.metric.pk is None

    @property
    def attainment(self) -> Decimal | None:
        """The value as a fraction of the period before."""
        if self.row.change is None or self.row.value is None or not self.row.previous:
            return None
        return self.row.value / self.row.previous

    @property
    def cause_text(self) -> str:
        return self.cause.text if self.cause else ""

    @property
    def cause_version(self) -> int:
        return self.cause.version if self.cause else 0


def metric_items(preread: PreRead) -> dict[str, int | None]:
    """The metrics a department reports, each once, in the order of the agenda items it presents.

    With the item where only confidential items ask for the metric, else None. Read once per pre-read.
    """
    if "_metric_items" not in preread.__dict__:
        items = AgendaItem.objects.filter(meeting=preread.meeting_id, department=preread.department_id)
        found: dict[str, int | None] = {}
        for pk, secret, codes in items.in_order().values_list("pk", "is_confidential", "metric_codes"):
            for code in codes:
                if code not in found or not secret:
                    found[code] = pk if secret else None
        preread.__dict__["_metric_items"] = found
    return preread.__dict__["_metric_items"]


def metric_codes(preread: PreRead) -> list[str]:
    return list(metric_items(preread))


def without_source(codes: Iterable[str]) -> list[str]:
    """The names of those metrics that the dictionary does not have: no report fills them yet."""
    wanted = list(dict.fromkeys(codes))
    known = set(Metric.objects.filter(code__in=wanted).values_list("code", flat=True)) if wanted else set()
    return [str(PLANNED_METRICS.get(code, code)) for code in wanted if code not in known]


def tolerances(codes: Iterable[str]) -> dict[str, Decimal]:
    """The tolerated change of each metric, as a fraction: its own row, else the company's general row, else 20 %."""
    rows = dict(Tolerance.objects.filter(metric_code__in=["", *codes]).values_list("metric_code", "fraction"))
    general = rows.get("", clock_rules.TOLERANCE)
    return {code: rows.get(code, general) for code in codes}


def figures(
    preread: PreRead,
    texts: Iterable[PreReadText] | None = None,
    statements: Iterable[Statement] | None = None,
) -> list[Figure]:
    """The KPI table of a pre-read from what is imported now; empty without metrics or a period under review."""
    return kpi_table(preread, texts, statements)[0]


def kpi_table(
    preread: PreRead,
    texts: Iterable[PreReadText] | None = None,
    statements: Iterable[Statement] | None = None,
) -> tuple[list[Figure], str]:
    """The same, with the sentence that says why there are no figures (a currency that cannot be converted) or ""."""
    period, items = preread.meeting.period, metric_items(preread)
    if period is None or not items:
        return [], ""
    if texts is None:
        texts = preread.texts.filter(kind=PreReadText.Kind.CAUSE)
    if statements is None:
        statements = preread.statements.all()
    causes = {text.key: text for text in texts if text.kind == PreReadText.Kind.CAUSE}
    stated = {statement.metric_code: statement for statement in statements}
    tolerated = tolerances(items)
    found = table(items, period)
    rows = [
        Figure(row, tolerated[code], causes.get(code), stated.get(code), items[code])
        for code, row in found.rows.items()
    ]
    return rows, found.problem


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by metric code; `problem` when amounts of several currencies cannot be brought into one."""

    rows: "dict[str, KpiRow]"
    problem: str = ""


def table(codes: Iterable[str], period: Period) -> Table:
    """A row for every code in its order. A metric without figures, or that no report fills yet, has an empty row.

    Where a currency cannot be converted all rows are empty: a pre-read is written and read without them, too.
    """
    wanted, problem = list(dict.fromkeys(codes)), ""
    try:
        known = {row.metric.code: row for row in metrics.kpi_rows(codes=wanted, period=period)}
    except metrics.CurrencyError as error:
        logger.exception("The figures of a pre-read could not be brought into one currency.")
        problem = str(error)
        found = Metric.objects.with_current().filter(code__in=wanted)
        known = {metric.code: empty_row(metric, period) for metric in found}
    return Table(
        {code: known[code] if code in known else empty_row(planned(code), period) for code in wanted}, problem
    )


def planned(code: str) -> Metric:
    """A metric that the dictionary does not have yet; never saved."""
    name = PLANNED_METRICS.get(code, code)
    with override("en"):
        name_en = capfirst(str(name)) if code in PLANNED_METRICS else code
    with override("zh-hans"):
        name_zh = str(name)
    unit = PLANNED_UNITS.get(code, MetricVersion.Unit.COUNT)
    decimals = {"count": 0, "percent": 1}.get(unit, 2)
    version = MetricVersion(unit=unit, decimals=decimals)
    return Metric(code=code, name_en=name_en, name_zh=name_zh, current=version)


def empty_row(metric: Metric, period: Period) -> "KpiRow":
    return metrics.KpiRow(
        metric=metric,
        period=period,
        value=None,
        previous=None,
        year_before=None,
        change=None,
        change_year=None,
        is_complete=True,
        currency="",
    )
