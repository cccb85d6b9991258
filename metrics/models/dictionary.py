from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Named


class Measure(Named):
    """A quantity that reports fill directly: stored, and added up over days (or taken as of a day)."""

    class Kind(models.TextChoices):
        SUM = "sum", _("adds up over time")
        SNAPSHOT = "snapshot", _("as of a day")

    class Unit(models.TextChoices):
        MONEY = "money", _("money")
        COUNT = "count", _("number")

    class Grain(models.TextChoices):
        """The shortest period for which the reports give it."""

        DAY = "day", _("day")
        MONTH = "month", _("month")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SUM)
    grain = models.CharField(_("shortest period"), max_length=10, choices=Grain, default=Grain.DAY)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)
    definition_en = models.TextField(_("English definition"))
    definition_zh = models.TextField(_("Chinese definition"))
    # A day is known for a measure when one of these reports is stored for it; a known day without a value is zero.
    reports = ArrayField(
        models.CharField(max_length=60), verbose_name=_("reports that fill it"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["sum", "snapshot"]),
                name="measure_kind_known",
                violation_error_message=_("This kind of measure is not known."),
            ),
            models.CheckConstraint(
                condition=Q(unit__in=["money", "count"]),
                name="measure_unit_known",
                violation_error_message=_("This unit is not known."),
            ),
            models.CheckConstraint(
                condition=Q(grain__in=["day", "month"]),
                name="measure_grain_known",
                violation_error_message=_("This period is not known."),
            ),
        ]

    @property
    def definition(self) -> str:
        return self.in_language("definition")


class MetricQuerySet(models.QuerySet["Metric"]):
    def visible_to(self, user) -> "MetricQuerySet":
        """The dictionary is for everybody who is logged in."""
        return self if user.is_active else self.none()

    def with_current(self) -> "MetricQuerySet":
        return self.select_related("current", "department", "owner", "steward")

    def in_order(self) -> "MetricQuerySet":
        return self.order_by("department__position", "position", "pk")


class Metric(Named):
    """A figure people talk about; how it is computed stands in its current version."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    department = models.ForeignKey(
        "people.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="metrics",
        verbose_name=_("department"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_metrics",
        verbose_name=_("owner"),
    )
    steward = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="stewarded_metrics",
        verbose_name=_("data steward"),
    )
    current = models.ForeignKey(
        "MetricVersion",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current version"),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    is_key = models.BooleanField(_("key figure"), default=False)

    objects = MetricQuerySet.as_manager()

    class Meta:
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")

    # Shortcuts to the current version: select it along (`with_current`) before using them in a list.
    @property
    def unit(self) -> str:
        return self.current.unit if self.current else MetricVersion.Unit.COUNT

    @property
    def decimals(self) -> int:
        return self.current.decimals if self.current else 0

    @property
    def direction(self) -> str:
        return self.current.direction if self.current else MetricVersion.Direction.CONTEXT

    @property
    def definition(self) -> str:
        return self.current.definition if self.current else ""

    @property
    def formula(self) -> str:
        return self.current.formula if self.current else ""

    def get_absolute_url(self) -> str:
        return reverse("metrics:metric", args=[self.code])


class MetricVersion(models.Model):
    """One definition of a metric, valid from a day on. A new definition is a new version, never an edit."""

    class Unit(models.TextChoices):
        MONEY = "money", _("money")
        PERCENT = "percent", _("percent")
        COUNT = "count", _("number")
        RATIO = "ratio", _("ratio")
        DAYS = "days", _("days")

    class Direction(models.TextChoices):
        UP = "up", _("higher is better")
        DOWN = "down", _("lower is better")
        TARGET = "target", _("near a target is best")
        CONTEXT = "context", _("context only")

    class Clock(models.TextChoices):
        """Which day a figure belongs to."""

        ORDERED = "ordered", _("day of the order")
        SHIPPED = "shipped", _("day of shipping")
        POSTED = "posted", _("day it was settled (posted)")
        BILLED = "billed", _("day it was billed")
        STORED = "stored", _("month the goods were stored")
        PAID_OUT = "paid_out", _("day of the payout")
        CLICKED = "clicked", _("day of the click")

    class TaxBase(models.TextChoices):
        EXCLUDED = "excluded", _("without tax")
        INCLUDED = "included", _("with tax")
        AS_BILLED = "as_billed", _("as billed")
        NONE = "none", _("no amounts")

    class Aggregation(models.TextChoices):
        """How a longer period is made from shorter ones."""

        SUM = "sum", _("added up")
        RATIO = "ratio", _("ratio of the sums")
        GROWTH = "growth", _("change between sums")
        SNAPSHOT = "snapshot", _("last known value")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        CERTIFIED = "certified", _("certified")

    metric = models.ForeignKey(
        Metric, on_delete=models.CASCADE, related_name="versions", verbose_name=_("metric")
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    definition_en = models.TextField(_("English definition"))
    definition_zh = models.TextField(_("Chinese definition"))
    # Text of the language in metrics/dictionary/formula.py.
    formula = models.CharField(_("formula over measures"), max_length=500)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    clock = models.CharField(_("clock"), max_length=20, choices=Clock)
    tax_base = models.CharField(_("tax base"), max_length=20, choices=TaxBase)
    aggregation = models.CharField(_("aggregation"), max_length=20, choices=Aggregation)
    pin_down_en = models.TextField(_("what was decided (English)"), blank=True)
    pin_down_zh = models.TextField(_("what was decided (Chinese)"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    # Fingerprint of the data that came with a release; empty for what the company wrote itself.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("metric version")
        verbose_name_plural = _("metric versions")
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "number"],
                name="metric_version_once",
                violation_error_message=_("This version of the metric already exists."),
            ),
            models.CheckConstraint(
                condition=Q(unit__in=["money", "percent", "count", "ratio", "days"]),
                name="metric_unit_known",
                violation_error_message=_("This unit is not known."),
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["up", "down", "target", "context"]),
                name="metric_direction_known",
                violation_error_message=_("This direction is not known."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review", "certified"]),
                name="metric_status_known",
                violation_error_message=_("This status is not known."),
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"

    @property
    def definition(self) -> str:
        return Named.in_language(self, "definition")  # type: ignore[arg-type]

    @property
    def pin_down(self) -> str:
        return Named.in_language(self, "pin_down")  # type: ignore[arg-type]
