"""The published plan reaches each person in one mail with their own actions, whether they were there or not."""

from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import services
from notices import dispatcher
from notices.models import Notice
from tests.actions.factories import draft, meeting
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_one_mail_per_person_with_their_own_actions(mailoutbox, client):
    now = timezone.now()
    soon = now + timedelta(days=5)
    present, outside = UserFactory(language="en"), UserFactory(language="zh-hans")
    review = meeting(present, ended_at=now - timedelta(hours=1))
    acceptor = UserFactory()

    def promise(title, owner):
        return draft(meeting=review, title=title, owner=owner, acceptor=acceptor, due_at=soon)

    promise("Lower the ACoS of product A1 to 25 %", present)
    promise("Lower the ACoS of product A2 to 25 %", present)
    promise("把德国站空气炸锅的 ACoS 降到 25%", outside)

    services.publish_plan(meeting=review, by=review.host, now=now)
    dispatcher.run()

    mails = {parseaddr(mail.to[0])[1]: mail for mail in mailoutbox}
    assert len(mailoutbox) == 2
    assert set(mails) == {present.email, outside.email}
    first, second = mails[present.email], mails[outside.email]
    assert first.subject.startswith("2 actions for you")
    assert "product A1" in first.body
    assert "product A2" in first.body
    assert "空气炸锅" not in first.body
    assert "空气炸锅" in second.body
    assert "product A1" not in second.body
    # Who was not at the meeting is not sent to a page that is closed to them.
    assert reverse("actions:for_meeting", args=[review.pk]) not in second.body
    client.force_login(outside)
    notice = Notice.objects.get(recipient=outside, kind="actions.plan")
    assert client.get(notice.behaviour.url(notice)).status_code == 200
    assert "空气炸锅" in client.get(reverse("actions:list", query={"mine": "on"})).text


def test_a_collected_mail_still_names_the_actions_of_the_plan(mailoutbox):
    """The title of the plan's line says only how many there are."""
    now = timezone.now()
    owner, acceptor, soon = UserFactory(language="en"), UserFactory(), now + timedelta(days=5)
    reviews = [meeting(owner, ended_at=now - timedelta(hours=1)) for _ in range(4)]
    for number, review in enumerate(reviews):
        title = f"Lower the ACoS of product A{number} to 25 %"
        draft(meeting=review, title=title, owner=owner, acceptor=acceptor, due_at=soon)
        services.publish_plan(meeting=review, by=review.host, now=now)
    dispatcher.run()

    (mail,) = [mail for mail in mailoutbox if parseaddr(mail.to[0])[1] == owner.email]
    assert mail.subject == "4 things for you"
    for number in range(4):
        assert f"Lower the ACoS of product A{number} to 25 % (due " in mail.body
        assert f"product A{number}" in mail.alternatives[0].content
