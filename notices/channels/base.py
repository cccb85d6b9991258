"""What every channel has in common: what is said, how it is handed over, and what may come back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from django.utils.functional import Promise

from notices.mailer import Outcome

__all__ = ["Answer", "Down", "Fault", "Limit", "Message", "Outcome", "Reply", "Sender", "Target"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is said, as plain text in the endpoint's language.

    `reference` names the promise; it stands in every text, so that no two messages are alike and a repetition is.
    `key` is the same for every attempt. `people` are those whom it concerns (empty where the group may not know).
    """

    title: str
    body: str
    url: str
    button: str
    label: str
    at: datetime
    reference: str
    key: str
    language: str
    kind: str
    people: tuple[str, ...] = ()
    is_emergency: bool = False


class Target(Protocol):
    """Where it goes: an Endpoint, or what a form has just been given. Never changed here."""

    @property
    def address(self) -> str: ...
    @property
    def secret(self) -> str: ...


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    text: str
    headers: Mapping[str, str] = {}

    def fields(self) -> dict[str, Any]:
        """The answer read as a JSON object; empty when it is none."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


class Reply(NamedTuple):
    """What became of one message. `words` is what the other side said, for people who look into it."""

    outcome: Outcome
    words: str = ""
    status: int | None = None


class Down(Exception):
    """Nothing gets through to the endpoint at the moment; this message was surely not taken over.

    `rest` is how long the other side asked us to wait, in seconds. `because` is a sentence for people where the other
    side has said nothing; `words` are then our own, for the list of messages.
    """

    def __init__(
        self,
        words: str,
        *,
        rest: float | None = None,
        status: int | None = None,
        because: str | Promise = "",
    ) -> None:
        super().__init__(words)
        self.words, self.rest, self.status, self.because = words, rest, status, because


class Fault(Exception):
    """The endpoint itself is wrong (address, key, signature): nothing will ever get through until somebody mends it."""

    def __init__(self, words: str, *, status: int | None = None, because: str | Promise = "") -> None:
        super().__init__(words)
        self.words, self.status, self.because = words, status, because


class Limit(NamedTuple):
    """So many messages within so many seconds, as the makers document it."""

    most: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """One channel.

    limits: what the other side takes; a fifth of it is kept for emergencies.
    check(address, secret): both as they are to be kept. Raises ValidationError with {"address" | "secret": sentence}.
    write(message, target): the payload, a JSON object without secrets or signatures; it is kept and shown.
    hand_over(payload, message key, target): give it to the other side. Blocks for some seconds at most and uses no
        database. Raises Down or Fault.
    meaning(words): a sentence for people about what the other side said ("" when the words say it all).
    repeats_within(target): for how long the other side drops a repetition of the very same payload; None when it does
        not, then a doubtful message is not sent again.
    pauses: after these many seconds each a failed message is tried again, and then given up; None: with growing
        pauses, until it is of no use any more.
    """

    code: str
    limits: tuple[Limit, ...]
    check: Callable[[str, str], tuple[str, str]]
    write: Callable[[Message, Target], dict[str, Any]]
    hand_over: Callable[[dict[str, Any], str, Target], Reply]
    meaning: Callable[[str], str] = field(default=lambda words: "")
    repeats_within: Callable[[Target], timedelta | None] = field(default=lambda target: None)
    pauses: tuple[int, ...] | None = None


def as_json(payload: dict[str, Any]) -> bytes:
    """The same bytes for the same payload, however often and wherever it was kept in between."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
