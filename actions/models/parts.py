"""What an action consists of: its acceptance criteria, what shows that they are met, and the steps on the way."""

from pathlib import PurePosixPath
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.models.action import Action


class Criterion(models.Model):
    """One thing that must be true for the action to be accepted; the owner says when it is, and shows it.

    With a metric it is measured: true when the metric of that scope over that window compares so with the value. The
    figures judge it by themselves when they are there; the owner's word is then not asked.
    """

    class Comparator(models.TextChoices):
        AT_LEAST = "ge", _("at least")
        AT_MOST = "le", _("at most")
        MORE = "gt", _("more than")
        LESS = "lt", _("less than")

    class Verdict(models.TextChoices):
        WAITING = "", _("no figures yet")
        MET = "met", pgettext_lazy("criterion", "met")
        MISSED = "missed", pgettext_lazy("criterion", "missed")

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("criterion"), max_length=500)
    metric = models.ForeignKey(
        "metrics.Metric",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("metric"),
    )
    comparator = models.CharField(_("is to be"), max_length=2, choices=Comparator, blank=True)
    # In the unit of the metric, as the dictionary computes it: a share is a fraction (0.25 is 25 %).
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    # All shops without one.
    shop = models.ForeignKey(
        "metrics.Shop",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shop"),
    )
    # Both days included.
    window_start = models.DateField(_("from"), null=True, blank=True)
    window_end = models.DateField(_("to"), null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=6, choices=Verdict, blank=True, editable=False)
    judged_value = models.DecimalField(
        _("measured"), max_digits=24, decimal_places=8, null=True, blank=True, editable=False
    )
    judged_at = models.DateTimeField(_("measured at"), null=True, blank=True, editable=False)
    # Why there is nothing to show for it; said by the owner, read by the acceptor.
    no_evidence_because = models.CharField(_("why there is nothing to show"), max_length=500, blank=True)
    met_at = models.DateTimeField(pgettext_lazy("criterion", "met"), null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("acceptance criterion")
        verbose_name_plural = _("acceptance criteria")
        constraints = [
            models.UniqueConstraint(
                fields=["action", "position"],
                name="criterion_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="criterion_said",
                violation_error_message=_("Say what must be true."),
            ),
            models.CheckConstraint(
                condition=Q(metric=None, comparator="", value=None, window_start=None, window_end=None)
                | Q(metric__isnull=False, value__isnull=False, window_end__gte=models.F("window_start"))
                & ~Q(comparator=""),
                name="criterion_measured_wholly",
                violation_error_message=_(
                    "A measured criterion has a metric, a comparison, a value, and a first and a last day."
                ),
            ),
            models.CheckConstraint(
                condition=Q(verdict="", judged_at=None) | ~Q(verdict="") & Q(judged_at__isnull=False),
                name="criterion_judged_at",
            ),
            models.CheckConstraint(
                condition=Q(met_at=None, met_by=None) | Q(met_at__isnull=False, met_by__isnull=False),
                name="criterion_met_by_whom",
                violation_error_message=_(
                    "A criterion is met by somebody's word at some time, or not at all."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_measured(self) -> bool:
        return self.metric_id is not None

    @property
    def is_met(self) -> bool:
        if self.is_measured:
            return self.verdict == self.Verdict.MET
        return self.met_at is not None


def evidence_path(evidence: "Evidence", name: str) -> str:
    """Files lie under a name of ours; the name they came with is only a text."""
    return f"evidence/{uuid4()}{PurePosixPath(name).suffix.lower()[:12]}"


class Evidence(models.Model):
    """What shows that a criterion (or the whole action) is met: words, a link, a file, or several of them."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="evidence")
    criterion = models.ForeignKey(
        Criterion,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("criterion"),
    )
    text = models.TextField(_("what it shows"), blank=True)
    link = models.URLField(_("link"), max_length=1000, blank=True)
    file = models.FileField(_("file"), upload_to=evidence_path, max_length=200, blank=True)
    file_name = models.CharField(_("file name"), max_length=255, blank=True, editable=False)
    file_size = models.PositiveBigIntegerField(_("size, bytes"), null=True, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(link="") | ~Q(file=""),
                name="evidence_not_empty",
                violation_error_message=_("Add words, a link or a file."),
            )
        ]

    def __str__(self) -> str:
        return self.file_name or self.link or self.text[:80]


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def open(self) -> Self:
        """Not reached yet, on actions that are still being worked on."""
        return self.filter(done_at=None, action__published_at__isnull=False, action__status__in=Action.OWED)


class Milestone(models.Model):
    """A step on the way with a deadline of its own, read in the action's time zone."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("milestone"), max_length=200)
    due_at = models.DateTimeField(_("deadline"))
    done_at = models.DateTimeField(_("reached"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="milestone_titled",
                violation_error_message=_("Name the milestone."),
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="milestone_done_by_whom",
                violation_error_message=_("A milestone is reached by somebody's word, or not at all."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("actions:detail", args=[self.action_id], fragment=f"milestone-{self.pk}")
