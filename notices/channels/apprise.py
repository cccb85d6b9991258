"""Apprise: the chat services that have no channel of their own here. Set up by administrators only.

Its addresses can lead anywhere, also into the company's own network, so only services with an address of their maker's
are taken. It says whether a message was taken, not what happened when it was not: so a failure is tried again, and a
message may come twice.
"""

from __future__ import annotations

import logging
import re
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notices.channels.base import Fault, Limit, Message, Outcome, Reply, Sender, Target
from notices.channels.words import concerned, cut, footer

CODE = "apprise"
SERVICES = {
    "slack": "Slack",
    "discord": "Discord",
    "tgram": "Telegram",
    "workflows": "Microsoft Teams (Workflows)",
    "gchat": "Google Chat",
    "wxteams": "Webex Teams",
    "pover": "Pushover",
    "line": "LINE",
}
# The only one of them whose address names a server, and the servers of its maker.
WORKFLOWS = "workflows"
WORKFLOW_HOSTS = (".logic.azure.com", ".api.powerplatform.com", ".flow.microsoft.com")
READS_FILES = frozenset({"template", "attach"})
CONNECT_SECONDS, READ_SECONDS = 3.0, 4.0
BODY_BYTES, TITLE_BYTES = 3000, 250
PAUSES = (30, 300, 3600)
HTTP_ERROR = re.compile(r"error=(\d{3})")


def check(address: str, secret: str) -> tuple[str, str]:
    scheme = address.partition("://")[0].lower()
    if scheme not in SERVICES:
        raise ValidationError(
            {
                "address": _("Give an Apprise address of one of these services: %(services)s.")
                % {"services": ", ".join(f"{name} ({code}://)" for code, name in SERVICES.items())}
            }
        )
    query = {name.lower() for name, _value in parse_qsl(address.partition("?")[2], keep_blank_values=True)}
    if query & READS_FILES:
        raise ValidationError(
            {"address": _("An address with a template is not taken: it would read files of this server.")}
        )
    plugin = _plugin(address)
    host = str(getattr(plugin, "host", "") or "").lower()
    if plugin is not None and scheme == WORKFLOWS and not host.endswith(WORKFLOW_HOSTS):
        raise ValidationError({"address": _("This is no address of Microsoft's workflows.")})
    if plugin is None:
        raise ValidationError({"address": _("Apprise does not understand this address.")})
    return address, ""


def write(message: Message, target: Target) -> dict[str, Any]:
    lines = [concerned(message), message.body.strip(), f"{message.button}: {message.url}", footer(message)]
    return {
        "title": cut(message.title, TITLE_BYTES),
        "body": cut("\n\n".join(line for line in lines if line), BODY_BYTES),
    }


def hand_over(payload: dict[str, Any], key: str, target: Target) -> Reply:
    from apprise import LogCapture  # slow import

    plugin = _plugin(target.address)
    if plugin is None:
        raise Fault("Apprise does not understand this address.")
    with LogCapture(level=logging.WARNING) as said:
        is_taken = plugin.notify(body=payload["body"], title=payload["title"])
        found = HTTP_ERROR.search(said.getvalue())
    if is_taken:
        return Reply(Outcome.ACCEPTED, "ok")
    # Nothing else of what it logs: it may hold the address, which is a secret.
    return Reply(
        Outcome.DEFERRED, f"{found[1]} not taken" if found else "not taken", int(found[1]) if found else None
    )


def _plugin(address: str) -> Any:
    """The service's sender, with short waits and no sleep between two messages; None if it is not known."""
    from apprise import Apprise  # slow import

    plugin: Any = Apprise.instantiate(address)
    if plugin is None or type(plugin).__module__.partition(".")[0] != "apprise":
        return None
    plugin.request_rate_per_sec = 0
    plugin.socket_connect_timeout, plugin.socket_read_timeout = CONNECT_SECONDS, READ_SECONDS
    return plugin


MEANINGS = {
    "401": _("The service does not accept the key in the address."),
    "403": _("The service does not accept the key in the address."),
    "404": _("The service does not know what the address names."),
    "429": _("More messages than the service takes; it is tried again later."),
}

SENDER = Sender(
    code=CODE,
    limits=(Limit(20, 60),),
    check=check,
    write=write,
    hand_over=hand_over,
    meaning=lambda words: str(
        MEANINGS.get(words.partition(" ")[0], "")
        or (_("The service did not take it.") if words != "ok" else "")
    ),
    pauses=PAUSES,
)
