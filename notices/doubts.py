"""Mails of which nobody knows whether they arrived: an administrator asks, and says so."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from core import history
from notices import doorbell
from notices.models import Channel, Delivery, Notice, NoticeQuerySet
from people.models import User

State = Notice.State


def may_look(user: User) -> bool:
    return user.has_role(User.Role.ADMIN)


def in_state(state: Notice.State) -> NoticeQuerySet:
    """The mails in this state, newest first; of a collected mail the mail itself, not its lines."""
    is_line = Delivery.objects.filter(notice=OuterRef("pk"), state=Delivery.State.BUNDLED)
    found = Notice.objects.filter(~Exists(is_line), phase=Notice.Phase.IN_QUESTION, state=state)
    return found.select_related("recipient").order_by("-pk")


def arrived(*, notice: Notice, by: User) -> bool:
    """The recipient has it. False when it is not doubtful any more."""
    with transaction.atomic():
        changed = _change(notice, state=State.SENT, sent_at=Now(), lease_token=None, note="")
        if changed:
            mails = Delivery.objects.filter(notice=notice, channel=Channel.EMAIL)
            mails.update(state=Delivery.State.SENT)
            history.record(actor=by, verb="mail arrived", target=notice)
        return changed


def send_again(*, notice: Notice, by: User) -> bool:
    """Mail it once more, under the same Message-ID. False when it is not doubtful any more."""
    with transaction.atomic():
        changed = _change(
            notice, state=State.PENDING, send_at=Now(), lease_token=None, note="", held_for=Notice.Hold.NONE
        )
        if changed:
            history.record(actor=by, verb="mail sent again", target=notice)
            doorbell.ring_on_commit()
        return changed


VERBS = {"arrived": arrived, "again": send_again}


def _change(notice: Notice, **fields: object) -> bool:
    """The doubtful mail and, of a collected one, its lines: they wait for nothing of their own."""
    changed = Notice.objects.filter(pk=notice.pk, state=State.UNCERTAIN).update(**fields)
    if changed and fields["state"] == State.SENT:
        Notice.objects.filter(deliveries__digest=notice).update(state=State.SENT)
    return bool(changed)
