"""Who is told of a meeting's plan, how often, and where one can read it."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from actions import services
from actions.models import Comment, Milestone
from notices import dispatcher, promises
from notices import services as notices
from notices.models import Notice
from tests.actions.factories import ActionFactory, draft, meeting
from tests.factories import DepartmentFactory, UserFactory, lead

pytestmark = pytest.mark.django_db


def test_closing_a_meeting_with_sixty_actions_sends_nobody_more_than_one_mail():
    now = timezone.now()
    people = [UserFactory() for _ in range(25)]
    review = meeting(*people, ended_at=now - timedelta(minutes=5))
    soon = {"meeting": review, "created_by": review.host, "due_at": now + timedelta(days=20)}
    for n in range(60):
        draft(owner=people[n % 25], acceptor=people[(n + 1) % 25], **soon)
    services.publish_plan(meeting=review, by=review.host, now=now)
    dispatcher.run()
    mails = Counter(message.to[0] for message in mail.outbox)
    assert len(mails) == 25
    assert set(mails.values()) == {1}


def test_actions_of_one_meeting_that_come_one_by_one_share_a_mail():
    now = timezone.now()
    owner, review = UserFactory(), meeting(ended_at=now - timedelta(hours=1))
    for _ in range(2):
        action = ActionFactory(meeting=review, owner=owner, due_at=now + timedelta(days=9))
        notices.tell(recipient=owner, subject=action, kind="actions.assigned", at=now)
    notices.tell(recipient=owner, subject=ActionFactory(owner=owner), kind="actions.assigned", at=now)
    dispatcher.run()
    assert len(mail.outbox) == 1


def test_the_page_of_an_action_has_what_was_told_of_its_parts(client):
    head = lead("sales")
    now = timezone.now()
    review = meeting(ended_at=now)
    action = ActionFactory(department=DepartmentFactory(code="sales"), meeting=review, owner=head)
    other = ActionFactory(meeting=review)
    milestone = Milestone.objects.create(action=action, title="Halfway", due_at=now + timedelta(days=1))
    comment = Comment.objects.create(action=action, text="Look", by=head, at=now)
    wanted = [
        notices.tell(recipient=head, subject=action, kind="actions.assigned"),
        notices.tell(recipient=head, subject=milestone, kind="actions.milestone_soon"),
        notices.tell(recipient=head, subject=comment, kind="actions.mentioned"),
        notices.tell(recipient=head, subject=review, kind="actions.plan", params={"actions": [action.pk]}),
    ]
    notices.tell(recipient=head, subject=other, kind="actions.assigned")
    notices.tell(recipient=other.owner, subject=review, kind="actions.plan", params={"actions": [other.pk]})
    assert set(promises.of(action)) == set(wanted)
    client.force_login(head)
    response = client.get(reverse("notices:promises", args=["actions.action", action.pk]))
    assert response.context["count"] == sum(total["count"] for total in response.context["totals"]) == 4
    client.force_login(UserFactory())
    assert client.get(reverse("notices:promises", args=["actions.action", action.pk])).status_code == 404
    assert Notice.objects.count() == 6
