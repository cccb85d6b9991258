"""The printed pack of a meeting: agenda, certified pre-reads and charts in one PDF, made in the background."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting

if TYPE_CHECKING:
    from people.models import User


def pack_path(pack: "Pack", filename: str) -> str:
    return f"packs/{uuid.uuid4().hex}.pdf"


class PackQuerySet(models.QuerySet["Pack"]):
    def visible_to(self, user: "User") -> Self:
        """Packs of meetings somebody may read; one with confidential parts only for who asked for it."""
        return self.filter(Q(reader=None) | Q(reader=user), meeting__in=Meeting.objects.visible_to(user))


class Pack(models.Model):
    """One edition of a meeting's pack. Without a `reader` it holds nothing confidential and is for all; with one it
    holds what that person may read."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    class Kind(models.TextChoices):
        AGENDA = "agenda", _("pack")
        MINUTES = "minutes", _("minutes")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="packs")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.AGENDA)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    language = models.CharField(max_length=10)
    # What it was made from: the same content is not printed twice.
    fingerprint = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    step = models.CharField(max_length=40, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    # How often a worker took it up, and its last sign of life: one that is silent for long is taken for dead.
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)
    file = models.FileField(upload_to=pack_path, max_length=120, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True, help_text="bytes")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = PackQuerySet.as_manager()

    class Meta:
        verbose_name = _("pack of a meeting")
        verbose_name_plural = _("packs of meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "failed"]), name="pack_state_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=["agenda", "minutes"]), name="pack_kind_known"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="pack_progress"),
            models.UniqueConstraint(
                fields=["meeting", "kind", "reader", "language"],
                condition=Q(state__in=["queued", "running"]),
                nulls_distinct=False,
                name="pack_made_once_at_a_time",
                violation_error_message=_("This pack is being made already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.language}"
