"""How many mails people get, and what stands in them: counted at a real mail server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from meetings import plan as planning
from meetings.models import Meeting, Participant
from meetings.plan import PersonPlan
from meetings.services import schedule
from meetings.services.reply import reply
from notices import dispatcher
from notices.models import Notice
from tests.factories import UserFactory
from tests.factories import host as host_factory
from tests.meetings import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def anna():
    return UserFactory(email="anna@example.com", name="Anna", language="en", time_zone="Europe/Berlin")


@pytest.fixture
def boss():
    return host_factory(email="host@example.com", name="陈静", language="en")


class Post:
    """The mail server, and the minute that every notice waits."""

    def __init__(self, sink):
        self.sink, self.seen = sink, 0

    def a_minute_later(self):
        """The letters that go out when the minute is over, by recipient."""
        Notice.objects.filter(state="pending", send_at__lte=timezone.now() + timedelta(minutes=1)).update(
            send_at=timezone.now() - timedelta(seconds=1)
        )
        return self.at_once()

    def at_once(self):
        dispatcher.run()
        new, self.seen = self.sink.letters[self.seen :], len(self.sink.letters)
        return sorted(
            (letter.recipients[0].partition("@")[0], str(letter.message["Subject"])) for letter in new
        )

    def to(self, name):
        """The last letter to somebody: its text and its VEVENTs."""
        letter = next(one for one in reversed(self.sink.letters) if one.recipients[0].startswith(name + "@"))
        parts = {part.get_content_type(): part for part in letter.message.walk()}
        calendar = Calendar.from_ical(parts["text/calendar"].get_content())
        assert parts["text/calendar"].get_param("method") == calendar["METHOD"]
        return parts["text/plain"].get_content(), calendar, letter.message


@pytest.fixture
def post(smtp_sink):
    return Post(smtp_sink)


def start(days=10):
    return (timezone.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)


def draft(boss, *people, **values):
    plan = factories.plan(host=boss, people=list(people), title="Review", starts_at=start(), **values)
    return schedule.draft(plan=plan, by=boss, now=timezone.now())


def sent(boss, *people, **values):
    return schedule.send(meeting=draft(boss, *people, **values), by=boss, now=timezone.now())


def change(meeting, reason="", **changes):
    meeting = Meeting.objects.get(pk=meeting.pk)
    return schedule.change(
        meeting=meeting,
        plan=replace(planning.of_meeting(meeting), **changes),
        revision=meeting.revision,
        by=meeting.host,
        now=timezone.now(),
        reason=reason,
    )


def test_an_invitation_waits_a_minute_and_arrives_once(boss, anna, post):
    sent(boss, PersonPlan(user=anna))

    assert post.at_once() == []
    assert post.a_minute_later() == [("anna", "Invitation: Review"), ("host", "Invitation: Review")]
    assert post.a_minute_later() == []


def test_all_changes_of_a_minute_are_one_mail_each(boss, anna, post):
    meeting = sent(boss, PersonPlan(user=anna))
    old = meeting.starts_at
    post.a_minute_later()

    change(meeting, starts_at=old + timedelta(hours=1), reason="Train is late")
    change(meeting, starts_at=old + timedelta(hours=2))
    change(meeting, location="Room 7", planned_minutes=270)

    assert post.a_minute_later() == [("anna", "New time: Review"), ("host", "New time: Review")]
    text, calendar, _message = post.to("anna")
    (event,) = calendar.walk("VEVENT")
    assert event["DTSTART"].dt == old + timedelta(hours=2)
    assert event["LOCATION"] == "Room 7"
    assert event["SEQUENCE"] == 3
    for words in ("Train is late", "Room 7", "Was: 4 h long".replace(" h", "\N{NO-BREAK SPACE}h")):
        assert words.replace("\N{NO-BREAK SPACE}", " ") in text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_change_that_is_taken_back_in_the_minute_sends_nothing_and_keeps_the_answers(boss, anna, post):
    meeting = sent(boss, PersonPlan(user=anna))
    post.a_minute_later()
    row = meeting.participants.get(user=anna)
    reply(participant=row, to="accepted", note="Gladly", now=timezone.now())
    old = meeting.starts_at

    change(meeting, starts_at=old + timedelta(hours=1))
    row.refresh_from_db()
    assert row.reply == Participant.Reply.NONE
    change(meeting, starts_at=old)

    assert post.a_minute_later() == []
    row.refresh_from_db()
    assert (row.reply, row.reply_note) == ("accepted", "Gladly")


def test_cancelled_within_the_minute_nobody_ever_hears_of_it(boss, anna, post):
    meeting = sent(boss, PersonPlan(user=anna))

    schedule.cancel(meeting=meeting, reason="Mistake", by=boss, now=timezone.now())

    assert post.a_minute_later() == []


def test_cancelled_after_a_change_that_was_not_told_is_one_mail(boss, anna, post):
    meeting = sent(boss, PersonPlan(user=anna))
    post.a_minute_later()
    meeting = change(meeting, location="Room 7")

    schedule.cancel(meeting=meeting, reason="Stock count", by=boss, now=timezone.now())

    assert post.at_once() == [("anna", "Cancelled: Review"), ("host", "Cancelled: Review")]
    assert post.a_minute_later() == []
    text, calendar, _message = post.to("anna")
    (event,) = calendar.walk("VEVENT")
    assert "Stock count" in text
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)


def test_who_joins_who_leaves_and_who_stays_get_one_mail_each(boss, anna, post):
    ben, cleo = UserFactory(email="ben@example.com"), UserFactory(email="cleo@example.com")
    meeting = sent(boss, PersonPlan(user=anna), PersonPlan(user=ben))
    post.a_minute_later()

    people = [one for one in planning.of_meeting(meeting).people if one.user != ben]
    change(meeting, people=[*people, PersonPlan(user=cleo)], location="Room 7")

    letters = dict(post.a_minute_later())
    assert len(letters) == 4
    assert letters["anna"] == letters["host"] == "Changed: Review"
    assert "Review" in letters["ben"]
    text, calendar, _message = post.to("ben")
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "CANCEL"
    assert str(event["ATTENDEE"]) == "mailto:ben@example.com"
    assert "Room 7" not in text
    _text, calendar, _message = post.to("cleo")
    assert calendar["METHOD"] == "REQUEST"


def test_withdrawn_and_invited_again_in_the_minute_is_no_mail(boss, anna, post):
    meeting = sent(boss, PersonPlan(user=anna))
    post.a_minute_later()
    people = planning.of_meeting(meeting).people

    change(meeting, people=[one for one in people if one.user != anna])
    change(meeting, people=people)

    assert post.a_minute_later() == []


def test_invited_again_later_has_a_higher_sequence_than_the_withdrawal(boss, anna, post):
    meeting = sent(boss, PersonPlan(user=anna))
    post.a_minute_later()
    people = planning.of_meeting(meeting).people
    change(meeting, people=[one for one in people if one.user != anna])
    post.a_minute_later()
    withdrawn = post.to("anna")[1].walk("VEVENT")[0]["SEQUENCE"]

    change(meeting, people=people)

    assert ("anna", "Invitation: Review") in post.a_minute_later()
    assert post.to("anna")[1].walk("VEVENT")[0]["SEQUENCE"] > withdrawn


def test_a_new_role_is_told_to_that_person_alone(boss, anna, post):
    meeting = sent(boss, PersonPlan(user=anna), PersonPlan(user=UserFactory()))
    post.a_minute_later()

    people = [
        replace(one, role=Participant.Role.RECORDER) if one.user == anna else one
        for one in planning.of_meeting(meeting).people
    ]
    change(meeting, people=people)

    assert post.a_minute_later() == [("anna", "Changed: Review")]
    text, _calendar, _message = post.to("anna")
    assert "Your role was: member" in text
    assert "Your role: recorder" in text


def test_people_told_by_an_earlier_version_hear_of_real_changes_alone(boss, anna, post):
    meeting = sent(boss, PersonPlan(user=anna))
    post.a_minute_later()
    Notice.objects.update(params={})

    people = planning.of_meeting(meeting).people
    change(meeting, people=[*people, factories.guest(email="ben@example.com")])
    assert [name for name, _subject in post.a_minute_later()] == ["ben"]
    change(meeting, location="Room 7")

    assert [name for name, _subject in post.a_minute_later()] == ["anna", "ben", "host"]


def test_new_wording_is_no_mail(boss, anna, post):
    meeting = sent(boss, PersonPlan(user=anna))
    post.a_minute_later()

    change(meeting, title="Review, mended", note="Bring the figures")

    assert post.a_minute_later() == []


def test_when_the_mail_server_was_away_the_mail_says_what_is_true_when_it_is_back(boss, anna, post):
    meeting = sent(boss, PersonPlan(user=anna))
    Notice.objects.update(attempts=3, note="away", send_at=timezone.now() + timedelta(minutes=5))

    change(meeting, location="Room 7")

    assert post.a_minute_later() == [("anna", "Invitation: Review"), ("host", "Invitation: Review")]
    assert "Room 7" in post.to("anna")[0]


def test_answers_go_to_the_mailbox_that_the_site_reads(boss, anna, post, settings):
    settings.REPLY_ADDRESS = "Fupan <replies@example.com>"
    sent(boss, PersonPlan(user=anna))
    post.a_minute_later()

    _text, calendar, message = post.to("anna")
    (event,) = calendar.walk("VEVENT")

    assert message["Reply-To"] == "replies@example.com"
    assert event["ORGANIZER"] == "mailto:replies@example.com"
    assert event["ORGANIZER"].params["CN"] == "陈静"
    assert "SENT-BY" not in event["ORGANIZER"].params


def test_answers_go_to_the_host_where_no_mailbox_is_read(boss, anna, post):
    sent(boss, PersonPlan(user=anna))
    post.a_minute_later()

    _text, calendar, message = post.to("anna")
    (event,) = calendar.walk("VEVENT")

    assert message["Reply-To"] == event["ORGANIZER"].removeprefix("mailto:") == "host@example.com"


# --- times in words -----------------------------------------------------------------------------------------
SHANGHAI, ANGELES, BERLIN = "Asia/Shanghai", "America/Los_Angeles", "Europe/Berlin"


@pytest.mark.parametrize(
    ("zone", "instant", "reader", "meeting"),
    [
        # Midnight in Shanghai: for others it is still the day before.
        (SHANGHAI, "2027-01-04T16:30Z", "Tue 5 Jan, 00:30 (Shanghai, UTC+8)", ""),
        (ANGELES, "2027-01-04T16:30Z", "Mon 4 Jan, 08:30 (Los Angeles, UTC−8)", "Tue 5 Jan, 00:30"),
        (BERLIN, "2027-01-04T16:30Z", "Mon 4 Jan, 17:30 (Berlin, UTC+1)", "Tue 5 Jan, 00:30"),
        # The day on which the clocks of Berlin go forward, before and after.
        (BERLIN, "2027-03-28T00:30Z", "Sun 28 Mar, 01:30 (Berlin, UTC+1)", "Sun 28 Mar, 08:30"),
        (BERLIN, "2027-03-28T08:30Z", "Sun 28 Mar, 10:30 (Berlin, UTC+2)", "Sun 28 Mar, 16:30"),
        # The hour that comes twice in Los Angeles.
        (ANGELES, "2027-11-07T08:30Z", "Sun 7 Nov, 01:30 (Los Angeles, UTC−7)", "Sun 7 Nov, 16:30"),
        (ANGELES, "2027-11-07T09:30Z", "Sun 7 Nov, 01:30 (Los Angeles, UTC−8)", "Sun 7 Nov, 17:30"),
    ],
)
def test_times_are_told_in_the_readers_zone_and_in_the_meetings(boss, zone, instant, reader, meeting):
    person = UserFactory(language="en", time_zone=zone)
    starts_at = datetime.fromisoformat(instant)
    with time_machine.travel(datetime(2027, 1, 2, tzinfo=UTC), tick=False):
        plan = factories.plan(host=boss, people=[PersonPlan(user=person)], starts_at=starts_at)
        made = schedule.draft(plan=plan, by=boss, now=timezone.now())
        schedule.send(meeting=made, by=boss, now=timezone.now())
        notice = Notice.objects.get(recipient=person, kind="meetings.invited")
        with timezone.override(person.zone):
            body = notice.behaviour.body(notice)

    lines = body.splitlines()
    assert lines[0].startswith(f"When: {reader}")
    other = f"On the meeting's clock: {meeting} (Shanghai, UTC+8)"
    assert (other in lines) == bool(meeting)


def test_the_agenda_in_the_mail_runs_on_the_readers_clock(boss, anna, post):
    meeting = sent(boss, PersonPlan(user=anna))
    post.a_minute_later()

    text, _calendar, _message = post.to("anna")

    first = meeting.starts_at.astimezone(anna.zone)
    assert f"{first:%H:%M}–" in text
