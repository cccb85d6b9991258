"""What the page says of actions that are split, merged or handed over, and of a whole whose parts are still open."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actions import minutes, services
from actions.models import Action, Criterion
from actions.services import Portion
from tests.actions.factories import ActionFactory, meeting
from tests.actions.pages import url
from tests.factories import member

pytestmark = pytest.mark.django_db


def prove(action, at):
    for criterion in action.criteria.all():
        services.add_evidence(action=action, criterion=criterion, text="24 %", by=action.owner, now=at)


def shown(client, person, action) -> str:
    client.force_login(person)
    return client.get(url(action)).text


def test_what_was_merged_leads_to_what_goes_on(client, action):
    stays = ActionFactory(
        title="Rebuild all campaigns", acceptor=action.acceptor, department=action.department
    )
    services.merge(
        action=action, into=stays, reason="The same <twice>", by=action.acceptor, now=timezone.now()
    )

    page = shown(client, action.owner, action)

    assert (
        f'Merged into <a href="{url(stays)}" dir="auto">{stays.reference} Rebuild all campaigns</a>' in page
    )
    assert "The same &lt;twice&gt;" in page
    assert "Cancelled: " not in page


def test_what_was_split_off_is_no_sub_task_and_names_its_owner(client, action):
    now, worker = timezone.now(), member("sales")
    portion = Portion(title="Send the report", owner=worker, new_criteria=["Sent to 3 people"])
    (made,) = services.split(action=action, portions=[portion], reason="x", by=action.acceptor, now=now)

    page = shown(client, action.acceptor, action)

    heading = page.split('id="parts"')[1].split("</h2>")[0]
    assert "Belongs together" in heading
    assert f'{made.title}</a> <span class="who-when" dir="auto">{worker.name}</span>' in page
    assert f"Split off: {made.reference} Send the report ({worker.name})" in page


def test_whoever_accepts_sees_what_is_open_and_what_was_said(client, action):
    now = timezone.now()
    for title in ("Rebuild the campaigns", "Tell the agency"):
        ActionFactory(title=title, parent=action, department=action.department, due_at=action.due_at)
    prove(action, now)
    assert "2 sub-tasks are still open. Finish them first" in shown(client, action.owner, action)
    services.submit(action=action, by=action.owner, now=now, text="The rest is for spring.")

    step = shown(client, action.acceptor, action).split('aria-label="Next step"')[1].split("</section>")[0]

    assert "2 sub-tasks are still open." in step
    assert "The rest is for spring." in step


def test_a_new_owner_is_no_change_of_status(client, action):
    """It is no return either: what was shown since the return counts for the new owner."""
    now, heir = timezone.now(), member("sales")
    prove(action, now)
    services.submit(action=action, by=action.owner, now=now)
    services.send_back(action=action, text="Week 13, too", by=action.acceptor, now=now)
    prove(action, now + timedelta(minutes=1))
    services.hand_over(
        action=action, owner=heir, reason="On leave", by=action.acceptor, now=now + timedelta(minutes=2)
    )

    page = shown(client, heir, action)

    assert Action.objects.get().status == Action.Status.RETURNED
    assert "Everything is shown: hand it in" in page
    newest = page.split('<ul class="log">')[1].split("</li>")[0]
    assert heir.name in newest
    assert "badge" not in newest


def test_the_minutes_keep_the_order_of_the_criteria(action):
    """A row that is written anew comes last where nobody says in which order they are read."""
    held = meeting(status="ended")
    Action.objects.filter(pk=action.pk).update(meeting=held)
    Criterion.objects.create(action=action, text="Sent to 3 people", position=1)
    first = action.criteria.get(position=0)
    Criterion.objects.filter(pk=first.pk).update(text="ACoS ≤ 24 %")

    (kept,) = minutes.promises(held)

    assert kept["criteria"] == ["ACoS ≤ 24 %", "Sent to 3 people"]
