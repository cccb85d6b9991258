"""How actions stand: from the mail's link, and one after the other in the room."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import services
from actions.errors import NotPossible
from actions.models import Action, Criterion, Progress
from actions.services import updates
from meetings.models import AgendaItem, MeetingDepartment, Participant
from tests.actions.factories import ActionFactory, meeting
from tests.factories import DepartmentFactory, host, lead, member

pytestmark = pytest.mark.django_db
Status = Action.Status
UPDATES = "actions:updates"


@pytest.fixture
def held():
    """A progress meeting of sales that is being held."""
    found = meeting(status="in_progress", host=host(), ended_at=timezone.now() + timedelta(hours=1))
    for order, kind in enumerate(("blocked", "late", "due"), start=1):
        AgendaItem.objects.create(meeting=found, order=order, title_en=kind, action_list=kind)
    MeetingDepartment.objects.create(meeting=found, department=DepartmentFactory(code="sales"))
    return found


@pytest.fixture
def planned():
    return meeting(status="scheduled", ended_at=timezone.now() + timedelta(days=2))


def give(client, user, action, **fields):
    client.force_login(user)
    return client.post(reverse("actions:give_update", args=[action.pk]), fields)


def say(client, user, held, action, kind="due", **fields):
    client.force_login(user)
    url = reverse("actions:give_update_in_meeting", args=[held.pk, kind, action.pk])
    return client.post(url, fields, headers={"HX-Request": "true"})


# --- what an answer does ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "answer", "after"),
    [
        (Status.TODO, "doing", Status.DOING),
        (Status.TODO, "not_started", Status.TODO),
        (Status.RETURNED, "doing", Status.DOING),
        (Status.DOING, "doing", Status.DOING),
        (Status.TODO, "done", Status.DOING),
    ],
)
def test_an_answer_moves_the_status_by_the_one_table(action, before, answer, after):
    Action.objects.filter(pk=action.pk).update(status=before)
    action.refresh_from_db()
    given = services.give_update(action=action, answer=answer, by=action.owner, now=timezone.now())
    assert Action.objects.get(pk=action.pk).status == after
    assert (given.line.answer, given.line.status) == (answer, after)


def test_done_hands_in_only_what_is_shown_and_only_for_the_owner(action):
    now = timezone.now()
    given = services.give_update(action=action, answer="done", by=action.owner, now=now)
    assert not given.is_handed_in
    assert "evidence" in given.lacks
    assert action.status == Action.objects.get(pk=action.pk).status == Status.DOING

    for criterion in Criterion.objects.filter(action=action):
        services.add_evidence(action=action, criterion=criterion, by=action.owner, now=now, text="Report 12")
    assert not services.give_update(action=action, answer="done", by=action.acceptor, now=now).is_handed_in
    assert services.give_update(action=action, answer="done", by=action.owner, now=now).is_handed_in
    assert Action.objects.get(pk=action.pk).status == Status.SUBMITTED
    with pytest.raises(NotPossible, match="handed in or over"):
        services.give_update(action=action, answer="doing", by=action.owner, now=now)


def test_blocked_needs_a_reason_and_somebody_and_doing_lifts_it(action):
    now, finance = timezone.now(), DepartmentFactory(code="finance")
    terms = {"action": action, "answer": "blocked", "by": action.owner, "now": now}
    with pytest.raises(NotPossible, match="what blocks it"):
        services.give_update(**terms, needs_department=finance)
    with pytest.raises(NotPossible, match="whose help"):
        services.give_update(**terms, reason="No budget")
    services.give_update(**terms, reason="No budget", needs_department=finance)
    services.give_update(**terms, next_step="Ask again")
    assert action.blockers.filter(lifted_at=None).count() == 1
    services.give_update(action=action, answer="doing", by=action.owner, now=now)
    assert action.blockers.get().lifted_by == action.owner
    assert Action.objects.get(pk=action.pk).status == Status.DOING


# --- the page that the mail leads to ------------------------------------------------------------------------------
def test_the_page_takes_one_press_each_without_scripts(client, action, planned):
    second = ActionFactory(owner=action.owner, department=action.department, due_at=action.due_at)
    updates.ask(meeting=planned, actions=[action, second], now=timezone.now())

    answer = give(client, action.owner, action, answer="doing", next_step="Call the agent")

    assert answer.status_code == 302
    assert answer.url.endswith(f"#update-{second.pk}")
    page = client.get(answer.url).content.decode()
    assert "Call the agent" in page
    assert "<b>1 update</b> is wanted" in page
    assert Progress.objects.get(answer="doing").by == action.owner


def test_a_refusal_keeps_what_was_typed(client, action):
    answer = give(client, action.owner, action, answer="blocked", reason="No <budget>", next_step="Wait")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "No &lt;budget&gt;" in page
    assert 'value="Wait"' in page
    assert "whose help" in page
    assert give(client, action.owner, action, answer="nonsense").status_code == 422
    assert not Progress.objects.exists()


def test_only_the_owner_answers_there(client, action):
    assert give(client, action.acceptor, action, answer="doing").status_code == 403
    assert give(client, lead("finance"), action, answer="doing").status_code == 404


def test_the_page_costs_the_same_for_more_actions(client, action, planned):
    client.force_login(action.owner)
    costs = []
    for number in (1, 3):
        while Action.objects.count() < number:
            ActionFactory(owner=action.owner, department=action.department, due_at=action.due_at)
        updates.ask(meeting=planned, actions=list(Action.objects.all()), now=timezone.now())
        client.get(reverse(UPDATES))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(UPDATES))
        costs.append(len(queries))
    assert costs[0] == costs[1]


# --- in the room --------------------------------------------------------------------------------------------------
def test_in_the_room_one_press_brings_up_the_next(client, action, held):
    later = ActionFactory(
        owner=action.owner, department=action.department, due_at=action.due_at + timedelta(days=1)
    )
    client.force_login(held.host)
    url = reverse("actions:agenda_list", args=[held.pk, "due"])
    first = client.get(url, headers={"HX-Request": "true"})
    assert first.context["current"] == action.pk

    answer = say(client, held.host, held, action, answer="doing", next_step="Samples by Friday")

    assert answer.context["current"] == later.pk
    assert "Samples by Friday" in answer.content.decode()
    line = Progress.objects.get(answer="doing")
    assert (line.meeting, line.by) == (held, held.host)
    # The same row stands in the next meeting's list.
    assert set(answer.context["page"].object_list) == {action, later}


def test_who_may_speak_for_an_action_in_the_room(client, action, held):
    guest, recorder = member("sales"), member("sales")
    Participant.objects.create(meeting=held, user=recorder, role=Participant.Role.RECORDER)
    assert say(client, guest, held, action, answer="doing").status_code == 403
    assert say(client, lead("finance"), held, action, answer="doing").status_code == 404
    elsewhere = ActionFactory(department=DepartmentFactory(code="tech"), due_at=action.due_at)
    assert say(client, held.host, held, elsewhere, answer="doing").status_code == 404
    for person in (action.owner, recorder):
        assert say(client, person, held, action, answer="doing").status_code == 200
    type(held).objects.filter(pk=held.pk).update(status="ended", ended_at=timezone.now())
    assert say(client, recorder, held, action, answer="doing").status_code == 403


def test_what_is_blocked_in_the_room_asks_for_help(client, action, held):
    finance = DepartmentFactory(code="finance")
    assert "whose help" in say(client, held.host, held, action, answer="blocked", reason="x").content.decode()
    say(client, held.host, held, action, answer="blocked", reason="No budget", needs_department=finance.pk)
    assert action.blockers.get().needs_department == finance
    shown = client.get(
        reverse("actions:agenda_list", args=[held.pk, "blocked"]), headers={"HX-Request": "true"}
    )
    assert shown.context["current"] is None, "it was said already, in another list"


def test_the_meeting_says_whether_it_fits_and_who_is_silent(client, action, held):
    Action.objects.filter(pk=action.pk).update(published_at=timezone.now() - timedelta(days=90))
    client.force_login(held.host)
    page = client.get(reverse("actions:progress", args=[held.pk])).content.decode()
    assert "0 of 1 open actions have an update or a blocker" in page
    assert "1 without a word" in page
    client.force_login(lead("finance"))
    assert client.get(reverse("actions:progress", args=[held.pk])).status_code == 404


# --- between departments ----------------------------------------------------------------------------------------
def test_the_map_counts_waiting_and_medians(client, action):
    now, finance = timezone.now(), DepartmentFactory(code="finance")
    head = lead("finance")
    for hours in (2, 10, 40):
        one = ActionFactory(department=action.department, due_at=action.due_at)
        asked = now - timedelta(days=5)
        blocker = services.block(action=one, by=one.owner, now=asked, reason="Old", needs_department=finance)
        services.answer(
            blocker=blocker, text="Yes", helps_by=now, by=head, now=asked + timedelta(hours=hours)
        )
        services.lift(action=one, by=one.owner, now=asked + timedelta(hours=hours + 1))
    services.block(action=action, by=action.owner, now=now, reason="No budget", needs_person=head)

    client.force_login(head)
    page = client.get(reverse("actions:blockers"))

    (cell,) = page.context["heat"].pairs
    assert (cell.asking.code, cell.helping.code) == ("sales", "finance")
    assert (cell.waiting, cell.unanswered, cell.answer_hours, cell.lift_hours) == (1, 1, 10, 11)
    assert "answer 10 h · gone 11 h" in page.text
    assert [blocker.action for blocker in page.context["mine"]] == [action]
    assert "No budget" in page.content.decode()
    client.force_login(member("tech"))
    other = client.get(reverse("actions:blockers"))
    assert other.context["heat"].pairs == []
    assert "No budget" not in other.content.decode()
    narrowed = client.get(reverse("actions:blockers"), {"asking": "tech", "helping": "nonsense"})
    assert narrowed.status_code == 200
