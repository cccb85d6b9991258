"""Webhooks: a signed POST to another program, by the open convention that is called Standard Webhooks.

`webhook-id` names the promise and is the same for every attempt, so that a receiver can drop what it has already;
`webhook-timestamp` says when this attempt was made, and `webhook-signature` signs both together with the body.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notices.channels import wire
from notices.channels.base import Answer, Down, Fault, Message, Outcome, Reply, Sender, Target, as_json

CODE = "webhook"
PREFIX = "whsec_"
# Three more tries, then it is given up and waits for somebody who presses "send again".
PAUSES = (30, 300, 3600)


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def check(address: str, secret: str) -> tuple[str, str]:
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.fragment:
        raise ValidationError({"address": _("Give a whole address that begins with https://.")})
    if not _key(secret):
        raise ValidationError(
            {
                "secret": _(
                    "The secret begins with whsec_ and goes on in Base64. Leave it empty to get a new one."
                )
            }
        )
    return address, secret


def write(message: Message, target: Target) -> dict[str, Any]:
    return {
        "id": message.key,
        "kind": message.kind,
        "about": message.at.isoformat(),
        "title": message.title,
        "text": message.body,
        "url": message.url,
        "people": list(message.people),
        "language": message.language,
        "is_emergency": message.is_emergency,
    }


def hand_over(payload: dict[str, Any], key: str, target: Target) -> Reply:
    content, timestamp = as_json(payload), str(int(time.time()))
    headers = {
        "webhook-id": key,
        "webhook-timestamp": timestamp,
        "webhook-signature": sign(target.secret, key, timestamp, content),
    }
    return _reply(wire.post(target.address, content, headers=headers, guarded=True))


def sign(secret: str, key: str, timestamp: str, content: bytes) -> str:
    signed = f"{key}.{timestamp}.".encode() + content
    return "v1," + base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    """The bytes of a secret; empty when it is not one."""
    if not secret.startswith(PREFIX):
        return b""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        return b""


def _reply(answer: Answer) -> Reply:
    words = f"{answer.status} {' '.join(answer.text.split())[:200]}".strip()
    if 200 <= answer.status < 300:
        return Reply(Outcome.ACCEPTED, words, answer.status)
    if answer.status == 410:
        raise Fault(words, status=answer.status)
    if answer.status in (429, 502, 503, 504):
        retry = answer.headers.get("Retry-After", "")
        raise Down(words, rest=min(float(retry), 3600.0) if retry.isdecimal() else None, status=answer.status)
    return Reply(Outcome.DEFERRED, words, answer.status)


def meaning(words: str) -> str:
    code = words.partition(" ")[0]
    if code.startswith("3") and len(code) == 3:
        return str(_("The address leads on to another one, which is not followed. Give the final address."))
    return str(MEANINGS.get(code, ""))


MEANINGS = {
    "401": _("The receiver does not accept the signature."),
    "403": _("The receiver does not accept the signature."),
    "404": _("There is nothing at this address."),
    "410": _("The receiver wants no more messages."),
    "500": _("The receiver broke down over the message."),
}


SENDER = Sender(
    code=CODE,
    limits=(),
    check=check,
    write=write,
    hand_over=hand_over,
    meaning=meaning,
    # Receivers drop what they have by its webhook-id, so a doubtful message goes out again.
    repeats_within=lambda target: timedelta(days=3),
    pauses=PAUSES,
)
