"""Proposed, checked by the head of the department, confirmed by an executive; only where the company wants it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import queries, services
from actions.approval import Chain
from actions.models import Action
from actions.services import Incomplete, NotPossible, PlanIncomplete
from core.models import Company
from meetings.models import AgendaItem, Participant
from notices.models import Notice
from tests.actions.factories import NOW, draft, meeting
from tests.factories import DepartmentFactory, UserFactory, executive, lead, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def checking():
    Company.objects.create(pk=1, checks_actions=True)


@pytest.fixture
def people():
    """Who proposes, who checks, who confirms."""
    return UserFactory(), lead("sales"), executive()


def proposal(proposer, **fields) -> Action:
    return draft(created_by=proposer, department=DepartmentFactory(code="sales"), **fields)


def step(action) -> tuple[str, list] | None:
    found = Chain.of([action]).next_step(action)
    return found and (found.kind, list(found.people))


# --- the chain ----------------------------------------------------------------------------------------------------
def test_nothing_is_checked_unless_the_company_says_so(people):
    proposer, _head, _boss = people
    action = proposal(proposer)

    assert step(action) is None
    assert services.publish(action=action, by=proposer, now=NOW).published_at == NOW


@pytest.mark.usefixtures("checking")
def test_the_head_checks_then_an_executive_confirms_and_it_is_published(people):
    proposer, head, boss = people
    action = proposal(proposer)
    assert step(action) == ("check", [head])

    services.approve(action=action, by=head, now=NOW)
    assert (action.is_draft, step(action)) == (True, ("confirm", [boss]))
    services.approve(action=action, by=boss, now=NOW + timedelta(hours=1))

    action.refresh_from_db()
    assert (action.checked_by, action.confirmed_by) == (head, boss)
    assert action.published_at == NOW + timedelta(hours=1)
    assert Notice.objects.get(kind="actions.assigned").recipient == action.owner


@pytest.mark.usefixtures("checking")
def test_nobody_publishes_past_the_chain(people):
    proposer, _head, boss = people
    action = proposal(proposer)

    with pytest.raises(Incomplete, match="has not checked it"):
        services.publish(action=action, by=boss, now=NOW)
    with pytest.raises(NotPossible, match="The next word is for"):
        services.approve(action=action, by=boss, now=NOW)
    assert Action.objects.get().is_draft


@pytest.mark.usefixtures("checking")
def test_an_incomplete_draft_is_not_approved(people):
    proposer, head, _boss = people
    action = proposal(proposer, title="优化广告", criteria=[])

    with pytest.raises(Incomplete):
        services.approve(action=action, by=head, now=NOW)


@pytest.mark.usefixtures("checking")
def test_sent_back_it_waits_for_a_change_and_goes_round_again(people):
    proposer, head, boss = people
    action = proposal(proposer)
    services.approve(action=action, by=head, now=NOW)

    services.refuse(action=action, by=boss, now=NOW, reason="25 % is too much. ")

    assert (action.sent_back_because, action.checked_at) == ("25 % is too much.", None)
    told = Notice.objects.get(kind="actions.refused")
    assert (told.recipient, told.params["text"]) == (proposer, "25 % is too much.")
    with pytest.raises(NotPossible, match="has not been changed"):
        services.approve(action=action, by=head, now=NOW)

    edited(action, title="Lower the ACoS of product 9 to 20 %", by=proposer)
    assert (action.sent_back_because, step(action)) == ("", ("check", [head]))


@pytest.mark.usefixtures("checking")
def test_sending_back_needs_a_reason(people):
    proposer, head, _boss = people

    with pytest.raises(NotPossible, match="Say what must change"):
        services.refuse(action=proposal(proposer), by=head, now=NOW, reason=" ")


@pytest.mark.usefixtures("checking")
def test_new_words_are_checked_anew(people):
    proposer, head, _boss = people
    action = proposal(proposer)
    services.approve(action=action, by=head, now=NOW)

    edited(action, title="Lower the ACoS of product 9 to 20 %", by=proposer)

    assert step(Action.objects.get()) == ("check", [head])


@pytest.mark.usefixtures("checking")
def test_words_that_changed_under_the_reader_are_not_approved(people):
    proposer, head, _boss = people
    seen = proposal(proposer)
    edited(Action.objects.get(), title="Lower the ACoS of product 9 to 80 %", by=proposer)

    with pytest.raises(NotPossible, match="Somebody else has changed"):
        services.approve(action=seen, by=head, now=NOW)


@pytest.mark.usefixtures("checking")
def test_nobody_checks_what_they_are_to_do_and_a_step_without_people_is_left_out(people):
    proposer, head, boss = people

    assert step(proposal(proposer, owner=head)) == ("confirm", [boss])
    assert step(proposal(proposer, owner=boss)) == ("check", [head])
    action = proposal(proposer, owner=boss)
    services.approve(action=action, by=head, now=NOW)
    assert not action.is_draft


@pytest.mark.usefixtures("checking")
def test_on_a_confidential_item_only_its_circle_has_a_word(people):
    proposer, head, boss = people
    review = meeting(roles={boss: Participant.Role.EXECUTIVE})
    item = AgendaItem.objects.create(
        meeting=review, order=1, title_en="Salaries", title_zh="薪酬", is_confidential=True
    )
    outsider = executive()

    waits = step(proposal(proposer, meeting=review, agenda_item=item))

    assert waits == ("confirm", [boss])
    assert head not in waits[1]
    assert outsider not in waits[1]


def edited(action, *, title, by):
    services.edit(
        action=action,
        version=action.version,
        title=title,
        description="",
        criteria=["ACoS ≤ 20 % in week 12"],
        department=action.department,
        owner=action.owner,
        acceptor=action.acceptor,
        by=by,
        now=NOW,
    )
    Action.objects.filter(pk=action.pk).update(due_at=NOW + timedelta(days=7))


# --- the plan of a meeting ----------------------------------------------------------------------------------------
@pytest.mark.usefixtures("checking")
def test_a_plan_is_published_when_all_of_it_is_approved(people):
    proposer, head, boss = people
    review = meeting()
    action = proposal(proposer, meeting=review)

    with pytest.raises(PlanIncomplete) as refused:
        services.publish_plan(meeting=review, by=review.host, now=NOW)
    assert [one.code for one in refused.value.gaps[0][1]] == ["approval.check"]

    services.approve(action=action, by=head, now=NOW)
    services.approve(action=action, by=boss, now=NOW)
    assert Action.objects.get().is_draft
    assert services.publish_plan(meeting=review, by=review.host, now=NOW) == [action]


@pytest.mark.usefixtures("checking")
def test_one_press_approves_what_waits_for_me(client, people):
    proposer, head, _boss = people
    review = meeting(head)
    soon = timezone.now() + timedelta(days=3)
    mine = proposal(proposer, meeting=review, due_at=soon)
    other = draft(meeting=review, department=DepartmentFactory(code="finance"), due_at=soon)
    lead("finance")
    client.force_login(head)
    address = reverse("actions:approve_plan", args=[review.pk])
    assert (
        "1 proposal waits for your word" in client.get(reverse("actions:for_meeting", args=[review.pk])).text
    )

    answer = client.post(address, {"action": [f"{mine.pk}-{mine.version + 1}"]})
    assert (answer.status_code, Action.objects.filter(checked_at__isnull=False).count()) == (422, 0)
    seen = {"action": [f"{one.pk}-{one.version}" for one in (mine, other)]}
    client.post(address, seen)

    assert set(Action.objects.filter(checked_at__isnull=False)) == {mine}
    assert client.post(address, {"action": [other.pk]}).status_code == 403
    assert client.get(address).status_code == 405
    client.force_login(member("tech"))
    assert client.post(address, seen).status_code == 404


@pytest.mark.usefixtures("checking")
def test_nobody_approves_words_that_were_changed_after_they_read_them(client, people):
    proposer, head, _boss = people
    action = proposal(proposer, due_at=timezone.now() + timedelta(days=3))
    client.force_login(head)
    url = reverse("actions:act", args=[action.pk, "approve"])

    client.post(url, {"version": action.version - 1})
    assert Action.objects.get().checked_at is None
    assert f'name="version" value="{action.version}"' in client.get(action.get_absolute_url()).text
    client.post(url, {"version": action.version})
    assert Action.objects.get().checked_by == head


@pytest.mark.usefixtures("checking")
def test_a_plan_needs_as_many_queries_for_three_proposals_as_for_one(people):
    proposer, head, _boss = people
    review = meeting(head)
    _ = head.department_ids  # read once per request

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.plan_of(review, NOW, head)
        return len(captured)

    proposal(proposer, meeting=review)
    one = count()
    proposal(proposer, meeting=review)
    proposal(proposer, meeting=review)
    assert count() == one


# --- pages and tasks ----------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("checking")
def test_proposals_wait_in_my_work_of_whoever_has_the_next_word(people):
    proposer, head, boss = people
    alone = proposal(proposer)
    review = meeting(head)
    proposal(proposer, meeting=review)
    proposal(proposer, criteria=[])  # incomplete: nobody's turn but the proposer's

    def asked(user):
        return {task.url for task in queries.tasks_for(user, NOW) if task.kind == "actions.approve"}

    assert asked(head) == {alone.get_absolute_url(), reverse("actions:for_meeting", args=[review.pk])}
    assert asked(boss) == set()
    assert asked(lead("finance")) == set()
    services.approve(action=alone, by=head, now=NOW)
    assert asked(boss) == {alone.get_absolute_url()}


@pytest.mark.usefixtures("checking")
def test_the_page_proposes_instead_of_publishing(client, people):
    _proposer, head, _boss = people
    worker = member("sales")
    client.force_login(worker)
    fields = {
        "title": "Lower the ACoS of the air fryer in Germany to 25 %",
        "owner": worker.pk,
        "due_date": (timezone.localdate() + timedelta(days=10)).isoformat(),
        "time_zone": "Asia/Shanghai",
        "criteria": "ACoS ≤ 25 % in week 12",
        "intent": "publish",
    }

    page = client.post(reverse("actions:new"), fields, follow=True)

    action = Action.objects.get()
    assert action.is_draft
    assert f"The next word is for {head.name}" in page.text
    assert Notice.objects.get(kind="actions.to_check").recipient == head
    client.force_login(head)
    assert "Checked, go on" in client.get(action.get_absolute_url()).text


@pytest.mark.usefixtures("checking")
def test_only_the_next_one_sees_and_presses_the_buttons(client, people):
    proposer, head, boss = people
    action = proposal(proposer, due_at=timezone.now() + timedelta(days=3))

    for person, status in ((boss, 403), (proposer, 403), (member("tech"), 404)):
        client.force_login(person)
        for verb in ("approve", "refuse"):
            address = reverse("actions:act", args=[action.pk, verb])
            assert client.post(address, {"reason": "x"}).status_code == status
    client.force_login(head)
    client.post(reverse("actions:act", args=[action.pk, "refuse"]), {"reason": "Which shop?"})
    action.refresh_from_db()
    assert action.sent_back_because == "Which shop?"
    client.force_login(proposer)
    assert "sent back: Which shop?" in client.get(action.get_absolute_url()).text


def test_heads_see_drafts_of_their_people_only_where_they_check_them(people):
    proposer, head, _boss = people
    action = proposal(proposer)

    assert action not in Action.objects.visible_to(head)
    Company.objects.create(pk=1, checks_actions=True)
    assert action in Action.objects.visible_to(head)
    assert action not in Action.objects.visible_to(lead("finance"))
