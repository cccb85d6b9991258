import time

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import transaction

from config.celery import app
from config.processes import free_port
from notices import doorbell, services

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


@pytest.fixture
def dead_broker(monkeypatch):
    """The app of this process, with a broker at an address where nobody listens."""
    address = f"redis://127.0.0.1:{free_port()}/0"
    monkeypatch.setattr(app.conf, "broker_url", address)
    monkeypatch.setattr(app.conf, "broker_write_url", address)
    current_app.amqp._producer_pool = None
    app.pool.force_close_all()
    app._pool = None
    yield
    app._pool = None
    current_app.amqp._producer_pool = None


def test_a_dead_broker_breaks_nothing_and_is_left_alone(dead_broker, caplog):
    started = time.monotonic()
    doorbell.ring()
    assert "broker does not answer" in caplog.text
    assert time.monotonic() - started < 3
    caplog.clear()
    doorbell.ring()
    assert caplog.text == ""
