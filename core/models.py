from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """A record with a name in both languages; `.name` is the one of the reader."""

    name_en = models.CharField(_("English name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.in_language("name")

    def in_language(self, field: str) -> str:
        """The reader's version of a field that exists as `<field>_en` and `<field>_zh`; the other if it is empty."""
        first, second = ("zh", "en") if (get_language() or "").startswith("zh") else ("en", "zh")
        return getattr(self, f"{field}_{first}") or getattr(self, f"{field}_{second}")


class WorkdayOverride(Named):
    """A day on which people work although the calendar says otherwise, or do not: the company's word is the last.

    Fills in the make-up workdays of years for which no official list is known yet.
    """

    region = models.CharField(_("region"), max_length=2, default="CN", help_text=_("Two letters, like CN."))
    day = models.DateField(_("day"))
    is_workday = models.BooleanField(_("is a workday"))

    class Meta:
        verbose_name = _("exceptional day")
        verbose_name_plural = _("exceptional days")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "day"],
                name="workday_override_once",
                violation_error_message=_("This day already has an entry for this region."),
            )
        ]


class Company(models.Model):
    """What the company decides once for everybody; one row. `Company.current()` reads it."""

    # Proposed by anybody, checked by the head of the department, confirmed by an executive, and only then published.
    checks_actions = models.BooleanField(
        _("actions are checked and confirmed before they are published"), default=False
    )

    class Meta:
        verbose_name = _("rules of the company")
        verbose_name_plural = _("rules of the company")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="company_one_row")]

    def __str__(self) -> str:
        return str(_("rules of the company"))

    @classmethod
    def current(cls) -> "Company":
        """The row; the values that a new company starts with while nobody has changed them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class HistoryEntry(models.Model):
    """Who changed what, when: written by `core.history.record`, never changed (a trigger refuses it)."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    verb = models.CharField(max_length=60)
    target_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    target_id = models.PositiveBigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history entries")
        indexes = [models.Index(fields=["target_type", "target_id", "id"], name="history_by_target")]

    def __str__(self) -> str:
        return self.verb


class RowChange(models.Model):
    """What changed in a row, written by a trigger of the database: also by bulk and conditional updates, and by hand.

    `changes` is {column: [before, after]}. Who did it is known where the service said so (`core.history.acting`).
    Lines are never changed (a trigger refuses it).
    """

    table = models.CharField(max_length=63)
    row_id = models.PositiveBigIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    is_removal = models.BooleanField(default=False)
    changes = models.JSONField()
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("change of a row")
        verbose_name_plural = _("changes of rows")
        indexes = [models.Index(fields=["table", "row_id", "id"], name="row_change_by_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"
