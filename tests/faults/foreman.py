"""Dispatchers that are killed and come again: `python -m tests.faults.foreman NUMBER`.

Runs the site's own dispatcher in so many processes and starts another for each that dies. Lines on its standard input
are orders: "kill" sends SIGKILL to one of them at random and answers with its number; the end of the input ends all.
`FAULTS` in the environment is JSON: waiting times of the modules of notices made short ("LEASE_SECONDS": 2), and
"skews", by how many seconds the clocks of the machines are wrong.
"""

import json
import os
import random
import select
import signal
import sys
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta

import django

SPARE = 0.05


def setup() -> list[float]:
    """Django, with the waiting times of the test; the skews of the clocks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    _warm_up()
    wishes = json.loads(os.environ.get("FAULTS", "{}"))
    skews = wishes.pop("skews", [0])
    modules = [module for name, module in sys.modules.items() if name.startswith("notices.")]
    for name, value in wishes.items():
        found = [module for module in modules if hasattr(module, name)]
        assert found, name
        for module in found:
            setattr(module, name, value)
    return list(skews)


def _warm_up() -> None:
    """Load what the first mail of each process would load: modules, addresses, words and templates."""
    from django.template.loader import get_template
    from django.urls import reverse
    from django.utils import translation

    import notices.dispatcher  # noqa: F401 - and with it all modules that wait

    reverse("notices:list")
    for language in ("en", "zh-hans"):
        with translation.override(language):
            translation.gettext("Notices")
    for name in ("notices/mail/notice.txt", "notices/mail/notice.html"):
        get_template(name)


def dispatch(skew: float) -> None:
    """What `manage.py dispatch` does, without its long pauses."""
    from django.db import InterfaceError, OperationalError, close_old_connections

    from notices import dispatcher

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with ExitStack() as stack:
        if skew:
            import time_machine

            stack.enter_context(time_machine.travel(datetime.now(UTC) + timedelta(seconds=skew), tick=True))
        while os.getppid() != 1:
            close_old_connections()
            with suppress(OperationalError, InterfaceError):
                dispatcher.run()
            time.sleep(SPARE)


class Crew:
    def __init__(self, number: int, skews: list[float]) -> None:
        self.skews = skews
        self.members: dict[int, int] = {}
        for place in range(number):
            self.hire(place)

    def hire(self, place: int) -> None:
        pid = os.fork()
        if not pid:
            try:
                dispatch(self.skews[place % len(self.skews)])
            finally:
                os._exit(1)
        self.members[pid] = place

    def replace_the_dead(self) -> None:
        while self.members:
            pid, _status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            self.hire(self.members.pop(pid))

    def kill_one(self) -> int:
        pid = random.choice(list(self.members))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self.hire(self.members.pop(pid))
        return pid

    def dismiss(self) -> None:
        for pid in self.members:
            os.kill(pid, signal.SIGKILL)
        for pid in self.members:
            os.waitpid(pid, 0)


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main(number: int) -> None:
    crew = Crew(number, setup())
    say("ready")
    try:
        while True:
            crew.replace_the_dead()
            if not select.select([sys.stdin], [], [], SPARE)[0]:
                continue
            if sys.stdin.readline().strip() != "kill":
                return
            say(crew.kill_one())
    finally:
        crew.dismiss()


if __name__ == "__main__":
    main(int(sys.argv[1]))
