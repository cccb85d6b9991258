"""What spending of a kind has cost and returned so far, from the figures: the ground of a resource request."""

import logging
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.periods import Period
from metrics import queries as metrics
from metrics.models import Metric, Shop

logger = logging.getLogger(__name__)
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Past:
    """Cost and what it brought, in the currency asked for; `problem` says why there is no figure."""

    cost: Decimal | None = None
    brought: Decimal | None = None
    problem: str = ""


def past_figures(
    *, spend_code: str, return_code: str, start: date | None, end: date | None, currency: str
) -> Past:
    """Both figures over the days from `start` to `end` (excluded); None where nothing is chosen or no report has it."""
    if not (spend_code or return_code) or start is None or end is None or start >= end:
        return Past()
    period = Period(start, end, "range")
    codes = [code for code in (spend_code, return_code) if code]
    try:
        found = metrics.values(codes=codes, periods=[period], currency=currency or None)
    except metrics.CurrencyError as error:
        logger.warning("Past figures of a resource request: %s", error)
        return Past(problem=str(error))
    cost = found.get(spend_code, {}).get(period)
    brought = found.get(return_code, {}).get(period)
    return Past(
        None if cost is None else abs(cost).quantize(CENT),
        None if brought is None else brought.quantize(CENT),
    )


def money_metrics() -> list[Metric]:
    """The metrics of the dictionary that are amounts of money, in its order."""
    rows = Metric.objects.with_current().filter(current__unit="money").exclude(current__aggregation="growth")
    return list(rows.in_order())


def currencies() -> list[str]:
    """The currencies a request may be made in: those of the shops, and yuan and US dollar."""
    own = Shop.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return list(dict.fromkeys(["USD", "CNY", *own]))
