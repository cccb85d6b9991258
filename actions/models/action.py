from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.models.reach import ActionQuerySet
from core.grams import Grams
from people.models import Department, validate_time_zone

# What the door and the filter ask of a row.
DOOR = (
    "status",
    "published_at",
    "acceptor",
    "created_by",
    "department",
    "meeting",
    "agenda_item",
    "decision",
)


class Action(models.Model):
    """One promise: one owner, one deadline, criteria, and somebody else who says that it is done.

    It begins as a draft, in which owner, deadline and criteria may still be missing; publishing asks for them all.
    """

    class Status(models.TextChoices):
        TODO = "todo", _("not started")
        DOING = "doing", _("in progress")
        BLOCKED = "blocked", _("blocked")
        SUBMITTED = "submitted", _("handed in")
        RETURNED = "returned", _("returned")
        ACCEPTED = "accepted", pgettext_lazy("action", "accepted")
        CANCELLED = "cancelled", _("cancelled")

    # The whole life of an action; nothing else moves a status.
    NEXT: dict[str, frozenset[str]] = {
        Status.TODO: frozenset({Status.DOING, Status.BLOCKED, Status.SUBMITTED, Status.CANCELLED}),
        Status.DOING: frozenset({Status.BLOCKED, Status.SUBMITTED, Status.CANCELLED}),
        Status.BLOCKED: frozenset({Status.DOING, Status.CANCELLED}),
        Status.SUBMITTED: frozenset({Status.ACCEPTED, Status.RETURNED, Status.DOING, Status.CANCELLED}),
        Status.RETURNED: frozenset({Status.DOING, Status.BLOCKED, Status.SUBMITTED, Status.CANCELLED}),
        Status.ACCEPTED: frozenset(),
        Status.CANCELLED: frozenset(),
    }
    OWED = (Status.TODO, Status.DOING, Status.BLOCKED, Status.RETURNED)
    OPEN = (*OWED, Status.SUBMITTED)
    FINISHED = (Status.ACCEPTED, Status.CANCELLED)

    title = models.CharField(_("what is to be done"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.TODO, editable=False)
    # The indexes below begin with these columns, hence none of their own.
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        db_index=False,
        verbose_name=_("department"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_actions",
        db_index=False,
        verbose_name=_("owner"),
    )
    acceptor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions_to_accept",
        db_index=False,
        verbose_name=_("acceptor"),
    )
    # The instant; `time_zone` is the zone it was promised in. A day without a time ends at 18:00 there.
    due_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    is_all_day = models.BooleanField(_("day without a time"), default=True)
    slips = models.PositiveSmallIntegerField(_("times postponed"), default=0, editable=False)
    # The deadline that was promised when it was published.
    first_due_at = models.DateTimeField(_("first deadline"), null=True, blank=True, editable=False)
    # How late it was handed in, against the deadline of that moment; written at acceptance, never changed after.
    late_seconds = models.PositiveBigIntegerField(
        _("late by, seconds"), null=True, blank=True, editable=False
    )

    # Where it comes from. A meeting that holds promises cannot be deleted.
    meeting = models.ForeignKey(
        "meetings.Meeting",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        db_index=False,
        verbose_name=_("meeting"),
    )
    agenda_item = models.ForeignKey(
        "meetings.AgendaItem",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("agenda item"),
    )
    decision = models.ForeignKey(
        "meetings.Decision",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("decision"),
    )

    # The issue that it is to solve, and the note that it was made from.
    issue = models.ForeignKey(
        "meetings.Issue",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("issue"),
    )
    source_note = models.ForeignKey(
        "meetings.Note",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        editable=False,
    )

    # The incident or problem that it answers.
    problem = models.ForeignKey(
        "actions.Problem",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("problem"),
    )

    # One level deep: a step with an owner and a deadline of its own, or a part that was split off.
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    split_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="split_off",
        editable=False,
        verbose_name=_("split off from"),
    )
    # Cancelled because that one does it all.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        editable=False,
        verbose_name=_("merged into"),
    )
    # Where an imported action comes from, and its name there: importing again finds it.
    source = models.CharField(_("imported from"), max_length=20, blank=True, editable=False)
    external_id = models.CharField(max_length=120, blank=True, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # Where the company checks proposals: the head of the department, then an executive. An edit takes both back.
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What the head or the executive wants changed first; empty again with the next edit.
    sent_back_because = models.TextField(_("sent back because"), blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    # When the owner last said that it is done; empty again after a return.
    done_at = models.DateTimeField(_("handed in"), null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(
        pgettext_lazy("action", "accepted"), null=True, blank=True, editable=False
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    cancel_reason = models.TextField(_("why it was cancelled"), blank=True, editable=False)
    # Why the host let wording pass that the rules refuse (see actions.vagueness).
    vague_reason = models.TextField(_("why this wording is enough"), blank=True, editable=False)
    # Rises with each edit of the promise itself; an edit that began from an older one is refused.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        indexes = [
            # The list and the reminders: what is open, by deadline; and the list that goes from owner to owner. With
            # all that the door asks of a row, so that for those who may read a part of them the index is enough.
            models.Index(
                fields=["due_at", "id"],
                name="action_open_covering",
                condition=Q(published_at__isnull=False) & ~Q(status__in=["accepted", "cancelled"]),
                include=["owner", *DOOR],
            ),
            models.Index(
                fields=["owner", "due_at", "id"],
                name="action_open_by_owner",
                condition=Q(published_at__isnull=False) & ~Q(status__in=["accepted", "cancelled"]),
                include=DOOR,
            ),
            models.Index(fields=["owner", "status", "due_at"], name="action_by_owner"),
            models.Index(fields=["acceptor", "status", "due_at"], name="action_by_acceptor"),
            models.Index(fields=["department", "status", "due_at"], name="action_by_department"),
            models.Index(fields=["meeting", "agenda_item", "id"], name="action_by_meeting"),
            GinIndex(Grams("title", "description"), name="action_grams"),
            # The offered orders of the table, over what is published.
            models.Index(
                fields=["-published_at", "-id"],
                name="action_newest",
                condition=Q(published_at__isnull=False),
            ),
            models.Index(fields=["status", "due_at", "id"], name="action_by_status"),
            models.Index(
                fields=["due_at", "id"], name="action_by_due", condition=Q(published_at__isnull=False)
            ),
            models.Index(
                fields=["title", "id"], name="action_by_title", condition=Q(published_at__isnull=False)
            ),
            models.Index(
                fields=["slips", "id"], name="action_by_slips", condition=Q(published_at__isnull=False)
            ),
            models.Index(
                fields=["department", "due_at", "id"],
                name="action_open_by_department",
                condition=Q(published_at__isnull=False) & ~Q(status__in=["accepted", "cancelled"]),
            ),
            models.Index(fields=["due_at", "id"], name="action_drafts", condition=Q(published_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="action_titled",
                violation_error_message=_("Say what is to be done."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["todo", "doing", "blocked", "submitted", "returned", "accepted", "cancelled"]
                ),
                name="action_status_known",
                violation_error_message=_("This status of an action is not known."),
            ),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(acceptor=None) | ~Q(owner=F("acceptor")),
                name="action_acceptor_not_owner",
                violation_error_message=_("Somebody other than the owner must accept it."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None) | ~Q(owner=F("accepted_by")),
                name="action_not_accepted_by_owner",
                violation_error_message=_("Nobody accepts their own action."),
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, status__in=["todo"])
                | Q(
                    published_at__isnull=False,
                    department__isnull=False,
                    owner__isnull=False,
                    acceptor__isnull=False,
                    due_at__isnull=False,
                ),
                name="action_published_complete",
                violation_error_message=_(
                    "A published action has a department, an owner, an acceptor and a deadline."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["submitted", "accepted"], done_at__isnull=False)
                | Q(status__in=["todo", "doing", "blocked", "returned"], done_at=None)
                | Q(status="cancelled"),
                name="action_done_at",
                violation_error_message=_("An action has a hand-in time exactly when it was handed in."),
            ),
            models.CheckConstraint(
                condition=Q(status="accepted", accepted_at__isnull=False, accepted_by__isnull=False)
                | ~Q(status="accepted") & Q(accepted_at=None, accepted_by=None),
                name="action_accepted_at",
                violation_error_message=_("An action is accepted by somebody at some time, or not at all."),
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_at=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="action_checked_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="action_confirmed_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="action_not_its_own_part",
                violation_error_message=_("An action cannot be a part of itself."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(status="cancelled") & ~Q(merged_into=F("id")),
                name="action_merged_is_cancelled",
                violation_error_message=_("What was merged into another action is closed."),
            ),
            models.CheckConstraint(
                condition=Q(late_seconds=None) | Q(status="accepted"),
                name="action_late_when_accepted",
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="action_imported_once",
                violation_error_message=_("This has been imported already."),
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancel_reason=""),
                name="action_cancelled_why",
                violation_error_message=_("Say why the action is cancelled."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("actions:detail", args=[self.pk])

    @property
    def reference(self) -> str:
        """What people call it in talk and mails."""
        return f"A-{self.pk}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def is_open(self) -> bool:
        return not self.is_draft and self.status in self.OPEN

    @property
    def is_owed(self) -> bool:
        return not self.is_draft and self.status in self.OWED

    def is_late(self, now: datetime) -> bool:
        """Whether the owner should have handed it in by now."""
        return self.is_owed and self.due_at is not None and self.due_at < now

    @property
    def was_late(self) -> timedelta | None:
        """By how much it was handed in after its deadline; the mark stays when it is accepted."""
        if self.late_seconds is not None:
            return timedelta(seconds=self.late_seconds) or None
        if self.done_at is None or self.due_at is None or self.done_at <= self.due_at:
            return None
        return self.done_at - self.due_at
