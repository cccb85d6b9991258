"""Twenty minutes of faults: dispatchers killed, the mail server away and slow, people leaving, deadlines moving.

    .venv/bin/python -m benchmarks.soak --minutes 20

Six dispatchers in processes of their own send what is promised all the time, with clocks that are an hour wrong either
way. One fault after the other is played at random, all with a real mail server that keeps a log of what it has taken
over. PostgreSQL is crashed and comes back. At the end everything must have found its end, and the invariants hold:
nothing arrived twice, nothing called sent did not arrive, no more doubts than deaths, and everything told stands
in its recipient's list exactly once. The command ends with 1 when one of them is broken.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.harness import scratch_site

WORKERS, PEOPLE, ACTIONS = 6, 3000, 200
REPORT_EVERY = 30.0
# How often each fault is drawn.
FAULTS = {
    "kill": 30,
    "promise": 40,
    "deactivate": 5,
    "move deadlines": 15,
    "lose rows": 4,
    "mail away": 3,
    "emergency": 8,
    "crash": 1,
}


def main() -> int:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--minutes", type=float, default=20)
    arguments.add_argument("--seed", type=int, default=None)
    chosen = arguments.parse_args()
    random.seed(chosen.seed)
    with own_database() as server, scratch_site():
        return Soak(server).run(chosen.minutes * 60)


class own_database:  # noqa: N801 - reads as a phrase
    """A PostgreSQL that may be crashed; DATABASE_URL names it for everything that follows."""

    def __enter__(self) -> Any:
        from config.servers import Postgres

        self.folder = Path(tempfile.mkdtemp(prefix="fupan-soak-"))
        self.server = Postgres(self.folder / "data", password="soak", log=self.folder / "postgres.log")
        self.server.start()
        os.environ["DATABASE_URL"] = self.server.url()
        return self.server

    def __exit__(self, *_: object) -> None:
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Soak:
    def __init__(self, server: Any) -> None:
        from tests.faults.stage import Stage
        from tests.plugins.worker import database_url

        self.server = server
        self.folder = Path(tempfile.mkdtemp(prefix="fupan-soak-mail-"))
        self.stage = Stage(
            self.folder, database_url(), workers=WORKERS, seconds=0.003, wishes={"skews": [0, 3600, -3600]}
        )
        self.played: Counter[str] = Counter()
        self.overtaken: list[float] = []
        self.urgent: dict[str, float] = {}

    def run(self, seconds: float) -> int:
        from django.db import OperationalError, close_old_connections

        self.people = self.make_people()
        self.actions = self.make_actions()
        with self.stage:
            end, told_at = time.monotonic() + seconds, time.monotonic()
            while time.monotonic() < end:
                (fault,) = random.choices(list(FAULTS), list(FAULTS.values()))
                close_old_connections()
                try:
                    getattr(self, fault.replace(" ", "_"))()
                    self.played[fault] += 1
                except OperationalError as error:
                    print(f"  {fault}: {error}", flush=True)
                time.sleep(random.uniform(0.02, 0.2))
                if time.monotonic() - told_at > REPORT_EVERY:
                    told_at = time.monotonic()
                    self.report()
            is_settled = self.stage.is_settled(seconds=180)
            return self.verdict(is_settled)

    # --- what is there ----------------------------------------------------------------------------------------
    def make_people(self) -> list[Any]:
        from people.models import User

        return User.objects.bulk_create(
            User(email=f"p{n}@example.com", name=f"p{n}", language="en") for n in range(PEOPLE)
        )

    def make_actions(self) -> list[Any]:
        from tests.actions.factories import ActionFactory

        return [ActionFactory(owner=self.people[n], criteria=()) for n in range(ACTIONS)]

    # --- the faults -------------------------------------------------------------------------------------------
    def promise(self, count: int = 60, priority: int | None = None) -> list[Any]:
        from django.utils import timezone

        from notices import services, trial
        from notices.models import Notice
        from notices.planning import Wanted

        chosen = random.sample(self.people[ACTIONS:], count)
        now = timezone.now()
        ids = services.promise_all(
            Wanted(recipient=one, subject=one, kind=trial.CODE, due_at=now) for one in chosen
        )
        if priority is not None:
            Notice.objects.filter(pk__in=ids).update(priority=priority)
        return chosen

    def emergency(self) -> None:
        self.look_at_emergencies()
        (person,) = self.promise(1, priority=1)
        self.urgent[person.email] = time.time()

    def look_at_emergencies(self) -> None:
        """How long those sent so far took; one that fell into an outage is not counted."""
        for letter in self.stage.letters()[-3000:]:
            since = self.urgent.get(letter.address)
            if since is not None and letter.at > since:
                self.overtaken.append(letter.at - since)
                del self.urgent[letter.address]

    def kill(self) -> None:
        self.stage.kill_one()

    def deactivate(self) -> None:
        from people.models import User

        person = random.choice(self.people[ACTIONS:])
        User.objects.filter(pk=person.pk).update(is_active=False)

    def move_deadlines(self) -> None:
        from datetime import timedelta

        from django.db import transaction
        from django.utils import timezone

        from actions import reminders
        from actions.models import Action

        for action in random.sample(self.actions, 10):
            with transaction.atomic():
                action.due_at = timezone.now() - timedelta(minutes=random.choice([1, 30, 59]))
                Action.objects.filter(pk=action.pk).update(due_at=action.due_at)
                reminders.renew(action)

    def lose_rows(self) -> None:
        """Bulk SQL takes planned rows away; the reconciler makes them good."""
        from actions.ladder import CLOCKS
        from notices import services

        # In one statement: what a dispatcher shows meanwhile is left alone.
        self.stage.do(
            "DELETE FROM notices_notice WHERE kind = ANY(%s) AND state = 'pending' AND shown_at IS NULL",
            list(CLOCKS),
        )
        services.reconcile()

    def mail_away(self) -> None:
        self.urgent.clear()
        self.stage.close_mail()
        # Each dispatcher may just have been handing one over.
        self.stage.deaths += WORKERS
        time.sleep(random.uniform(0.5, 4))
        self.stage.open_mail()

    def crash(self) -> None:
        """SIGQUIT is PostgreSQL's immediate shutdown: no checkpoint, no good-byes."""
        from config.processes import stop_group

        self.urgent.clear()
        self.stage.deaths += WORKERS
        stop_group(self.server.process, signal.SIGQUIT, seconds=20)
        assert self.server.come_back(), "PostgreSQL did not come back"

    # --- how it went ------------------------------------------------------------------------------------------
    def report(self) -> None:
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.stage.states().items()))
        print(f"  {len(self.stage.letters()):,} letters; {states}", flush=True)

    def verdict(self, is_settled: bool) -> int:
        self.look_at_emergencies()
        self.report()
        print("Played:", ", ".join(f"{count} × {fault}" for fault, count in sorted(self.played.items())))
        if self.overtaken:
            slowest = max(self.overtaken)
            print(f"Emergencies: {len(self.overtaken)}, the slowest after {slowest:.1f} s")
        doubts = self.stage.states()["uncertain"]
        print(f"Doubts: {doubts}, and {self.stage.deaths} deaths that may each leave one")
        broken = self.stage.broken()
        for what, rows in broken.items():
            print(f"BROKEN: {what}: {len(rows)}, such as {rows[:5]}")
        if not is_settled:
            print("BROKEN: something did not find its end")
        print("All invariants hold." if is_settled and not broken else "")
        return int(bool(broken) or not is_settled)


if __name__ == "__main__":
    sys.exit(main())
