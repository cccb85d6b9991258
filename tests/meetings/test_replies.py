"""Replies by mail: what programs send, whom it is believed from, what cannot count, series."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import history
from meetings.mailbox import sender
from meetings.models import CalendarReply, Participant
from meetings.plan import PersonPlan
from meetings.recurrence import Rule
from meetings.services import replies, schedule
from meetings.services import series as series_services
from meetings.services.reply import reply
from meetings.services.series import Terms
from notices.models import Notice
from tests.meetings import factories
from tests.meetings.mailed_replies import LATER, answer_of, google, invited, letter, sent_to, take_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOW = factories.NOW


@pytest.fixture
def anna():
    return invited()


@pytest.fixture
def meeting(anna):
    return sent_to(anna)


# --- what programs send -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "answer", "note"),
    [
        ("google", "ACCEPTED", ""),
        ("apple", "TENTATIVE", "可能晚到十分钟"),
        ("outlook", "DECLINED", "Ich weiß es noch nicht"),
    ],
)
def test_an_answer_is_taken_over(meeting, anna, name, answer, note):
    raw = letter(name, uid=f"{meeting.uid}@fupan", answer=answer)

    assert take_in(raw) == [("applied", "")]

    row = answer_of(meeting, anna)
    assert (row.reply, row.reply_note) == (answer.lower(), note)
    assert row.replied_at == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert history.of(meeting).first().verb == "meetings.replied"
    kept = CalendarReply.objects.get()
    assert (kept.sender, kept.meeting, kept.answer) == ("anna@example.com", meeting, answer)


def test_the_same_answer_counts_once_however_often_it_comes(meeting, anna):
    raw = google(meeting)
    take_in(raw)
    reply(participant=answer_of(meeting, anna), to="declined", note="", now=LATER)

    # Delivered again by another way, with other lines on top.
    again = take_in(b"Received: from elsewhere\r\n" + raw)

    assert again == [("applied", "")]
    assert CalendarReply.objects.count() == 1
    assert answer_of(meeting, anna).reply == "declined"


def test_an_older_answer_does_not_replace_a_newer_one(meeting, anna):
    reply(participant=answer_of(meeting, anna), to="declined", note="", now=LATER - timedelta(minutes=5))

    ((outcome, note),) = take_in(google(meeting))

    assert (outcome, note) == ("stale", "The person has given a newer answer.")
    assert answer_of(meeting, anna).reply == "declined"


def test_an_answer_to_an_earlier_time_does_not_count_for_the_new_one(meeting, anna):
    from tests.meetings.test_schedule import change

    change(meeting, starts_at=factories.START + timedelta(hours=1))
    ((before_told, _note),) = take_in(google(meeting))
    Notice.objects.update(state="sent")
    ((after_told, _note),) = take_in(google(meeting, answer="TENTATIVE"))
    ((to_the_new, _note),) = take_in(google(meeting, sequence=1))

    assert (before_told, after_told, to_the_new) == ("stale", "stale", "applied")
    assert answer_of(meeting, anna).reply == "accepted"


def test_a_change_that_was_taken_back_leaves_answers_valid(meeting, anna):
    from tests.meetings.test_schedule import change

    change(meeting, starts_at=factories.START + timedelta(hours=1))
    change(meeting, starts_at=factories.START)

    assert take_in(google(meeting)) == [("applied", "")]


def test_a_clock_that_is_ahead_does_not_block_later_answers(meeting, anna):
    assert take_in(google(meeting), now=LATER - timedelta(hours=5)) == [("applied", "")]
    assert answer_of(meeting, anna).replied_at == LATER - timedelta(hours=5)


def test_another_time_that_is_proposed_becomes_the_note(meeting, anna):
    raw = letter("outlook", uid=f"{meeting.uid}@fupan", answer="TENTATIVE", method="COUNTER")

    assert take_in(raw) == [("applied", "")]
    row = answer_of(meeting, anna)
    assert row.reply == "tentative"
    assert row.reply_note == "Proposes Wed 16 Dec, 15:00 (Shanghai, UTC+8). Ich weiß es noch nicht"


# --- whom it is believed from ---------------------------------------------------------------------------------
def test_only_the_person_invited_can_answer(meeting, anna):
    forged = google(meeting).replace(b"From: Anna Schmidt <anna@example.com>", b"From: Eve <eve@example.com>")

    assert take_in(forged) == [("refused", "The mail does not come from the person whose answer it holds.")]
    assert answer_of(meeting, anna).reply == "none"
    assert take_in(google(meeting)) == [("applied", "")], "the forged mail has not used up its place"


@pytest.mark.parametrize(
    "line",
    [
        b"From: Anna Schmidt <anna@example.com>, Eve <eve@example.com>",
        b"From: eve@example.com\r\nFrom: Anna Schmidt <anna@example.com>",
        b"From: anna@example.com <eve@example.com>",
        b'From: "anna@example.com" <eve@example.com>',
        b"From:",
    ],
)
def test_a_sender_that_is_not_one_address_is_nobody(meeting, anna, line):
    raw = google(meeting).replace(b"From: Anna Schmidt <anna@example.com>", line)

    ((outcome, _note),) = take_in(raw)

    assert outcome == "refused"
    assert answer_of(meeting, anna).reply == "none"


def test_with_a_server_that_verifies_only_what_it_verified_counts(meeting, anna, settings):
    settings.REPLY_AUTHSERV_ID = "mx.example.com"
    good = google(meeting)
    # Somebody writes a verdict of their own below the server's.
    bad = (
        good.replace(b" dkim=pass header.i=@example.com", b" dkim=fail header.i=@example.com")
        .replace(b"dmarc=pass", b"dmarc=fail")
        .replace(b"MIME-Version", b"Authentication-Results: mx.example.com; dmarc=pass\r\nMIME-Version")
    )

    assert take_in(bad) == [("refused", "The mail server could not verify who sent this mail.")]
    assert take_in(good) == [("applied", "")]


@pytest.mark.parametrize(
    ("verdict", "verified"),
    [
        ("mx.example.com; dmarc=pass header.from=example.com", True),
        ("mx.example.com 1; dkim=pass (ok) header.d=example.com", True),
        ("mx.example.com; dkim=pass header.i=@example.com", True),
        ("mx.example.com; dkim=pass header.d=evil.com", False),
        ("mx.example.com; dkim=pass header.d=le.com", False),
        ("mx.example.com; dmarc=pass header.from=evil.com", False),
        ("mx.example.com; spf=pass smtp.mailfrom=example.com", False),
        ('mx.example.com; dmarc=fail reason="dmarc=pass"', False),
        ("mx.evil.com; dmarc=pass", False),
        ("mx.example.com; none", False),
        ("", False),
    ],
)
def test_verdicts_of_the_mail_server(verdict, verified):
    assert sender.is_verified([verdict], authserv_id="mx.example.com", sender="anna@example.com") is verified


# --- what cannot count ----------------------------------------------------------------------------------------
def test_unknown_meetings_and_people_change_nothing(meeting, anna):
    stranger = google(meeting).replace(b"anna@", b"ben@").replace(b"Anna@", b"ben@")

    assert [take_in(raw)[0][0] for raw in (
        letter("google", uid="00000000-0000-4000-8000-000000000000@fupan"),
        letter("google", uid="somebody-elses-meeting@google.com"),
        stranger,
    )] == ["unknown"] * 3  # fmt: skip
    assert answer_of(meeting, anna).reply == "none"


def test_who_has_left_the_company_answers_nothing(meeting, anna):
    anna.is_active = False
    anna.save(update_fields=["is_active"])

    assert take_in(google(meeting))[0][0] == "unknown"


def test_cancelled_meetings_take_no_answers(meeting, anna):
    schedule.cancel(meeting=meeting, reason="off", by=meeting.host, now=NOW)

    assert take_in(google(meeting))[0] == ("refused", "This meeting takes no replies any more.")


CALENDAR = b"From: anna@example.com\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n"
DEEP = b"".join(
    b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number)
    for number in range(3000)
)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\xff\xfe" * 100,
        b"From: anna@example.com\r\n\r\nI will come.",
        CALENDAR + b"METHOD:REPLY\r\nBEGIN:VEVENT",
        CALENDAR + b"METHOD:REQUEST\r\nEND:VCALENDAR\r\n",
        CALENDAR.replace(b"calendar", b"calendar; charset=nonsense") + b"\xff\xfe\r\n",
        b"From: anna@example.com\r\n" + DEEP,
        CALENDAR.replace(b"anna@", b"=?utf-8?q?=FF=FE?= <anna@").replace(b".com", b".com>")
        + b"END:VCALENDAR\r\n",
    ],
    ids=["empty", "noise", "prose", "torn", "request", "charset", "nested", "name"],
)
def test_what_is_no_reply_is_kept_as_refused(raw):
    (row,) = replies.take_in(raw=raw, now=LATER)

    assert row.outcome == "refused"
    assert row.note


def test_a_reply_that_lists_everybody_says_nothing(meeting, anna):
    raw = google(meeting).replace(
        b"CREATED:", b"ATTENDEE;PARTSTAT=DECLINED:mailto:other@example.com\r\nCREATED:"
    )
    raw = raw.replace(
        b"SEQUENCE:0\r\nEND", b"ATTENDEE;PARTSTAT=DECLINED:mailto:other@example.com\r\nSEQUENCE:0\r\nEND"
    )

    assert take_in(raw)[0][0] == "refused"
    assert answer_of(meeting, anna).reply == "none"


def test_a_mail_that_is_too_large_is_not_read(meeting, settings):
    settings.MAX_REPLY_BYTES = 1000

    assert take_in(google(meeting)) == [("refused", "The mail is larger than a reply can be.")]


def test_markup_in_a_comment_stays_text(client, meeting, anna):
    raw = google(meeting).replace(b"CREATED:", b"COMMENT:<script>alert(1)</script>\r\nCREATED:")
    take_in(raw)
    client.force_login(meeting.host)

    page = client.get(meeting.get_absolute_url()).text

    assert answer_of(meeting, anna).reply_note == "<script>alert(1)</script>"
    assert "<script>alert(1)" not in page


# --- series ---------------------------------------------------------------------------------------------------
@pytest.fixture
def weekly(anna):
    first = factories.draft(
        template=factories.template("weekly-operations"),
        people=[PersonPlan(user=anna)],
        starts_at=datetime(2026, 12, 8, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai")),
        period=None,
    )
    terms = Terms(rule=Rule.parse("FREQ=WEEKLY;BYDAY=TU"), holiday_region="", on_holiday="keep")
    made = series_services.start(meeting=first, terms=terms, by=first.host, now=NOW)
    Notice.objects.update(state="sent")
    return made


def answers(series):
    rows = Participant.objects.filter(meeting__series=series, user__email="anna@example.com")
    return list(rows.order_by("meeting__starts_at").values_list("reply", flat=True))


def test_an_answer_to_one_date_counts_for_that_date(weekly):
    raw = letter(
        "outlook",
        uid=f"{weekly.uid}@fupan",
        answer="TENTATIVE",
        recurrence="RECURRENCE-ID;TZID=China Standard Time:20261215T100000\n",
    )

    assert take_in(raw) == [("applied", "")]
    found = answers(weekly)
    assert found[:3] == ["none", "tentative", "none"]


def test_an_answer_to_the_series_counts_for_all_dates_to_come(weekly):
    assert take_in(letter("outlook", uid=f"{weekly.uid}@fupan")) == [("applied", "")]

    assert set(answers(weekly)) == {"accepted"}
    assert CalendarReply.objects.get().meeting == weekly.meetings.order_by("starts_at").first()


def test_an_answer_to_a_date_that_is_not_held_is_unknown(weekly):
    raw = letter("outlook", uid=f"{weekly.uid}@fupan", recurrence="RECURRENCE-ID:20261216T020000Z\n")

    assert take_in(raw)[0][0] == "unknown"


def test_a_date_without_an_hour_names_the_meeting_of_that_day(weekly):
    raw = letter("outlook", uid=f"{weekly.uid}@fupan", recurrence="RECURRENCE-ID;VALUE=DATE:20261215\n")

    assert take_in(raw) == [("applied", "")]
    assert answers(weekly)[1] == "accepted"
