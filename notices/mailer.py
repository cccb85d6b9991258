"""Handing one mail over to the mail server, with a word in between.

A mail server takes a message over in three steps: MAIL and RCPT (who to whom), DATA (the text), and its "250". Up to
DATA nothing has happened; from DATA on until the 250 nobody can know whether it arrived if the line breaks. Django's
own sending offers no place between RCPT and DATA, so this module opens the connection through Django (its TLS, login
and timeouts) and speaks the three steps itself. Backends without SMTP (console, files, memory) are asked as a whole.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from enum import Enum
from types import TracebackType
from typing import Any, NamedTuple

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

logger = logging.getLogger(__name__)


class Outcome(Enum):
    ACCEPTED = "accepted"
    # May not be sent any more, said the caller at the last moment; nothing was handed over.
    DROPPED = "dropped"
    # 4xx: not now. 5xx: never. Surely not taken over in both cases.
    DEFERRED = "deferred"
    REFUSED = "refused"
    # The line broke while the message was being taken over.
    DOUBTFUL = "doubtful"


class Result(NamedTuple):
    outcome: Outcome
    reply: str = ""
    # Refused at RCPT: it is the address that is not wanted, not the letter.
    blames_address: bool = False


class MailDown(Exception):
    """No mail gets through to the server at the moment; nothing of this one was handed over."""


class LineBroken(MailDown):
    """The server was there and went away during this mail."""


class Mailer:
    """One connection for many mails; opened at the first one, opened anew when the server has closed it."""

    def __init__(self) -> None:
        self._backend: Any = None

    def __enter__(self) -> Mailer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, message: EmailMessage, *, may_send: Callable[[], bool]) -> Result:
        """Hand over one message with one recipient. `may_send` is asked at the last moment before DATA.

        Raises MailDown when the server cannot be reached or takes no mail from us at all.
        """
        reused = self._backend is not None
        try:
            return self._send(message, may_send)
        except MailDown:
            self.close()
            if not reused:
                raise
        # Servers close a connection after so many mails or so long a pause; a fresh one tells whether it is down.
        try:
            return self._send(message, may_send)
        except MailDown:
            self.close()
            raise

    def close(self) -> None:
        backend, self._backend = self._backend, None
        if backend is None:
            return
        try:
            backend.close()
        except OSError as error:
            logger.debug("Closing the mail connection failed: %s", error)

    def _send(self, message: EmailMessage, may_send: Callable[[], bool]) -> Result:
        self._open()
        if isinstance(self._backend, EmailBackend) and self._backend.connection:
            return self._hand_over(self._backend.connection, message, may_send)
        if not may_send():
            return Result(Outcome.DROPPED)
        self._backend.send_messages([message])
        return Result(Outcome.ACCEPTED)

    def _open(self) -> None:
        if self._backend is not None:
            return
        backend = get_connection()
        try:
            backend.open()
            if isinstance(backend, EmailBackend) and backend.connection:
                backend.connection.ehlo_or_helo_if_needed()
        except OSError as error:  # smtplib's own exceptions are OSErrors, too
            raise MailDown(f"The mail server cannot be reached: {error}") from error
        self._backend = backend

    def _hand_over(self, smtp: smtplib.SMTP, message: EmailMessage, may_send: Callable[[], bool]) -> Result:
        encoding = message.encoding or "utf-8"
        sender = sanitize_address(message.from_email, encoding)
        (recipient,) = (sanitize_address(address, encoding) for address in message.recipients())
        mime: Any = message.message()
        text: bytes = mime.as_bytes(linesep="\r\n")

        refusal = self._envelope(smtp, sender, recipient)
        if refusal is not None:
            return refusal
        if not may_send():
            self._reset(smtp)
            return Result(Outcome.DROPPED)
        try:
            code, reply = self._data(smtp, text)
        except OSError as error:
            self.close()
            return Result(Outcome.DOUBTFUL, f"The line to the mail server broke: {error}")
        if code == 250:
            return Result(Outcome.ACCEPTED, _words(code, reply))
        self._reset(smtp)
        return Result(_refusal(code), _words(code, reply))

    def _envelope(self, smtp: smtplib.SMTP, sender: str, recipient: str) -> Result | None:
        """MAIL and RCPT; the refusal of the recipient, or None when the server is ready for DATA."""
        try:
            code, reply = smtp.mail(sender)
            if code != 250:  # it does not take mail from us: the recipient is not to blame
                raise MailDown(f"The mail server refuses the sender: {_words(code, reply)}")
            code, reply = smtp.rcpt(recipient)
        except OSError as error:
            raise LineBroken(f"The line to the mail server broke: {error}") from error
        if code in (250, 251):
            return None
        if code == 421:
            raise LineBroken(f"The mail server closes down: {_words(code, reply)}")
        self._reset(smtp)
        return Result(_refusal(code), _words(code, reply), blames_address=True)

    @staticmethod
    def _data(smtp: smtplib.SMTP, text: bytes) -> tuple[int, bytes | str]:
        """DATA, the text, and the server's last word (code and reply)."""
        try:
            return smtp.data(text)
        except smtplib.SMTPDataError as error:  # refused before the text was sent
            return error.smtp_code, error.smtp_error

    def _reset(self, smtp: smtplib.SMTP) -> None:
        """Forget the envelope; a connection that cannot even do that is closed."""
        try:
            smtp.rset()
        except OSError:
            self.close()


def _refusal(code: int) -> Outcome:
    return Outcome.REFUSED if 500 <= code <= 599 else Outcome.DEFERRED


def _words(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {text}".strip()
