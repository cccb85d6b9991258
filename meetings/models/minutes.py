"""The minutes: built from the room, edited, circulated, objected to, approved by named people, locked, corrected."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.grams import Grams
from meetings.models.meeting import Meeting


class Minutes(models.Model):
    """How far the minutes of one meeting have come. Their words are in the records, texts and editions."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        CIRCULATED = "circulated", _("circulated")
        APPROVED = "approved", _("approved")
        LOCKED = "locked", _("locked")

    NEXT: dict[str, frozenset[str]] = {
        State.DRAFT: frozenset({State.CIRCULATED}),
        # Taken back to mend what an objection found, or approved by everybody who was asked.
        State.CIRCULATED: frozenset({State.DRAFT, State.APPROVED}),
        State.APPROVED: frozenset({State.LOCKED}),
        State.LOCKED: frozenset(),
    }

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="minutes")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    # Rises with each step and each text; a step names the one it was taken on.
    version = models.PositiveIntegerField(default=1)
    circulated_at = models.DateTimeField(null=True, blank=True)
    circulated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    objections_until = models.DateTimeField(_("objections until"), null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "circulated", "approved", "locked"]),
                name="minutes_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(circulated_at__isnull=False, objections_until__isnull=False),
                name="minutes_circulated",
            ),
            models.CheckConstraint(
                condition=~Q(state="locked") | Q(locked_at__isnull=False), name="minutes_locked_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}"


class MinutesText(models.Model):
    """A passage that people wrote: the summary of the meeting (no item), or the words that stand for an item's notes.

    Saving carries the version it began from.
    """

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="texts")
    item = models.ForeignKey(
        "meetings.AgendaItem", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        verbose_name = _("passage of the minutes")
        verbose_name_plural = _("passages of the minutes")
        indexes = [GinIndex(Grams("text"), name="minutes_text_grams")]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "item"], name="minutes_text_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class MinutesEdition(models.Model):
    """The minutes as they stood when they were circulated or locked. Never changed (a trigger refuses it).

    `content` is what `queries.minutes_content` builds; `digest` the SHA-256 of its canonical JSON.
    """

    class Cause(models.TextChoices):
        CIRCULATED = "circulated", _("circulated")
        LOCKED = "locked", _("locked")

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=10, choices=Cause)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("edition of the minutes")
        verbose_name_plural = _("editions of the minutes")
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="minutes_edition_once"),
            models.CheckConstraint(
                condition=Q(cause__in=["circulated", "locked"]), name="minutes_edition_cause_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id}/{self.number}"


class MinutesApproval(models.Model):
    """Somebody who is asked to approve the minutes, and their yes."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="approvals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    # The edition that was approved.
    edition = models.ForeignKey(MinutesEdition, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("approval of the minutes")
        verbose_name_plural = _("approvals of the minutes")
        constraints = [
            models.UniqueConstraint(fields=["minutes", "user"], name="minutes_approval_once"),
            models.CheckConstraint(
                condition=Q(approved_at=None, edition=None)
                | Q(approved_at__isnull=False, edition__isnull=False),
                name="minutes_approval_of_edition",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id}/{self.user_id}"


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def open(self) -> Self:
        return self.filter(answer="")


class Objection(models.Model):
    """What somebody holds against the circulated minutes, and what became of it."""

    class Answer(models.TextChoices):
        TAKEN = "taken", _("taken over")
        NOTED = "noted", _("noted, the text stays")
        WITHDRAWN = "withdrawn", _("taken back")

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="objections")
    item = models.ForeignKey(
        "meetings.AgendaItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("objection"))
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answer_text = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection to the minutes")
        verbose_name_plural = _("objections to the minutes")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=["taken", "noted", "withdrawn"], answered_at__isnull=False),
                name="objection_answered",
            ),
            models.CheckConstraint(
                condition=~Q(answer="noted") | ~Q(answer_text=""),
                name="objection_noted_why",
                violation_error_message=_("Say why the text stays as it is."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Correction(models.Model):
    """What is put right after the minutes were locked: a numbered addition. Never changed (a trigger refuses it)."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    item = models.ForeignKey(
        "meetings.AgendaItem", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("correction"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("correction of the minutes")
        verbose_name_plural = _("corrections of the minutes")
        constraints = [models.UniqueConstraint(fields=["minutes", "number"], name="correction_number_once")]

    def __str__(self) -> str:
        return f"{self.minutes_id}/{self.number}"


class ClosingMark(models.Model):
    """An executive lets a meeting end although points were open; the minutes print the reason.

    `points` are the open points as they were: [{"code": …, "words_en": …, "words_zh": …}].
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="closing_mark")
    points = models.JSONField(default=list)
    reason = models.TextField(_("reason"))
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("ended with open points")
        verbose_name_plural = _("ended with open points")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="closing_mark_reasoned",
                violation_error_message=_("Give the reason for ending the meeting all the same."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}"


class Rating(models.Model):
    """How worthwhile somebody found the meeting, 1 to 10. Pages show the scores and reasons, never who gave which."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="ratings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(
        _("rating"), validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    reason = models.TextField(_("reason"), blank=True)
    rated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("rating of a meeting")
        verbose_name_plural = _("ratings of meetings")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="rating_once"),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=10),
                name="rating_scale",
                violation_error_message=_("Give a number from 1 to 10."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.score)
