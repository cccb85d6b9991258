"""The metrics that come with Fupan: names, definitions in words, formulas, and what was decided where people quarrel.

To change one, edit it here: the next `load.ensure()` writes a new version and keeps the old one. Each decision names
what the figure leaves out or counts differently from a neighbour with a similar name.
"""

from metrics.dictionary.entries.finance import FINANCE
from metrics.dictionary.entries.marketing import MARKETING
from metrics.dictionary.entries.refunds import REFUNDS
from metrics.dictionary.entries.sales import SALES
from metrics.dictionary.entries.supply import SUPPLY
from metrics.dictionary.entry import MetricData

# By department, in the order in which people read them.
METRICS: tuple[MetricData, ...] = SALES + REFUNDS + MARKETING + FINANCE + SUPPLY

__all__ = ["METRICS", "MetricData"]
