"""What a person's own list says of records that they may not read any more: nothing of them as they are now."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from meetings import invitations, reminders
from meetings.models import Meeting, Obligation
from meetings.services import obligations
from notices import digests, kinds, services
from notices.models import Channel, Delivery, Notice
from tests import factories
from tests.meetings import room_factories as make

pytestmark = pytest.mark.django_db
NEUTRAL = "About something that is not open to you any more"


@pytest.fixture
def invited():
    meeting = make.meeting()
    return make.invite(meeting, factories.UserFactory()), meeting


def shown(user, subject, kind, **params):
    now = timezone.now()
    notice = services.promise(recipient=user, subject=subject, kind=kind, due_at=now, params=params)
    Notice.objects.filter(pk=notice.pk).update(shown_at=now, state="sent", sent_at=now)
    return notice


def listed(client, user):
    client.force_login(user)
    return client.get("/notices/").content.decode()


def retitle(meeting):
    Meeting.objects.filter(pk=meeting.pk).update(title="Dismissals")


def test_the_present_title_is_hidden_once_access_is_lost(client, invited):
    user, meeting = invited
    shown(user, meeting, invitations.INVITED)
    assert "October review" in listed(client, user)

    retitle(meeting)
    meeting.participants.filter(user=user).delete()

    page = listed(client, user)
    assert NEUTRAL in page
    assert "Dismissals" not in page
    assert "October" not in page


def test_the_words_of_then_stay_where_the_notice_keeps_them(client, invited):
    user, meeting = invited
    meeting.participants.filter(user=user).delete()
    shown(user, meeting, invitations.WITHDRAWN, title="October review")
    retitle(meeting)

    page = listed(client, user)

    assert "You are not invited any more: October review" in page
    assert "Dismissals" not in page


def test_a_kind_may_say_itself_who_reads_its_subject(client):
    meeting = make.meeting(status="ended")
    obligations.ensure(meeting=meeting, now=make.at(60))
    stranger = factories.UserFactory()
    for user in (stranger, meeting.host):
        shown(user, Obligation.objects.first(), reminders.OBLIGATION_MISSED, due_at="")

    assert "October review" in listed(client, meeting.host)
    assert "October review" not in listed(client, stranger)


def test_a_line_of_a_collected_mail_is_neutral_too(invited, monkeypatch):
    user, meeting = invited
    monkeypatch.setitem(
        kinds._kinds,
        "test.any",
        kinds.Kind(code="test.any", title=lambda n: n.subject.title, url=lambda n: "/"),
    )
    notice = shown(user, meeting, "test.any")
    digest = Notice.objects.create(
        recipient=user,
        subject_type=notice.subject_type,
        subject_id=meeting.pk,
        kind=digests.CODE,
        due_at=timezone.now(),
        send_at=timezone.now(),
    )
    Delivery.objects.create(notice=notice, channel=Channel.EMAIL, state="bundled", digest=digest)
    assert [line.title for line in digests.lines_of(digest)[0]] == ["October review"]

    meeting.participants.filter(user=user).delete()

    with translation.override("en"):
        lines, _number = digests.lines_of(Notice.objects.get(pk=digest.pk))
    assert [line.title for line in lines] == [NEUTRAL]


def test_many_notices_take_as_many_queries_as_one(client, invited):
    user, meeting = invited
    shown(user, meeting, invitations.INVITED)
    listed(client, user)
    with CaptureQueriesContext(
        connection,
    ) as one:
        listed(client, user)
    for _number in range(4):
        other = make.meeting()
        make.invite(other, user)
        shown(user, other, invitations.INVITED)

    with CaptureQueriesContext(connection) as many:
        assert listed(client, user).count("October review") >= 5

    assert len(many) == len(one)
