"""Reports that are recognised by their columns and named, but whose figures cannot be read yet.

Their column names stand in the table beside this. A report moves from here to a module of its own when it is read.
"""

import csv
from collections import defaultdict
from pathlib import Path

from django.utils.translation import gettext_noop

from metrics.intake.columns import Column
from metrics.intake.kinds.base import ReportKind

# Code → name, platform, and how many column names in one line make it this report.
REPORTS = {
    "amazon_settlement": (gettext_noop("Amazon settlement report (flat file V2)"), "amazon", 9),
    "amazon_settlement_v1": (gettext_noop("Amazon settlement report (old flat file)"), "amazon", 9),
    "amazon_business_asin": (gettext_noop("Amazon business report by product"), "amazon", 5),
    "amazon_business_date": (gettext_noop("Amazon business report by date"), "amazon", 7),
    "amazon_ads_search_terms": (gettext_noop("Amazon Ads search term report"), "amazon", 7),
    "amazon_ads_campaigns": (gettext_noop("Amazon Ads campaign report"), "amazon", 6),
    "amazon_orders": (gettext_noop("Amazon all orders report"), "amazon", 10),
    "amazon_inventory_planning": (gettext_noop("Amazon inventory planning report"), "amazon", 8),
    "amazon_inventory": (gettext_noop("Amazon manage inventory report"), "amazon", 8),
    "amazon_returns": (gettext_noop("Amazon customer returns"), "amazon", 8),
    "amazon_reimbursements": (gettext_noop("Amazon reimbursements"), "amazon", 8),
    "amazon_ledger": (gettext_noop("Amazon inventory ledger"), "amazon", 8),
    "amazon_search_queries": (gettext_noop("Amazon search query performance"), "amazon", 5),
    "shopify_orders": (gettext_noop("Shopify orders"), "shopify", 9),
    "ebay_orders": (gettext_noop("eBay orders"), "ebay", 8),
    "tiktok_orders": (gettext_noop("TikTok Shop orders"), "tiktok", 8),
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
    ReportKind(code, name_en, platform, tuple(_COLUMNS[code]), threshold, taken=False)
    for code, (name_en, platform, threshold) in REPORTS.items()
)
