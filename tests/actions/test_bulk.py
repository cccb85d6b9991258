"""One change of many actions: each by its own rule, and a word on each that stays as it was."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Action, DeadlineChange
from core.models import RowChange
from tests.actions.factories import ActionFactory
from tests.factories import DepartmentFactory, host, lead, member

pytestmark = pytest.mark.django_db

BULK = "/actions/bulk/"


@pytest.fixture
def boss():
    return lead("sales")


@pytest.fixture
def fifty(boss):
    """Forty-nine actions of the boss's department, and one of another department that they only accept not."""
    due, sales = timezone.now() + timedelta(days=10), DepartmentFactory(code="sales")
    shared = {
        "department": sales,
        "due_at": due,
        "is_all_day": True,
        "criteria": [],
        "owner": member("sales"),
    }
    mine = ActionFactory.create_batch(49, **shared)
    foreign = ActionFactory(
        title="Not theirs", department=DepartmentFactory(code="finance"), due_at=due, owner=boss, criteria=[]
    )
    return [*mine, foreign]


def send(client, actions, **fields):
    return client.post(BULK, {"action": [one.pk for one in actions], **fields}, follow=True)


def test_forty_nine_change_and_one_is_reported(client, boss, fifty):
    new = member("sales", name="Wang Wu")
    client.force_login(boss)

    page = send(client, fifty, change="owner", owner=new.pk, reason="Han Mei is away")

    assert Action.objects.filter(owner=new).count() == 49
    assert Action.objects.get(title="Not theirs").owner == boss
    assert "49 actions changed." in page.text
    assert "1 was left as it was:" in page.text
    assert "Not theirs: Only whoever gave it" in page.text
    kept = RowChange.objects.filter(table="actions_action", changes__has_key="owner_id")
    assert set(kept.values_list("actor", flat=True)) == {boss.pk}


def test_deadlines_move_by_days_and_stay_on_record(client, boss, fifty):
    before = {one.pk: one.due_at for one in fifty}
    late = fifty[0]
    Action.objects.filter(pk=late.pk).update(
        status="accepted", done_at=timezone.now(), accepted_at=timezone.now(), accepted_by=late.acceptor
    )
    client.force_login(boss)

    page = send(client, fifty, change="deadline", days="7", reason="The customs are on strike")

    moved = Action.objects.filter(slips=1)
    assert moved.count() == 48
    assert all(
        one.due_at.astimezone(one.zone).date() == (before[one.pk].astimezone(one.zone) + timedelta(7)).date()
        for one in moved
    )
    assert DeadlineChange.objects.filter(by=boss, reason="The customs are on strike").count() == 48
    assert "48 actions changed." in page.text
    assert "2 were left as they were:" in page.text


def test_a_deadline_with_a_time_keeps_it_over_the_change_of_clocks(client):
    viewer = host()
    from datetime import datetime
    from zoneinfo import ZoneInfo

    berlin = ZoneInfo("Europe/Berlin")
    action = ActionFactory(
        due_at=datetime(2027, 3, 27, 9, 30, tzinfo=berlin), time_zone="Europe/Berlin", is_all_day=False
    )
    client.force_login(viewer)

    send(client, [action], change="deadline", days="2", reason="Weekend")

    action.refresh_from_db()
    assert action.due_at == datetime(2027, 3, 29, 9, 30, tzinfo=berlin)


def test_what_is_closed_is_named_so(client, boss):
    now = timezone.now()
    closed = ActionFactory(
        department=DepartmentFactory(code="sales"), due_at=now - timedelta(days=30), criteria=[]
    )
    Action.objects.filter(pk=closed.pk).update(
        status=Action.Status.ACCEPTED, done_at=now, accepted_at=now, accepted_by=closed.acceptor
    )
    client.force_login(boss)

    page = send(client, [closed], change="deadline", days=3, reason="Later")

    assert "Only an open action has a deadline to move." in page.text


def test_others_of_the_changes(client, boss, fifty):
    marketing, acceptor = DepartmentFactory(code="marketing"), member("sales")
    first, second, third = fifty[:3]
    client.force_login(boss)

    send(client, [first], change="department", department=marketing.pk)
    send(client, [second], change="acceptor", acceptor=acceptor.pk)
    send(client, [third], change="cancel", reason="Not needed any more")

    for action in (first, second, third):
        action.refresh_from_db()
    assert first.department == marketing
    assert second.acceptor == acceptor
    assert (third.status, third.cancel_reason) == (Action.Status.CANCELLED, "Not needed any more")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose what is to change."),
        ({"change": "owner"}, "Choose the new owner."),
        ({"change": "deadline", "reason": "x"}, "Say by how many days"),
        ({"change": "deadline", "days": "7"}, "Give the reason: it stays on record."),
        ({"change": "cancel"}, "Give the reason: it stays on record."),
        ({"change": "deadline", "days": "9999", "reason": "x"}, "365"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(client, boss, fifty, fields, said):
    client.force_login(boss)

    page = send(client, fifty[:2], **fields)

    assert page.status_code == 422
    assert said in page.text
    assert page.text.count(" checked") >= 2
    assert not RowChange.objects.filter(table="actions_action").exists()


def test_nobody_changes_what_they_do_not_see(client, fifty):
    client.force_login(member("marketing"))

    page = send(client, fifty, change="cancel", reason="Mine now")

    assert "Select at least one action first." in page.text
    assert not Action.objects.filter(status=Action.Status.CANCELLED).exists()


def test_back_leads_to_the_list_and_nowhere_else(client, boss, fifty):
    client.force_login(boss)
    fields = {"action": [fifty[0].pk], "change": "cancel", "reason": "x"}

    kept = client.post(BULK, {**fields, "back": f"{reverse('actions:list')}?mine=on"})
    for url in (
        "https://evil.example/actions/",
        "//evil.example/actions/",
        "/actions/../admin/",
        "/accounts/logout/",
    ):
        away = client.post(BULK, {**fields, "action": [fifty[1].pk], "back": url})
        assert not away["Location"].startswith(("https://evil", "//evil", "/accounts"))

    assert kept["Location"] == f"{reverse('actions:list')}?mine=on"
