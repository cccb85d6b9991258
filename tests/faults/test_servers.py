"""What the dispatchers lean on goes away: PostgreSQL crashes, Valkey forgets everything and is gone, two beats tick."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from config.processes import stop_group
from config.servers import Postgres, Redis
from tests.faults.stage import BASE_DIR, Stage
from tests.plugins.worker import database_url

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


@contextmanager
def copy_of_the_database(folder):
    """A PostgreSQL of its own, with what the test's database holds; this one may crash."""
    server = Postgres(folder / "postgres", password="fault", log=folder / "postgres.log")
    server.start()
    try:
        dumped = subprocess.run(
            [server.bin / "pg_dump", "--no-owner", database_url()], check=True, capture_output=True
        )
        subprocess.run(
            [server.bin / "psql", "-q", "-v", "ON_ERROR_STOP=1", server.url()],
            input=dumped.stdout, check=True, capture_output=True,
        )  # fmt: skip
        yield server
    finally:
        server.stop()


def test_postgresql_crashes_twice(tmp_path, crowd, promised):
    """F12: whoever was just handing over a mail leaves a doubt; nothing else is lost or doubled."""
    promised(crowd(150), timezone.now() - SECOND)
    with (
        copy_of_the_database(tmp_path) as server,
        Stage(tmp_path, server.url(), workers=3, seconds=0.01) as play,
    ):
        for letters in (25, 70):
            assert play.has_letters(letters), play.crew_log()
            # An immediate shutdown: no checkpoint, and nobody is told.
            stop_group(server.process, signal.SIGQUIT, seconds=20)
            play.deaths += play.workers
            assert server.come_back()
        assert play.is_settled(), play.states()

        assert play.broken() == {}
        assert sum(play.states()[state] for state in ("sent", "uncertain")) == 150


@contextmanager
def celery(play, broker, folder, *commands):
    """Celery programs on this broker, whose mail goes to this stage."""
    environment = {
        **os.environ,
        "DATABASE_URL": play.database,
        "REDIS_URL": broker.url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{play.port}",
    }
    with ExitStack() as stack:
        for number, command in enumerate(commands):
            log = stack.enter_context((folder / f"celery{number}.log").open("w"))
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "tests.faults.ticking", *command],
                cwd=BASE_DIR, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
            stack.callback(stop_group, process, signal.SIGTERM, seconds=10)
        yield environment


def test_the_broker_forgets_everything_and_then_is_gone(tmp_path, crowd, promised):
    """F2 and F3: Valkey only carries "wake up", two beats tick, and a dispatcher without Celery does alone."""
    worker = ("worker", "--pool", "solo", "--loglevel", "ERROR", "--queues", os.environ["CELERY_QUEUE"])
    beats = [("beat", "--schedule", str(tmp_path / f"beat{n}"), "--loglevel", "ERROR") for n in (1, 2)]
    broker = Redis(password="fault", log=tmp_path / "valkey.log")
    broker.start()
    try:
        with (
            Stage(tmp_path, database_url(), workers=0) as play,
            celery(play, broker, tmp_path, worker, *beats) as environment,
        ):
            line = redis.Redis.from_url(broker.url())
            for number in range(4):
                promised(crowd(20, f"round{number}-"), timezone.now() - SECOND)
                line.flushall()
                assert play.has_letters(20 * (number + 1)), "the next tick looks at the table again"
            broker.stop()
            promised(crowd(20, "alone"), timezone.now() - SECOND)
            time.sleep(2)
            subprocess.run(
                [sys.executable, "manage.py", "dispatch", "--once"],
                cwd=BASE_DIR, env=environment, check=True, capture_output=True,
            )  # fmt: skip
            assert play.is_settled()

            assert len(play.letters()) == 100
            assert play.broken() == {}
    finally:
        broker.stop()
