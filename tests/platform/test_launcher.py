"""`make run`: comes up, answers, and leaves no process behind however it ends."""

import json
import os
import signal
import socket
import urllib.request
from pathlib import Path

import psycopg
import pytest

from config.processes import wait_until
from tests.platform.conftest import STOP_SECONDS, processes_of
from tests.plugins import schema


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status


def answers(url: str) -> bool:
    try:
        return get(url) == 200
    except OSError:
        return False


def pid_of(checkout, words: str) -> int:
    """The first process of the site whose command line holds the words."""
    state = json.loads((checkout.home / "services.json").read_text())
    return next(int(pid) for pid in state["processes"] if words in command_line(pid))


def command_line(pid: str) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def test_site_comes_up_is_joined_by_commands_and_stops_on_ctrl_c(checkout):
    site = checkout.start()
    banner = checkout.wait_for_banner(site)

    assert f"http://127.0.0.1:{checkout.port}" in banner
    assert "host@demo.example" in banner
    assert get(f"http://127.0.0.1:{checkout.port}/healthz") == 200
    assert get(f"http://127.0.0.1:{checkout.port}/accounts/login/") == 200
    events_port = (checkout.home / "events-port").read_text()
    assert wait_until(lambda: answers(f"http://127.0.0.1:{events_port}/healthz"), seconds=30)
    running = processes_of(checkout.home)
    assert [
        name
        for name in ("postgres", "valkey", "config.wsgi", "config.events", " worker ", " beat ")
        if name not in " ".join(running)
    ] == []

    # Another command of this checkout finds the same servers: what it writes, the site has.
    counted = checkout.manage(
        "shell", "-v0", "-c", "from django.db import connection as c; print(c.settings_dict['PORT'])"
    )
    state = json.loads((checkout.home / "services.json").read_text())
    assert f":{counted.stdout.strip()}/" in state["environment"]["DATABASE_URL"], counted.stderr

    # A second start is told where the first one is, and harms nothing.
    second = checkout.start(PORT="0")
    assert second.wait(30) == 1
    second = checkout.start()
    said = second.communicate(timeout=30)[1]
    assert second.returncode == 1
    assert "already" in said
    assert str(checkout.port) in said

    site.send_signal(signal.SIGINT)
    site.send_signal(signal.SIGINT)  # impatience must not orphan anything
    assert site.wait(STOP_SECONDS) == 0
    assert "Stopped" in site.communicate()[0]
    checkout.assert_nothing_is_left()


@pytest.mark.parametrize("after", [0.0, 0.7, 1.5, 3.0])
def test_terminated_while_starting_leaves_nothing(empty_checkout, after):
    site = empty_checkout.start()
    assert wait_until((empty_checkout.home / "lock").exists, seconds=20)
    wait_until(lambda: False, seconds=after)

    site.terminate()

    assert site.wait(STOP_SECONDS) == 0
    empty_checkout.assert_nothing_is_left()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_make_alone_stops_the_site(checkout, number):
    make = checkout.start("make", "--no-print-directory", "run", f"PORT={checkout.port}")
    checkout.wait_for_banner(make)

    make.send_signal(number)

    make.communicate(timeout=STOP_SECONDS)
    checkout.assert_nothing_is_left()


def test_death_of_a_child_stops_the_rest_with_a_sentence(checkout):
    site = checkout.start()
    checkout.wait_for_banner(site)

    os.kill(pid_of(checkout, " worker "), signal.SIGKILL)

    said = site.communicate(timeout=STOP_SECONDS)[1]
    assert site.returncode == 1
    assert "The worker process ended by itself" in said
    checkout.assert_nothing_is_left()


def test_data_survives_even_a_launcher_that_was_killed_outright(checkout):
    site = checkout.start()
    checkout.wait_for_banner(site)
    make_user = "from people.models import User; User.objects.create(email='kept@demo.example', name='Kept')"
    made = checkout.manage("shell", "-v0", "-c", make_user)
    assert made.returncode == 0, made.stderr
    site.kill()
    site.communicate()
    assert processes_of(checkout.home) != []

    # The next command ends what was left, starts its own servers on the same data, and ends them, too.
    count = "from people.models import User; print(User.objects.filter(email='kept@demo.example').count())"
    counted = checkout.manage("shell", "-v0", "-c", count)

    assert counted.stdout.strip() == "1", counted.stderr
    checkout.assert_nothing_is_left()


def test_taken_port_is_said_before_anything_starts(empty_checkout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", empty_checkout.port))
        other.listen()
        site = empty_checkout.start()
        said = site.communicate(timeout=30)[1]

    assert site.returncode == 1
    assert f"Port {empty_checkout.port} is already taken" in said
    assert "Traceback" not in said
    assert not (empty_checkout.home / "postgres").exists()


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1", "８０００"])
def test_impossible_port_is_said(empty_checkout, port):
    site = empty_checkout.start(PORT=port)
    said = site.communicate(timeout=30)[1]

    assert site.returncode == 1
    assert port in said
    assert "from 1 to 65535" in said


def test_database_url_wins(empty_checkout, migrated_home):
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    name = f"launcher_{empty_checkout.port}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        if schema.dump().exists():
            assert schema.restore(f"{server}/{name}", name)
        site = empty_checkout.start(DATABASE_URL=f"{server}/{name}")
        empty_checkout.wait_for_banner(site)

        assert not (empty_checkout.home / "postgres").exists()
        with psycopg.connect(f"{server}/{name}") as connection:
            assert connection.execute("SELECT count(*) FROM people_user").fetchone() is not None

        site.terminate()
        assert site.wait(STOP_SECONDS) == 0
        empty_checkout.assert_nothing_is_left()
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
