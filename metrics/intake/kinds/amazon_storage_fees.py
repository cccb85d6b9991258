"""Amazon's monthly storage fee report: what storing each product in each warehouse cost in one month.

The fee of a month is billed in the next, in the transaction report, to the cent. All figures are dated on the last
day of the month of charge: they speak of the month as a whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from metrics.intake import values
from metrics.intake.columns import Column
from metrics.intake.kinds.base import Figure, ReportKind, Tally
from metrics.intake.names import NAMES
from metrics.intake.problems import Problems

READ = {
    "asin": ("text", ("asin",)),
    "fnsku": ("text", ("fnsku",)),
    "product_name": ("text", ("product_name", "product-name")),
    "warehouse": ("text", ("fulfillment_center", "fulfillment-center")),
    "country": ("text", ("country_code", "country-code")),
    "quantity": ("amount", ("average_quantity_on_hand", "average-quantity-on-hand")),
    "month": ("month", ("month_of_charge", "month-of-charge")),
    "currency": ("text", ("currency",)),
    "fee": ("amount", ("estimated_monthly_storage_fee", "estimated-monthly-storage-fee")),
}
# Known, so that the header is recognised by them and they do not count as unknown; no measure reads them.
UNREAD = (
    "longest_side median_side shortest_side measurement_units weight weight_units item_volume volume_units "
    "product_size_tier average_quantity_pending_removal estimated_total_item_volume storage_utilization_ratio "
    "storage_utilization_ratio_units base_rate utilization_surcharge_rate avg_qty_for_sus est_vol_for_sus "
    "est_base_msf est_sus dangerous_goods_storage_type eligible_for_inventory_discount "
    "qualifies_for_inventory_discount total_incentive_fee_amount breakdown_incentive_fee_amount "
    "average_quantity_customer_orders category size_tier"
).split()
REQUIRED = frozenset(["asin", "month", "currency", "fee"])
COLUMNS = tuple(
    Column(code, holds, {"en": names}, required=code in REQUIRED, filled=code in REQUIRED)  # type: ignore[arg-type]
    for code, (holds, names) in READ.items()
) + tuple(Column(code, "text", {"en": (code,)}) for code in UNREAD)


@dataclass
class StorageTally(Tally):
    present: Mapping[str, int] = field(default_factory=dict)
    parts: list[pd.DataFrame] = field(default_factory=list)

    def add(self, columns: Mapping[str, Any], lines: Sequence[int], problems: Problems) -> None:
        quantity = columns.get("quantity", np.zeros(len(lines), np.int64))
        frame = pd.DataFrame(
            {"month": columns["month"], "asin": columns["asin"], "fee": columns["fee"], "quantity": quantity}
        )
        self.parts.append(frame.groupby(["month", "asin"], sort=False).sum())
        if len(self.parts) >= 16:
            self.parts = [self._total()]
        months, first_rows, counts = np.unique(columns["month"], return_index=True, return_counts=True)
        for month, position, count in zip(months.tolist(), first_rows.tolist(), counts.tolist(), strict=True):
            self.days.setdefault(month, [lines[position], 0])[1] += count
        for currency in columns["currency"]:
            self.currencies[currency] = self.currencies.get(currency, 0) + 1
        for country in columns.get("country", ()):
            self.marketplaces[country] = self.marketplaces.get(country, 0) + 1
        for asin, name in zip(columns["asin"], columns.get("product_name", ()), strict=False):
            self.titles.setdefault(asin, (asin, name))

    def _total(self) -> pd.DataFrame:
        return pd.concat(self.parts).groupby(level=["month", "asin"], sort=False).sum()

    def figures(self, first: date, last: date) -> Iterable[Figure]:
        days_in_month = last.day
        for (_month, asin), fee, quantity in self._total().itertuples():
            yield "storage_fee_estimated", last, asin, values.unscaled(int(fee))
            if "quantity" in self.present:
                on_hand = values.unscaled(int(quantity))
                yield "storage_units", last, asin, on_hand
                yield "stock_unit_days", last, asin, on_hand * Decimal(days_in_month)


@dataclass(frozen=True, eq=False)
class AmazonStorageFees(ReportKind):
    def unfilled_without(self, column: str) -> list[str]:
        return ["storage_units", "stock_unit_days"] if column == "quantity" else []

    def tally(self, present: Mapping[str, int]) -> StorageTally:
        return StorageTally(present=present)

    def reads(self, code: str) -> bool:
        return code in READ and code not in ("fnsku", "warehouse")


KIND = AmazonStorageFees(
    code="amazon_storage_fees",
    name_en=NAMES["amazon_storage_fees"],
    platform="amazon",
    columns=COLUMNS,
    threshold=8,
    monthly=True,
)
