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
from people.models import validate_time_zone


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
