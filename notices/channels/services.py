"""Setting up robots and webhooks, trying them out, and sending a message again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from notices import channels, doorbell
from notices.channels import ledger, texts, webhook
from notices.channels.base import Down, Fault, Outcome
from notices.channels.wire import Lost
from notices.models import Endpoint, Post
from people.models import Department, User

# Those that went out, or not, for reasons that may be over; void ones would only be void again.
MAY_GO_AGAIN = (Post.State.SENT, Post.State.REFUSED, Post.State.UNCERTAIN)


class NotPossible(Exception):
    """The step is not possible now; the text is for people."""


class Tried(NamedTuple):
    """What came of a trial message: a sentence for people, and what the other side said ("" where it said nothing)."""

    is_fine: bool
    sentence: str
    words: str


def add(
    *,
    channel: str,
    name: str,
    address: str,
    secret: str,
    language: str,
    categories: Sequence[str],
    person: User | None,
    department: Department | None,
    by: User,
) -> Endpoint:
    """Set up an endpoint of a person, of a department, or (neither) of the company.

    A webhook without a secret gets a new one. Raises ValidationError with the fields that are wrong.
    """
    address, secret = _checked(channel, address, secret)
    endpoint = Endpoint(
        channel=channel, name=name, address=address, secret=secret, language=language,
        categories=list(categories), person=person, department=department, created_by=by,
    )  # fmt: skip
    endpoint.full_clean()
    with transaction.atomic():
        endpoint.save()
        history.record(actor=by, verb="notices.endpoint.add", target=endpoint, after=_shown(endpoint))
    return endpoint


def change(
    *,
    endpoint: Endpoint,
    name: str,
    address: str,
    secret: str,
    language: str,
    categories: Sequence[str],
    by: User,
) -> Endpoint:
    """Change an endpoint; an empty address or secret stays as it is. Raises ValidationError."""
    before = _shown(endpoint)
    if address or secret:
        # An application's secret belongs to its address; whoever types one of them alone keeps the other.
        endpoint.address, endpoint.secret = _checked(
            endpoint.channel, address or endpoint.address, secret or endpoint.secret
        )
    endpoint.name, endpoint.language, endpoint.categories = name, language, list(categories)
    endpoint.full_clean()
    with transaction.atomic():
        endpoint.save(update_fields=["name", "address", "secret", "language", "categories"])
        history.record(
            actor=by,
            verb="notices.endpoint.change",
            target=endpoint,
            before=before,
            after=_shown(endpoint) | ({"address": "…"} if address or secret else {}),
        )
    return endpoint


@transaction.atomic
def switch(*, endpoint: Endpoint, on: bool, by: User) -> None:
    """Use it again, or stop using it: what waits for it then is not sent any more."""
    if on:
        changes: dict[str, Any] = {
            "is_active": True,
            "stopped_because": "",
            "failures": 0,
            "rest_until": None,
        }
    else:
        changes = {"is_active": False}
        endpoint.posts.filter(state=Post.State.PENDING).update(state=Post.State.SUPERSEDED)
    if Endpoint.objects.filter(pk=endpoint.pk).exclude(is_active=on).update(**changes):
        history.record(actor=by, verb="notices.endpoint.switch", target=endpoint, before=not on, after=on)
        if on:
            doorbell.ring_on_commit()


@transaction.atomic
def remove(*, endpoint: Endpoint, by: User) -> None:
    """Take it away, with the list of its messages."""
    history.record(actor=by, verb="notices.endpoint.remove", target=endpoint, before=_shown(endpoint))
    endpoint.delete()


def try_out(*, endpoint: Endpoint) -> Tried:
    """Send a trial message now and wait for the answer, some seconds at most. It counts for the limit like any other.

    Raises NotPossible when the limit is used up.
    """
    if not ledger.take_place(endpoint):
        raise NotPossible(_("It has had as many messages as it takes in a minute. Try again in a minute."))
    sender = channels.of(endpoint.channel)
    key = str(uuid4())
    try:
        reply = sender.hand_over(sender.write(texts.trial(endpoint, key=key), endpoint), key, endpoint)
    except (Down, Fault) as error:
        if error.because:
            return Tried(False, str(error.because), "")
        unsaid = _("It cannot be reached now.") if isinstance(error, Down) else _("It does not work.")
        return Tried(False, sender.meaning(error.words) or unsaid, error.words)
    except Lost:
        return Tried(False, _("No answer came; look whether the message has arrived."), "")
    if reply.outcome is Outcome.ACCEPTED:
        Endpoint.objects.filter(pk=endpoint.pk).update(failures=0, rest_until=None)
        return Tried(True, _("The message was taken: look for it there."), reply.words)
    return Tried(False, sender.meaning(reply.words) or _("It was not taken."), reply.words)


@transaction.atomic
def send_again(*, post: Post, now: datetime) -> None:
    """Send a message once more, as it is true now and under the same key.

    Raises NotPossible when it waits already, is void, or its endpoint is switched off.
    """
    if not Endpoint.objects.filter(pk=post.endpoint_id, is_active=True).exists():
        raise NotPossible(_("Switch it on first."))
    changed = Post.objects.filter(pk=post.pk, state__in=MAY_GO_AGAIN).update(
        state=Post.State.PENDING, send_at=now, attempts=0, tried_at=None, sent_at=None, lease_token=None, note="",
    )  # fmt: skip
    if not changed:
        raise NotPossible(_("This message waits already, or is not wanted any more."))
    doorbell.ring_on_commit()


def _checked(channel: str, address: str, secret: str) -> tuple[str, str]:
    if channel == webhook.CODE and not secret:
        secret = webhook.new_secret()
    try:
        return channels.of(channel).check(address.strip(), secret.strip())
    except ValidationError:
        raise
    except ValueError as error:  # what urllib says to half an address
        raise ValidationError({"address": _("This is not an address.")}) from error


def _shown(endpoint: Endpoint) -> dict[str, Any]:
    """What the history may keep: never the address or the secret."""
    return {
        "name": endpoint.name,
        "channel": endpoint.channel,
        "language": endpoint.language,
        "categories": endpoint.categories,
    }
