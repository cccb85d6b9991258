from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from config.celery import app
from notices import checks, ledger
from notices.models import Heartbeat, Notice
from notices.tasks import dispatch, reconcile
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_signals():
    """The command takes over SIGINT and SIGTERM; give them back."""
    import signal

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def run(*arguments):
    out = StringIO()
    call_command("dispatch", *arguments, stdout=out)
    return out.getvalue().strip()


def test_once():
    assert run("--once") == "nothing was due"


def test_a_trial_notice_arrives(somebody):
    assert run("--trial", "ANN@example.com") == "1 sent"
    (message,) = mail.outbox
    assert message.subject == "A trial notice from Fupan"
    assert Notice.objects.visible_to(somebody).count() == 1


def test_a_trial_for_nobody():
    UserFactory(email="gone@example.com", is_active=False)
    for address in ("who@example.com", "gone@example.com"):
        with pytest.raises(CommandError, match=address):
            run("--trial", address)


def test_a_task_proves_the_worker_and_not_the_clock():
    dispatch(rung=True)
    dispatch()
    assert Heartbeat.objects.get().name == "worker"


def test_the_clock_knows_the_tasks():
    for entry in app.conf.beat_schedule.values():
        if entry["task"].startswith("notices."):
            assert entry["task"] in (dispatch.name, reconcile.name)
            assert entry["options"]["expires"] <= entry["schedule"]


@pytest.mark.parametrize("timeout", [None, ledger.LEASE_SECONDS])
def test_a_mail_server_may_not_take_longer_than_the_lease(settings, timeout):
    assert checks.lease_outlasts_the_mail_server() == []
    settings.EMAIL_TIMEOUT = timeout
    assert [error.id for error in checks.lease_outlasts_the_mail_server()] == ["notices.E001"]
