"""Promises to tell somebody something, and the receipts of having told them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from notices import kinds
from people.models import User


class Channel(models.TextChoices):
    """The ways by which a notice reaches its recipient."""

    IN_APP = "in_app", _("list of notices")
    EMAIL = "email", _("e-mail")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> NoticeQuerySet:
        """What stands in the person's own list; nobody reads another's notices, whatever their role."""
        is_there = Q(snoozed_until=None) | Q(snoozed_until__lte=Now())
        return self.filter(is_there, recipient=user, shown_at__isnull=False)

    def snoozed_by(self, user: User) -> NoticeQuerySet:
        """What the person has put off and what has not come back yet."""
        return self.filter(recipient=user, shown_at__isnull=False, snoozed_until__gt=Now())

    def unread(self) -> NoticeQuerySet:
        return self.filter(shown_at__isnull=False, read_at__isnull=True).exclude(
            state__in=Notice.WITHDRAWN_STATES
        )

    def newest_first(self) -> NoticeQuerySet:
        return self.order_by(Coalesce("snoozed_until", "shown_at").desc(), "-pk")


class Notice(models.Model):
    """One promise to tell one person one thing.

    `due_at` is the moment the notice is about and never changes: it is part of the identity. `send_at` is the next
    attempt and moves. While a dispatcher works on the row it holds a lease (`lease_until`, `lease_token`), and
    `stage` names the channel that is just now taking the message over: if the dispatcher dies with a stage set,
    nobody can know whether the message went out.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        # The mail server was taking it over when we lost sight of it: it may or may not have arrived.
        UNCERTAIN = "uncertain", _("doubtful")
        # Not wanted any more before it was sent; comes back to life when it is promised again.
        SUPERSEDED = "superseded", _("withdrawn")
        # The recipient left the company before it was sent.
        SUPPRESSED = "suppressed", _("recipient left")
        # Too late to be of use; something else has been said since.
        EXPIRED = "expired", _("expired")
        # The recipient's mail server refused it for good.
        BOUNCED = "bounced", _("refused")

    class Phase(models.TextChoices):
        """What the indexes know of the state: it stays as it is while a dispatcher takes the row up and lets it go."""

        OPEN = "open"
        # Doubtful or refused.
        IN_QUESTION = "question"
        OVER = "over"

    class Stage(models.TextChoices):
        NONE = "", _("nothing handed over")
        EMAIL = "email", _("e-mail being handed over")

    class Hold(models.TextChoices):
        """Why a notice that stands in the list already has not been mailed yet, though nothing is wrong."""

        NONE = "", _("not held back")
        QUIET = "quiet", _("held back until the quiet hours are over")
        DAILY = "daily", _("waits for the mail that is collected once a day")

    # Those that reached the list of notices and then turned out to be void.
    WITHDRAWN_STATES: ClassVar = (State.SUPERSEDED, State.SUPPRESSED, State.EXPIRED)

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name=_("recipient"),
        # Two of the indexes below begin with it, and with the type: each further one slows every claim down.
        db_index=False,
    )
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", db_index=False)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    kind = models.CharField(_("kind"), max_length=60)
    due_at = models.DateTimeField(_("about the moment"))

    send_at = models.DateTimeField(_("next attempt"))
    expires_at = models.DateTimeField(_("of no use after"), null=True, blank=True)
    params = models.JSONField(default=dict, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=kinds.Priority.NORMAL.value)

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PENDING)
    phase = models.GeneratedField(
        expression=Case(
            When(state__in=["pending", "sending"], then=Value("open")),
            When(state__in=["uncertain", "bounced"], then=Value("question")),
            default=Value("over"),
        ),
        output_field=models.CharField(max_length=8),
        db_persist=True,
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.NONE, blank=True)
    held_for = models.CharField(
        _("held back"), max_length=8, choices=Hold, blank=True, default="", db_default=""
    )
    attempts = models.PositiveIntegerField(_("failed attempts"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)

    # Put off by its reader: out of the list until then, and back again once.
    snoozed_until = models.DateTimeField(_("put off until"), null=True, blank=True)
    snooze_reason = models.CharField(_("why it was put off"), max_length=300, blank=True, db_default="")

    shown_at = models.DateTimeField(_("in the list since"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    note = models.TextField(_("what went wrong"), blank=True, default="")
    created_at = models.DateTimeField(_("promised"), db_default=Now(), editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "subject_type", "subject_id", "kind", "due_at"],
                name="notice_once",
                violation_error_message=_("This person is already told this."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "pending",
                        "sending",
                        "sent",
                        "uncertain",
                        "superseded",
                        "suppressed",
                        "expired",
                        "bounced",
                    ]
                ),
                name="notice_state_known",
                violation_error_message=_("This state of a notice is not known."),
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["", "email"]),
                name="notice_stage_known",
                violation_error_message=_("This stage of sending is not known."),
            ),
            models.CheckConstraint(
                condition=Q(held_for__in=["", "quiet", "daily"]), name="notice_hold_known"
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until=None) | ~Q(snooze_reason=""),
                name="notice_snoozed_why",
                violation_error_message=_("Say why it can wait."),
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_until__isnull=False, lease_token__isnull=False),
                name="notice_sending_has_lease",
                violation_error_message=_("A notice that is being sent needs a lease."),
            ),
        ]
        # None of them knows `state`, `stage` or the lease: so PostgreSQL takes a row up, marks it and lets it go on the
        # page it stands on, without writing into any index (a "heap-only" update; its pages keep room for that).
        indexes = [
            # Claim: WHERE phase = 'open' AND send_at <= … ORDER BY priority, send_at LIMIT n
            models.Index(fields=["priority", "send_at"], condition=Q(phase="open"), name="notice_due"),
            # Claim, what else is due for the same people: … AND recipient_id = …
            models.Index(
                fields=["recipient", "send_at"], condition=Q(phase="open"), name="notice_due_of_recipient"
            ),
            # /healthz, mails that are tried again and again: WHERE phase = 'open' AND attempts > 0, the earliest
            models.Index(
                fields=["shown_at"], condition=Q(phase="open", attempts__gt=0), name="notice_tried_again"
            ),
            # The person's list: WHERE recipient_id = … AND shown_at IS NOT NULL ORDER BY shown_at DESC, id DESC
            models.Index(
                fields=["recipient", "-shown_at", "-id"],
                condition=Q(shown_at__isnull=False),
                name="notice_shown",
            ),
            # The bell: WHERE recipient_id = … AND shown_at IS NOT NULL AND read_at IS NULL
            models.Index(
                fields=["recipient"],
                condition=Q(shown_at__isnull=False, read_at__isnull=True),
                name="notice_unread",
            ),
            # withdraw(), and the promise page of a record:
            # WHERE subject_type_id = … AND subject_id = … ORDER BY due_at DESC, id DESC
            models.Index(fields=["subject_type", "subject_id", "-due_at", "-id"], name="notice_of_subject"),
            # The promise page of a person: WHERE recipient_id = … ORDER BY due_at DESC, id DESC
            models.Index(fields=["recipient", "-due_at", "-id"], name="notice_of_recipient"),
            # What an administrator has to look at: WHERE phase = 'question' AND state = … ORDER BY id DESC
            models.Index(fields=["-id"], condition=Q(phase="question"), name="notice_in_question"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id} ({self.due_at:%Y-%m-%d %H:%M})"

    @cached_property
    def behaviour(self) -> kinds.Kind:
        """What its kind says of it. Raises LookupError for a kind that no app registers any more."""
        return kinds.get(self.kind)

    @property
    def listed_at(self) -> datetime | None:
        """Since when it stands where it stands in the list: what was put off comes back on top."""
        return self.snoozed_until or self.shown_at

    @property
    def is_unread(self) -> bool:
        return self.read_at is None and not self.is_withdrawn

    @property
    def is_withdrawn(self) -> bool:
        return self.state in self.WITHDRAWN_STATES

    @property
    def fingerprint(self) -> str:
        """The identity in short, the same for every attempt; Message-IDs are made of it."""
        identity = (
            self.recipient_id,
            self.subject_type_id,
            self.subject_id,
            self.kind,
            self.due_at.timestamp(),
        )
        return hashlib.sha256(repr(identity).encode()).hexdigest()[:24]


class Lease(models.Model):
    """A dispatcher that has taken notices up, and when another may look after them.

    It stands for all rows of one claim, which carry its token and an end of their own (`lease_until`, later than this
    one once a mail is being handed over): by their leases rows are only looked for when one of these is over.
    """

    token = models.UUIDField(primary_key=True, editable=False)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="lease_until")]

    def __str__(self) -> str:
        return f"{self.token} ({self.until:%Y-%m-%d %H:%M:%S})"


