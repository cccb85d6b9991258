from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from actions.models import Action
from meetings.models import Decision, Meeting, Note, PreRead
from people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEBUG = True
    call_command("demo", stdout=StringIO())


def test_demo_is_refused_without_debug(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="DEBUG"):
        call_command("demo")

    assert not User.objects.exists()


def test_demo_has_a_login_for_each_role(demo, client):
    for login in "admin boss host data sales marketing supply finance tech service".split():
        assert client.login(username=f"{login}@demo.example", password="fupan-demo"), login


def test_demo_shows_a_meeting_in_every_stage(demo):
    by_status = list(Meeting.objects.order_by("starts_at").values_list("status", flat=True))

    assert by_status == ["ended", "ended", "scheduled", "scheduled"]
    assert set(PreRead.objects.values_list("status", flat=True)) == {"submitted", "draft", "not_started"}
    assert set(Action.objects.values_list("status", flat=True)) == {
        "todo",
        "doing",
        "blocked",
        "submitted",
        "accepted",
    }
    assert Action.objects.drafts().count() == 2


def test_demo_may_be_loaded_twice(demo, settings):
    def counts():
        return [model.objects.count() for model in (User, Meeting, Action, Decision, Note, PreRead)]

    before = counts()
    call_command("demo", stdout=StringIO())

    assert counts() == before


def test_demo_meetings_lie_around_the_present(demo):
    now = timezone.now()

    running_soon = Meeting.objects.filter(status="scheduled", starts_at__lt=now + timedelta(hours=1))

    assert running_soon.count() == 1
    assert Meeting.objects.filter(status="ended", ended_at__gt=now - timedelta(hours=24)).count() == 1
