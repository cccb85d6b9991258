import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, Now, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.grams import Grams
from core.periods import Period
from meetings.models.template import Grain, Template
from people.models import Department, User, validate_time_zone


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> "MeetingQuerySet":
        """Meetings somebody may read: invited themselves or through their department, or with a company role.

        A draft is seen by whoever prepares it and by company roles only.
        """
        if user.sees_all:
            return self
        invited = Participant.objects.filter(meeting=OuterRef("pk"), user=user)
        through_department = MeetingDepartment.objects.filter(
            meeting=OuterRef("pk"), department__memberships__user=user
        )
        return self.filter(
            Q(host=user)
            | Q(created_by=user)
            | Exists(invited.filter(role=Participant.Role.DEPUTY_HOST))
            | ~Q(status=Meeting.Status.DRAFT) & (Exists(invited) | Exists(through_department))
        )

    def open(self) -> "MeetingQuerySet":
        """Still to be held, drafts included."""
        return self.filter(status__in=Meeting.OPEN)

    def upcoming(self, now: datetime) -> "MeetingQuerySet":
        """Scheduled and not begun, or running; soonest first."""
        return self.filter(status__in=[Meeting.Status.SCHEDULED, Meeting.Status.IN_PROGRESS]).order_by(
            "starts_at", "pk"
        )

    def past(self) -> "MeetingQuerySet":
        """Ended or cancelled, newest first."""
        return self.exclude(status__in=Meeting.OPEN).order_by("-starts_at", "-pk")


