"""Steps in a live room and on its minutes that somebody tries who may not, or in an order that nobody planned."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions import services as action_services
from actions.models import Action
from meetings.errors import NotAllowed
from meetings.models import (
    Decision,
    Issue,
    Meeting,
    Minutes,
    Note,
    OpeningPriority,
    RoomClock,
)
from meetings.services import issues, minutes, notes
from meetings.services import room as rooms
from people.models import User
from tests import factories
from tests.meetings import room_factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def meeting():
    made = make.meeting(host=factories.host(language="en"))
    rooms.start(meeting=made, by=made.host, now=timezone.now() - timedelta(minutes=1, seconds=-30))
    return made


def browser(user) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def secret(made: Meeting):
    item = made.items.in_order().last()
    type(item).objects.filter(pk=item.pk).update(is_confidential=True, department=None)
    item.refresh_from_db()
    return item


# --- roles --------------------------------------------------------------------------------------------------
def test_a_deputy_does_not_make_themselves_host_while_the_host_is_there(meeting):
    deputy = make.invite(meeting, factories.UserFactory(), "deputy_host")
    friend = make.invite(meeting, factories.UserFactory())
    url = reverse("meetings:hand_over", args=[meeting.pk])

    answers = [
        browser(deputy).post(url, {"role": "host", "user": to.pk}).status_code for to in (deputy, friend)
    ]

    assert answers == [403, 403]
    assert Meeting.objects.get(pk=meeting.pk).host_id == meeting.host_id
    # Of the other roles a deputy disposes as the host does.
    assert browser(deputy).post(url, {"role": "recorder", "user": friend.pk}).status_code == 302
    assert meeting.participants.get(user=friend).role == "recorder"


@pytest.mark.parametrize("verb", ["end", "jump", "park", "start"])
def test_a_timekeeper_neither_ends_nor_changes_the_agenda(meeting, verb):
    keeper = make.invite(meeting, factories.UserFactory(), "timekeeper")
    version = RoomClock.objects.get(meeting=meeting).version
    data = {"verb": verb, "version": version, "key": str(uuid4()), "item": meeting.items.last().pk}

    answer = browser(keeper).post(reverse("meetings:live_command", args=[meeting.pk]), data)

    assert answer.status_code == 403
    assert Meeting.objects.get(pk=meeting.pk).status == "in_progress"


def test_a_recorder_does_not_approve_minutes_they_were_not_asked_to(meeting):
    recorder = make.invite(meeting, factories.UserFactory(), "recorder")
    Meeting.objects.filter(pk=meeting.pk).update(status="ended", ended_at=timezone.now())
    meeting.refresh_from_db()
    edition = _circulate(meeting)
    url = reverse("meetings:minutes_approve", args=[meeting.pk])

    assert browser(recorder).post(url, {"edition": edition.number}).status_code == 403
    assert not edition.minutes.approvals.exclude(approved_at=None).exists()


# --- what somebody cannot read --------------------------------------------------------------------------------
def test_a_priority_that_one_cannot_read_is_not_overwritten(meeting):
    """The version can be guessed; the recorder is outside of the item's circle."""
    recorder = make.invite(meeting, factories.UserFactory(), "recorder")
    executive = make.invite(meeting, factories.executive(), "executive")
    OpeningPriority.objects.create(
        meeting=meeting,
        text="Kept in the circle",
        item=secret(meeting),
        said_by=executive,
        recorded_by=executive,
        recorded_at=timezone.now(),
    )
    url = reverse("meetings:live_priority", args=[meeting.pk])
    data = {"verb": "save", "text": "Mine", "said_by": executive.pk, "version": 1}

    assert browser(recorder).post(url, data).status_code == 403
    assert OpeningPriority.objects.get().text == "Kept in the circle"
    assert browser(executive).post(url, data).status_code == 302
    assert OpeningPriority.objects.get().text == "Mine"


@pytest.mark.parametrize("kind", ["issue", "source_note"])
def test_what_is_made_of_something_confidential_stays_with_it(meeting, kind):
    item, now = secret(meeting), timezone.now()
    note = notes.add(meeting=meeting, item=item, text="A secret", by=meeting.host, now=now)
    issue = Issue.objects.create(
        meeting=meeting, item=item, text="A secret", raised_by=meeting.host, raised_at=now
    )
    source = {"issue": issue, "source_note": note}[kind]
    outsider = make.invite(meeting, factories.UserFactory())

    action = action_services.capture(
        title="Of the secret", by=meeting.host, now=now, meeting=meeting, **{kind: source}
    )

    assert action.agenda_item == item
    assert not Action.objects.visible_to(outsider).filter(pk=action.pk).exists()


# --- texts while the minutes are out ------------------------------------------------------------------------
def _circulate(meeting: Meeting):
    return minutes.circulate(
        meeting=meeting,
        approvers=[meeting.host],
        objections_until=timezone.now() + timedelta(days=1),
        version=minutes.begin(meeting).version,
        by=meeting.host,
        now=timezone.now(),
    )


def test_an_issue_keeps_its_words_while_the_minutes_are_out(meeting):
    issue = Issue.objects.create(
        meeting=meeting, text="As read", raised_by=meeting.host, raised_at=timezone.now()
    )
    Meeting.objects.filter(pk=meeting.pk).update(status="ended", ended_at=timezone.now())
    meeting.refresh_from_db()
    _circulate(meeting)
    url = reverse("meetings:save_issue", args=[meeting.pk, issue.pk])

    answer = browser(meeting.host).post(
        url, {"text": "Rewritten", "version": issue.version}, headers={"Accept": "application/json"}
    )

    assert (answer.status_code, Issue.objects.get().text) == (422, "As read")
    assert "circulated" in answer.json()["message"]
    now = timezone.now()
    Minutes.objects.update(state=Minutes.State.LOCKED, approved_at=now, locked_at=now, locked_by=meeting.host)
    issue.refresh_from_db()
    with pytest.raises(NotAllowed, match="locked"):
        issues.save(
            issue=issue,
            work=issues.Work(text="Rewritten"),
            version=issue.version,
            by=meeting.host,
            now=timezone.now(),
        )


# --- what no page sends -------------------------------------------------------------------------------------
def test_one_key_for_two_things_makes_two_things(meeting):
    client, key = browser(meeting.host), str(uuid4())
    url = reverse("meetings:capture", args=[meeting.pk])
    headers = {"Accept": "application/json"}

    said = [
        client.post(url, {"line": line, "kind": kind, "key": key}, headers=headers).status_code
        for line, kind in (("A note", "n"), ("Something else", "p"), ("A note", "n"))
    ]

    assert said == [200, 200, 200]
    assert (Note.objects.count(), meeting.parked.count()) == (1, 1)


def test_a_text_without_end_is_refused_in_words(meeting):
    client, endless = browser(meeting.host), "长" * 20_001
    headers = {"Accept": "application/json"}
    note = Note.objects.create(
        meeting=meeting,
        text="Short",
        created_by=meeting.host,
        edited_by=meeting.host,
        created_at=timezone.now(),
        edited_at=timezone.now(),
    )

    saved = client.post(
        reverse("meetings:save_note", args=[meeting.pk, note.pk]),
        {"text": endless, "version": 1},
        headers=headers,
    )
    decided = client.post(reverse("meetings:record_decision", args=[meeting.pk]), {"text": endless})

    assert (saved.status_code, decided.status_code) == (422, 422)
    assert "20000" in saved.json()["message"]
    assert (Note.objects.get().text, Decision.objects.count()) == ("Short", 0)
