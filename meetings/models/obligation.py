"""What must follow a meeting by a certain instant, and the rules (rows, not constants) that say so."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Named


class ClockRule(Named):
    """One rule of the company's calendar: what is due how long before or after what.

    `reminders` are seconds relative to the due instant, negative before it.
    """

    class Kind(models.TextChoices):
        PREREAD = "preread", _("pre-read")
        ACTION_PLAN = "action_plan", _("action plan")
        BUDGET = "budget", _("budget adjustment")

    class Anchor(models.TextChoices):
        MEETING_START = "meeting_start", _("start of the meeting")
        MEETING_END = "meeting_end", _("actual end of the meeting")

    class Applies(models.TextChoices):
        ALWAYS = "always", _("always")
        BUDGET_DECISION = "budget_decision", _("when a budget decision was taken")

    kind = models.CharField(_("what"), max_length=20, choices=Kind, unique=True)
    anchor = models.CharField(_("measured from"), max_length=20, choices=Anchor)
    # Empty where the template of the meeting says it (pre-reads, action plan).
    offset = models.DurationField(
        _("due"), null=True, blank=True, help_text=_("Negative: before; positive: after.")
    )
    applies = models.CharField(_("applies"), max_length=20, choices=Applies, default=Applies.ALWAYS)
    # Whose duty: a department by code, else the host of the meeting.
    department_code = models.SlugField(_("department"), max_length=30, blank=True)
    reminders = ArrayField(models.IntegerField(), verbose_name=_("reminders"), default=list, blank=True)

    class Meta:
        verbose_name = _("clock rule")
        verbose_name_plural = _("clock rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(offset__isnull=False) | Q(kind__in=["preread", "action_plan"]),
                name="clock_rule_offset",
                violation_error_message=_("Say how long after its beginning it is due."),
            )
        ]

    @property
    def reminder_offsets(self) -> list[timedelta]:
        return [timedelta(seconds=seconds) for seconds in self.reminders]


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def open(self) -> Self:
        """Not fulfilled yet, late or not."""
        return self.filter(met_at__isnull=True)

    def breached(self, now: datetime) -> Self:
        """Missed: still open after its instant, or met after it."""
        return self.filter(Q(met_at__isnull=True, due_at__lt=now) | Q(met_at__gt=F("due_at")))


class Obligation(models.Model):
    """One duty that a meeting's end started. Breach is never stored: it is the comparison of two instants."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        MET = "met", _("met")
        BREACHED = "breached", _("missed")

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="obligations")
    kind = models.CharField(_("what"), max_length=20, choices=ClockRule.Kind)
    anchor_at = models.DateTimeField(_("measured from"))
    due_at = models.DateTimeField(_("due"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="obligations",
        verbose_name=_("owner"),
    )
    department = models.ForeignKey(
        "people.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    met_at = models.DateTimeField(_("met"), null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind"], name="obligation_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["preread", "action_plan", "budget"]), name="obligation_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(met_at=None, met_by=None) | Q(met_at__isnull=False, met_by__isnull=False),
                name="obligation_met_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    def state_at(self, now: datetime) -> "Obligation.State":
        """Open until its instant, missed from the second after it, for good."""
        if (self.met_at or now) > self.due_at:
            return self.State.BREACHED
        return self.State.MET if self.met_at else self.State.OPEN

    @property
    def state(self) -> "Obligation.State":
        return self.state_at(timezone.now())
