"""Who was told what, when, by which channel, in which state: the promises about a record, or to a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Count, Prefetch, Q, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices import digests, entries, queries
from notices.entries import Entry
from notices.models import Breaker, Channel, Delivery, Notice, NoticeQuerySet, Post
from people.models import Membership, User

# Further notices that belong to a record: an app says which, by the label of its model.
Parts = Callable[[Any], Q]
_parts: dict[str, Parts] = {}

NEVER_TOLD = Q(state=Notice.State.SUPERSEDED, shown_at=None)

TONES: dict[str, str] = {
    "sent": "green",
    "pending": "blue",
    "sending": "blue",
    "uncertain": "orange",
    "bounced": "red",
    "refused": "red",
    "unwanted": "secondary",
    "superseded": "secondary",
    "suppressed": "secondary",
    "expired": "secondary",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One channel of one promise: what became of it, in words."""

    icon: str
    channel: str | Promise
    state: str
    words: str | Promise
    at: datetime | None = None
    detail: str = ""

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "secondary")


@dataclass(frozen=True, slots=True)
class Line:
    entry: Entry
    ways: list[Way]

    @property
    def notice(self) -> Notice:
        return self.entry.notice


def register_parts(label: str, parts: Parts) -> None:
    """Let the page of a record show the notices about its parts, too: `parts(record)` is a Q over Notice."""
    _parts[label] = parts


def find(about: str, pk: int, viewer: User) -> models.Model | None:
    """The record or person, when `viewer` may read what was told about it; None otherwise.

    `about` is "person" or the label of a model ("actions.action"). A person's promises are for that person, the heads
    of their departments and the administrators; those of a record for whoever may read it.
    """
    if about == "person":
        person = User.objects.filter(pk=pk).first()
        return person if person is not None and _may_follow(viewer, person) else None
    try:
        model = apps.get_model(about)
    except (LookupError, ValueError):
        return None
    manager = model._default_manager  # noqa: SLF001 - Django's documented model API
    if model is Notice or not hasattr(manager, "visible_to"):
        return None
    return manager.visible_to(viewer).filter(pk=pk).first()


def of(target: models.Model) -> NoticeQuerySet:
    """The promises to a person or about a record and its parts: what was told, the newest first; then what is still
    to come, the next first; at last what was withdrawn before anybody was told."""
    if isinstance(target, User):
        found = Notice.objects.filter(recipient=target)
    else:
        about = Q(subject_type=ContentType.objects.get_for_model(target), subject_id=target.pk)
        if parts := _parts.get(target._meta.label_lower):
            about |= parts(target)
        found = Notice.objects.filter(about)
    is_coming = Q(due_at__gt=Now())
    return found.exclude(kind=digests.CODE).order_by(
        Case(When(NEVER_TOLD, then=2), When(is_coming, then=1), default=0),
        Case(When(is_coming & ~NEVER_TOLD, then="due_at")),
        "-due_at",
        "-pk",
    )


def totals(notices: NoticeQuerySet) -> dict[str, int]:
    """How many there are in each state."""
    rows = notices.order_by().values_list("state").annotate(count=Count("pk"))
    return dict(rows)


def lines(notices: NoticeQuerySet, viewer: User) -> list[Line]:
    """A page of them with all their ways, worded for the viewer; as many queries for many as for one."""
    rows = queries.with_subjects(
        notices.select_related("recipient").prefetch_related(
            Prefetch("deliveries", Delivery.objects.select_related("digest")),
            Prefetch("posts", Post.objects.select_related("endpoint").order_by("pk")),
        )
    )
    mail_is_down = Breaker.objects.filter(channel=Channel.EMAIL, open_until__isnull=False).exists()
    readable = queries.readable(rows, viewer)
    found = []
    for entry in entries.of(rows, viewer):
        ways = _ways(entry.notice, mail_is_down)
        if (
            entry.notice.pk not in readable
        ):  # words that people and mail servers add may tell what it is about
            ways = [replace(way, detail="") for way in ways]
        found.append(Line(entry, ways))
    return found


def _may_follow(viewer: User, person: User) -> bool:
    if viewer.pk == person.pk or viewer.has_role(User.Role.ADMIN):
        return True
    headed = viewer.headed_department_ids
    return viewer.is_active and Membership.objects.filter(user=person, department__in=headed).exists()


def _ways(notice: Notice, mail_is_down: bool) -> list[Way]:
    receipts = {delivery.channel: delivery for delivery in notice.deliveries.all()}
    ways = [_in_app(notice)]
    if way := _email(notice, receipts.get(Channel.EMAIL), mail_is_down):
        ways.append(way)
    return ways + [
        Way(
            "message-circle",
            f"{capfirst(post.endpoint.get_channel_display())} · {post.endpoint.name}",
            post.state,
            post.get_state_display(),
            post.sent_at,
        )
        for post in notice.posts.all()
    ]


def _in_app(notice: Notice) -> Way:
    channel = Channel.IN_APP.label
    if notice.shown_at is None:
        words: str | Promise = (
            notice.get_state_display()
            if notice.state != Notice.State.PENDING
            else gettext_lazy("not due yet")
        )
        return Way("bell", channel, notice.state, words)
    if notice.read_at:
        return Way("bell", channel, "sent", gettext_lazy("read"), notice.read_at)
    if notice.snoozed_until and notice.snoozed_until > timezone.now():
        detail = notice.snooze_reason
        return Way(
            "clock-pause", channel, "pending", gettext_lazy("put off until"), notice.snoozed_until, detail
        )
    if notice.is_withdrawn:
        return Way("bell", channel, notice.state, gettext_lazy("shown as void"), notice.shown_at)
    return Way("bell", channel, "sent", gettext_lazy("in the list since"), notice.shown_at)


def _email(notice: Notice, receipt: Delivery | None, mail_is_down: bool) -> Way | None:
    channel = Channel.EMAIL.label
    if receipt is not None and receipt.digest is not None:
        state = receipt.digest.state
        words = _("in a collected mail: %(state)s") % {"state": receipt.digest.get_state_display()}
        return Way("mail", channel, state, words, receipt.digest.sent_at or receipt.at, receipt.address)
    if receipt is not None and not (notice.state == Notice.State.PENDING and receipt.state == "uncertain"):
        return Way("mail", channel, receipt.state, receipt.get_state_display(), receipt.at, receipt.address)
    if notice.shown_at is None or notice.state not in (Notice.State.PENDING, Notice.State.SENDING):
        return None
    if notice.held_for and not notice.attempts and notice.send_at > timezone.now():
        return Way("mail", channel, "pending", notice.get_held_for_display(), notice.send_at)
    if mail_is_down:
        return Way("mail", channel, "uncertain", gettext_lazy("the mail server is away; it is tried again"))
    if notice.attempts:
        in_vain = gettext_lazy("tried in vain; next attempt")
        return Way("mail", channel, "uncertain", in_vain, notice.send_at, notice.note)
    return Way("mail", channel, notice.state, notice.get_state_display())
