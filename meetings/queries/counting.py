"""The figures a meeting works with: the reports', or a department's where the data owner ruled that it counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from meetings.models import AgendaItem, Meeting
from meetings.queries import confidential, differences
from meetings.queries.differences import Difference
from meetings.queries.figures import table
from metrics.dictionary.formula import growth
from people.models import User

if TYPE_CHECKING:
    from metrics.queries import KpiRow


@dataclass(frozen=True, slots=True)
class Counted:
    """A metric's row with the numbers that count; `reported` is the reports' own, `stated` what departments say."""

    row: "KpiRow"
    reported: Decimal | None
    stated: list[Difference] = field(default_factory=list)

    @property
    def chosen(self) -> Difference | None:
        """The stated figure that counts, None where the reports' one does."""
        return next((one for one in self.stated if one.counts), None)


def counted(
    meeting: Meeting, codes: Iterable[str], compared: list[Difference] | None = None
) -> dict[str, Counted]:
    """The figures of these metrics as they are now, by code; empty without a period under review."""
    period = meeting.period
    if period is None:
        return {}
    by_metric: dict[str, list[Difference]] = {}
    for one in differences.compared(meeting) if compared is None else compared:
        by_metric.setdefault(one.metric.code, []).append(one)
    return {code: _count(row, by_metric.get(code, [])) for code, row in table(codes, period).rows.items()}


def _count(row: "KpiRow", stated: list[Difference]) -> Counted:
    found = Counted(row, row.value, stated)
    chosen = found.chosen
    if chosen is None:
        return found
    # What was stated in another currency is not measured against the reports' earlier periods.
    comparable = not row.currency or chosen.currency in ("", row.currency)
    previous, year_before = (row.previous, row.year_before) if comparable else (None, None)
    return replace(
        found,
        row=replace(
            row,
            value=chosen.stated,
            previous=previous,
            year_before=year_before,
            change=growth(chosen.stated, previous),
            change_year=growth(chosen.stated, year_before),
            currency=chosen.currency or row.currency,
        ),
    )


def metric_codes(meeting: Meeting, user: User | None = None) -> list[str]:
    """The metrics of the agenda in its order, each once; without those of items kept from `user`."""
    items = AgendaItem.objects.filter(meeting=meeting).in_order()
    if user is not None:
        items = items.exclude(pk__in=confidential.hidden_ids(meeting=meeting.pk, user=user))
    return list(
        dict.fromkeys(code for codes in items.values_list("metric_codes", flat=True) for code in codes)
    )
