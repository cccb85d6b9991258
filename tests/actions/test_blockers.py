from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import services
from actions.errors import NotPossible
from actions.models import Action, Blocker
from core import history
from core.models import RowChange
from meetings.models import AgendaItem
from notices.models import Notice
from tests.actions.factories import NOW, ActionFactory, meeting
from tests.factories import DepartmentFactory, UserFactory, lead, member

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def helper():
    return lead("finance", name="Cao Yun")


@pytest.fixture
def blocker(action, helper) -> Blocker:
    return services.block(
        action=action,
        by=action.owner,
        now=timezone.now(),
        reason="No budget line",
        needs_department=DepartmentFactory(code="finance"),
        wanted_by=timezone.now() + DAY,
    )


def told(kind) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind, state="pending").values_list("recipient__name", flat=True))


def step(client, user, action, verb, **fields):
    client.force_login(user)
    return client.post(reverse("actions:act", args=[action.pk, verb]), fields)


def test_a_helper_answers_what_and_until_when_and_the_owner_is_told(client, action, blocker, helper):
    assert told("actions.blocked") == ["Cao Yun"]
    day = (timezone.localdate() + 2 * DAY).isoformat()

    step(client, helper, action, "answer", text="The line opens tomorrow", helps_by=day)

    blocker.refresh_from_db()
    assert (blocker.answer, blocker.answered_by) == ("The line opens tomorrow", helper)
    assert blocker.helps_by.astimezone(action.zone).strftime("%Y-%m-%d %H:%M") == f"{day} 18:00"
    assert told("actions.help_answered") == ["Han Mei"]
    assert Action.objects.get(pk=action.pk).status == Action.Status.BLOCKED
    page = client.get(action.get_absolute_url()).content.decode()
    assert "The line opens tomorrow" in page
    assert RowChange.objects.filter(actor_id=helper.pk, row_id=blocker.pk).exists()


def test_what_a_helper_calls_solved_is_for_the_owner_to_lift(client, action, blocker, helper):
    step(client, helper, action, "offer", text="Done")
    assert told("actions.help_offered") == ["Han Mei"]
    assert Action.objects.get(pk=action.pk).status == Action.Status.BLOCKED
    assert step(client, helper, action, "offer").status_code == 422
    assert step(client, helper, action, "lift").status_code == 403

    assert step(client, action.owner, action, "lift").status_code == 302

    blocker.refresh_from_db()
    assert blocker.lifted_by == action.owner
    assert blocker.lifted_at is not None
    assert told("actions.help_offered") == told("actions.blocked") == []
    assert step(client, action.acceptor, action, "answer").status_code == 403


def test_an_answer_needs_words_and_a_day_ahead(client, action, blocker, helper):
    assert step(client, helper, action, "answer", text="", helps_by="").status_code == 422
    yesterday = (timezone.localdate() - 2 * DAY).isoformat()
    assert step(client, helper, action, "answer", text="I will", helps_by=yesterday).status_code == 422
    blocker.refresh_from_db()
    assert blocker.answer == ""


def test_only_those_asked_answer(client, action, blocker):
    day = (timezone.localdate() + DAY).isoformat()
    for person in (action.owner, action.acceptor, member("sales")):
        assert step(client, person, action, "answer", text="I", helps_by=day).status_code == 403
    assert step(client, member("finance"), action, "answer", text="We do", helps_by=day).status_code == 302


def test_a_new_answer_takes_the_place_of_the_first_which_stays_in_the_history(blocker, helper):
    now = timezone.now()
    services.answer(blocker=blocker, text="Tomorrow", helps_by=now + DAY, by=helper, now=now)
    services.answer(blocker=blocker, text="Next week", helps_by=now + 7 * DAY, by=helper, now=now)
    first = history.of(blocker.action).filter(verb="actions.help_answered").first()
    assert first.before["answer"] == "Tomorrow"
    assert blocker.answer == "Next week"


def test_a_word_after_the_end_is_refused(action, blocker, helper):
    services.lift(action=action, by=action.acceptor, now=timezone.now())
    assert told("actions.help_lifted") == ["Han Mei"]
    with pytest.raises(NotPossible, match="gone already"):
        services.offer(blocker=blocker, by=helper, now=timezone.now())


def test_help_cannot_be_wanted_by_yesterday(action, helper):
    with pytest.raises(NotPossible, match="later day"):
        services.block(
            action=action, by=action.owner, now=NOW, reason="x", needs_person=helper, wanted_by=NOW - DAY
        )


def test_confidential_work_asks_a_person_and_no_department(helper):
    held = meeting()
    item = AgendaItem.objects.create(meeting=held, order=1, title_en="Pay", is_confidential=True)
    action = ActionFactory(meeting=held, agenda_item=item)
    asked = {"action": action, "by": action.owner, "now": NOW, "reason": "Figures"}
    with pytest.raises(NotPossible, match="Name the person"):
        services.block(**asked, needs_department=DepartmentFactory(code="finance"))
    assert not Notice.objects.filter(recipient=helper).exists()

    friend = UserFactory(name="Named")
    services.block(**asked, needs_person=friend)
    assert told("actions.blocked") == ["Named"]
