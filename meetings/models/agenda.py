from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from core.models import Named
from core.subqueries import once
from meetings.models.meeting import Meeting, Participant
from meetings.models.module import Module
from meetings.models.template import TemplateModule
from people.models import User


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, user: User) -> "AgendaItemQuerySet":
        """Items whose title and contents somebody may know, among those of meetings they may read.

        A confidential item is for its circle: whoever hosts or decides in the meeting, the heads of the department
        it belongs to, its presenter, and the people named for it; a draft's also for who wrote it. No company role
        opens it.
        """
        meetings = Meeting.objects.visible_to(user)
        if not user.is_active:
            return self.none()
        return self.filter(Q(is_confidential=False) | self._in_circle(user), meeting__in=meetings)

    def hidden_from(self, user: User) -> "AgendaItemQuerySet":
        """Confidential items whose circle this person does not belong to, of any meeting."""
        circle = AgendaItem.objects.filter(self._in_circle(user), is_confidential=True)
        return self.filter(is_confidential=True).exclude(pk__in=circle.values("pk"))

    @staticmethod
    def closed_to(user: User) -> RawSQL:
        """The ids of `hidden_from` over all items, for `__in`: what pages with many queries ask (see `once`)."""
        key = ("closed items", frozenset(user.headed_department_ids))
        return once(user, key, lambda: AgendaItem.objects.all().hidden_from(user).values("pk"))

    def knowing(self, user: User) -> "AgendaItemQuerySet":
        """Items of a meeting that this person may read, each with `is_known`: whether they may know what it says."""
        known = Q(is_confidential=False) | self._in_circle(user)
        return self.annotate(is_known=ExpressionWrapper(known, models.BooleanField()))

    @staticmethod
    def _in_circle(user: User) -> Q:
        role = Participant.Role
        leading = Participant.objects.filter(
            meeting=OuterRef("meeting"), user=user, role__in=[role.HOST, role.DEPUTY_HOST, role.EXECUTIVE]
        )
        named = ItemReader.objects.filter(item=OuterRef("pk"), user=user)
        return (
            Q(meeting__host=user)
            | Q(meeting__created_by=user, meeting__status=Meeting.Status.DRAFT)
            | Q(presenter_user=user)
            | Q(department__in=user.headed_department_ids)
            | Q(Exists(leading))
            | Q(Exists(named))
        )

    def in_order(self) -> "AgendaItemQuerySet":
        return self.order_by("order", "pk")


class Carried(models.TextChoices):
    """Why an item came over from an earlier meeting of the series."""

    NOT_DISCUSSED = "not_discussed", _("not discussed last time")
    RECURRING = "recurring", _("in every meeting")
    OPEN_ACTION = "open_action", _("an action is open")
    BLOCKED = "blocked", _("an action is blocked")
    OPEN_ISSUE = "open_issue", _("an issue is open")
    REVIEW_DUE = "review_due", _("put off until this meeting")
    PARKED = "parked", _("parked last time")


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

    # In a series: the item of an earlier meeting that this one goes on with, and by which rule.
    carried_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_to"
    )
    carried_because = models.CharField(max_length=20, choices=Carried, blank=True)

    # A neutral copy for people outside the circle (`queries.confidential`); never saved.
    is_masked = False

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


class ItemReader(models.Model):
    """Somebody who is let into the circle of a confidential item by name."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("reader of a confidential item")
        verbose_name_plural = _("readers of a confidential item")
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="item_reader_once")]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.user_id}"


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
