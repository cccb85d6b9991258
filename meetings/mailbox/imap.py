"""Reading the mailbox of replies by IMAP. A mail is marked as seen only after what became of it is stored."""

import imaplib
import logging
import re
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import DatabaseError

from meetings.services import replies

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 20
# In one go; the others come a minute later.
MOST_LETTERS = 200
PORTS = {"imaps": 993, "imap": 143, "imap+tls": 143}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxDown(Exception):
    """The mailbox cannot be read at the moment; the text names no password."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the mailbox is: imaps://user:password@host[:port]/folder. `imap+tls` begins plain and then encrypts;
    `imap` stays plain and is for this machine alone."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str

    @classmethod
    def parse(cls, url: str) -> "Place":
        """Raises MailboxDown for what is no such address."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise MailboxDown("REPLY_MAILBOX_URL cannot be read.") from None
        if parts.scheme not in PORTS or not parts.hostname:
            raise MailboxDown("REPLY_MAILBOX_URL must look like imaps://user:password@host/INBOX.")
        if parts.scheme == "imap" and parts.hostname not in LOOPBACK:
            raise MailboxDown("The password would travel in the open: use imaps:// or imap+tls://.")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.lstrip("/")) or "INBOX",
        )

    def __repr__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}/{self.folder}"


def read(url: str, now: datetime) -> Counter[str]:
    """Take in what is unseen; how many answers had which outcome. Raises MailboxDown, and lets database errors pass."""
    tally: Counter[str] = Counter()
    place = Place.parse(url)
    try:
        with _opened(place) as box:
            # With it the number of a mail is its own for ever.
            validity = _words(box.response("UIDVALIDITY")[1])
            for uid in _unseen(box):
                for outcome in _take_in(box, uid, f"{place!r} {validity} {uid}", now):
                    tally[outcome] += 1
                box.uid("STORE", uid, "+FLAGS", r"(\Seen)")
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxDown(f"{place!r} cannot be read: {_words(error)}") from error
    return tally


@contextmanager
def _opened(place: Place) -> Iterator[imaplib.IMAP4]:
    secure = ssl.create_default_context()
    box: imaplib.IMAP4
    if place.scheme == "imaps":
        box = imaplib.IMAP4_SSL(place.host, place.port, ssl_context=secure, timeout=TIMEOUT_SECONDS)
    else:
        box = imaplib.IMAP4(place.host, place.port, timeout=TIMEOUT_SECONDS)
    try:
        if place.scheme == "imap+tls":
            box.starttls(secure)
        box.login(place.user, place.password)
        folder = place.folder.replace("\\", "\\\\").replace('"', '\\"')
        answer, words = box.select(f'"{folder}"')
        if answer != "OK":
            raise MailboxDown(f"{place!r} has no such folder: {_words(words)}")
        yield box
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            box.logout()


def _unseen(box: imaplib.IMAP4) -> list[str]:
    _answer, found = box.uid("SEARCH", "UNSEEN", "UNDELETED")
    numbers = (found[0] or b"").split() if found else []
    return [number.decode("ascii") for number in numbers[:MOST_LETTERS]]


def _take_in(box: imaplib.IMAP4, uid: str, key: str, now: datetime) -> list[str]:
    """The outcomes of one mail. One that no reader can cope with is kept as refused, so that it does not come again."""
    if _size(box, uid) > settings.MAX_REPLY_BYTES:
        return [replies.keep_unread(key=key, note="The mail is larger than a reply can be.", now=now).outcome]
    raw = _raw(box, uid)
    if raw is None:
        return []
    try:
        return [row.outcome for row in replies.take_in(raw=raw, now=now)]
    except DatabaseError:
        raise
    except Exception:
        logger.exception("A mail cannot be taken in: %s", key)
        return [replies.keep_unread(key=key, note="The mail could not be read.", now=now).outcome]


def _size(box: imaplib.IMAP4, uid: str) -> int:
    _answer, found = box.uid("FETCH", uid, "(RFC822.SIZE)")
    for part in found:
        text = part[0] if isinstance(part, tuple) else part
        if text and (match := SIZE.search(text)):
            return int(match[1])
    return 0


def _raw(box: imaplib.IMAP4, uid: str) -> bytes | None:
    """The whole mail without marking it; None when somebody has taken it away meanwhile."""
    _answer, found = box.uid("FETCH", uid, "(BODY.PEEK[])")
    return next((part[1] for part in found if isinstance(part, tuple)), None)


def _words(error: object) -> str:
    return " ".join(str(error).split())[:200]
