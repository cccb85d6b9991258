from metrics.models.dictionary import Measure, Metric, MetricVersion
from metrics.models.observations import DailyTotal, Observation
from metrics.models.rates import ExchangeRate
from metrics.models.shops import Product, Shop
from metrics.models.uploads import Upload, UploadProblem

__all__ = [
    "DailyTotal",
    "ExchangeRate",
    "Measure",
    "Metric",
    "MetricVersion",
    "Observation",
    "Product",
    "Shop",
    "Upload",
    "UploadProblem",
]
