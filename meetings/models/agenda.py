from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Named
from meetings.models.meeting import Meeting
from meetings.models.module import Module
from meetings.models.template import TemplateModule


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def in_order(self) -> "AgendaItemQuerySet":
        return self.order_by("order", "pk")


class AgendaItem(Module):
    """One module of one meeting, copied from its template and free to differ from then on."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField(_("order"))
    template_module = models.ForeignKey(
        TemplateModule, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    presenter_user = models.ForeignKey(
        "people.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="presented_items",
        verbose_name=_("presenter"),
    )

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "order"],
                name="agenda_item_order",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two items of an agenda cannot stand in the same place."),
            ),
            models.CheckConstraint(
                condition=~Q(title_en="", title_zh=""),
                name="agenda_item_titled",
                violation_error_message=_("Give the agenda item a title."),
            ),
            models.CheckConstraint(
                condition=Q(report_minutes__lte=1440, discussion_minutes__lte=1440),
                name="agenda_item_minutes",
                violation_error_message=_("A part of an agenda item lasts at most 24 hours."),
            ),
        ]


class RequiredDocument(Named):
    """A document that a department hands in with its pre-read: the meeting's copy of the template's row."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="required_documents")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="required_documents"
    )
    department = models.ForeignKey(
        "people.Department", on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("required document")
        verbose_name_plural = _("required documents")
