"""Names of the metrics that agendas ask for and that no report fills yet, so that a KPI table can say what it lacks.

Once a metric of such a code is in the dictionary, the dictionary's own name counts.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PLANNED_METRICS: dict[str, str | Promise] = {
    "acos": _("ACoS"),
    "budget_exec": _("budget execution"),
    "cac": _("customer acquisition cost"),
    "capital_need": _("capital needed"),
    "cart_cvr": _("cart conversion"),
    "cost_structure": _("cost structure"),
    "cvr": _("conversion rate"),
    "days_of_supply": _("days of supply"),
    "feature_progress": _("progress of new features"),
    "net_profit": _("net profit"),
    "on_time_delivery": _("on-time delivery"),
    "page_load": _("page load time"),
    "review_rating": _("review rating"),
    "roas": _("ROAS"),
    "sessions": _("sessions"),
    "stockout": _("stock-outs"),
    "uptime": _("uptime"),
}

# The unit of such a metric, as in the dictionary; a number where nothing stands here.
PLANNED_UNITS: dict[str, str] = {
    "acos": "percent",
    "budget_exec": "percent",
    "cac": "money",
    "capital_need": "money",
    "cart_cvr": "percent",
    "cvr": "percent",
    "days_of_supply": "days",
    "feature_progress": "percent",
    "net_profit": "money",
    "on_time_delivery": "percent",
    "review_rating": "ratio",
    "roas": "ratio",
    "uptime": "percent",
}
