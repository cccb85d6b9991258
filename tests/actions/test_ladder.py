"""The ladder of reminders as rows: who is told when, who stands in for a missing part, and its page."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from actions import reminders, services
from actions.ladder import CLOCKS, Ladder
from actions.ladder_kinds import is_on_a_rung
from actions.models import Action, EscalationStep
from actions.services import ladder as ladder_services
from notices import dispatcher, together
from notices.models import Notice
from notices.queries import with_subjects
from notices.services import reconcile
from tests.actions.factories import NOW, ActionFactory, draft, meeting
from tests.factories import DepartmentFactory, UserFactory, executive, host, lead

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def told(action, offset):
    """Who is told so long after the deadline."""
    return {rung.person for rung in Ladder().rungs(action) if rung.at == action.due_at + offset}


def test_a_rung_that_nobody_fills_speaks_to_the_next_above():
    boss, top, chair = lead("sales"), executive(), UserFactory()
    sales, review = DepartmentFactory(code="sales"), meeting(host=chair)
    full = ActionFactory(department=sales, meeting=review)
    assert (told(full, 2 * DAY), told(full, 4 * DAY)) == ({boss}, {chair})
    of_the_head = ActionFactory(department=sales, owner=boss, meeting=review)
    assert told(of_the_head, 2 * DAY) == {chair}
    of_no_meeting = ActionFactory(department=sales)
    assert told(of_no_meeting, 4 * DAY) == {top}
    left = ActionFactory(department=DepartmentFactory(code="tech"), owner=top)
    assert told(left, 2 * DAY) == set(), "the only executive owes it"


def test_a_confidential_item_is_not_told_up_the_line_past_its_circle():
    boss, chair = lead("sales"), UserFactory()
    executive()
    review = meeting(host=chair)
    item = review.items.create(order=1, title="Pay", is_confidential=True)
    action = ActionFactory(department=DepartmentFactory(code="sales"), meeting=review, agenda_item=item)

    assert boss not in {rung.person for rung in Ladder().rungs(action)}
    assert told(action, 2 * DAY) == told(action, 4 * DAY) == {chair}


def test_rungs_of_one_person_fold_into_each_other():
    """After an outage there is one word for everybody, not one for each rung that was missed."""
    boss = lead("sales")
    action = ActionFactory(department=DepartmentFactory(code="sales"), due_at=timezone.now() - 3 * DAY)
    reminders.renew(action)

    assert dispatcher.run()["sent"] == 2

    sent = Notice.objects.filter(state="sent").values_list("recipient", "kind", "due_at")
    assert set(sent) == {
        (action.owner_id, "actions.overdue", action.due_at + DAY),
        (boss.pk, "actions.overdue_lead", action.due_at + 2 * DAY),
    }


def test_reminders_that_are_decided_on_together_read_the_company_once(django_assert_num_queries):
    lead("sales")
    item = meeting(host=UserFactory()).items.create(order=1, title="Stock")
    for _ in range(3):
        action = ActionFactory(
            department=DepartmentFactory(code="sales"), meeting=item.meeting, agenda_item=item,
            due_at=timezone.now() - DAY,
        )  # fmt: skip
        reminders.renew(action)
    notices = with_subjects(Notice.objects.select_related("recipient").order_by("due_at"))
    assert len(notices) >= 6
    with together.deciding(), django_assert_num_queries(2):  # the rungs, the heads
        assert all(is_on_a_rung(notice) for notice in notices)


def test_a_reminder_is_asked_for_if_and_only_if_the_ladder_promises_it():
    """What decides on one notice looks at its rungs only, and must come to what planning the whole action does."""
    boss, chair = lead("sales"), UserFactory()
    executive()
    action = ActionFactory(
        department=DepartmentFactory(code="sales"), meeting=meeting(host=chair), due_at=timezone.now() - DAY
    )
    ladder = Ladder()
    promised = {(one.recipient.pk, one.kind, one.due_at) for one in ladder.wanted(action)}
    people = [action.owner_id, action.acceptor_id, boss.pk, chair.pk]
    moments = [action.due_at + step.offset for step in ladder.steps] + [action.due_at + timedelta(hours=1)]

    asked = {
        (person, kind, at)
        for person in people
        for kind in CLOCKS
        for at in moments
        if ladder.asks_for(action, recipient_id=person, kind=kind, at=at)
    }

    assert asked == promised
    assert len(promised) >= 6


def test_what_the_plans_mail_has_just_said_is_not_said_again(clock):
    """Published two days before its deadline: the rung of three days would come with the plan."""
    made = draft(due_at=NOW + 2 * DAY)
    services.publish(action=made, by=made.created_by, now=NOW)

    of_the_owner = Notice.objects.filter(recipient=made.owner, kind="actions.due_soon", state="pending")
    assert [notice.due_at for notice in of_the_owner] == [made.due_at - DAY]
    assert reconcile() == 0


def test_the_company_changes_its_ladder(clock):
    boss = lead("sales")
    made = draft(department=DepartmentFactory(code="sales"), created_by=boss)
    services.publish(action=made, by=boss, now=NOW)
    step = EscalationStep.objects.get(whom="supervisor")
    earlier = Notice.objects.get(kind="actions.overdue_lead", recipient=boss, due_at=made.due_at + 2 * DAY)

    ladder_services.change_step(
        step=step, whom="supervisor", offset=timedelta(hours=1), is_active=True, by=executive()
    )

    assert not is_on_a_rung(earlier)
    clock.move_to(made.due_at)
    Notice.objects.filter(kind="actions.overdue_lead").delete()

    reconcile()

    assert Notice.objects.filter(recipient=boss, due_at=made.due_at + timedelta(hours=1)).exists()
    step.refresh_from_db()
    assert (step.name_en, step.name_zh) == (
        "1 h after the deadline: the head of the department",
        "截止后 1 小时：部门负责人",
    )


def test_a_rung_whose_moment_is_over_speaks_once(clock):
    chair = UserFactory()
    late = ActionFactory(meeting=meeting(host=chair), due_at=NOW - 6 * DAY)
    reconcile()
    Notice.objects.update(state="sent")
    step = EscalationStep.objects.get(whom="host")

    ladder_services.change_step(step=step, whom="host", offset=5 * DAY, is_active=True, by=executive())

    assert reconcile() == 1
    told = Notice.objects.get(state="pending")
    assert (told.recipient, told.due_at) == (chair, late.due_at + 5 * DAY)
    assert reconcile() == 0


def test_the_words_say_how_late_it_is(clock):
    boss = lead("sales")
    action = ActionFactory(department=DepartmentFactory(code="sales"))
    reminders.renew(action)
    titles = {
        (one.recipient_id, one.due_at - action.due_at): one.behaviour.title(one)
        for one in Notice.objects.filter(kind__in=reminders.CLOCKS)
    }
    assert titles == {
        (action.owner_id, -3 * DAY): f"Due in 3 d: {action.title}",
        (action.owner_id, -DAY): f"Due in 1 d: {action.title}",
        (action.owner_id, 0 * DAY): f"Due now: {action.title}",
        (action.owner_id, DAY): f"Late by 1 d: {action.title}",
        (boss.pk, 2 * DAY): f"{action.owner.name} is late by 2 d: {action.title}",
    }


# --- the page -----------------------------------------------------------------------------------------------------
def test_everybody_reads_the_ladder_and_executives_change_it(client):
    client.force_login(UserFactory())
    page = client.get(reverse("actions:ladder")).text
    assert "3 d before the deadline" in page
    assert reverse("actions:ladder_add") not in page
    step = EscalationStep.objects.get(whom="host")
    typed = {"whom": "host", "number": "5", "unit": "days", "side": "after", "is_active": "on"}
    assert client.post(reverse("actions:ladder_change", args=[step.pk]), typed).status_code == 403
    assert client.post(reverse("actions:ladder_add"), typed).status_code == 403
    assert client.post(reverse("actions:ladder_remove", args=[step.pk])).status_code == 403
    client.force_login(executive())

    page = client.post(reverse("actions:ladder_change", args=[step.pk]), typed, follow=True)

    step.refresh_from_db()
    assert step.offset == 5 * DAY
    assert "5 d after the deadline" in page.text
    assert client.get(reverse("actions:ladder_add")).status_code == 405


def test_a_rung_that_makes_no_sense_is_refused_with_what_was_typed(client):
    client.force_login(executive())
    twice = {"whom": "owner", "number": "3", "unit": "days", "side": "before", "is_active": "on"}
    page = client.post(reverse("actions:ladder_add"), twice)
    assert (page.status_code, EscalationStep.objects.count()) == (422, 6)
    assert "There is such a rung already." in page.text
    page = client.post(reverse("actions:ladder_add"), {**twice, "number": "31"})
    assert page.status_code == 422
    assert "At most 30 days before or after the deadline." in page.text
    assert 'value="31"' in page.text


def test_a_rung_is_added_put_out_of_use_and_removed(client):
    client.force_login(executive())
    typed = {"whom": "executive", "number": "7", "unit": "days", "side": "after", "is_active": "on"}
    client.post(reverse("actions:ladder_add"), typed)
    step = EscalationStep.objects.get(whom="executive")
    action = ActionFactory()
    assert len(told(action, 7 * DAY)) == 1
    client.post(reverse("actions:ladder_change", args=[step.pk]), {**typed, "is_active": ""})
    assert told(Action.objects.get(), 7 * DAY) == set()
    client.post(reverse("actions:ladder_remove", args=[step.pk]))
    assert not EscalationStep.objects.filter(whom="executive").exists()


def test_host_role_is_not_the_host_of_the_meeting(client):
    client.force_login(host())
    assert client.post(reverse("actions:ladder_add"), {}).status_code == 403
