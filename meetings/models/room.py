"""The live room: one clock row per meeting, what each item took, what was noted and decided, and a log of it all."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.grams import Grams
from meetings.models.agenda import AgendaItem
from meetings.models.meeting import Meeting

if TYPE_CHECKING:
    from people.models import User


class Part(models.TextChoices):
    """The two halves of an agenda item, each with minutes of its own."""

    REPORT = "report", _("report")
    DISCUSSION = "discussion", _("discussion")


class RoomClock(models.Model):
    """Where the room stands. Browsers count by themselves from these numbers; nothing is written while time runs.

    elapsed of the current part = elapsed_ms + (now - anchor_at, while running). Every command raises `version`.
    """

    meeting = models.OneToOneField(
        "meetings.Meeting", on_delete=models.CASCADE, primary_key=True, related_name="clock"
    )
    item = models.ForeignKey("meetings.AgendaItem", on_delete=models.SET_NULL, null=True, related_name="+")
    part = models.CharField(max_length=10, choices=Part, default=Part.REPORT)
    is_running = models.BooleanField(default=False)
    anchor_at = models.DateTimeField(null=True, blank=True)
    elapsed_ms = models.PositiveBigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    # The number of the newest LiveEvent; its row is the lock under which the next one is taken.
    events = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("clock of a meeting")
        verbose_name_plural = _("clocks of meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=["report", "discussion"]), name="room_clock_part_known"
            ),
            models.CheckConstraint(
                condition=Q(is_running=True, anchor_at__isnull=False) | Q(is_running=False, anchor_at=None),
                name="room_clock_anchor_while_running",
                violation_error_message=_("A running clock has an anchor, a stopped one has none."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.meeting_id)

    def elapsed_at(self, now: datetime) -> timedelta:
        """How long the current part has run so far, pauses left out."""
        run = now - self.anchor_at if self.anchor_at else timedelta()
        return timedelta(milliseconds=self.elapsed_ms) + max(run, timedelta())


class ItemRun(models.Model):
    """Planned against actual: what one part of one agenda item took, over all visits to it."""

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="runs")
    item = models.ForeignKey("meetings.AgendaItem", on_delete=models.CASCADE, related_name="runs")
    part = models.CharField(max_length=10, choices=Part)
    # Without the stretch that is running now; the clock adds it when it moves on.
    elapsed_ms = models.PositiveBigIntegerField(default=0)
    added_minutes = models.SmallIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("time taken by an agenda item")
        verbose_name_plural = _("times taken by agenda items")
        constraints = [
            models.UniqueConstraint(fields=["item", "part"], name="item_run_once"),
            models.CheckConstraint(
                condition=Q(part__in=["report", "discussion"]), name="item_run_part_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.part}"


class RoomItem(models.Model):
    """What the room made of an agenda item: its place and minutes now. The plan itself stays as it was sent.

    Without a row an item stands as planned. `position` is its place among the items of the room.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        PARKED = "parked", _("parked")
        DEFERRED = "deferred", _("deferred")

    # Nothing of these is ahead any more.
    AWAY = (State.PARKED, State.DEFERRED)

    item = models.OneToOneField(
        "meetings.AgendaItem", on_delete=models.CASCADE, primary_key=True, related_name="room_item"
    )
    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="room_items")
    position = models.PositiveSmallIntegerField()
    # Minutes as re-planned, before the minutes that were added by hand (ItemRun.added_minutes).
    report_minutes = models.PositiveSmallIntegerField()
    discussion_minutes = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)

    class Meta:
        verbose_name = _("agenda item in the room")
        verbose_name_plural = _("agenda items in the room")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "done", "parked", "deferred"]), name="room_item_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}"


class Replan(models.Model):
    """A change of what is left of the agenda that the host took: squeezed, deferred, parked, or put in another order.

    `before` and `after`: [{"item", "position", "report", "discussion", "state"}] of every item, in the room's order.
    """

    class Cause(models.TextChoices):
        LATE = "late", _("the meeting ran late")
        PRIORITY = "priority", _("the executive's priority")
        HOST = "host", _("the host's choice")

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="replans")
    cause = models.CharField(max_length=10, choices=Cause)
    before = models.JSONField()
    after = models.JSONField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("re-plan of an agenda")
        verbose_name_plural = _("re-plans of agendas")
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=["late", "priority", "host"]), name="replan_cause_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}"


