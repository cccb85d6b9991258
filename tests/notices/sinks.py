"""Mail servers with moods, and dispatchers in processes of their own."""

import asyncio
import logging
import os
import subprocess
import sys
from contextlib import contextmanager

from aiosmtpd.controller import Controller

from config.processes import wait_until
from tests.plugins.mail import SmtpSink
from tests.plugins.worker import BASE_DIR, database_url


class MoodySink(SmtpSink):
    """Answers by the local part of the recipient; `seconds` is how long it thinks after it has kept a letter."""

    def __init__(self, seconds=0.0):
        super().__init__()
        self.seconds = seconds
        self.after_so_many: int | None = None
        self.moods: dict[str, str] = {}

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if "sender" in self.moods:
            return self.moods["sender"]
        envelope.mail_from = address
        return "250 fine"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if answer := self.moods.get(f"rcpt {address}"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        (address,) = envelope.rcpt_tos
        if answer := self.moods.get(f"data {address}"):
            if answer == "cut":
                server.transport.abort()
            return answer
        await super().handle_DATA(server, session, envelope)
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.after_so_many and len(self.letters) % self.after_so_many == 0:
            server.transport.abort()
        return "250 kept"

    @property
    def ids(self):
        return [letter.message["Message-ID"] for letter in self.letters]


@contextmanager
def listening(sink):
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@contextmanager
def dispatcher_process(sink, *options):
    """`manage.py dispatch` beside us; killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "dispatch", *options],
        cwd=BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url(), "EMAIL_URL": sink.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


logging.getLogger("mail.log").setLevel(logging.WARNING)


def has_letters(sink, count):
    return wait_until(lambda: len(sink.letters) >= count, seconds=30)
