"""The plan of a meeting: published whole, within its obligation."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import queries, services
from actions.models import Action
from actions.services import NotPossible, PlanIncomplete
from meetings.models import Meeting
from notices.models import Notice
from tests.actions.factories import NOW, ActionFactory, draft, ended, meeting
from tests.factories import UserFactory, host

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def complete_draft(review, **fields) -> Action:
    return draft(meeting=review, **fields)


# --- publishing --------------------------------------------------------------------------------------------------
def test_plan_is_published_whole_and_meets_the_obligation():
    review, owner = ended(), UserFactory()
    first, second = complete_draft(review, owner=owner), complete_draft(review, owner=owner)
    other = complete_draft(review)
    at = NOW + timedelta(hours=3)

    published = services.publish_plan(meeting=review, by=review.host, now=at)

    assert published == [first, second, other]
    assert set(Action.objects.values_list("published_at", flat=True)) == {at}
    assert review.obligations.get(kind="action_plan").met_at == at
    told = Notice.objects.filter(kind="actions.plan")
    assert {notice.recipient: notice.params["actions"] for notice in told} == {
        owner: [first.pk, second.pk],
        other.owner: [other.pk],
    }
    assert not Notice.objects.filter(kind="actions.assigned").exists()


def test_second_press_does_nothing():
    review = ended()
    complete_draft(review)
    services.publish_plan(meeting=review, by=review.host, now=NOW + timedelta(hours=1))

    assert services.publish_plan(meeting=review, by=review.host, now=NOW + timedelta(hours=2)) == []

    assert Notice.objects.filter(kind="actions.plan").count() == 1
    assert review.obligations.get(kind="action_plan").met_at == NOW + timedelta(hours=1)


def test_incomplete_drafts_are_listed_and_nothing_is_published():
    review = ended()
    complete_draft(review)
    gap = draft(meeting=review, title="优化广告", owner=None, due_at=None, criteria=[])

    with pytest.raises(PlanIncomplete) as refused:
        services.publish_plan(meeting=review, by=review.host, now=NOW)

    ((action, findings),) = refused.value.gaps
    assert action == gap
    assert [one.code for one in findings] == [
        "title.which",
        "title.result",
        "owner.missing",
        "due.missing",
        "criteria.missing",
    ]
    assert not Action.objects.published().exists()
    assert review.obligations.get(kind="action_plan").met_at is None
    assert not Notice.objects.filter(kind="actions.plan").exists()


def test_owner_who_left_since_holds_the_plan_up():
    review = ended()
    complete_draft(review, owner=UserFactory(is_active=False))

    with pytest.raises(PlanIncomplete) as refused:
        services.publish_plan(meeting=review, by=review.host, now=NOW)

    assert [one.code for one in refused.value.gaps[0][1]] == ["owner.left"]


def test_empty_plan_is_an_answer():
    review = ended()

    assert services.publish_plan(meeting=review, by=review.host, now=NOW) == []
    assert review.obligations.get(kind="action_plan").met_at == NOW


def test_no_plan_before_the_end():
    review = meeting(status=Meeting.Status.IN_PROGRESS)

    with pytest.raises(NotPossible, match="has not ended"):
        services.publish_plan(meeting=review, by=review.host, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does():
    review = ended()
    complete_draft(review)
    barrier, published = threading.Barrier(2), []

    def press():
        barrier.wait(timeout=10)
        try:
            published.append(len(services.publish_plan(meeting=review, by=review.host, now=NOW)))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(published) == [0, 1]
    assert Notice.objects.filter(kind="actions.plan").count() == 1


# --- its page ----------------------------------------------------------------------------------------------------
def test_fragment_needs_as_many_queries_for_three_as_for_one(client):
    review = ended()
    client.force_login(review.host)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("actions:for_meeting", args=[review.pk]), headers=HTMX)
        return len(captured)

    draft(meeting=review)
    one = count()
    draft(meeting=review)
    ActionFactory(meeting=review, due_at=timezone.now() + timedelta(days=3))
    assert (count(), one <= 14) == (one, True)


def test_host_publishes_by_the_button(client):
    review = ended(ended_at=timezone.now() - timedelta(hours=1))
    complete_draft(review, due_at=timezone.now() + timedelta(days=5))
    client.force_login(review.host)
    assert "Publish the plan" in client.get(reverse("actions:for_meeting", args=[review.pk])).text

    response = client.post(reverse("actions:publish_plan", args=[review.pk]), headers=HTMX)

    assert "The plan is published" in response.text
    assert "Publish the plan</button>" not in response.text
    assert Action.objects.published().count() == 1


def test_button_says_what_is_missing(client):
    review = ended(ended_at=timezone.now() - timedelta(hours=1))
    draft(meeting=review, owner=None, due_at=timezone.now() + timedelta(days=5))
    client.force_login(review.host)

    response = client.post(reverse("actions:publish_plan", args=[review.pk]), headers=HTMX)

    assert response.status_code == 422
    assert "1 action is incomplete" in response.text
    assert "Name the one person who will do it." in response.text


def test_the_plan_page_shows_how_its_promises_stand_and_whose_they_are(client):
    runner = host()
    review = meeting(host=runner)
    han, li = UserFactory(name="Han Mei"), UserFactory(name="Li Lei")
    now = timezone.now()
    ahead, past = now + timedelta(days=3), now - timedelta(days=3)
    common = {"meeting": review, "acceptor": runner}
    ActionFactory(owner=han, due_at=ahead, **common)
    ActionFactory(owner=li, due_at=past, **common)
    ActionFactory(owner=li, due_at=past, status=Action.Status.SUBMITTED, done_at=now, **common)
    ActionFactory(owner=li, due_at=ahead, status=Action.Status.CANCELLED, cancel_reason="No need", **common)
    draft(owner=han, **common)

    plan = queries.plan_of(review, now, runner)

    assert [(part.code, part.count, part.start) for part in plan.bar] == [
        ("handed_in", 1, 0.0),
        ("open", 1, 33.333),
        ("late", 1, 66.667),
    ]
    assert [(share.owner, share.promised, share.late) for share in plan.shares] == [(li, 2, 1), (han, 1, 0)]
    client.force_login(runner)
    page = client.get(reverse("actions:for_meeting", args=[review.pk])).text
    assert 'class="plan-bar-late" x="66.667"' in page
    assert "By owner" in page
