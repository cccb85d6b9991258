"""The agenda mail: one for each participant a day before, with the pack, moved and withdrawn with the meeting."""

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.utils import timezone

from meetings import agenda_mail
from meetings import plan as planning
from meetings.models import Meeting, Pack, Participant
from meetings.services import packs, schedule
from notices import dispatcher
from notices import services as notices
from notices.models import Notice
from tests import factories
from tests.meetings import factories as meetings
from tests.meetings import pack_factories as make
from tests.meetings import room_factories as room

pytestmark = pytest.mark.django_db
NOW, START = meetings.NOW, meetings.START
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)


def mails(**fields):
    return Notice.objects.filter(kind=agenda_mail.AGENDA, **fields)


def pending():
    return list(mails(state="pending").order_by("pk").values_list("due_at", "send_at"))


def change(meeting, now=NOW, **changes):
    meeting.refresh_from_db()
    plan = replace(planning.of_meeting(meeting), **changes)
    return schedule.change(meeting=meeting, plan=plan, revision=meeting.revision, by=meeting.host, now=now)


# --- when ---------------------------------------------------------------------------------------------------
def test_everybody_is_promised_the_agenda_a_day_before():
    meeting = meetings.scheduled(people=[meetings.guest(), meetings.guest(Participant.Role.OPTIONAL)])

    assert pending() == [(START - DAY, START - DAY)] * 3
    assert meeting.template.agenda_lead_hours == 24


def test_a_draft_promises_nothing():
    meetings.draft(people=[meetings.guest()])

    assert not mails().exists()


def test_a_moved_meeting_moves_its_agenda():
    meeting = meetings.scheduled()

    change(meeting, starts_at=START + 3 * DAY)

    assert pending() == [(START + 2 * DAY, START + 2 * DAY)]
    assert mails().count() == 2
    assert mails(state="superseded").count() == 1


def test_moved_and_moved_back_is_one_mail():
    meeting = meetings.scheduled()
    change(meeting, starts_at=START + 3 * DAY)
    change(meeting, starts_at=START)

    assert pending() == [(START - DAY, START - DAY)]


def test_who_leaves_gets_none_and_who_joins_gets_one():
    guest, other = meetings.guest(), meetings.guest()
    meeting = meetings.scheduled(people=[guest])
    (host,) = [one for one in planning.of_meeting(meeting).people if one.role == Participant.Role.HOST]

    change(meeting, people=[host, other])

    told = set(mails(state="pending").values_list("recipient", flat=True))
    assert told == {meeting.host_id, other.user.pk}


def test_a_cancelled_meeting_sends_none():
    meeting = meetings.scheduled(people=[meetings.guest()])

    schedule.cancel(meeting=meeting, reason="No figures.", by=meeting.host, now=NOW)

    assert pending() == []


def test_a_meeting_at_short_notice_sends_it_minutes_after_the_invitation():
    meetings.scheduled(starts_at=NOW + 3 * HOUR)

    assert pending() == [(NOW + 3 * HOUR - DAY, NOW + agenda_mail.AT_ONCE)]


def test_a_meeting_in_three_minutes_sends_it_now():
    meetings.scheduled(starts_at=NOW + 3 * MINUTE)

    assert pending() == [(NOW + 3 * MINUTE - DAY, NOW)]


def test_moved_by_an_hour_on_the_last_day_it_does_not_come_twice():
    meeting = meetings.scheduled()
    mails().update(state="sent")

    change(meeting, now=START - 2 * HOUR, starts_at=START + HOUR)
    assert pending() == []

    # Moved by a week it is another day, and another mail.
    change(meeting, now=START - HOUR, starts_at=START + 7 * DAY)
    assert pending() == [(START + 6 * DAY, START + 6 * DAY)]


def test_hours_are_absolute_across_the_change_of_the_clocks():
    """Berlin leaves summer time on 25 October 2026 in the night before this meeting."""
    starts_at = dt.datetime(2026, 10, 25, 13, 0, tzinfo=dt.UTC)
    with time_machine.travel(dt.datetime(2026, 10, 1, tzinfo=dt.UTC), tick=False):
        plan = meetings.plan(starts_at=starts_at, time_zone="Europe/Berlin")
        meeting = schedule.draft(plan=plan, by=plan.host, now=timezone.now())
        schedule.send(meeting=meeting, by=plan.host, now=timezone.now())

    assert pending() == [(starts_at - DAY, starts_at - DAY)]


