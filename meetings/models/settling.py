"""Before anybody sits down: figures that differ are ruled on, pre-reads certified or returned, readiness declared."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting
from meetings.models.preread import PreRead, PreReadRevision


class Statement(models.Model):
    """A figure that a department states itself: one without a report behind it, or one that differs from it.

    `value` is in the metric's unit, a rate as a fraction; money in `currency`. A changed value needs a new ruling.
    """

    preread = models.ForeignKey(PreRead, on_delete=models.CASCADE, related_name="statements")
    metric_code = models.CharField(_("metric"), max_length=80)
    value = models.DecimalField(_("stated figure"), max_digits=20, decimal_places=6)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    source = models.CharField(_("source"), max_length=300)
    definition = models.TextField(_("how it is counted"), blank=True)
    version = models.PositiveIntegerField(default=1)
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("stated figure")
        verbose_name_plural = _("stated figures")
        constraints = [
            models.UniqueConstraint(
                fields=["preread", "metric_code"],
                name="statement_once",
                violation_error_message=_("The department already states a figure for this metric."),
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="statement_has_source",
                violation_error_message=_("Say where the figure comes from."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_code}={self.value}"


class Ruling(models.Model):
    """The data owner's word on one difference. Only ever added; the newest on the present values counts."""

    class Verdict(models.TextChoices):
        AUTHORITATIVE = "authoritative", _("the reports' figure counts")
        STATED = "stated", _("the department's figure counts")

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="rulings")
    verdict = models.CharField(_("ruling"), max_length=20, choices=Verdict)
    reason = models.TextField(_("reason"))
    # What was ruled on: a ruling on other values does not settle the present ones.
    stated_value = models.DecimalField(max_digits=20, decimal_places=6)
    authoritative_value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField()

    class Meta:
        verbose_name = _("ruling")
        verbose_name_plural = _("rulings")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["authoritative", "stated"]), name="ruling_verdict_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="ruling_reasoned",
                violation_error_message=_("Give the reason of the ruling."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_verdict_display()


class Review(models.Model):
    """The data owner certifies or returns one submitted revision. Only ever added."""

    class Verdict(models.TextChoices):
        CERTIFIED = "certified", _("certified")
        RETURNED = "returned", _("returned")

    revision = models.ForeignKey(PreReadRevision, on_delete=models.CASCADE, related_name="reviews")
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    comment = models.TextField(_("comment"), blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("review of a pre-read")
        verbose_name_plural = _("reviews of pre-reads")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["certified", "returned"]), name="review_verdict_known"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="returned") | ~Q(comment=""),
                name="review_returned_why",
                violation_error_message=_("Say what has to be mended before it is handed in again."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_verdict_display()


class ReadyMarkQuerySet(models.QuerySet["ReadyMark"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class ReadyMark(models.Model):
    """The host declares the meeting ready. With open points only for a reason, which the minutes print.

    `blockers` are the open points as they were: [{"code": …, "words_en": …, "words_zh": …}].
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="ready_marks")
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()
    blockers = models.JSONField(default=list, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ReadyMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("declared ready")
        verbose_name_plural = _("declared ready")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(withdrawn_at__isnull=True),
                name="ready_mark_one",
                violation_error_message=_("The meeting is declared ready already."),
            ),
            models.CheckConstraint(
                condition=Q(blockers=[]) | ~Q(reason=""),
                name="ready_mark_override_reasoned",
                violation_error_message=_("Give the reason for going ahead all the same."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}"


class Snapshot(models.Model):
    """What the meeting works with, frozen: figures and the revisions of the pre-reads. Never changed.

    `content`: {"period": code, "figures": [{"code", "value", "reported", "previous", "year_before", "change",
    "change_year", "unit", "currency", "is_complete", "tolerance", "uploads": [id], "stated": [{"department", "value",
    "currency", "source", "definition", "counts", "is_open", "ruling": id, "verdict", "overruled": id, "reason",
    "ruled_by"}]}], "revisions": {department code: revision id}}. Decimals are strings; `value` is the one that
    counts, `reported` the reports' own.
    """

    class Cause(models.TextChoices):
        START = "start", _("the meeting began")
        CHOSEN = "chosen", _("the chosen moment came")
        HOST = "host", _("the host froze them")

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="snapshot")
    cause = models.CharField(max_length=10, choices=Cause)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField()
    content = models.JSONField()

    class Meta:
        verbose_name = _("frozen figures")
        verbose_name_plural = _("frozen figures")
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=["start", "chosen", "host"]), name="snapshot_cause_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}"
