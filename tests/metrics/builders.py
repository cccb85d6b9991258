"""Small companies of figures for tests: a shop, days that are covered by reports, sums on days."""

import itertools
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from core.periods import Period
from metrics.dictionary.load import ensure
from metrics.models import DailyTotal, Measure, Metric, Shop, Upload

GOLDEN = json.loads((Path(__file__).parent / "data" / "golden.json").read_text())
TRANSACTIONS, STORAGE = "amazon_transactions", "amazon_storage_fees"
_numbers = itertools.count(1)


def dictionary() -> None:
    """The shipped dictionary, also after a test that flushed the tables."""
    if not Metric.objects.exists():
        ensure()


def shop(code: str = "us-main", **fields) -> Shop:
    dictionary()
    return Shop.objects.create(
        code=code, **{"name": code.upper(), "marketplace": "US", "currency": "USD"} | fields
    )


def covered(shop: Shop, *periods: str, kind: str = TRANSACTIONS) -> list[Upload]:
    """Stored uploads for these periods ("2025-10"), without figures of their own."""
    return [
        Upload.objects.create(
            original_name=f"{kind}-{period}.csv",
            file="reports/none",
            sha256=f"{next(_numbers):064}",
            size=1,
            kind=kind,
            shop=shop,
            period_start=period.start,
            period_end=period.end,
            currency=shop.currency,
            state=Upload.State.STORED,
        )
        for period in map(Period.parse, periods)
    ]


def totals(shop: Shop, day: str, **sums) -> None:
    """Sums of measures on a day: `totals(shop, "2025-10-03", orders=2, product_sales="19.98")`."""
    measures = {measure.code: measure for measure in Measure.objects.filter(code__in=sums)}
    DailyTotal.objects.bulk_create(
        DailyTotal(measure=measures[code], shop=shop, day=date.fromisoformat(day), value=Decimal(value))
        for code, value in sums.items()
    )


def metric(code: str) -> Metric:
    return Metric.objects.with_current().get(code=code)