class Delivery(models.Model):
    """The receipt of one channel for one notice: written when the channel is through with it, never before.

    So a notice that is tried again passes over the channels that have it already.
    """

    class State(models.TextChoices):
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("doubtful")
        BOUNCED = "bounced", _("refused")
        # Went out as a line of a collected mail; what became of that one stands with `digest`.
        BUNDLED = "bundled", _("in a collected mail")
        # The recipient has turned mails of this sort off.
        UNWANTED = "unwanted", _("not wanted")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.SENT)
    address = models.CharField(_("address"), max_length=254, blank=True, default="")
    message_id = models.CharField(_("message id"), max_length=200, blank=True, default="")
    digest = models.ForeignKey(
        Notice,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="bundled",
        verbose_name=_("collected mail"),
    )
    at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel"],
                name="delivery_once_per_channel",
                violation_error_message=_("This notice has already gone out by this channel."),
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["in_app", "email"]),
                name="delivery_channel_known",
                violation_error_message=_("This channel is not known."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "uncertain", "bounced", "bundled", "unwanted"]),
                name="delivery_state_known",
                violation_error_message=_("This state of a delivery is not known."),
            ),
            models.CheckConstraint(
                condition=Q(state="bundled", digest__isnull=False)
                | ~Q(state="bundled") & Q(digest__isnull=True),
                name="delivery_bundled_has_digest",
                violation_error_message=_("A bundled delivery names its collected mail."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.state}"
