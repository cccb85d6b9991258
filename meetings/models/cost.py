"""What an hour of somebody's time costs, as an average of a department: never anybody's pay."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CostRate(models.Model):
    """The hourly cost rate from a day on. Without a department it is the company's, for departments without one."""

    department = models.ForeignKey(
        "people.Department",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    per_hour = models.DecimalField(_("cost an hour"), max_digits=10, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("cost rate")
        verbose_name_plural = _("cost rates")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "valid_from"],
                name="cost_rate_once",
                nulls_distinct=False,
                violation_error_message=_("There is already a rate from this day on."),
            ),
            models.CheckConstraint(
                condition=Q(per_hour__gte=0),
                name="cost_rate_not_negative",
                violation_error_message=_("A cost rate is not negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.per_hour} {self.currency}"
