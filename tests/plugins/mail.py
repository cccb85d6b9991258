"""A real SMTP server that keeps what it is given."""

from __future__ import annotations

import email
import email.policy
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from config.processes import free_port


@dataclass
class Letter:
    """One accepted message: the envelope's recipients, and the message itself, decoded."""

    recipients: list[str]
    message: EmailMessage


@dataclass
class SmtpSink:
    port: int = field(default_factory=free_port)
    letters: list[Letter] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append(Letter(list(envelope.rcpt_tos), message))
        return "250 kept"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def wait_for(self, count: int, *, seconds: float = 15) -> list[Letter]:
        """The letters, once there are `count` of them; fails the test when they do not come."""
        end = time.monotonic() + seconds
        while len(self.letters) < count:
            if time.monotonic() > end:
                pytest.fail(f"{len(self.letters)} of {count} letters arrived in {seconds} s")
            time.sleep(0.05)
        return self.letters


@pytest.fixture
def smtp_sink(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpSink]:
    """Mail of this process, and of a worker started after it, goes to a server of this test's own."""
    sink = SmtpSink()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    monkeypatch.setitem(os.environ, "EMAIL_URL", sink.url)
    yield sink
    controller.stop()
