"""What must follow a meeting by a certain instant, and the rules (rows, not constants) that say so."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import Named


class ClockRule(Named):
    """One rule of the company's calendar: what is due how long before or after what.

    `reminders` are seconds relative to the due instant, negative before it. Rules of the company's own have a code of
    their own; those in `Kind` are the ones that the program itself starts and stops.
    """

    class Kind(models.TextChoices):
        PREREAD = "preread", _("pre-read")
        ACTION_PLAN = "action_plan", _("action plan")
        MINUTES = "minutes", _("minutes")
        BUDGET = "budget", _("budget adjustment")
        AGENDA = "agenda", _("agenda")
        INCIDENT = "incident", _("incident up the line")
        SPECIAL = "special_meeting", _("special adjustment meeting")
        PROGRESS = "progress", _("progress meeting")
        KR_REVIEW = "kr_review", _("review of key results")

    class Anchor(models.TextChoices):
        MEETING_START = "meeting_start", _("start of the meeting")
        MEETING_END = "meeting_end", _("actual end of the meeting")
        NOTICED = "noticed", _("incident noticed")
        DEVIATION = "deviation", _("strategic deviation recorded")
        LAST_MEETING = "last_meeting", _("end of the last progress meeting")
        QUARTER_END = "quarter_end", _("end of the quarter")

    class Applies(models.TextChoices):
        ALWAYS = "always", _("always")
        BUDGET_DECISION = "budget_decision", _("when a budget decision was taken")

    kind = models.SlugField(_("code"), max_length=20, unique=True)
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
                condition=Q(offset__isnull=False)
                | Q(kind__in=["preread", "agenda", "action_plan", "minutes"]),
                name="clock_rule_offset",
                violation_error_message=_("Say how long after its beginning it is due."),
            )
        ]

    @property
    def reminder_offsets(self) -> list[timedelta]:
        return [timedelta(seconds=seconds) for seconds in self.reminders]

    @property
    def is_standard(self) -> bool:
        """Whether the program itself starts and stops it; the company may change it, but not take it away."""
        return self.kind in self.Kind.values

    @property
    def unit(self) -> timedelta:
        """What the rule is thought in: days for those of the calendar, hours for what follows a meeting."""
        by_days = (self.Kind.SPECIAL, self.Kind.PROGRESS, self.Kind.KR_REVIEW)
        return timedelta(days=1) if self.kind in by_days else timedelta(hours=1)

    @property
    def amount(self) -> int | None:
        """After how many of its units it is due; None where the type of meeting says it."""
        return None if self.offset is None else self.offset // self.unit

    @property
    def reminder_amounts(self) -> list[int]:
        """How many of its units before the deadline people are reminded, the earliest first."""
        return [timedelta(seconds=-seconds) // self.unit for seconds in sorted(self.reminders)]


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def open(self) -> Self:
        """Not fulfilled yet, late or not."""
        return self.filter(met_at__isnull=True)

    def breached(self, now: datetime) -> Self:
        """Missed: still open after its instant, or met after it."""
        return self.filter(Q(met_at__isnull=True, due_at__lt=now) | Q(met_at__gt=F("due_at")))


def artefact_path(obligation: "Obligation", filename: str) -> str:
    """Files lie under a name of ours; the name they came with is only a text."""
    return f"artefacts/{uuid.uuid4().hex}"


class Obligation(models.Model):
    """One duty that a meeting's end started. Breach is never stored: it is the comparison of two instants."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        MET = "met", _("met")
        BREACHED = "breached", _("missed")

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="obligations")
    # The code of the clock rule that started it, and its names then: a rule may be renamed or go.
    kind = models.CharField(_("code"), max_length=20)
    name_en = models.CharField(max_length=120, default="", blank=True)
    name_zh = models.CharField(max_length=120, default="", blank=True)
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
    # What was handed over: words, a link, a file. The action plan and the minutes are artefacts of the program itself.
    artefact_note = models.TextField(_("what was done"), blank=True)
    artefact_url = models.URLField(_("link"), max_length=500, blank=True)
    artefact_file = models.FileField(_("file"), upload_to=artefact_path, max_length=120, blank=True)
    artefact_name = models.CharField(max_length=200, blank=True)
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
                condition=Q(met_at=None, met_by=None) | Q(met_at__isnull=False, met_by__isnull=False),
                name="obligation_met_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What is due, in the reader's language."""
        first, second = (
            (self.name_zh, self.name_en)
            if (get_language() or "").startswith("zh")
            else (self.name_en, self.name_zh)
        )
        return first or second or self.kind

    @property
    def is_fulfilled_elsewhere(self) -> bool:
        """Publishing the action plan and circulating the minutes fulfil these by themselves."""
        return self.kind in (ClockRule.Kind.ACTION_PLAN, ClockRule.Kind.MINUTES)

    def state_at(self, now: datetime) -> "Obligation.State":
        """Open until its instant, missed from the second after it, for good."""
        if (self.met_at or now) > self.due_at:
            return self.State.BREACHED
        return self.State.MET if self.met_at else self.State.OPEN

    @property
    def state(self) -> "Obligation.State":
        return self.state_at(timezone.now())
