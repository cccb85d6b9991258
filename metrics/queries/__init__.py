"""Reading figures. Other apps use what is named here.

A value is None when no report covers its period, never 0; a rate is a fraction (0.125 is 12.5 %); a cost is positive
where its metric says so. Periods and ranges of days are half-open.
"""

from metrics.queries.coverage import Coverage, Known, last_complete_period
from metrics.queries.currencies import CurrencyError, MissingRate
from metrics.queries.figures import Figures
from metrics.queries.rows import KpiRow, Point, kpi_rows, series, values
from metrics.queries.sources import sources, uploads_behind

__all__ = [
    "Coverage",
    "CurrencyError",
    "Figures",
    "Known",
    "KpiRow",
    "MissingRate",
    "Point",
    "kpi_rows",
    "last_complete_period",
    "series",
    "sources",
    "uploads_behind",
    "values",
]
