"""Who is in the room, who speaks for how long, who asks for the floor, and who handed a role to whom."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting, Participant


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def present(self) -> Self:
        """Stretches that have not ended: the people who are here now."""
        return self.filter(left_at__isnull=True)


class Attendance(models.Model):
    """One stretch for which somebody was in the meeting; leaving and coming back makes another one."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attendances")
    arrived_at = models.DateTimeField(_("came"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    # The person themselves, or whoever ran the meeting.
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"], condition=Q(left_at=None), name="attendance_here_once"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("arrived_at")),
                name="attendance_ordered",
                violation_error_message=_("Nobody leaves before they came."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.user_id}"


class SpeakingTurn(models.Model):
    """A stretch for which a department had the floor, as the timekeeper measured it. One runs at a time."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="speaking_turns")
    item = models.ForeignKey("meetings.AgendaItem", on_delete=models.SET_NULL, null=True, related_name="+")
    # None: the host, an executive, somebody without a department.
    department = models.ForeignKey(
        "people.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("speaking turn")
        verbose_name_plural = _("speaking turns")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(ended_at=None), name="speaking_turn_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="speaking_turn_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.department_id}"


class FloorRequestQuerySet(models.QuerySet["FloorRequest"]):
    def waiting(self) -> Self:
        """Not called and not taken back; points of order first, then in the order they came."""
        return self.filter(settled_at__isnull=True).order_by(
            models.Case(models.When(kind="order", then=0), default=1), "asked_at", "pk"
        )


class FloorRequest(models.Model):
    """Somebody wants to say something: a question, or a point of order (we are off the topic)."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("asks for the floor")
        ORDER = "order", _("point of order")

    class Outcome(models.TextChoices):
        CALLED = "called", _("had the floor")
        WITHDRAWN = "withdrawn", _("taken back")
        DISMISSED = "dismissed", _("put aside by the host")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="floor_requests")
    item = models.ForeignKey("meetings.AgendaItem", on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(_("about what"), max_length=200, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = FloorRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for the floor")
        verbose_name_plural = _("requests for the floor")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["question", "order"]), name="floor_request_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None)
                | Q(outcome__in=["called", "withdrawn", "dismissed"], settled_at__isnull=False),
                name="floor_request_settled",
            ),
            models.UniqueConstraint(
                fields=["meeting", "asked_by", "kind"],
                condition=Q(settled_at=None),
                name="floor_request_waits_once",
                violation_error_message=_("You are in the queue already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.asked_by_id}"


class HandOver(models.Model):
    """A role that went from one person to another while the meeting ran. Only ever added."""

    class Cause(models.TextChoices):
        GIVEN = "given", _("handed over")
        LOST = "lost", _("taken over, the host had lost the connection")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="hand_overs")
    role = models.CharField(max_length=20, choices=Participant.Role)
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.GIVEN)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["host", "timekeeper", "recorder"]), name="hand_over_role"
            ),
            models.CheckConstraint(condition=Q(cause__in=["given", "lost"]), name="hand_over_cause_known"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.role}"
