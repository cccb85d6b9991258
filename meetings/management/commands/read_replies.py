import logging
import signal
import threading
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from meetings.mailbox import imap, rounds
from meetings.services import replies

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Take in replies to invitations: from the files that are named, else from the mailbox in REPLY_MAILBOX_URL. "
        "The mailbox is looked into every minute until the command is stopped, unless --once is given. It may run "
        "beside the worker, which does the same: each reply still counts once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE.eml", help="mails as they came (RFC 822)")
        parser.add_argument("--once", action="store_true", help="look into the mailbox once, then end")
        parser.add_argument(
            "--every", type=float, default=60.0, metavar="SECONDS", help="pause between two looks"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["files"]:
            for name in options["files"]:
                self._take_in(Path(name))
            return
        if not settings.REPLY_MAILBOX_URL:
            raise CommandError("REPLY_MAILBOX_URL is not set: there is no mailbox to look into.")
        if options["once"]:
            self._once()
        else:
            self._until_stopped(options["every"])

    def _take_in(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                # One byte more than is taken tells that there is more.
                raw = file.read(settings.MAX_REPLY_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from error
        for row in replies.take_in(raw=raw, now=timezone.now()):
            words = [path.name, row.sender or "?", row.answer, row.get_outcome_display(), row.note]
            self.stdout.write("  ".join(str(word) for word in words if word))

    def _once(self) -> None:
        try:
            self._report(imap.read(settings.REPLY_MAILBOX_URL, timezone.now()))
        except imap.MailboxDown as error:
            raise CommandError(str(error)) from error

    def _until_stopped(self, pause: float) -> None:
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        while not stopped.is_set():
            close_old_connections()
            try:
                if tally := rounds.look(timezone.now()):
                    self._report(tally)
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database does not answer, trying again: %s", error)
            stopped.wait(pause)

    def _report(self, tally: Counter[str]) -> None:
        words = ", ".join(f"{count} {outcome}" for outcome, count in sorted(tally.items()))
        self.stdout.write(words or "nothing new")
