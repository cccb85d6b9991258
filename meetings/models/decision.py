"""Decisions: typed, numbered without a gap through the year, decided by somebody or deferred to a date."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.grams import Grams
from meetings.models.agenda import AgendaItem
from meetings.models.meeting import Meeting

if TYPE_CHECKING:
    from people.models import User


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: "User") -> Self:
        """Those of meetings that somebody may read, without those of items kept from them."""
        hidden = AgendaItem.objects.closed_to(user)
        return self.filter(meeting__in=Meeting.objects.visible_to(user)).exclude(agenda_item__in=hidden)

    def in_order(self) -> Self:
        return self.order_by("year", "number")

    def superseding(self, earlier: "Decision") -> Self:
        """What took the place of an earlier decision; one that was put off or withdrawn replaces nothing."""
        return self.filter(supersedes=earlier, outcome=Decision.Outcome.DECIDED)

    def with_marks(self) -> Self:
        """With the people and the codes that pages show: of the decision it replaces, and of the one that replaced it
        (`replaced_year`, `replaced_number`; None while it stands)."""
        later = Decision.objects.filter(supersedes=OuterRef("pk"), outcome=Decision.Outcome.DECIDED)
        return self.select_related("decided_by", "recorded_by", "supersedes").annotate(
            replaced_year=Subquery(later.order_by("pk").values("year")[:1]),
            replaced_number=Subquery(later.order_by("pk").values("number")[:1]),
        )


class Decision(models.Model):
    class Kind(models.TextChoices):
        DECISION = "decision", _("decision")
        INFORMATION = "information", _("information")
        BUDGET = "budget", _("budget decision")

    class Outcome(models.TextChoices):
        DECIDED = "decided", _("decided")
        DEFERRED = "deferred", _("deferred")
        WITHDRAWN = "withdrawn", _("withdrawn")

    meeting = models.ForeignKey(
        "meetings.Meeting", on_delete=models.PROTECT, related_name="decisions", verbose_name=_("meeting")
    )
    agenda_item = models.ForeignKey(
        "meetings.AgendaItem",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("agenda item"),
    )
    year = models.PositiveSmallIntegerField(editable=False)
    number = models.PositiveIntegerField(editable=False)
    kind = models.CharField(_("type"), max_length=12, choices=Kind, default=Kind.DECISION)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.DECIDED)
    text = models.TextField(_("what was decided"))
    options = models.TextField(_("options considered"), blank=True)
    recommendation = models.TextField(_("recommendation"), blank=True)
    # Which of the options it became, in a word.
    chosen = models.CharField(_("chosen"), max_length=200, blank=True)
    dissent = models.TextField(_("who disagreed, and why"), blank=True)
    # The decision that this one replaces; that one is marked wherever it is shown.
    supersedes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("replaces"),
    )
    issue = models.ForeignKey(
        "meetings.Issue", on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    source_note = models.ForeignKey(
        "meetings.Note", on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions_taken",
        verbose_name=_("decided by"),
    )
    deferred_until = models.DateField(_("deferred until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            GinIndex(Grams("text", "options", "recommendation", "chosen", "dissent"), name="decision_grams")
        ]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["decision", "information", "budget"]), name="decision_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["decided", "deferred", "withdrawn"]), name="decision_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="deferred") | Q(deferred_until__isnull=False),
                name="decision_deferred_until",
                violation_error_message=_("Say until when it is deferred, so that it comes back."),
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("pk")),
                name="decision_replaces_another",
                violation_error_message=_("A decision cannot replace itself."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="decided") | Q(kind="information") | Q(decided_by__isnull=False),
                name="decision_decided_by",
                violation_error_message=_("Say who decided it."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return f"{reverse('meetings:minutes', args=[self.meeting_id])}#decision-{self.pk}"

    @property
    def code(self) -> str:
        """How people cite it: year and number."""
        return code_of(self.year, self.number)

    @property
    def replaced_by_code(self) -> str:
        """The code of the decision that took this one's place; "" while it stands. A query, unless `with_marks()`."""
        if not hasattr(self, "replaced_number"):
            later = Decision.objects.superseding(self).order_by("pk").first()
            return later.code if later else ""
        return code_of(self.replaced_year, self.replaced_number) if self.replaced_number else ""  # type: ignore[attr-defined]


def code_of(year: int, number: int) -> str:
    return f"{year}-{number:03}"


class DecisionCounter(models.Model):
    """The last number of a year. Its row is the lock under which the next number is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("decision counter")
        verbose_name_plural = _("decision counters")

    def __str__(self) -> str:
        return str(self.year)
