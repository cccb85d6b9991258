from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models import Department, Membership, User


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, user: User) -> Self:
        """Company roles read all; the departments concerned, whoever reported it and who answers for it, theirs."""
        if user.sees_all:
            return self
        mine = Membership.objects.filter(user=user).values("department")
        return self.filter(Q(reported_by=user) | Q(owner=user) | Q(department__in=mine))

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Problem(models.Model):
    """Something that went wrong and must go up the line: an incident, or a problem that is met again and again.

    Three instants count: when it was noticed (typed by whoever reports it; the clocks run from there), when it was
    reported, and when a superior and an executive had been told.
    """

    class Kind(models.TextChoices):
        OPERATIONS = "operations", _("operations: listing, account, advertising, reviews")
        SUPPLY = "supply", _("supply chain: stock, transport, quality")
        STRATEGIC = "strategic", _("strategic deviation")

    # How long a report may take from noticing, and a special meeting from its record; the company's rules may differ.
    NOTIFY_WITHIN = timedelta(hours=1)

    title = models.CharField(_("what happened, in one line"), max_length=200)
    kind = models.CharField(_("class"), max_length=12, choices=Kind)
    is_emergency = models.BooleanField(_("it cannot wait"), default=True)
    what = models.TextField(_("what happened"))
    reach = models.TextField(_("how far it reaches"), blank=True)
    first_steps = models.TextField(_("what was done first"), blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="problems", verbose_name=_("department")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="problems",
        verbose_name=_("who deals with it"),
    )
    noticed_at = models.DateTimeField(_("noticed"))
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    reported_at = models.DateTimeField(_("reported"), editable=False)
    # Both a superior and an executive have been reached; the hour stops here.
    told_at = models.DateTimeField(_("up the line since"), null=True, blank=True, editable=False)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True, editable=False)
    # For a strategic deviation: the special meeting, and until when it must have been held.
    special_meeting = models.ForeignKey(
        "meetings.Meeting",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("special meeting"),
    )
    meeting_due_at = models.DateTimeField(_("special meeting until"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    outcome = models.TextField(_("what came of it"), blank=True, editable=False)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        indexes = [
            models.Index(fields=["-noticed_at", "-id"], name="problem_newest"),
            models.Index(
                fields=["department", "noticed_at"], name="problem_open", condition=Q(closed_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(what=""),
                name="problem_said",
                violation_error_message=_("Say what happened."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["operations", "supply", "strategic"]), name="problem_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(noticed_at__lte=models.F("reported_at")),
                name="problem_noticed_before_reported",
                violation_error_message=_("It cannot have been noticed after it was reported."),
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_by=None, acknowledged_at=None)
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                name="problem_acknowledged_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, outcome="")
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome=""),
                name="problem_closed_with_outcome",
                violation_error_message=_("Say what came of it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("problems:detail", args=[self.pk])

    @property
    def reference(self) -> str:
        return f"P-{self.pk}"
