"""The scorecard: all metrics of a period, the exceptions first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from core.periods import Period
from metrics.models import Metric, Shop
from metrics.queries.coverage import Coverage, Known
from metrics.queries.figures import Figures
from metrics.queries.rows import KpiRow, kpi_row, with_bases
from metrics.queries.unusual import Verdict, judge, look_back
from people.models import Department

# Points of a sparkline.
COURSE = 13


@dataclass(frozen=True, slots=True)
class Card:
    """One line of the scorecard."""

    row: KpiRow
    verdict: Verdict
    course: tuple[Decimal | None, ...]
    known: Known

    @property
    def metric(self) -> Metric:
        return self.row.metric

    @property
    def is_incomplete(self) -> bool:
        return self.known is Known.PARTLY


@dataclass(frozen=True, slots=True)
class Group:
    """The cards of one department (None: metrics that belong to no department)."""

    department: Department | None
    cards: list[Card]


@dataclass(frozen=True)
class Scorecard:
    period: Period
    currency: str
    cards: list[Card] = field(default_factory=list)

    @property
    def exceptions(self) -> list[Card]:
        """What is unusual: to the worse before to the better, each the most unusual first."""
        wanted = [card for card in self.cards if card.verdict.is_unusual]
        return sorted(wanted, key=lambda card: (not card.verdict.is_bad, -card.verdict.strength))

    @property
    def incomplete(self) -> list[Card]:
        """Those of which a part of the period is not known; they are not judged."""
        return [card for card in self.cards if card.is_incomplete]

    @property
    def groups(self) -> list[Group]:
        """Everything that has figures, by department."""
        shown = [card for card in self.cards if card.known is not Known.NOT]
        return [
            Group(department, list(cards))
            for department, cards in groupby(shown, key=lambda card: card.metric.department)
        ]

    @property
    def without_figures(self) -> list[Card]:
        return [card for card in self.cards if card.known is Known.NOT]

    @property
    def count(self) -> int:
        return len(self.cards) - len(self.without_figures)


def scorecard(
    *,
    period: Period,
    shops: Sequence[Shop],
    currency: str | None = None,
    coverage: Coverage | None = None,
) -> Scorecard:
    """All metrics of a period with their past: four statements for any number of metrics. Raises CurrencyError."""
    metrics = list(Metric.objects.with_current().filter(current__isnull=False).in_order())
    past = look_back(period)
    figures = Figures(
        metrics=metrics,
        periods=[*past, *with_bases([period])],
        shops=shops,
        currency=currency,
        coverage=coverage,
    )
    cards = [
        Card(
            row=kpi_row(figures, metric, period),
            verdict=judge(figures, metric, past),
            course=tuple(figures.value(metric, each) for each in past[-COURSE:]),
            known=figures.known(metric, period),
        )
        for metric in metrics
    ]
    return Scorecard(period, figures.currency, cards)
