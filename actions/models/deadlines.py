"""The ledger of an action's deadline: what it was before, and what was asked for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.models.action import Action
from people.models import validate_time_zone


class DeadlineChange(models.Model):
    """A deadline that was promised before, and why it moved. Lines are added, never changed."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="deadline_changes")
    old_due_at = models.DateTimeField(_("before"))
    new_due_at = models.DateTimeField(_("after"))
    reason = models.TextField(_("reason"))
    # Who asked for it, and who agreed; the same person where somebody moves it who may.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("change of a deadline")
        verbose_name_plural = _("changes of deadlines")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="deadline_change_why",
                violation_error_message=_("Say why the deadline moves."),
            ),
            models.CheckConstraint(
                condition=~Q(old_due_at=models.F("new_due_at")),
                name="deadline_change_moves",
                violation_error_message=_("This is the deadline it already has."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:80]

    @property
    def was_missed(self) -> bool:
        """Whether the deadline had already passed when it was moved."""
        return self.at > self.old_due_at

    @property
    def is_slip(self) -> bool:
        return self.new_due_at > self.old_due_at


class DeadlineRequest(models.Model):
    """The owner asks for another deadline; the acceptor, or whoever manages the action, answers. One at a time."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", pgettext_lazy("deadline", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("deadline", "withdrawn")

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="deadline_requests")
    old_due_at = models.DateTimeField(_("before"))
    new_due_at = models.DateTimeField(_("after"))
    time_zone = models.CharField(max_length=64, validators=[validate_time_zone])
    is_all_day = models.BooleanField(default=True)
    reason = models.TextField(_("reason"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("request for another deadline")
        verbose_name_plural = _("requests for another deadline")
        constraints = [
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(state="open"),
                name="deadline_request_one_open",
                violation_error_message=_("Another deadline has been asked for already."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="deadline_request_why",
                violation_error_message=_("Say why the deadline moves."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_by=None, answered_at=None)
                | ~Q(state="open") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="deadline_request_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:80]