class Meeting(models.Model):
    """A review at one instant. The same page shows it before, while and after it is held."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        IN_PROGRESS = "in_progress", _("in progress")
        ENDED = "ended", _("ended")
        CANCELLED = "cancelled", _("cancelled")

    NEXT: dict[str, tuple[str, ...]] = {
        Status.DRAFT: (Status.SCHEDULED, Status.CANCELLED),
        Status.SCHEDULED: (Status.IN_PROGRESS, Status.CANCELLED),
        Status.IN_PROGRESS: (Status.ENDED,),
        Status.ENDED: (),
        Status.CANCELLED: (),
    }
    OPEN = (Status.DRAFT, Status.SCHEDULED, Status.IN_PROGRESS)
    # Before the meeting begins its plan may be changed.
    PLANNED = (Status.DRAFT, Status.SCHEDULED)

    title = models.CharField(_("title"), max_length=200)
    template = models.ForeignKey(
        Template, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("type")
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    host = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="hosted_meetings", verbose_name=_("host")
    )
    # The instant; `time_zone` is the zone it was agreed in, in which the calendar entry is written.
    starts_at = models.DateTimeField(_("start"))
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    planned_minutes = models.PositiveSmallIntegerField(_("planned length, minutes"), default=60)
    period_grain = models.CharField(_("kind of period"), max_length=10, blank=True)
    period_start = models.DateField(_("period from"), null=True, blank=True)
    # The first day that no longer belongs to the period, as everywhere in the program.
    period_end = models.DateField(_("period until, excluded"), null=True, blank=True)
    # The share of the invited people, optional ones left out, without whom nothing should be decided; 0: no quorum.
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum, %"), default=0, validators=[MaxValueValidator(100)]
    )
    location = models.CharField(_("place"), max_length=200, blank=True)
    online_url = models.URLField(_("link to join"), max_length=500, blank=True)
    note = models.TextField(_("note to everybody"), blank=True)
    # What the list's search looks through, in capitals so that a trigram index serves words in any case.
    search = models.GeneratedField(
        expression=Upper(Concat("title", Value(" "), "location")),
        output_field=models.TextField(),
        db_persist=True,
    )
    # A deadline is data: the template's rule gives the first value, the host may set another one.
    preread_due_at = models.DateTimeField(_("pre-reads due"), null=True, blank=True)
    preread_opens_at = models.DateTimeField(_("pre-reads open"), null=True, blank=True)
    corrections_until = models.DateTimeField(_("corrections until"), null=True, blank=True)
    # When figures and pre-reads are frozen; empty: when the meeting begins.
    freeze_at = models.DateTimeField(_("figures frozen"), null=True, blank=True)

    series = models.ForeignKey(
        "meetings.Series",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="meetings",
        verbose_name=_("series"),
    )
    # The start that the series' rule gives it (RECURRENCE-ID); `starts_at` differs when this one was moved.
    occurs_at = models.DateTimeField(null=True, editable=False)
    # The plan's revision: an edit that began from an older one is refused instead of overwriting.
    revision = models.PositiveIntegerField(default=1, editable=False)

    # Calendar identity: one UID for life; SEQUENCE rises with each change of time or place and a cancelling.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    scheduled_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancel_reason = models.TextField(_("reason"), blank=True, editable=False)

    started_at = models.DateTimeField(_("began"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    # When whoever keeps the record said that the list of the people present is right.
    attendance_taken_at = models.DateTimeField(null=True, editable=False)

    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes = [
            # The list filtered by one status.
            models.Index(fields=["status", "starts_at", "id"], name="meeting_status_start"),
            # What is still to be held, soonest first: WHERE status IN (open) ORDER BY starts_at, id.
            models.Index(
                fields=["starts_at", "id"],
                name="meeting_open_start",
                condition=Q(status__in=["draft", "scheduled", "in_progress"]),
            ),
            # What was held or cancelled, newest first: WHERE NOT status IN (open) ORDER BY starts_at DESC, id DESC.
            models.Index(
                fields=["-starts_at", "-id"],
                name="meeting_past_start",
                condition=~Q(status__in=["draft", "scheduled", "in_progress"]),
            ),
            models.Index(fields=["template", "starts_at"], name="meeting_template_start"),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="meeting_search"),
            GinIndex(Grams("title", "note"), name="meeting_grams"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "occurs_at"],
                name="meeting_occurrence_once",
                violation_error_message=_("The series already has a meeting at this time."),
            ),
            models.CheckConstraint(
                condition=Q(series=None, occurs_at=None) | Q(series__isnull=False, occurs_at__isnull=False),
                name="meeting_occurrence_of_series",
                violation_error_message=_("A meeting of a series has its place in it, and no other one has."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "scheduled", "in_progress", "ended", "cancelled"]),
                name="meeting_status_known",
                violation_error_message=_("This status of a meeting is not known."),
            ),
            models.CheckConstraint(
                condition=Q(planned_minutes__gte=5, planned_minutes__lte=1440),
                name="meeting_length",
                violation_error_message=_("A meeting lasts from 5 minutes to 24 hours."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(period_grain="", period_start=None, period_end=None)
                    | ~Q(period_grain="") & Q(period_start__lt=F("period_end"))
                ),
                name="meeting_period_ordered",
                violation_error_message=_("The period under review ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "scheduled", "cancelled"], started_at=None)
                | Q(status__in=["in_progress", "ended"], started_at__isnull=False),
                name="meeting_started",
                violation_error_message=_("A meeting has a beginning exactly when it was begun."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="ended", ended_at__isnull=False, ended_at__gte=F("started_at"))
                    | ~Q(status="ended") & Q(ended_at=None)
                ),
                name="meeting_ended",
                violation_error_message=_("A meeting ends after it began."),
            ),
            models.CheckConstraint(
                condition=Q(quorum_percent__lte=100),
                name="meeting_quorum",
                violation_error_message=_("The quorum is a share from 0 to 100 %."),
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="meeting_titled",
                violation_error_message=_("Give the meeting a title."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:detail", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def ends_at(self) -> datetime:
        """The planned end; `ended_at` is the real one."""
        return self.starts_at + timedelta(minutes=self.planned_minutes)

    @property
    def period(self) -> Period | None:
        if self.period_start is None or self.period_end is None:
            return None
        grain = self.period_grain if self.period_grain in [*Grain.values, "day"] else "range"
        return Period(self.period_start, self.period_end, grain)  # type: ignore[arg-type]

    @property
    def is_planned(self) -> bool:
        return self.status in self.PLANNED


class PlanRevision(models.Model):
    """A plan as it stood before somebody changed it, so that an edit begun from it can be merged (`meetings.merge`).

    `content` is the plan in plain values; it is read by services only, never shown.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="plan_revisions")
    revision = models.PositiveIntegerField()
    content = models.JSONField()
    replaced_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField()

    class Meta:
        verbose_name = _("earlier plan of a meeting")
        verbose_name_plural = _("earlier plans of meetings")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "revision"], name="plan_revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.revision}"


