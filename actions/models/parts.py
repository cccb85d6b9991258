from pathlib import PurePosixPath
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.models.action import Action


class Criterion(models.Model):
    """One thing that must be true for the action to be accepted; the owner says when it is, and shows it."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("criterion"), max_length=500)
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
    def is_met(self) -> bool:
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


class Progress(models.Model):
    """One line of the log: a report, a remark, or the words that went with a change of status. Never changed."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="progress")
    text = models.TextField(_("what happened"))
    percent = models.PositiveSmallIntegerField(
        _("done, %"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    # The status after it; the same as before for a report or a remark.
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


class DeadlineChange(models.Model):
    """A deadline that was promised before, and why it moved. Lines are added, never changed."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="deadline_changes")
    old_due_at = models.DateTimeField(_("before"))
    new_due_at = models.DateTimeField(_("after"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
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
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

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
        ]

    def __str__(self) -> str:
        return self.reason[:80]
