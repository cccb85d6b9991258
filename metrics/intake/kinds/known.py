"""Reports that are recognised by their columns and named, but whose figures cannot be read yet.

Their column names stand in the table beside this. A report moves from here to a module of its own when it is read.
"""

import csv
from collections import defaultdict
from pathlib import Path

from metrics.intake.columns import Column
from metrics.intake.kinds.base import ReportKind
from metrics.intake.names import NAMES

# Code → platform, and how many column names in one line make it this report.
REPORTS = {
    "amazon_settlement": ("amazon", 9),
    "amazon_settlement_v1": ("amazon", 9),
    "amazon_business_asin": ("amazon", 5),
    "amazon_business_date": ("amazon", 7),
    "amazon_ads_search_terms": ("amazon", 7),
    "amazon_ads_campaigns": ("amazon", 6),
    "amazon_orders": ("amazon", 10),
    "amazon_inventory_planning": ("amazon", 8),
    "amazon_inventory": ("amazon", 8),
    "amazon_returns": ("amazon", 8),
    "amazon_reimbursements": ("amazon", 8),
    "amazon_ledger": ("amazon", 8),
    "amazon_search_queries": ("amazon", 5),
    "shopify_orders": ("shopify", 9),
    "ebay_orders": ("ebay", 8),
    "tiktok_orders": ("tiktok", 8),
}


def _columns() -> dict[str, list[Column]]:
    columns = defaultdict(list)
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            others = row["other_names"].split(" | ") if row["other_names"] else []
            columns[row["report"]].append(Column(row["column"], "text", {"en": (row["column"], *others)}))
    return columns


_COLUMNS = _columns()
KNOWN = tuple(
    ReportKind(code, NAMES[code], platform, tuple(_COLUMNS[code]), threshold, taken=False)
    for code, (platform, threshold) in REPORTS.items()
)
