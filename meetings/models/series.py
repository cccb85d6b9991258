"""Meetings that come back: the rule of a series, and the days it leaves out."""

import uuid
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models import validate_time_zone

if TYPE_CHECKING:
    from people.models import User


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: "User") -> Self:
        """Series of which somebody may read at least one meeting, or that they host."""
        from meetings.models.meeting import Meeting

        if user.sees_all:
            return self
        return self.filter(Q(host=user) | Q(meetings__in=Meeting.objects.visible_to(user))).distinct()


class Series(models.Model):
    """The rhythm of a meeting. Its occurrences are meetings of their own, made ahead of time, each with its place.

    `rule` is an RFC 5545 recurrence rule without DTSTART; it runs on the wall clock of `time_zone` from `starts_on`
    at `starts_at`. One UID for life; SEQUENCE rises with each change of rule, time or place.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("running")
        ENDED = "ended", _("ended")

    class Holiday(models.TextChoices):
        """What becomes of a date that is no workday."""

        KEEP = "keep", _("hold it all the same")
        SKIP = "skip", _("leave it out")
        NEXT = "next", _("move it to the next workday")
        PREVIOUS = "previous", _("move it to the workday before")

    title = models.CharField(_("title"), max_length=200)
    template = models.ForeignKey(
        "meetings.Template", on_delete=models.PROTECT, related_name="series", verbose_name=_("type")
    )
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="hosted_series",
        verbose_name=_("host"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    rule = models.CharField(_("rule"), max_length=200)
    starts_on = models.DateField(_("first day"))
    starts_at = models.TimeField(_("time of day"))
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    planned_minutes = models.PositiveSmallIntegerField(_("planned length, minutes"), default=60)
    location = models.CharField(_("place"), max_length=200, blank=True)
    online_url = models.URLField(_("link to join"), max_length=500, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    holiday_region = models.CharField(_("holidays of"), max_length=2, default="CN", blank=True)
    on_holiday = models.CharField(_("on a holiday"), max_length=10, choices=Holiday, default=Holiday.NEXT)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    # An edit that began from an older revision is refused instead of overwriting.
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["active", "ended"]), name="series_status_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="series_ends_after_start",
                violation_error_message=_("The last day of a series is not before its first."),
            ),
            models.CheckConstraint(
                condition=~Q(rule=""),
                name="series_has_rule",
                violation_error_message=_("Say how often the meeting comes back."),
            ),
            models.CheckConstraint(
                condition=Q(on_holiday__in=["keep", "skip", "next", "previous"]),
                name="series_holiday_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:series", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class SeriesException(models.Model):
    """A date of the rule on which no meeting is held, and why. (A moved one is its meeting's own start.)"""

    class Cause(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        CANCELLED = "cancelled", _("cancelled")

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="exceptions")
    occurs_at = models.DateTimeField()
    cause = models.CharField(max_length=10, choices=Cause)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("exception of a series")
        verbose_name_plural = _("exceptions of a series")
        constraints = [
            models.UniqueConstraint(fields=["series", "occurs_at"], name="series_exception_once"),
            models.CheckConstraint(
                condition=Q(cause__in=["holiday", "cancelled"]), name="series_exception_cause_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id}/{self.occurs_at:%Y-%m-%d}"


class CarryOver(models.Model):
    """What was brought over into a meeting of the series: an item of an earlier one, or a parked matter.

    Once per meeting, whoever asks how often: when the host takes the new item off the agenda, `item` is empty and
    the matter is not brought into this meeting again.
    """

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="carried")
    # The first item of the chain, in the meeting where the matter began.
    origin = models.ForeignKey("meetings.AgendaItem", on_delete=models.CASCADE, null=True, related_name="+")
    parked = models.ForeignKey("meetings.ParkedItem", on_delete=models.CASCADE, null=True, related_name="+")
    item = models.ForeignKey("meetings.AgendaItem", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("matter brought over")
        verbose_name_plural = _("matters brought over")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "origin"], name="carry_over_item_once"),
            models.UniqueConstraint(fields=["meeting", "parked"], name="carry_over_parked_once"),
            models.CheckConstraint(
                condition=Q(origin__isnull=False, parked=None) | Q(origin=None, parked__isnull=False),
                name="carry_over_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.origin_id or self.parked_id}"
