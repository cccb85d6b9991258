"""How an action goes: the lines of its log, and what holds it up."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.models.action import Action


class Progress(models.Model):
    """One line of the log: a report, a remark, or the words that went with a change of status. Never changed."""

    class Answer(models.TextChoices):
        DONE = "done", pgettext_lazy("progress", "done")
        DOING = "doing", pgettext_lazy("progress", "in progress")
        NOT_STARTED = "not_started", pgettext_lazy("progress", "not started")
        BLOCKED = "blocked", pgettext_lazy("progress", "blocked")

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="progress")
    text = models.TextField(_("what happened"))
    percent = models.PositiveSmallIntegerField(
        _("done, %"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    # What the owner answered when asked how it stands, and what comes next; empty for other lines.
    answer = models.CharField(_("how it stands"), max_length=12, choices=Answer, blank=True)
    next_step = models.CharField(_("next step"), max_length=500, blank=True)
    # The progress meeting in which it was said.
    meeting = models.ForeignKey(
        "meetings.Meeting", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The status after it; the same as before for a report, a remark or another owner: those are no moves.
    status = models.CharField(_("status"), max_length=20, choices=Action.Status)
    is_move = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("line of the log")
        verbose_name_plural = _("log")
        indexes = [models.Index(fields=["action", "-at"], name="progress_by_action")]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__lte=100),
                name="progress_percent",
                violation_error_message=_("Give a percentage from 0 to 100."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Blocker(models.Model):
    """What holds an action up, and whose help would free it. One is open at a time, while it is blocked."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="blockers")
    reason = models.TextField(_("what blocks it"))
    needs_department = models.ForeignKey(
        "people.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("help wanted from the department"),
    )
    needs_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="blockers_to_lift",
        verbose_name=_("help wanted from"),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(_("since"))
    wanted_by = models.DateTimeField(_("help wanted by"), null=True, blank=True)
    # The helper's word: what they will do. Without one for 48 hours it goes on the next agenda by itself.
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    # Until when they will have helped.
    helps_by = models.DateTimeField(_("help promised by"), null=True, blank=True)
    # The helper says that it is done; whoever does the work says whether that frees it.
    offered_at = models.DateTimeField(_("said to be solved"), null=True, blank=True)
    raised_at = models.DateTimeField(_("put on an agenda"), null=True, blank=True, editable=False)
    raised_item = models.ForeignKey(
        "meetings.AgendaItem",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("blocker")
        verbose_name_plural = _("blockers")
        constraints = [
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(lifted_at=None),
                name="blocker_one_open",
                violation_error_message=_("This action is already blocked."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="blocker_why",
                violation_error_message=_("Say what blocks it."),
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="blocker_answered_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(helps_by=None) | Q(answered_at__isnull=False),
                name="blocker_help_was_promised",
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:80]
