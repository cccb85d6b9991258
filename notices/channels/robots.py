"""What the robots of chat programs have in common: an address with a key, and errors inside answers that say 200."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notices.channels.base import Answer, Down, Fault, Outcome, Reply

KEY = re.compile(r"[A-Za-z0-9_-]{8,200}")
TOO_MANY = 429


class Said(NamedTuple):
    """The code and the words inside an answer: "0" for fine, "" when there is none."""

    code: str
    words: str


def is_short_key(text: str) -> bool:
    return KEY.fullmatch(text) is not None


def check_robot(
    address: str, *, base: str, path: str, parameter: str = "", others: Collection[str] = ()
) -> str:
    """The key in what a person pasted: the whole address as the chat program shows it, or the key alone.

    Only addresses of the chat program itself are taken: a robot's address is not a way to any other server. Raises
    ValidationError.
    """
    if "://" not in address:
        return address
    parts = urlsplit(address)
    hosts = {urlsplit(base).netloc, *others}
    if parts.netloc not in hosts or not parts.path.startswith(path):
        raise ValidationError(
            {
                "address": _("This is not the address of such a robot: it begins with %(start)s.")
                % {"start": f"{base}{path}"}
            }
        )
    if parameter:
        return parse_qs(parts.query).get(parameter, [""])[0]
    return parts.path.removeprefix(path).strip("/")


def said(answer: Answer) -> Said:
    """The code inside the answer, by either of the names that the makers use."""
    fields = answer.fields()
    code = next((str(fields[name]) for name in ("errcode", "code", "StatusCode") if name in fields), "")
    text = next((str(fields[name]) for name in ("errmsg", "msg", "StatusMessage") if fields.get(name)), "")
    if not fields:
        text = " ".join(answer.text.split())[:200]
    return Said(code, f"{code or answer.status} {text}".strip())


def robot_reply(answer: Answer, *, faults: Collection[str], busy: Collection[str], rest: float) -> Reply:
    """What an answer means; `rest` is for how long to leave a robot alone that has had too many.

    Raises Down or Fault.
    """
    found = said(answer)
    if answer.status == TOO_MANY or found.code in busy:
        raise Down(found.words, rest=_asked_rest(answer) or rest, status=answer.status)
    if answer.status >= 500:
        raise Down(found.words, status=answer.status)
    if found.code in faults or (answer.status >= 400 and not found.code):
        raise Fault(found.words, status=answer.status)
    if answer.status == 200 and found.code == "0":
        return Reply(Outcome.ACCEPTED, found.words, answer.status)
    return Reply(Outcome.REFUSED, found.words, answer.status)


def _asked_rest(answer: Answer) -> float | None:
    """Retry-After in seconds; its other form, a date, is rare enough to be left out."""
    text = next((value for name, value in answer.headers.items() if name.lower() == "retry-after"), "")
    return min(float(text), 3600.0) if text.isdecimal() else None
