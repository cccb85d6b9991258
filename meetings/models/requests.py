"""What a department brings to the table beside words: problems with their causes, and what it asks for."""

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.preread import PreRead


class PreReadRowQuerySet(models.QuerySet[Any]):
    def present(self) -> Self:
        return self.filter(removed_at__isnull=True).order_by("position", "pk")


class PreReadRow(models.Model):
    """A row of a pre-read with its own version: saving carries the version it began from."""

    preread = models.ForeignKey(PreRead, on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = PreReadRowQuerySet.as_manager()

    class Meta:
        abstract = True


class PreReadProblem(PreReadRow):
    """A problem that is brought early, with the chain of whys down to its root cause and a proposed solution."""

    problem = models.TextField(_("problem"))
    MOST_WHYS = 5

    # Up to five answers to "why?", each to the one before it.
    whys = ArrayField(models.TextField(), verbose_name=_("five whys"), default=list, blank=True, size=5)
    root_cause = models.TextField(_("root cause"), blank=True)
    solution = models.TextField(_("proposed solution"), blank=True)
    # Another department that is needed for it.
    needs = models.ForeignKey(
        "people.Department",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("needs"),
    )

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")

    def __str__(self) -> str:
        return self.problem[:60]

    @property
    def is_blank(self) -> bool:
        """Nobody has written anything in it yet."""
        return not any([self.problem, *self.whys, self.root_cause, self.solution, self.needs_id])

    @property
    def lacks(self) -> list[str]:
        """What is still to be written before it can be handed in; names of fields."""
        return [name for name in ("problem", "solution") if not getattr(self, name).strip()]


class ResourceRequest(PreReadRow):
    """Money or people asked for, quantified: what it costs, what the like returned, what it is to bring.

    `past_cost` and `past_return` are computed from the metrics `spend_code` and `return_code` over `past_from` to
    `past_until` (excluded) and kept as they were when the row was last saved. Money is in `currency`.
    """

    what = models.CharField(_("what is asked for"), max_length=300)
    why = models.TextField(_("what it is for"), blank=True)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    spend_code = models.CharField(_("spending of the same kind"), max_length=60, blank=True)
    return_code = models.CharField(_("what it returned"), max_length=60, blank=True)
    # Nothing of the kind was ever tried: no past to compute.
    is_first = models.BooleanField(_("nothing of the kind so far"), default=False)
    past_from = models.DateField(null=True, blank=True)
    past_until = models.DateField(null=True, blank=True)
    past_cost = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    past_return = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    # A month, once it works.
    expected_increment = models.DecimalField(
        _("expected increment a month"), max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("resource request")
        verbose_name_plural = _("resource requests")
        constraints = [
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gt=0),
                name="resource_request_cost",
                violation_error_message=_("The cost is more than zero."),
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_blank(self) -> bool:
        return not (self.what or self.why or self.cost or self.expected_increment)

    @property
    def lacks(self) -> list[str]:
        """What is still to be written before it can be handed in; "past" is the past figure or that there is none."""
        found = [] if self.what.strip() else ["what"]
        found += [] if self.cost else ["cost"]
        has_past = self.is_first or (self.past_cost is not None and self.past_return is not None)
        found += [] if has_past else ["past"]
        return found + ([] if self.expected_increment is not None else ["expected_increment"])

    @property
    def past_ratio(self) -> Decimal | None:
        """What one unit of past spending of this kind returned."""
        if not self.past_cost or self.past_return is None:
            return None
        return self.past_return / self.past_cost

    @property
    def payback_months(self) -> Decimal | None:
        if not self.cost or not self.expected_increment or self.expected_increment <= 0:
            return None
        return self.cost / self.expected_increment


class DecisionRequest(PreReadRow):
    """A decision the department needs from this meeting: options, a recommendation, and who may decide."""

    LEAST_OPTIONS, MOST_OPTIONS = 2, 5

    question = models.CharField(_("what is to be decided"), max_length=300)
    background = models.TextField(_("background"), blank=True)
    # [{"text": …, "effect": …}], at least two before the pre-read is submitted.
    options = models.JSONField(_("options"), default=list, blank=True)
    # Index into `options`; None while none is recommended.
    recommended = models.PositiveSmallIntegerField(_("recommended"), null=True, blank=True)
    reason = models.TextField(_("reason of the recommendation"), blank=True)
    decider = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("may decide"),
    )
    item = models.ForeignKey(
        "meetings.AgendaItem",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decision_requests",
    )
    # What the meeting made of it.
    decision = models.OneToOneField(
        "meetings.Decision", on_delete=models.SET_NULL, null=True, blank=True, related_name="request"
    )

    class Meta:
        verbose_name = _("decision request")
        verbose_name_plural = _("decision requests")

    def __str__(self) -> str:
        return self.question

    @property
    def is_blank(self) -> bool:
        return not (self.question or self.background or self.options or self.reason)

    @property
    def lacks(self) -> list[str]:
        """What is still to be written before it can be handed in; names of fields."""
        found = [] if self.question.strip() else ["question"]
        found += [] if len(self.options) >= self.LEAST_OPTIONS else ["options"]
        found += [] if self.recommended_option else ["recommended"]
        return found + ([] if self.decider_id or self.decider else ["decider"])

    @property
    def recommended_option(self) -> dict[str, str] | None:
        if self.recommended is None or self.recommended >= len(self.options):
            return None
        return self.options[self.recommended]
