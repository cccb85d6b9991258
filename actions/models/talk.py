from pathlib import PurePosixPath
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actions.models.action import Action


class Comment(models.Model):
    """What somebody says about an action; `@name` tells that person. Not part of the record of the work."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField(_("comment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)

    class Meta:
        verbose_name = _("comment on an action")
        verbose_name_plural = _("comments on actions")
        indexes = [models.Index(fields=["action", "id"], name="action_comments")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="action_comment_says_something",
                violation_error_message=_("Write something first."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return reverse("actions:detail", args=[self.action_id], fragment=f"comment-{self.pk}")


def attachment_path(attachment: "Attachment", name: str) -> str:
    """Files lie under a name of ours; the name they came with is only a text."""
    return f"actions/{uuid4()}{PurePosixPath(name).suffix.lower()[:12]}"


class Attachment(models.Model):
    """A file that belongs to an action: a specification, a draft, a picture. Proof is `Evidence`."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="attachments")
    comment = models.ForeignKey(
        Comment, on_delete=models.SET_NULL, null=True, blank=True, related_name="attachments"
    )
    file = models.FileField(_("file"), upload_to=attachment_path, max_length=200)
    file_name = models.CharField(_("file name"), max_length=255, editable=False)
    file_size = models.PositiveBigIntegerField(_("size, bytes"), editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("attachment of an action")
        verbose_name_plural = _("attachments of actions")

    def __str__(self) -> str:
        return self.file_name


class UpdateRequest(models.Model):
    """Somebody was asked how an action stands, before a progress meeting; answered by a line of the log."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="update_requests")
    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="update_requests")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="update_requests"
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.ForeignKey(
        "actions.Progress", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("request for an update")
        verbose_name_plural = _("requests for updates")
        constraints = [
            models.UniqueConstraint(fields=["action", "meeting", "person"], name="update_request_once")
        ]

    def __str__(self) -> str:
        return f"{self.action_id} → {self.person_id}"
