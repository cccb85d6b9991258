from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Named


class EscalationStep(Named):
    """One rung of the ladder: how long before or after a deadline who is told. The company edits the rows."""

    class Whom(models.TextChoices):
        OWNER = "owner", _("the owner")
        ACCEPTOR = "acceptor", _("the acceptor")
        SUPERVISOR = "supervisor", _("the head of the department")
        HOST = "host", _("the host of the meeting")
        EXECUTIVE = "executive", _("the executives")

    whom = models.CharField(_("who is told"), max_length=10, choices=Whom)
    offset = models.DurationField(
        _("when"), help_text=_("Negative: before the deadline; positive: after it was missed.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("rung of the ladder")
        verbose_name_plural = _("ladder of reminders")
        ordering = ["offset", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["whom", "offset"],
                name="escalation_step_once",
                violation_error_message=_("There is such a rung already."),
            ),
            models.CheckConstraint(
                condition=Q(offset__gte=timedelta(days=-30), offset__lte=timedelta(days=30)),
                name="escalation_step_near",
                violation_error_message=_("At most 30 days before or after the deadline."),
            ),
        ]
