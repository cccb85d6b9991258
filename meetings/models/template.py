from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Named
from meetings.models.module import Module


class Grain(models.TextChoices):
    """The kind of period that a meeting looks back on, as in `core.periods`."""

    WEEK = "week", _("week")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")


class TemplateQuerySet(models.QuerySet["Template"]):
    def current(self) -> "TemplateQuerySet":
        return self.filter(is_current=True)

    def in_order(self) -> "TemplateQuerySet":
        return self.order_by("position", "code", "-version", "pk")


class Template(Named):
    """One version of a type of meeting. A meeting keeps the version it was made from; changing a version that
    was already used makes the next one."""

    class PreReadForm(models.TextChoices):
        """How the departments' reports are laid out."""

        REVIEW = "review", _("review report")
        THREE_PAGES = "three_pages", _("three pages")
        YEAR_END = "year_end", _("year-end documents")
        NONE = "none", _("no pre-reads")

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    is_current = models.BooleanField(_("offered for new meetings"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    purpose_en = models.TextField(_("purpose, English"), blank=True)
    purpose_zh = models.TextField(_("purpose, Chinese"), blank=True)
    planned_minutes = models.PositiveSmallIntegerField(_("planned length, minutes"), default=60)
    period_grain = models.CharField(
        _("period under review"), max_length=10, choices=Grain, default=Grain.MONTH, blank=True
    )
    preread_form = models.CharField(
        _("pre-read form"), max_length=20, choices=PreReadForm, default=PreReadForm.REVIEW
    )
    preread_lead_days = models.PositiveSmallIntegerField(_("pre-reads due, days before"), default=7)
    preread_open_days = models.PositiveSmallIntegerField(_("pre-reads open, days before"), default=10)
    # From then on a submitted pre-read is corrected only with the data owner's leave.
    correction_hours = models.PositiveSmallIntegerField(_("corrections until, hours before"), default=48)
    # What writing one pre-read takes; part of a meeting's cost until a department says its own.
    preparation_hours = models.DecimalField(
        _("preparation per pre-read, person-hours"), max_digits=5, decimal_places=1, default=4
    )
    # Offered when a meeting of this type is repeated: an RFC 5545 rule such as FREQ=WEEKLY;BYDAY=TU.
    usual_rule = models.CharField(_("usual rhythm"), max_length=200, blank=True)
    agenda_lead_hours = models.PositiveSmallIntegerField(_("agenda sent, hours before"), default=24)
    plan_due_hours = models.PositiveSmallIntegerField(_("action plan due, hours after the end"), default=24)

    minutes_due_hours = models.PositiveSmallIntegerField(_("minutes due, hours after the end"), default=48)
    # How long people may object to circulated minutes.
    objection_hours = models.PositiveSmallIntegerField(_("objections, hours"), default=24)
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum, %"), default=0, validators=[MaxValueValidator(100)]
    )

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting template")
        verbose_name_plural = _("meeting templates")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="template_version_once",
                violation_error_message=_("This template already has a version with this number."),
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(is_current=True),
                name="template_one_current",
                violation_error_message=_("Only one version of a template can be offered for new meetings."),
            ),
            models.CheckConstraint(
                condition=Q(planned_minutes__gte=5, planned_minutes__lte=1440),
                name="template_length",
                violation_error_message=_("A meeting lasts from 5 minutes to 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(period_grain__in=["", *Grain.values]),
                name="template_grain_known",
                violation_error_message=_("This kind of period is not known."),
            ),
        ]

    @property
    def purpose(self) -> str:
        return self.in_language("purpose")

    def get_absolute_url(self) -> str:
        return f"{reverse('meetings:new')}?template={self.code}"


class TemplateModule(Module):
    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="modules")
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("template module")
        verbose_name_plural = _("template modules")
        constraints = [
            models.UniqueConstraint(
                fields=["template", "order"],
                name="template_module_order",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two modules of a template cannot stand in the same place."),
            ),
            models.CheckConstraint(
                condition=~Q(title_en="", title_zh=""),
                name="template_module_titled",
                violation_error_message=_("Give the module a title."),
            ),
        ]


class TemplateDocument(Named):
    """A document that a department hands in before the meeting, shown with one module."""

    module = models.ForeignKey(TemplateModule, on_delete=models.CASCADE, related_name="documents")
    department = models.ForeignKey(
        "people.Department", on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("required document")
        verbose_name_plural = _("required documents")