@pytest.mark.parametrize("ahead", [10 * DAY, 3 * HOUR, 4 * MINUTE])
def test_the_reconciler_finds_nothing_to_repair(ahead):
    with time_machine.travel(NOW, tick=False):
        meetings.scheduled(starts_at=NOW + ahead, people=[meetings.guest()])
        assert notices.reconcile() == 0
    with time_machine.travel(NOW + 2 * MINUTE, tick=False):
        assert notices.reconcile() == 0


def test_the_reconciler_makes_a_lost_one_good():
    with time_machine.travel(NOW, tick=False):
        meetings.scheduled(people=[meetings.guest()])
        mails().delete()

        assert notices.reconcile() == 2


# --- what it says ---------------------------------------------------------------------------------------------
def body(meeting, person):
    agenda_mail.plan(meeting=meeting, now=NOW)
    notice = mails(recipient=person).get()
    from django.utils import translation

    with translation.override(person.language), timezone.override(person.zone):
        return agenda_mail._title(notice) + "\n" + agenda_mail._body(notice)


def test_it_says_when_where_who_and_what_is_for_me_to_do():
    meeting = make.meeting(departments=("sales", "finance"), online_url="https://meet.example/1")
    make.submit(meeting, "finance")
    lead = factories.lead("sales", time_zone="America/Los_Angeles")
    meeting.participants.create(
        user=lead, role="presenter", department=factories.DepartmentFactory(code="sales")
    )

    text = body(meeting, lead)

    assert text.startswith("Agenda: October review, Mon 23 Nov, 22:00")
    assert "(Los Angeles, UTC−8)" in text
    assert "On the meeting's clock: Tue 24 Nov, 14:00" in text
    assert "Join: https://meet.example/1" in text
    assert "Your department's pre-read is missing: Sales, http" in text
    assert "You have not said yet whether you come" in text
    assert "You present “Sales” at 22:00, 20 min" in text
    assert "22:00–23:00  Sales · Sales" in text
    assert "00:30" in text
    assert "Finance (not certified): http" in text
    assert "Still missing: Sales" in text
    assert "The pack to print: http" in text


def test_it_is_written_in_the_readers_language():
    meeting = make.meeting()
    guest = room.invite(meeting, factories.UserFactory(language="zh-hans"))

    text = body(meeting, guest)

    assert "议程" in text
    assert "上海" in text
    assert "Agenda" not in text


def test_confidential_items_stay_out_but_for_their_circle():
    meeting = make.meeting()
    make.make_confidential(meeting, "Commission of the sales team")
    guest = room.invite(meeting, factories.UserFactory())

    assert "Commission" not in body(meeting, guest)
    assert "Confidential item" in body(meeting, guest)
    assert "Commission of the sales team" in body(meeting, meeting.host)


def test_drafts_of_pre_reads_are_not_linked():
    meeting = make.meeting(departments=("sales",))
    guest = room.invite(meeting, factories.UserFactory())

    assert "/preread/sales/" not in body(meeting, guest)


# --- the pack ---------------------------------------------------------------------------------------------------
def test_packs_are_made_shortly_before_in_the_languages_of_the_readers():
    meeting = meetings.scheduled(people=[meetings.guest(language="zh-hans"), meetings.guest(language="en")])
    Meeting.objects.filter(pk=meeting.pk).update(host=meeting.host)
    assert agenda_mail.prepare_packs(now=START - DAY - HOUR) == []

    asked = agenda_mail.prepare_packs(now=START - DAY - 10 * MINUTE)

    assert {pack.language for pack in asked} == {"en", "zh-hans"}
    assert all(pack.reader is None for pack in asked)
    again = agenda_mail.prepare_packs(now=START - DAY - 9 * MINUTE)
    assert {pack.pk for pack in again} == {pack.pk for pack in asked}


