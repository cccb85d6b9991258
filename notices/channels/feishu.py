"""Feishu 飞书 and Lark: the custom robot of a group, with a card and, where the group asks for it, a signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notices.channels import wire
from notices.channels.base import Limit, Message, Reply, Sender, Target, as_json
from notices.channels.robots import check_robot, is_short_key, robot_reply
from notices.channels.words import concerned, cut, footer, paragraphs

CODE = "feishu"
PATH = "/open-apis/bot/v2/hook/"
# A request may have 20 kB; the texts of a card are only a part of it.
TITLE_BYTES, BODY_BYTES = 600, 12_000
# Lark is the same program under another name; a key kept with this in front goes there.
LARK = "lark:"

MEANINGS = {
    "19021": _("Feishu refuses the signature: the secret is wrong, or the clock of this server is."),
    "19022": _("The address of this server is not among those that the robot's group allows."),
    "19024": _(
        "The robot's group asks for a keyword that the message does not have. Take the condition off and use a "
        "signature instead."
    ),
    "19001": _("Feishu does not know this robot: its address is wrong, or it was taken out of its group."),
    "9499": _("Feishu does not accept this form of a message."),
    "11232": _("More messages than Feishu takes at once; the next ones wait."),
}
FAULTS = frozenset({"19001", "19002", "19021", "19022", "19024"})
BUSY = frozenset({"11232", "11247"})


def check(address: str, secret: str) -> tuple[str, str]:
    key = check_robot(
        address, base=settings.FEISHU_BASE_URL, path=PATH, others=[urlsplit(settings.LARK_BASE_URL).netloc]
    )
    if not is_short_key(key.removeprefix(LARK)):
        raise ValidationError(
            {
                "address": _(
                    "Give the address of the robot that Feishu shows, or the part of it behind “hook/”."
                )
            }
        )
    if "://" in address and urlsplit(address).netloc == urlsplit(settings.LARK_BASE_URL).netloc:
        key = LARK + key
    return key, secret


def write(message: Message, target: Target) -> dict[str, Any]:
    """A card of plain texts only: what people typed can be neither a link nor a mention in it."""
    lines = [line for line in (concerned(message), *paragraphs(message.body)) if line]
    elements: list[dict[str, Any]] = []
    if lines:
        elements.append({"tag": "div", "text": _text(cut("\n".join(lines), BODY_BYTES))})
    button = {"tag": "button", "type": "primary", "text": _text(message.button), "url": message.url}
    elements.append({"tag": "action", "actions": [button]})
    elements.append({"tag": "note", "elements": [_text(footer(message))]})
    return {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": {
                "title": _text(cut(message.title, TITLE_BYTES)),
                "template": "red" if message.is_emergency else "blue",
            },
            "elements": elements,
        },
    }


def hand_over(payload: dict[str, Any], key: str, target: Target) -> Reply:
    base = settings.LARK_BASE_URL if target.address.startswith(LARK) else settings.FEISHU_BASE_URL
    if target.secret:
        timestamp = str(int(time.time()))
        payload = payload | {"timestamp": timestamp, "sign": sign(timestamp, target.secret)}
    answer = wire.post(f"{base}{PATH}{quote(target.address.removeprefix(LARK), safe='')}", as_json(payload))
    return robot_reply(answer, faults=FAULTS, busy=BUSY, rest=60)


def sign(timestamp: str, secret: str) -> str:
    """The HMAC of nothing, keyed with the moment and the secret: so the makers have it."""
    digest = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _text(words: str) -> dict[str, str]:
    return {"tag": "plain_text", "content": words}


SENDER = Sender(
    code=CODE,
    limits=(Limit(5, 1), Limit(100, 60)),
    check=check,
    write=write,
    hand_over=hand_over,
    meaning=lambda words: str(MEANINGS.get(words.partition(" ")[0], "")),
)
