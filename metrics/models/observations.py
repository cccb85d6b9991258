from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.models.dictionary import Measure
from metrics.models.shops import Product, Shop
from metrics.models.uploads import Upload


class ObservationQuerySet(models.QuerySet["Observation"]):
    def current(self) -> "ObservationQuerySet":
        """Those that count: of uploads that own their slice, not of replaced ones."""
        return self.filter(upload__state=Upload.State.STORED)


class Observation(models.Model):
    """What one upload says of a measure on a day, for one product or (product empty) for the whole shop.

    Rows of an upload are written by COPY and never changed. A replaced upload keeps its rows, so that it can
    be made valid again. Pages read `DailyTotal`; this table answers questions about products and sources.
    """

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, db_index=False, related_name="+")
    day = models.DateField()
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, db_index=False, related_name="+")
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, db_index=False, related_name="observations")
    value = models.DecimalField(max_digits=18, decimal_places=4)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints = [
            # Also the way in for everything that an upload wrote.
            models.UniqueConstraint(
                fields=["upload", "measure", "day", "product"],
                nulls_distinct=False,
                name="observation_once",
                violation_error_message=_("An upload gives a measure once for a day and product."),
            ),
        ]
        indexes = [
            # One measure of a shop by product over days; rebuilding the totals of touched days.
            models.Index(fields=["shop", "day", "measure"], name="observation_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.value}"


class DailyTotal(models.Model):
    """The sum of the valid observations of a measure, shop and day: what pages and charts read.

    Rebuilt for the touched shop and days in the transaction of the import itself.
    """

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, db_index=False, related_name="+")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        verbose_name = _("daily total")
        verbose_name_plural = _("daily totals")
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "shop", "day"],
                name="daily_total_once",
                violation_error_message=_("There is already a total for this measure, shop and day."),
            ),
        ]
        indexes = [
            # A series of one measure over all shops, answered from the index alone.
            models.Index(fields=["measure", "day"], include=["shop", "value"], name="daily_total_series"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.value}"
