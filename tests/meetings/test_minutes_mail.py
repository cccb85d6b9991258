"""Mails about minutes: one for each person, with what concerns them, and nothing of what is kept from them."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.utils import timezone, translation

from meetings import minutes_mail
from meetings.models import Attendance, Minutes, MinutesEdition, Objection, Pack, Participant
from meetings.services import minutes as services
from meetings.services import packs
from notices import kinds
from notices.models import Notice
from tests import factories
from tests.actions.factories import ActionFactory
from tests.meetings import minutes_factories as make

pytestmark = pytest.mark.django_db
NOW, UNTIL, AFTER = make.NOW, make.UNTIL, make.AFTER


@dataclass
class Mail:
    title: str
    body: str
    attachments: list


def worded(notice):
    """The mail as its recipient gets it."""
    kind = kinds.get(notice.kind)
    with translation.override(notice.recipient.language), timezone.override(notice.recipient.zone):
        files = list(kind.attachments(notice)) if kind.attachments else []
        return Mail(kind.title(notice), kind.body(notice), files)


def mail_to(person, *codes):
    notice = Notice.objects.get(recipient=person, kind__in=codes or minutes_mail.CIRCULATED)
    return worded(notice)


def attend(meeting, *people):
    for person in people:
        Attendance.objects.create(
            meeting=meeting,
            user=person,
            arrived_at=meeting.started_at,
            left_at=meeting.ended_at,
            noted_by=person,
        )


def wanted(notice):
    notice = Notice.objects.get(pk=notice.pk)
    return kinds.get(notice.kind).is_wanted(notice)


# --- who ----------------------------------------------------------------------------------------------------
def test_everybody_gets_one_mail_by_what_they_missed():
    meeting = make.ended()
    there, away, head = make.outsider(meeting), make.outsider(meeting), factories.lead("sales")
    attend(meeting, meeting.host, there)

    make.circulate(meeting, meeting.host, head)

    told = Notice.objects.filter(kind__in=minutes_mail.CIRCULATED).values_list("recipient", "kind")
    assert sorted(told) == sorted(
        [
            (meeting.host.pk, minutes_mail.PRESENT),
            (there.pk, minutes_mail.PRESENT),
            (away.pk, minutes_mail.ABSENT),
            (head.pk, minutes_mail.EXCERPT),
        ]
    )
    assert Notice.objects.filter(kind=minutes_mail.PRESENT).first().send_at == NOW + minutes_mail.PAUSE


def test_a_new_edition_is_a_new_mail_and_the_old_one_is_not_sent():
    meeting = make.ended()
    make.circulate(meeting)
    first = Notice.objects.get(kind=minutes_mail.PRESENT)
    services.take_back(
        minutes=Minutes.objects.get(),
        reason="A name",
        version=Minutes.objects.get().version,
        by=meeting.host,
        now=NOW,
    )
    first.refresh_from_db()
    assert first.state == Notice.State.SUPERSEDED
    assert not wanted(first)

    make.circulate(meeting, now=NOW + dt.timedelta(minutes=5))

    second = Notice.objects.exclude(pk=first.pk).get(kind=minutes_mail.PRESENT)
    assert wanted(second)
    assert second.subject == MinutesEdition.objects.get(number=2)


# --- in words -----------------------------------------------------------------------------------------------
def test_the_mail_says_what_was_decided_what_is_mine_and_what_concerns_my_department():
    meeting = make.ended()
    member = factories.member("sales")
    Participant.objects.create(meeting=meeting, user=member, role=Participant.Role.MEMBER)
    item = meeting.items.order_by("order").first()
    ActionFactory(
        meeting=meeting, agenda_item=item, owner=member, title="Call the carrier", department=item.department
    )
    services.write(meeting=meeting, item=None, text="A good month.", version=0, by=meeting.host, now=NOW)
    make.circulate(meeting)

    mail = mail_to(member)

    assert mail.title == "Minutes: October review"
    assert "For you to do\n\n· Call the carrier, due" in mail.body
    assert "Summary\n\nA good month." in mail.body
    assert "· 2026-001 Open a shop in Mexico." in mail.body
    assert "We sold more in Canada." in mail.body
    assert "objected to until" in mail.body
    assert "You are asked to approve" not in mail.body
    assert "You are asked to approve" in mail_to(meeting.host).body


def test_who_was_away_gets_a_digest_in_their_language():
    meeting = make.ended()
    away = make.outsider(meeting)
    away.language = "zh-hans"
    away.save(update_fields=["language"])
    attend(meeting, meeting.host)
    make.circulate(meeting)

    mail = mail_to(away)

    assert "October review" in mail.title
    assert mail.title != "What you missed: October review"
    assert "Open a shop in Mexico." in mail.body
    assert "You were not" not in mail.body


def test_heads_of_departments_that_sent_nobody_get_their_excerpt():
    meeting = make.ended(departments=("sales", "finance"))
    finance = meeting.items.get(department__code="finance")
    make.note(meeting, "Cash is short.", finance)
    make.circulate(meeting)

    mail = mail_to(meeting.host)
    assert "Cash is short." not in mail.body  # the host belongs to no department
    head = factories.lead("finance")
    services.take_back(
        minutes=Minutes.objects.get(),
        reason="Late head",
        version=Minutes.objects.get().version,
        by=meeting.host,
        now=NOW,
    )
    make.circulate(meeting, now=NOW + dt.timedelta(minutes=1))

    mail = mail_to(head)
    assert mail.title == "Minutes for your department: October review"
    assert "Cash is short." in mail.body
    assert "We sold more in Canada." not in mail.body


def test_confidential_words_reach_their_circle_alone():
    meeting = make.ended()
    item = make.secret(meeting, "Twelve people go.")
    make.decide(meeting, "Close the Lyon office.", item)
    reader = make.outsider(meeting)
    ActionFactory(meeting=meeting, agenda_item=item, owner=meeting.host, title="Draw up the list")
    make.circulate(meeting)

    outside, inside = mail_to(reader), mail_to(meeting.host)

    for words in ("Twelve people go.", "Close the Lyon office.", "Layoffs", "Draw up the list"):
        assert words not in outside.title + outside.body
    assert "Close the Lyon office." in inside.body
    assert "Draw up the list" in inside.body


def test_the_pdf_goes_along_once_it_is_made_and_holds_nothing_confidential():
    meeting = make.ended()
    make.secret(meeting, "Twelve people go.")
    make.circulate(meeting)
    assert mail_to(meeting.host).attachments == []
    assert "#pack" in mail_to(meeting.host).body

    pack = Pack.objects.get(kind=Pack.Kind.MINUTES)
    assert (pack.reader, pack.language) == (None, "en")
    packs.make(pack=pack, clock=lambda: NOW)

    mail = mail_to(meeting.host)
    assert mail.attachments[0].filename == "October review 2026-11-24 Minutes.pdf"
    assert mail.attachments[0].content.startswith(b"%PDF")
    assert "attached as a PDF" in mail.body


# --- objections, corrections, approvals ---------------------------------------------------------------------
def test_objections_answers_and_corrections_are_told_to_whom_they_concern():
    meeting = make.ended()
    critic = make.outsider(meeting)
    make.circulate(meeting)
    minutes = Minutes.objects.get()
    objection = services.object_to(minutes=minutes, item=None, text="It was Mexico.", by=critic, now=NOW)
    told = Notice.objects.get(kind=minutes_mail.OBJECTION)
    assert told.recipient == meeting.host
    assert worded(told).title == "Wang Out objects to the minutes of “October review”"
    assert wanted(told)

    services.answer(
        objection=objection, answer=Objection.Answer.NOTED, words="Canada it was.", by=meeting.host, now=NOW
    )
    assert not wanted(told)
    assert "Canada it was." in mail_to(critic, minutes_mail.ANSWER).body

    make.approve(meeting)
    services.lock(minutes=minutes, by=meeting.host, now=AFTER)
    services.correct(minutes=minutes, item=None, text="Mexico, after all.", by=meeting.host, now=AFTER)
    assert "Mexico, after all." in mail_to(critic, minutes_mail.CORRECTED).body


def test_a_correction_of_a_confidential_item_is_not_sent_outside_its_circle():
    meeting = make.ended()
    item = make.secret(meeting)
    reader = make.outsider(meeting)
    minutes = make.locked(meeting)

    services.correct(minutes=minutes, item=item, text="Thirteen people.", by=meeting.host, now=AFTER)

    assert not wanted(Notice.objects.get(recipient=reader, kind=minutes_mail.CORRECTED))
    assert wanted(Notice.objects.get(recipient=meeting.host, kind=minutes_mail.CORRECTED))


def test_who_has_not_approved_is_reminded_when_the_time_for_objections_is_over():
    meeting = make.ended()
    other = make.outsider(meeting)
    make.circulate(meeting, meeting.host, other)
    make.approve(meeting, meeting.host, now=NOW)

    reminders = {one.recipient: one for one in Notice.objects.filter(kind=minutes_mail.TO_APPROVE)}

    assert reminders[other].due_at == UNTIL
    assert wanted(reminders[other])
    assert not wanted(reminders[meeting.host])
