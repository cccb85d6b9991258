"""DingTalk 钉钉: the custom robot of a group, with a card and a signature in the address."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notices.channels import wire
from notices.channels.base import Limit, Message, Reply, Sender, Target, as_json
from notices.channels.robots import check_robot, is_short_key, robot_reply
from notices.channels.words import cut, markdown, plain

CODE = "dingtalk"
PATH = "/robot/send"
# A request may have 20 kB.
TEXT_BYTES, TITLE_BYTES = 16_000, 300
# Whoever exceeds the limit is shut out for ten minutes.
SHUT_OUT_SECONDS = 600

MEANINGS = {
    "300001": _("DingTalk does not know this robot: its address is wrong, or it was taken out of its group."),
    "300005": _("DingTalk does not know this robot: its address is wrong, or it was taken out of its group."),
    "310000": _(
        "DingTalk refuses the message by the robot's security settings: the secret is wrong, a keyword is asked "
        "for, or the address of this server is not allowed. Choose “signature” there and copy its secret."
    ),
    "400013": _("The group of this robot was closed."),
    "400101": _("DingTalk does not know this robot: its address is wrong, or it was taken out of its group."),
    "400102": _("The robot is switched off in DingTalk."),
    "130101": _("More messages than DingTalk takes in a minute; the next ones wait ten minutes."),
    "410100": _("More messages than DingTalk takes in a minute; the next ones wait ten minutes."),
}
FAULTS = frozenset({"300001", "300005", "310000", "400013", "400101", "400102", "400105"})
BUSY = frozenset({"130101", "410100", "90030", "-1"})


def check(address: str, secret: str) -> tuple[str, str]:
    key = check_robot(address, base=settings.DINGTALK_BASE_URL, path=PATH, parameter="access_token")
    if not is_short_key(key):
        raise ValidationError(
            {
                "address": _(
                    "Give the address of the robot that DingTalk shows (it ends with access_token=…), or this token "
                    "alone."
                )
            }
        )
    return key, secret


def write(message: Message, target: Target) -> dict[str, Any]:
    return {
        "msgtype": "actionCard",
        "actionCard": {
            "title": cut(plain(message.title), TITLE_BYTES),
            "text": markdown(message, size=TEXT_BYTES),
            "singleTitle": message.button,
            "singleURL": message.url,
        },
    }


def hand_over(payload: dict[str, Any], key: str, target: Target) -> Reply:
    query = {"access_token": target.address}
    if target.secret:
        timestamp = str(int(time.time() * 1000))
        query |= {"timestamp": timestamp, "sign": sign(timestamp, target.secret)}
    answer = wire.post(f"{settings.DINGTALK_BASE_URL}{PATH}?{urlencode(query)}", as_json(payload))
    return robot_reply(answer, faults=FAULTS, busy=BUSY, rest=SHUT_OUT_SECONDS)


def sign(timestamp: str, secret: str) -> str:
    """The HMAC of the moment (in milliseconds) and the secret, keyed with the secret."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


SENDER = Sender(
    code=CODE,
    limits=(Limit(20, 60),),
    check=check,
    write=write,
    hand_over=hand_over,
    meaning=lambda words: str(MEANINGS.get(words.partition(" ")[0], "")),
)
