"""What readers leave on a pre-read before the meeting: comments on its sections, and that they have read it."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.agenda import AgendaItem
from meetings.models.preread import PreRead, PreReadRevision

if TYPE_CHECKING:
    from people.models import User


class PreReadCommentQuerySet(models.QuerySet["PreReadComment"]):
    def visible_to(self, user: "User") -> Self:
        """Comments on pre-reads somebody may open, without those on a confidential item that is not for them."""
        hidden = AgendaItem.objects.closed_to(user)
        return self.filter(
            Q(item__isnull=True) | ~Q(item__in=hidden), preread__in=PreRead.objects.visible_to(user)
        )

    def present(self) -> Self:
        return self.filter(removed_at__isnull=True).order_by("pk")


class PreReadComment(models.Model):
    """A comment or question on one section, or a reply to one (`parent`, which is never a reply itself).

    `section` is a text's "kind:key", a figure's "figure:code", a row's "problem:id", "resource:id" or "decision:id",
    or "" for the whole. `item` is the agenda item that the section belongs to.
    """

    preread = models.ForeignKey(PreRead, on_delete=models.CASCADE, related_name="comments")
    section = models.CharField(max_length=100, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    # With the item goes what was said about it: left alone, a remark on something confidential would be for all.
    item = models.ForeignKey(
        AgendaItem, on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="+"
    )
    text = models.TextField(_("comment"))
    is_question = models.BooleanField(_("asks for an answer"), default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    # A question that was answered, a remark that was taken up.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = PreReadCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment on a pre-read")
        verbose_name_plural = _("comments on pre-reads")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text=""),
                name="preread_comment_says_something",
                violation_error_message=_("Write something first."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class ReadReceipt(models.Model):
    """Somebody has read this revision to its end, or said so."""

    revision = models.ForeignKey(PreReadRevision, on_delete=models.CASCADE, related_name="receipts")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("read receipt")
        verbose_name_plural = _("read receipts")
        constraints = [models.UniqueConstraint(fields=["revision", "reader"], name="read_receipt_once")]

    def __str__(self) -> str:
        return f"{self.revision_id}/{self.reader_id}"
