import json
import time
from datetime import timedelta

import pytest
from celery.signals import after_task_publish
from django.db import OperationalError
from django.utils import timezone

from config.processes import free_port
from notices import dispatcher, health, ledger, services, tasks
from notices.models import Heartbeat, Lease, Notice

pytestmark = pytest.mark.django_db
answers_503 = pytest.mark.logs_errors("Service Unavailable: /healthz")


@pytest.fixture
def healthy():
    dispatcher.beat("beat")
    dispatcher.beat("worker")


def ask(client):
    response = client.get("/healthz")
    return response.status_code, json.loads(response.content)


def failing(answer):
    return [name for name, check in answer["checks"].items() if not check["ok"]]


def test_all_is_well_and_nobody_needs_to_log_in(client, healthy):
    status, answer = ask(client)
    assert (status, answer["status"], failing(answer)) == (200, "ok", [])
    assert set(answer["checks"]) == {"database", "notices", "leases", "beat", "worker", "broker"}


def test_it_is_never_cached_and_only_read(client, healthy):
    assert "no-store" in client.get("/healthz")["Cache-Control"]
    assert client.post("/healthz").status_code == 405


@answers_503
def test_a_notice_that_waits_too_long(client, healthy, somebody, subject):
    late = timezone.now() - timedelta(minutes=6)
    services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=late)
    status, answer = ask(client)
    assert (status, failing(answer)) == (503, ["notices"])
    assert "36" in answer["checks"]["notices"]["text"]


@answers_503
def test_a_mail_that_is_tried_for_too_long(client, healthy, somebody, subject, future):
    services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future)
    assert ask(client)[0] == 200
    Notice.objects.update(shown_at=timezone.now() - timedelta(minutes=6), attempts=5)
    assert failing(ask(client)[1]) == ["notices"]


@answers_503
def test_a_lease_that_nobody_takes_over(client, healthy, somebody, subject, past):
    services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=past)
    token = "7a1ff3a2-5d77-4b6c-b9c0-0d8c7b7f0b10"
    Notice.objects.update(state="sending", lease_token=token, lease_until=timezone.now())
    Lease.objects.create(token=token, until=timezone.now())
    assert ask(client)[0] == 200
    long_ago = timezone.now() - timedelta(seconds=ledger.LEASE_SECONDS + 5)
    Lease.objects.update(until=long_ago)
    assert ask(client)[0] == 200, "its mail is being handed over"
    Notice.objects.update(lease_until=long_ago)
    assert failing(ask(client)[1]) == ["leases"]


@answers_503
@pytest.mark.parametrize("silent", ["beat", "worker"])
def test_one_that_fell_silent(client, healthy, monkeypatch, silent):
    Heartbeat.objects.filter(name=silent).update(at=timezone.now() - timedelta(minutes=3))
    monkeypatch.setattr(health, "STARTED", time.monotonic())
    assert ask(client)[0] == 200, "they get their time to start"
    monkeypatch.setattr(health, "STARTED", time.monotonic() - 1000)
    status, answer = ask(client)
    assert (status, failing(answer)) == (503, [silent])
    dispatcher.beat("loop")
    assert failing(ask(client)[1]) == [silent], "the loop sends notices, but not what else beat rings for"


@answers_503
def test_a_worker_is_not_blamed_for_a_silent_beat(client, healthy, monkeypatch):
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=3))
    monkeypatch.setattr(health, "STARTED", time.monotonic() - 1000)
    assert failing(ask(client)[1]) == ["beat"]


@answers_503
def test_nothing_ever_ran_or_only_the_loop(client, monkeypatch):
    monkeypatch.setattr(health, "STARTED", time.monotonic() - 1000)
    status, answer = ask(client)
    assert (status, failing(answer)) == (503, ["beat", "worker"])
    assert "never" in answer["checks"]["beat"]["text"]
    dispatcher.beat("loop")
    assert ask(client)[0] == 200


def test_what_is_held_back_for_its_recipient_is_not_late(client, healthy, somebody, subject, future):
    services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future)
    long_ago = timezone.now() - timedelta(hours=6)
    Notice.objects.update(shown_at=long_ago, held_for="quiet")
    assert ask(client)[0] == 200


@pytest.mark.django_db(transaction=True)
def test_beat_is_heard_when_it_sends_its_tick():
    """In the process of beat, and only for the tick."""
    tasks._listen_to_beat()
    try:
        after_task_publish.send(sender="meetings.extend_series")
        assert not Heartbeat.objects.exists()
        after_task_publish.send(sender=tasks.TICK)
        assert Heartbeat.objects.get().name == "beat"
    finally:
        after_task_publish.disconnect(tasks._beat_sent_its_tick, sender=tasks.TICK)


@answers_503
def test_a_dead_broker_is_said_quickly_and_without_secrets(client, healthy, settings):
    settings.REDIS_URL = f"redis://:s3cret@127.0.0.1:{free_port()}/0"
    started = time.monotonic()
    status, answer = ask(client)
    assert (status, failing(answer)) == (503, ["broker"])
    assert time.monotonic() - started < 2
    assert "s3cret" not in json.dumps(answer)


@answers_503
def test_a_dead_database_is_said(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("connection to server at 10.0.0.7 failed: password=s3cret")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    status, answer = ask(client)
    assert (status, failing(answer)) == (503, ["database"])
    assert "10.0.0.7" not in json.dumps(answer)
