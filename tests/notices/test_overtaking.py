"""An emergency passes what a dispatcher already has at hand."""

import threading
import time

import pytest
from django.db import connection

from notices import dispatcher, kinds, services
from notices.kinds import Kind, Priority
from notices.models import Notice
from tests.factories import DepartmentFactory, UserFactory
from tests.notices.sinks import MoodySink, has_letters, listening

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_emergency_goes_out_within_seconds_though_hundreds_are_claimed(settings, past):
    kinds.register(
        Kind(code="test.fire", title=lambda n: "Fire", url=lambda n: "/", priority=Priority.EMERGENCY)
    )
    subject = DepartmentFactory(code="sales")
    for _ in range(60):
        services.promise(recipient=UserFactory(), subject=subject, kind="test.plain", due_at=past)
    sink = MoodySink(seconds=0.25)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    enough = threading.Event()

    def work():
        try:
            dispatcher.run(should_stop=enough.is_set)
        finally:
            connection.close()

    with listening(sink):
        thread = threading.Thread(target=work)
        thread.start()
        try:
            assert has_letters(sink, 2)
            assert Notice.objects.filter(state="sending").count() > 30, "one dispatcher has them all at hand"
            began = time.monotonic()
            services.tell(recipient=UserFactory(), subject=subject, kind="test.fire")
            while not any(letter.message["Subject"] == "Fire" for letter in sink.letters):
                assert time.monotonic() - began < 5, "an emergency leaves within five seconds"
                time.sleep(0.02)
            assert len(sink.letters) < 40, "it has passed the others"
        finally:
            enough.set()
            thread.join(20)
            kinds.unregister("test.fire")
    assert not Notice.objects.filter(state="sending").exists()
