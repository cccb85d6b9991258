"""How calendars reach us: a personal feed with a revocable token, and replies that came by mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CalendarFeed(models.Model):
    """The address under which somebody's calendar program reads their meetings. Only a hash of the token is kept."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"{self.owner_id}"


class CalendarReply(models.Model):
    """One METHOD:REPLY as it arrived, and what became of it. The digest keeps the same mail from counting twice."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("taken over")
        STALE = "stale", _("older than what is known")
        UNKNOWN = "unknown", _("no such meeting or person")
        REFUSED = "refused", _("not taken over")

    digest = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField()
    sender = models.CharField(max_length=254)
    uid = models.CharField(max_length=255, blank=True)
    meeting = models.ForeignKey(
        "meetings.Meeting", on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_replies"
    )
    answer = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("reply from a calendar")
        verbose_name_plural = _("replies from calendars")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["applied", "stale", "unknown", "refused"]),
                name="calendar_reply_outcome_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.answer}"
