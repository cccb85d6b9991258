import os

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from config.processes import free_port
from notices import doorbell, services
from tests.factories import UserFactory
from tests.notices.sinks import dispatcher_process

pytestmark = pytest.mark.django_db


def waiting_rings():
    client = redis.Redis.from_url(settings.REDIS_URL)
    return client.llen(settings.CELERY_TASK_DEFAULT_QUEUE)


@pytest.fixture
def empty_broker():
    redis.Redis.from_url(settings.REDIS_URL).flushdb()


def test_one_ring_for_a_transaction(
    empty_broker, somebody, subject, past, future, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        for kind in ("test.plain", "test.urgent"):
            services.promise(recipient=somebody, subject=subject, kind=kind, due_at=past)
    assert callbacks == [doorbell.ring]
    assert waiting_rings() == 1


def test_no_ring_for_what_is_not_due(somebody, subject, future, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future)
    assert callbacks == []


def test_no_ring_for_what_is_rolled_back(somebody, subject, past, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        with transaction.atomic():
            services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=past)
            transaction.set_rollback(True)
        services.promise(recipient=somebody, subject=subject, kind="test.urgent", due_at=past)
    assert callbacks == [doorbell.ring]


def test_a_broker_that_is_away_is_left_alone_for_a_while(monkeypatch, caplog):
    rings = []

    def send_task(*_args, **_kwargs):
        rings.append(1)
        raise OperationalError("nobody there")

    monkeypatch.setattr(type(current_app._get_current_object()), "send_task", send_task)
    doorbell.ring()
    doorbell.ring()
    assert len(rings) == 1
    assert "broker does not answer" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_promises_are_kept_by_the_command(smtp_sink, monkeypatch):
    person = UserFactory(email="ann@example.com")
    monkeypatch.setitem(os.environ, "REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    with dispatcher_process(smtp_sink, "--trial", person.email) as process:
        said, _errors = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "broker does not answer" in said
    assert "1 sent" in said
    assert len(smtp_sink.letters) == 1
