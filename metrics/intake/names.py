"""What reports are called; apart from the kinds themselves, because pages need names and not the reading of files."""

from django.utils.translation import gettext, gettext_noop

# Those that are read, in the order in which people see them.
TAKEN = ("amazon_transactions", "amazon_storage_fees")

NAMES = {
    "amazon_transactions": gettext_noop("Amazon transaction report"),
    "amazon_storage_fees": gettext_noop("Amazon monthly storage fees"),
    "amazon_settlement": gettext_noop("Amazon settlement report (flat file V2)"),
    "amazon_settlement_v1": gettext_noop("Amazon settlement report (old flat file)"),
    "amazon_business_asin": gettext_noop("Amazon business report by product"),
    "amazon_business_date": gettext_noop("Amazon business report by date"),
    "amazon_ads_search_terms": gettext_noop("Amazon Ads search term report"),
    "amazon_ads_campaigns": gettext_noop("Amazon Ads campaign report"),
    "amazon_orders": gettext_noop("Amazon all orders report"),
    "amazon_inventory_planning": gettext_noop("Amazon inventory planning report"),
    "amazon_inventory": gettext_noop("Amazon manage inventory report"),
    "amazon_returns": gettext_noop("Amazon customer returns"),
    "amazon_reimbursements": gettext_noop("Amazon reimbursements"),
    "amazon_ledger": gettext_noop("Amazon inventory ledger"),
    "amazon_search_queries": gettext_noop("Amazon search query performance"),
    "shopify_orders": gettext_noop("Shopify orders"),
    "ebay_orders": gettext_noop("eBay orders"),
    "tiktok_orders": gettext_noop("TikTok Shop orders"),
}


def name_of(code: str) -> str:
    """The name of a report in the reader's language; the code itself for one that is not known any more."""
    return gettext(NAMES[code]) if code in NAMES else code