class MeetingDepartment(models.Model):
    """A department that takes part: its members may read the meeting, its lead hands in the pre-read."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="departments")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    is_required = models.BooleanField(_("must be present"), default=True)
    needs_preread = models.BooleanField(_("hands in a pre-read"), default=True)

    class Meta:
        verbose_name = _("invited department")
        verbose_name_plural = _("invited departments")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "department"],
                name="meeting_department_once",
                violation_error_message=_("This department is already invited."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.department_id}"


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def in_order(self) -> "ParticipantQuerySet":
        """By name; the page groups by role."""
        return self.select_related("user", "department").order_by("user__name_sort", "pk")


class Participant(models.Model):
    """One person in one meeting with one role. Presenting is said by the agenda beside it."""

    class Role(models.TextChoices):
        HOST = "host", _("host")
        DEPUTY_HOST = "deputy_host", _("deputy host")
        EXECUTIVE = "executive", _("executive")
        TIMEKEEPER = "timekeeper", _("timekeeper")
        RECORDER = "recorder", _("recorder")
        DATA_OWNER = "data_owner", _("data owner")
        PRESENTER = "presenter", _("presenter")
        MEMBER = "member", _("member")
        OPTIONAL = "optional", _("optional")

    class Reply(models.TextChoices):
        NONE = "none", pgettext_lazy("reply to an invitation", "no reply")
        ACCEPTED = "accepted", pgettext_lazy("reply to an invitation", "accepted")
        TENTATIVE = "tentative", pgettext_lazy("reply to an invitation", "tentative")
        DECLINED = "declined", pgettext_lazy("reply to an invitation", "declined")

    # Roles that one person holds per meeting.
    SINGLE = (Role.HOST, Role.TIMEKEEPER, Role.RECORDER)

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="participations", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    # For which department they attend, when for one.
    department = models.ForeignKey(
        Department,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    reply = models.CharField(_("reply"), max_length=20, choices=Reply, default=Reply.NONE)
    reply_note = models.CharField(_("note"), max_length=300, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When the live room of somebody with a role was last open in their browser, to within half a minute.
    seen_at = models.DateTimeField(null=True, editable=False)
    # SEQUENCE of the calendar entry they were last sent; None before the first invitation.
    sent_sequence = models.PositiveIntegerField(null=True, editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"],
                name="participant_once",
                violation_error_message=_("This person is already invited."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "role"],
                condition=Q(role__in=["host", "timekeeper", "recorder"]),
                name="participant_single_roles",
                violation_error_message=_("A meeting has one host, one timekeeper and one recorder."),
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=[
                        "host",
                        "deputy_host",
                        "executive",
                        "timekeeper",
                        "recorder",
                        "data_owner",
                        "presenter",
                        "member",
                        "optional",
                    ]
                ),
                name="participant_role_known",
                violation_error_message=_("This role in a meeting is not known."),
            ),
            models.CheckConstraint(
                condition=Q(reply="none", replied_at=None)
                | Q(reply__in=["accepted", "tentative", "declined"], replied_at__isnull=False),
                name="participant_replied",
                violation_error_message=_("A reply has a time, and no reply has none."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()
