from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from actions.models import Action, Problem
from meetings.models import Decision, Meeting, Minutes, Note, PreRead
from notices import queries
from notices.models import Notice
from people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker):
    """Load it once for all tests of this module, inside a transaction that is rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEBUG=True):
            call_command("demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(company, settings):
    settings.DEBUG = True


def test_demo_is_refused_without_debug(settings):
    settings.DEBUG = False
    before = User.objects.count()

    with pytest.raises(CommandError, match="DEBUG"):
        call_command("demo")

    assert User.objects.count() == before


def test_demo_has_a_login_for_each_role(demo, client):
    for login in "admin boss host data sales marketing supply finance tech service".split():
        assert client.login(username=f"{login}@demo.example", password="fupan-demo"), login


def test_demo_shows_a_meeting_in_every_stage(demo):
    alone = Meeting.objects.filter(series=None).order_by("starts_at")
    repeated = Meeting.objects.exclude(series=None).order_by("starts_at")

    assert list(alone.values_list("status", flat=True)) == ["ended", "ended", "scheduled", "scheduled"]
    assert {"ended", "scheduled"} == set(repeated.values_list("status", flat=True))
    assert set(PreRead.objects.values_list("status", flat=True)) == set(PreRead.Status.values)
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


def test_demo_remembers_what_came_of_its_meetings(demo):
    """A past review with everything that a live room leaves behind, and one whose minutes are still being written."""
    past = Meeting.objects.get(title="一月经营分析会")
    ended = Meeting.objects.get(title="运营例会")

    assert past.minutes.state == Minutes.State.LOCKED
    assert past.minutes.editions.count() == 2
    assert past.minutes.corrections.count() == 1
    assert set(past.issues.values_list("state", flat=True)) == {"solved", "open"}
    assert past.opening_priority.said_by.name == "周立群"
    assert past.ratings.count() == 5
    assert past.attendances.count() >= 8
    assert past.speaking_turns.filter(ended_at=None).count() == 0
    assert ended.minutes.state == Minutes.State.DRAFT
    assert ended.minutes.texts.count() == 1


def test_demo_tells_of_its_past_in_the_past(demo):
    """Who looks at a record of last month finds the receipts of last month, not of the minute it was loaded in."""
    yesterday = timezone.now() - timedelta(days=1)
    told = Notice.objects.exclude(shown_at=None)
    assert told.count() > 100
    assert not told.filter(sent_at__gt=F("send_at") + timedelta(minutes=1)).exists()
    assert not told.exclude(deliveries__channel="in_app").exists()

    closed = Problem.objects.exclude(closed_at=None).get()
    receipts = told.filter(subject_type__model="problem", subject_id=closed.pk, kind="problems.incident")
    assert {notice.state for notice in receipts} == {"sent"}
    assert closed.told_at == max(notice.sent_at for notice in receipts) < closed.acknowledged_at
    assert closed.told_at - closed.noticed_at < timedelta(hours=1)

    late = Notice.objects.filter(state="pending", send_at__lt=yesterday).select_related("recipient")
    assert not [each for each in queries.with_subjects(late) if each.behaviour.is_wanted(each)]