class OpeningPriority(models.Model):
    """What the executive most wants solved now: asked for first, and free to change the order of the agenda."""

    meeting = models.OneToOneField(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="opening_priority"
    )
    text = models.TextField(_("what we are to solve now"))
    # The item that it concerns most, when there is one.
    item = models.ForeignKey(
        "meetings.AgendaItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("the executive's priority")
        verbose_name_plural = _("the executives' priorities")

    def __str__(self) -> str:
        return self.text[:60]


class WallLink(models.Model):
    """The address under which the screen in the meeting room shows the clock without a login. Only a hash of its
    token is kept; what it shows is what everybody may know."""

    meeting = models.OneToOneField("meetings.Meeting", on_delete=models.CASCADE, related_name="wall_link")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("link for the wall screen")
        verbose_name_plural = _("links for wall screens")

    def __str__(self) -> str:
        return f"{self.meeting_id}"


class LiveEvent(models.Model):
    """One line for everything that happened in the room. Only ever added to (a trigger refuses anything else).

    `number` counts all of a meeting's events without a gap, `version` is the clock's after it. From the events alone
    the room can be rebuilt (`meetings.replay`). `digest` is the SHA-256 of the event's content and of the digest
    before it, so a line that was changed later is found; it is empty on events from before there were digests.
    """

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Sent by the browser with each press, so that a press that is sent twice counts once.
    key = models.UUIDField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("event in a live room")
        verbose_name_plural = _("events in live rooms")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="live_event_number_once"),
            models.UniqueConstraint(fields=["meeting", "key"], name="live_event_key_once"),
        ]

    def __str__(self) -> str:
        return self.verb


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: "User") -> Self:
        """Those of meetings that somebody may read, without those of items kept from them."""
        hidden = AgendaItem.objects.closed_to(user)
        return self.filter(meeting__in=Meeting.objects.visible_to(user)).exclude(item__in=hidden)

    def present(self) -> Self:
        """Those that were not taken away again, in the order they were begun."""
        return self.filter(removed_at__isnull=True).order_by("pk")


class Note(models.Model):
    """A small block of the minutes. Saving carries the version it began from; a stale save changes nothing."""

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="notes")
    item = models.ForeignKey(
        "meetings.AgendaItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="notes"
    )
    text = models.TextField(_("note"))
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [GinIndex(Grams("text"), name="note_grams")]

    def __str__(self) -> str:
        return self.text[:60]


class ParkedItemQuerySet(models.QuerySet["ParkedItem"]):
    def visible_to(self, user: "User") -> Self:
        """Those of meetings that somebody may read, without those parked in items kept from them."""
        hidden = AgendaItem.objects.closed_to(user)
        return self.filter(meeting__in=Meeting.objects.visible_to(user)).exclude(item__in=hidden)


class ParkedItem(models.Model):
    """An off-topic matter that must not get lost: named in a meeting, picked up later."""

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="parked")
    item = models.ForeignKey(
        "meetings.AgendaItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="parked"
    )
    text = models.CharField(_("matter"), max_length=500)
    parked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    parked_at = models.DateTimeField()
    source_note = models.ForeignKey(
        "meetings.Note", on_delete=models.SET_NULL, null=True, blank=True, related_name="parked_items"
    )
    # Put off until then; the first meeting of the series on or after that day takes it up.
    review_on = models.DateField(_("next review on"), null=True, blank=True)
    # The item of a later meeting that took it up.
    taken_up_by = models.ForeignKey(
        "meetings.AgendaItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="took_up"
    )

    objects = ParkedItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("parked matter")
        verbose_name_plural = _("parking lot")
        indexes = [GinIndex(Grams("text"), name="parked_grams")]

    def __str__(self) -> str:
        return self.text[:60]
