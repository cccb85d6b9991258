"""What a department hands in before a meeting: texts in small versioned blocks, files, and frozen revisions."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.grams import Grams
from meetings.models.agenda import RequiredDocument
from meetings.models.meeting import Meeting

if TYPE_CHECKING:
    from people.models import User


class PreReadQuerySet(models.QuerySet["PreRead"]):
    def visible_to(self, user: "User") -> Self:
        """Whose page a person may open at all.

        The department itself and the data owner from the start; those who may see the meeting as soon as a revision
        was submitted, and they see that revision, never the working text (see `rules.can_read_draft`).
        """
        if user.has_role("data_owner"):
            return self
        return self.filter(
            Q(department__in=user.department_ids)
            | Q(submitted_at__isnull=False, meeting__in=Meeting.objects.visible_to(user))
        )

    def missing(self) -> Self:
        """Never submitted so far; a reopened one counts as in."""
        return self.filter(submitted_at__isnull=True)

    def owed(self) -> Self:
        """What a department still has to hand in: never submitted, or returned and not handed in again."""
        later = PreReadRevision.objects.filter(preread=OuterRef("preread"), number__gt=OuterRef("number"))
        returned = PreReadRevision.objects.filter(
            ~Exists(later), preread=OuterRef("pk"), reviews__verdict="returned"
        )
        return self.filter(
            Q(submitted_at__isnull=True) | Q(status__in=["draft", "returned"]) & Exists(returned)
        )

    def in_order(self) -> Self:
        return self.order_by("department__position", "department_id")


class PreRead(models.Model):
    """The pre-read of one department for one meeting. Its texts are blocks, what was handed in are revisions."""

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned")
        CERTIFIED = "certified", _("certified")

    # The department writes and submits; the data owner certifies or returns what was submitted.
    NEXT: dict[str, set[str]] = {
        Status.NOT_STARTED: {Status.DRAFT, Status.SUBMITTED},
        Status.DRAFT: {Status.SUBMITTED},
        Status.SUBMITTED: {Status.DRAFT, Status.RETURNED, Status.CERTIFIED},
        Status.RETURNED: {Status.DRAFT, Status.SUBMITTED},
        Status.CERTIFIED: {Status.DRAFT, Status.RETURNED},
    }
    # A department is reminded by hand at most this often.
    NUDGE_PAUSE = timedelta(hours=1)
    WRITABLE = (Status.NOT_STARTED, Status.DRAFT, Status.RETURNED)

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="prereads", verbose_name=_("meeting")
    )
    department = models.ForeignKey(
        "people.Department", on_delete=models.PROTECT, related_name="prereads", verbose_name=_("department")
    )
    # The window: the meeting's instants, unless this department was given others (`is_extended`).
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"))
    corrections_until = models.DateTimeField(_("corrections until"), null=True, blank=True)
    is_extended = models.BooleanField(_("own deadline"), default=False)
    extension_reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Person-minutes the department says it took; empty: the template's usual preparation.
    preparation_minutes = models.PositiveIntegerField(_("preparation, person-minutes"), null=True, blank=True)
    status = models.CharField(_("state"), max_length=20, choices=Status, default=Status.NOT_STARTED)
    # When the last revision was handed in; stays while the department works on the next one.
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    first_submitted_at = models.DateTimeField(_("first submitted"), null=True, blank=True)
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    nudged_at = models.DateTimeField(_("last reminded by hand"), null=True, blank=True)

    objects = PreReadQuerySet.as_manager()

    class Meta:
        verbose_name = _("pre-read")
        verbose_name_plural = _("pre-reads")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "department"],
                name="preread_once",
                violation_error_message=_("This department already has a pre-read for this meeting."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["not_started", "draft", "submitted", "returned", "certified"]),
                name="preread_status_known",
                violation_error_message=_("This state of a pre-read is not known."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "returned", "certified"])
                | Q(submitted_at__isnull=False),
                name="preread_submitted_when",
                violation_error_message=_("A submitted pre-read says when it was submitted."),
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, first_submitted_at=None)
                | Q(first_submitted_at__lte=F("submitted_at")),
                name="preread_first_submitted",
                violation_error_message=_("The first time of submission stays with the pre-read."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.department_id}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:preread", args=[self.meeting_id, self.department.code])

    @property
    def is_writable(self) -> bool:
        return self.status in self.WRITABLE

    @property
    def is_late(self) -> bool:
        """Whether the first revision came after the deadline. One that never came: see `is_overdue`."""
        return self.first_submitted_at is not None and self.first_submitted_at > self.due_at

    def is_overdue(self, now: datetime) -> bool:
        return self.first_submitted_at is None and now > self.due_at


class PreReadText(models.Model):
    """One small text of a pre-read with its own version, so that two people seldom meet in the same place."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("guiding question")
        CAUSE = "cause", _("cause of a move")
        SECTION = "section", _("section of the report")
        FREE = "free", _("anything else")

    preread = models.ForeignKey(PreRead, on_delete=models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=10, choices=Kind)
    # The agenda item it prepares, where it prepares one; a confidential item's texts are for its circle.
    item = models.ForeignKey(
        "meetings.AgendaItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Which one: the question's place for questions, the metric's code for causes, the section's name.
    key = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    heading_en = models.CharField(max_length=200, blank=True)
    heading_zh = models.CharField(max_length=200, blank=True)
    prompt_en = models.TextField(blank=True)
    prompt_zh = models.TextField(blank=True)
    text = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=0)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("text of a pre-read")
        verbose_name_plural = _("texts of pre-reads")
        constraints = [
            models.UniqueConstraint(fields=["preread", "kind", "key"], name="preread_text_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["question", "cause", "section", "free"]),
                name="preread_text_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def prompt(self) -> str:
        return self._in_language("prompt")

    @property
    def heading(self) -> str:
        return self._in_language("heading")

    def _in_language(self, field: str) -> str:
        first, second = ("zh", "en") if (get_language() or "").startswith("zh") else ("en", "zh")
        return getattr(self, f"{field}_{first}") or getattr(self, f"{field}_{second}")


def stored_name(attachment: "Attachment", filename: str) -> str:
    """Where a file is kept: a random name; what it was called is only ever text."""
    return f"prereads/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:10]}"


class Attachment(models.Model):
    """A file of a pre-read. Served only by a view that checks who asks; removing hides it, revisions keep it."""

    # Kinds of pictures that carry no script.
    PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")

    preread = models.ForeignKey(PreRead, on_delete=models.CASCADE, related_name="attachments")
    # Which of the required documents it is, if any.
    document = models.ForeignKey(
        RequiredDocument, on_delete=models.SET_NULL, null=True, blank=True, related_name="attachments"
    )
    # The section it is evidence for ("" for the whole report), and whether only the circle may open it.
    section = models.CharField(_("section"), max_length=80, blank=True)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    file = models.FileField(upload_to=stored_name, max_length=120)
    name = models.CharField(_("file name"), max_length=300)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.UniqueConstraint(
                fields=["preread", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="attachment_once",
                violation_error_message=_("This file is already attached."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("meetings:attachment", args=[self.pk])

    @property
    def is_picture(self) -> bool:
        """Shown in the page; other files are downloads."""
        return self.content_type in self.PICTURES


class PreReadRevision(models.Model):
    """What was handed in, word for word, as it then was. Never changed."""

    preread = models.ForeignKey(PreRead, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("revision"))
    # {"texts": [{kind, key, item, heading_en, heading_zh, prompt_en, prompt_zh, text}], "figures": [{code, value,
    # previous, year_before, change, change_year, is_unusual}] (decimals as strings), "statements": [{code, value,
    # source, definition}], "problems": [...], "resources": [...], "decisions": [...], "attachments": [id]}
    # Keys that came later are absent from older revisions.
    content = models.JSONField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"))
    is_late = models.BooleanField(_("late"))

    class Meta:
        verbose_name = _("revision of a pre-read")
        verbose_name_plural = _("revisions of pre-reads")
        indexes = [GinIndex(Grams("content"), name="revision_grams")]
        constraints = [models.UniqueConstraint(fields=["preread", "number"], name="preread_revision_once")]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def texts(self) -> list[dict[str, Any]]:
        return self.content["texts"]


class Tolerance(models.Model):
    """How far a figure may move against the period before, without a written cause. The company changes the rows.

    An empty code is the tolerance of every metric that has none of its own.
    """

    metric_code = models.CharField(_("metric"), max_length=80, unique=True, blank=True)
    fraction = models.DecimalField(
        _("tolerated change"), max_digits=6, decimal_places=4, help_text="0.2 = 20 %"
    )
    # How far a figure that a department states may differ from the reports' without a ruling.
    difference = models.DecimalField(
        _("tolerated difference"),
        max_digits=6,
        decimal_places=4,
        default=Decimal("0.01"),
        help_text="0.01 = 1 %",
    )

    class Meta:
        verbose_name = _("tolerance")
        verbose_name_plural = _("tolerances")
        constraints = [
            models.CheckConstraint(
                condition=Q(fraction__gt=0),
                name="tolerance_positive",
                violation_error_message=_("A tolerance is more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(difference__gte=0),
                name="tolerance_difference_not_negative",
                violation_error_message=_("A tolerated difference is not negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.metric_code or "*"
