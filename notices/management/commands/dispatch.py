import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections

from notices import dispatcher, trial
from people.models import User

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Send the notices that are due. Runs until it is stopped, unless --once is given. It needs no Celery and no "
        "broker, and may run beside Celery workers: each notice still goes out once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--trial", metavar="E-MAIL", help="promise this person a trial notice; implies --once"
        )
        parser.add_argument("--once", action="store_true", help="send what is due now, then end")
        parser.add_argument(
            "--every", type=float, default=5.0, metavar="SECONDS", help="pause between two looks"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        if options["trial"]:
            self._promise_trial(options["trial"])
        if options["once"] or options["trial"]:
            self._report(dispatcher.run(should_stop=stopped.is_set))
            return
        while not stopped.is_set():
            close_old_connections()
            try:
                dispatcher.beat("loop")
                self._report(dispatcher.run(should_stop=stopped.is_set), quiet=True)
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database does not answer, trying again: %s", error)
            stopped.wait(options["every"])

    def _promise_trial(self, address: str) -> None:
        person = User.objects.active().filter(email=address.lower()).first()
        if person is None:
            raise CommandError(f"Nobody who may log in has the address {address}.")
        trial.send_to(person)

    def _report(self, tally: dict[str, int], *, quiet: bool = False) -> None:
        words = ", ".join(f"{count} {state}" for state, count in sorted(tally.items()))
        if words or not quiet:
            self.stdout.write(words or "nothing was due")
