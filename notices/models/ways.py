"""How people want to be told, and what is known of the ways: addresses, channels that are down, signs of life."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from notices import kinds


class Preference(models.Model):
    """How one category of notices reaches a person, or by default everybody of a department.

    The person's own row counts before the department's, that before what the program does by itself: a mail at once,
    and the group robots as they are set up. The list of notices always has everything.
    """

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        DAILY = "daily", _("collected, once a day")
        NEVER = "never", _("no mail")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notice_preferences",
        verbose_name=_("person"),
    )
    department = models.ForeignKey(
        "people.Department",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notice_preferences",
        verbose_name=_("department"),
    )
    category = models.CharField(_("about"), max_length=20, choices=kinds.Category)
    mail = models.CharField(_("e-mail"), max_length=10, choices=Mail, default=Mail.AT_ONCE)
    # Whether the person's own chat endpoints get it, too.
    chat = models.BooleanField(_("chat"), default=True)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "category"], condition=Q(department=None), name="preference_once_per_person"
            ),
            models.UniqueConstraint(
                fields=["department", "category"],
                condition=Q(person=None),
                name="preference_once_per_department",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, department=None) | Q(person=None, department__isnull=False),
                name="preference_of_one",
                violation_error_message=_("A preference is a person's or a department's."),
            ),
            models.CheckConstraint(
                condition=Q(mail__in=["at_once", "daily", "never"]), name="preference_mail_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.mail}"


class Address(models.Model):
    """What is known of an e-mail address that mail servers have refused; after three refusals it gets no more mail."""

    MOST_REFUSALS = 3

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    refusals = models.PositiveIntegerField(_("refusals in a row"), default=0)
    last_reply = models.TextField(_("what the mail server said"), blank=True)
    last_refused_at = models.DateTimeField(_("last refused"), null=True, blank=True)
    # From then on nothing is mailed there, until somebody has put it right.
    flagged_at = models.DateTimeField(_("no mail since"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("refused address")
        verbose_name_plural = _("refused addresses")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="address_lower"),
        ]

    def __str__(self) -> str:
        return self.email


class Breaker(models.Model):
    """Whether a channel is down as a whole: shared by all dispatchers, so that a dead mail server is asked by one."""

    channel = models.CharField(max_length=12, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(_("down since"), null=True, blank=True)
    tried_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("channel that is down")
        verbose_name_plural = _("channels that are down")

    def __str__(self) -> str:
        return self.channel


class Heartbeat(models.Model):
    """When something that must run all the time last did; /healthz looks at it."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
