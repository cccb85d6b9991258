from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ExchangeRate(models.Model):
    """What one unit of `currency` was worth in `base`, for a whole month (`month` is its first day)."""

    currency = models.CharField(_("currency"), max_length=3)
    base = models.CharField(_("base currency"), max_length=3)
    month = models.DateField(_("month"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    source = models.CharField(_("source"), max_length=120)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "base", "month"],
                name="exchange_rate_once",
                violation_error_message=_("There is already a rate for this month."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0),
                name="exchange_rate_positive",
                violation_error_message=_("An exchange rate is greater than zero."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="exchange_rate_month_first",
                violation_error_message=_("Give the month by its first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency}/{self.base} {self.month:%Y-%m}"
