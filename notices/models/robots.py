"""Chat robots and webhooks, and the messages promised to them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from notices import kinds
from notices.models.notice import Notice
from people.models import User


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def visible_to(self, user: User) -> EndpointQuerySet:
        """One's own, those of the departments one answers for; for administrators all that are nobody's own."""
        if not user.is_active:
            return self.none()
        found = Q(person=user) | Q(department__in=user.headed_department_ids)
        if user.has_role(User.Role.ADMIN):
            found |= Q(person=None)
        return self.filter(found)


class Endpoint(models.Model):
    """Where chat robots and other programs are told: one robot of one group, one webhook.

    A person's own (their private group with a robot), a department's, or the company's, when neither is named. What
    the address and the secret are, each channel says (`notices/channels/`); both are shown to nobody again.
    """

    class Channel(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        FEISHU = "feishu", _("Feishu / Lark")
        DINGTALK = "dingtalk", _("DingTalk")
        WEBHOOK = "webhook", _("webhook")
        APPRISE = "apprise", _("Apprise")

    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address or key"), max_length=1000)
    secret = models.CharField(_("secret"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=User.Language, default=User.Language.ZH)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="endpoints",
        verbose_name=_("person"),
    )
    department = models.ForeignKey(
        "people.Department",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="endpoints",
        verbose_name=_("department"),
    )
    # Which categories go there; empty means all of them.
    categories = ArrayField(
        models.CharField(max_length=20, choices=kinds.Category),
        verbose_name=_("about"),
        default=list,
        blank=True,
    )
    is_active = models.BooleanField(_("in use"), default=True)
    # Why the program itself stopped using it (it was refused too often); empty again when it is switched on.
    stopped_because = models.TextField(_("stopped because"), blank=True, default="", editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    # Nothing goes there before this instant: it is down.
    rest_until = models.DateTimeField(null=True, blank=True, editable=False)
    # When the last messages went there, as far back as its channel's limit counts.
    recent = ArrayField(models.DateTimeField(), default=list, blank=True, editable=False)
    last_sent_at = models.DateTimeField(_("last message"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("chat robot or webhook")
        verbose_name_plural = _("chat robots and webhooks")
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["wecom", "feishu", "dingtalk", "webhook", "apprise"]),
                name="endpoint_channel_known",
                violation_error_message=_("This channel is not known."),
            ),
            models.CheckConstraint(
                condition=Q(person=None) | Q(department=None),
                name="endpoint_of_one",
                violation_error_message=_("It belongs to a person, to a department, or to the company."),
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(address=""), name="endpoint_complete"),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """One promise to tell one endpoint one thing, once, however many people it concerns.

    Written in the transaction that claims the first notice of the same thing; then claimed, marked and settled like a
    notice itself. `key` is the same for every attempt: receivers and gateways recognise a message by it.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("doubtful")
        SUPERSEDED = "superseded", _("withdrawn")
        EXPIRED = "expired", _("expired")
        REFUSED = "refused", _("refused")

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="posts")
    # The notice that it tells of, the first where several people get the same.
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="posts")
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    kind = models.CharField(_("kind"), max_length=60)
    due_at = models.DateTimeField(_("about the moment"))
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    send_at = models.DateTimeField(_("next attempt"))
    expires_at = models.DateTimeField(_("of no use after"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=kinds.Priority.NORMAL.value)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PENDING)
    # True from just before the request goes out: whoever dies then leaves it doubtful.
    is_on_the_wire = models.BooleanField(default=False, editable=False)
    attempts = models.PositiveIntegerField(_("failed attempts"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    # When it first went onto the wire with its present words; a receiver that drops repetitions counts from there.
    tried_at = models.DateTimeField(_("tried at"), null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # What went out and what came back, for the page that shows it and can send it again.
    payload = models.JSONField(null=True, blank=True)
    answer_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    note = models.TextField(_("what came back"), blank=True, default="")
    created_at = models.DateTimeField(_("promised"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("message to a robot")
        verbose_name_plural = _("messages to robots")
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "subject_type", "subject_id", "kind", "due_at"],
                name="post_once",
                violation_error_message=_("This robot is already told this."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["pending", "sending", "sent", "uncertain", "superseded", "expired", "refused"]
                ),
                name="post_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_until__isnull=False, lease_token__isnull=False),
                name="post_sending_has_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "send_at"], condition=Q(state="pending"), name="post_due"),
            # Claim: of each endpoint the first … WHERE endpoint_id = … AND state = 'pending' ORDER BY priority, send_at
            models.Index(
                fields=["endpoint", "priority", "send_at", "id"],
                condition=Q(state="pending"),
                name="post_due_of_endpoint",
            ),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="post_leases"),
            models.Index(fields=["endpoint", "-id"], name="post_by_endpoint"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.endpoint_id}"
