"""WeCom 企业微信: the robot of a group, or an application of the company that writes to members.

A robot takes what it is given, each time. An application drops a message that repeats an earlier one word by word
within a window that the sender names (`enable_duplicate_check`), so there a doubtful message is sent again and still
arrives once. The promise's reference stands in the text, so that two messages with equal words are not taken for one.
"""

from __future__ import annotations

import re
import threading
import time
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notices.channels import wire
from notices.channels.base import Down, Fault, Limit, Message, Reply, Sender, Target, as_json
from notices.channels.robots import check_robot, is_short_key, robot_reply, said
from notices.channels.words import markdown

CODE = "wecom"
ROBOT_BYTES, APPLICATION_BYTES = 4096, 2048
# For how long an application recognises a repetition. Four hours are the most it offers; half an hour is its default.
WINDOW = timedelta(hours=4)
APPLICATION = re.compile(
    r"(?P<corp>[A-Za-z0-9_-]{6,64})/(?P<agent>\d{1,12})/(?P<to>@all|[A-Za-z0-9_.@|-]{1,200})"
)

MEANINGS = {
    "93000": _("WeCom does not know this robot: its key is wrong, or it was taken out of its group."),
    "45009": _("More messages than WeCom takes in a minute; the next ones wait."),
    "45033": _("More messages than WeCom takes at once; the next ones wait."),
    "40058": _("WeCom does not accept this form of a message."),
    "40001": _("The secret of the application is not right."),
    "40013": _("WeCom does not know this company id."),
    "40014": _("WeCom does not accept the access of the application."),
    "40056": _("WeCom does not know this application."),
    "60020": _("The address of this server is not among the trusted ones of the application."),
    "81013": _("None of the receivers is allowed to see the application."),
}
FAULTS = frozenset({"93000", "40001", "40013", "40056", "40091", "60020", "81013", "48002", "41004", "41001"})
BUSY = frozenset({"45009", "45033", "-1"})
STALE = frozenset({"40014", "42001"})


class Application(NamedTuple):
    corp: str
    agent: int
    to: str


def check(address: str, secret: str) -> tuple[str, str]:
    if found := APPLICATION.fullmatch(address):
        if not secret:
            raise ValidationError({"secret": _("An application needs its secret.")})
        return found[0], secret
    key = check_robot(address, base=settings.WECOM_BASE_URL, path="/cgi-bin/webhook/send", parameter="key")
    if not is_short_key(key):
        raise ValidationError(
            {
                "address": _(
                    "Give the address of the robot that WeCom shows (it ends with key=…), its key alone, or "
                    "company id/application/receivers for an application."
                )
            }
        )
    return key, ""


def write(message: Message, target: Target) -> dict[str, Any]:
    application = _application(target)
    size = APPLICATION_BYTES if application else ROBOT_BYTES
    payload: dict[str, Any] = {
        "msgtype": "markdown",
        "markdown": {"content": markdown(message, size=size, quoted=True)},
    }
    if application is None:
        return payload
    receivers = (
        {"toparty": application.to[6:]} if application.to.startswith("party.") else {"touser": application.to}
    )
    return payload | receivers | {
        "agentid": application.agent,
        "enable_duplicate_check": 1,
        "duplicate_check_interval": int(WINDOW.total_seconds()),
    }  # fmt: skip


def hand_over(payload: dict[str, Any], key: str, target: Target) -> Reply:
    application = _application(target)
    if application is None:
        url = f"{settings.WECOM_BASE_URL}/cgi-bin/webhook/send?key={quote(target.address, safe='')}"
        return _reply(wire.post(url, as_json(payload)))
    answer = _as_application(payload, application, target.secret, access_of(application, target.secret))
    if said(answer).code in STALE:
        access = access_of(application, target.secret, renew=True)
        answer = _as_application(payload, application, target.secret, access)
    return _reply(answer)


def _as_application(
    payload: dict[str, Any], application: Application, secret: str, access: str
) -> wire.Answer:
    url = f"{settings.WECOM_BASE_URL}/cgi-bin/message/send?{urlencode({'access_token': access})}"
    return wire.post(url, as_json(payload))


def _reply(answer: wire.Answer) -> Reply:
    return robot_reply(answer, faults=FAULTS, busy=BUSY, rest=60)


def repeats_within(target: Target) -> timedelta | None:
    return WINDOW if _application(target) else None


def _application(target: Target) -> Application | None:
    if found := APPLICATION.fullmatch(target.address):
        return Application(found["corp"], int(found["agent"]), found["to"])
    return None


# What an application logs in with, for the process; WeCom gives the same one again until it is over.
_accesses: dict[tuple[str, str], tuple[str, float]] = {}
_lock = threading.Lock()


def access_of(application: Application, secret: str, *, renew: bool = False) -> str:
    """The token with which the application sends. Raises Down or Fault."""
    name = (application.corp, secret)
    with _lock:
        access, until = _accesses.get(name, ("", 0.0))
    if access and not renew and time.monotonic() < until:
        return access
    query = urlencode({"corpid": application.corp, "corpsecret": secret})
    answer = wire.get(f"{settings.WECOM_BASE_URL}/cgi-bin/gettoken?{query}")
    found = said(answer)
    if found.code in FAULTS:
        raise Fault(found.words, status=answer.status)
    fields = answer.fields()
    if found.code != "0" or not fields.get("access_token"):
        raise Down(found.words, status=answer.status)
    with _lock:
        # Renewed well before it is over.
        _accesses[name] = (
            fields["access_token"],
            time.monotonic() + 0.9 * float(fields.get("expires_in", 0)),
        )
    return str(fields["access_token"])


SENDER = Sender(
    code=CODE,
    limits=(Limit(20, 60),),
    check=check,
    write=write,
    hand_over=hand_over,
    meaning=lambda words: str(MEANINGS.get(words.partition(" ")[0], "")),
    repeats_within=repeats_within,
)