def test_what_failed_is_not_tried_every_minute():
    meetings.scheduled()
    (pack,) = agenda_mail.prepare_packs(now=START - DAY)
    Pack.objects.update(state="failed", asked_at=START - DAY)

    assert agenda_mail.prepare_packs(now=START - DAY + MINUTE) == []
    assert agenda_mail.prepare_packs(now=START - DAY + 2 * HOUR) != [pack]


def due_now(**changes):
    """A meeting whose agenda is due at this very moment, for the dispatcher's clock, which is the database's."""
    now = timezone.now()
    meeting = make.meeting(starts_at=now + 2 * HOUR, **changes)
    agenda_mail.plan(meeting=meeting, now=now)
    mails().update(send_at=now - MINUTE)
    Notice.objects.exclude(kind=agenda_mail.AGENDA).delete()
    return Meeting.objects.select_related("template", "host").get(pk=meeting.pk)


@pytest.mark.django_db(transaction=True)
def test_it_arrives_once_with_the_pdf_under_a_chinese_name(smtp_sink):
    meeting = due_now(
        title="十月经营分析会", host=factories.host(language="zh-hans", email="zhou@example.com")
    )
    pack = packs.ask(meeting=meeting, language="zh-hans", reader=None, by=None, now=timezone.now())
    packs.make(pack=pack, clock=timezone.now)
    pack.refresh_from_db()

    dispatcher.run()
    dispatcher.run()

    (letter,) = smtp_sink.wait_for(1)
    assert letter.recipients == ["zhou@example.com"]
    assert letter.message["Subject"].strip().startswith("议程：十月经营分析会")
    (attached,) = letter.message.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    day = f"{meeting.starts_at.astimezone(meeting.zone):%Y-%m-%d}"
    assert attached.get_filename() == f"十月经营分析会 {day}.pdf"
    content = attached.get_content()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert len(content) == pack.size
    text = letter.message.get_body(("plain",)).get_content()
    assert f"{pack.pages}" in text
    assert "附" in text


@pytest.mark.django_db(transaction=True)
def test_an_unready_old_or_large_pack_becomes_a_link_and_the_mail_is_in_time(smtp_sink, monkeypatch):
    meeting = due_now(host=factories.host(email="zhou@example.com"))
    pack = packs.ask(meeting=meeting, language="en", reader=None, by=None, now=timezone.now())
    packs.make(pack=pack, clock=timezone.now)
    monkeypatch.setattr(agenda_mail, "LARGEST_ATTACHMENT", 1000)

    dispatcher.run()

    (letter,) = smtp_sink.wait_for(1)
    assert list(letter.message.iter_attachments()) == []
    text = letter.message.get_body(("plain",)).get_content()
    assert f"/meetings/{meeting.pk}/#pack" in text


def test_a_pack_that_is_not_up_to_date_does_not_go_along():
    meeting = due_now()
    pack = packs.ask(meeting=meeting, language="en", reader=None, by=None, now=timezone.now())
    packs.make(pack=pack, clock=timezone.now)
    notice = mails(recipient=meeting.host).get()
    assert agenda_mail.attached_pack(notice) == Pack.objects.get(pk=pack.pk)
    assert len(agenda_mail._attachments(notice)) == 1

    Meeting.objects.update(location="Elsewhere")
    meeting = mails(recipient=meeting.host).get()

    assert agenda_mail.attached_pack(meeting) is None


def test_a_lost_file_of_a_pack_does_not_hold_the_mail_up():
    meeting = due_now()
    pack = packs.ask(meeting=meeting, language="en", reader=None, by=None, now=timezone.now())
    packs.make(pack=pack, clock=timezone.now)
    pack.refresh_from_db()
    pack.file.storage.delete(pack.file.name)

    assert agenda_mail._attachments(mails(recipient=meeting.host).get()) == []


def test_the_planner_costs_the_same_for_one_and_three_meetings(django_assert_num_queries):
    """Those a day or more ahead need no look at what was sent."""
    host = factories.host()
    now = timezone.now()
    meetings.simple(1, host=host, now=now + 2 * DAY)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        list(agenda_mail.wanted_of_all())
    meetings.simple(2, host=host, now=now + 9 * DAY)
    with CaptureQueriesContext(connection) as three:
        list(agenda_mail.wanted_of_all())

    assert len(three) == len(one)
