import datetime as dt

import pytest

from meetings import comment_notices
from meetings.errors import NotAllowed
from meetings.models import AgendaItem, Meeting, PreReadComment
from meetings.queries import comments as queries
from meetings.services import comments, prereads
from meetings.services.prereads import Sent
from notices import kinds
from notices.models import Notice
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def preread():
    """Submitted by the sales lead, whose department is asked."""
    lead = factories.lead("sales", name="Wang")
    found = prereads.open_for(meeting=make.meeting(), now=NOW)[0]
    question = found.texts.filter(kind="question").order_by("position").first()
    sent = Sent(question.kind, question.key, "The new line took off.", question.version)
    prereads.save_text(preread=found, sent=sent, by=lead, now=NOW)
    prereads.submit(preread=found, by=lead, now=NOW)
    Notice.objects.all().delete()
    return found


@pytest.fixture
def reader(preread):
    return make.invite(preread.meeting, factories.UserFactory(name="Li"))


def place(preread):
    question = preread.texts.filter(kind="question").order_by("position").first()
    return f"question:{question.key}"


def ask(preread, by, text="Which line?", now=NOW, section=None, is_question=True):
    section = place(preread) if section is None else section
    return comments.add(preread=preread, section=section, text=text, by=by, now=now, is_question=is_question)


def lead_of(preread):
    return preread.revisions.get().submitted_by


# --- asking and answering -----------------------------------------------------------------------------------
def test_ten_comments_in_ten_minutes_are_one_mail(preread, reader):
    for minute in range(10):
        ask(preread, reader, text=f"Question {minute}", now=NOW + minute * MINUTE)

    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (lead_of(preread), comment_notices.ASKED)
    assert notice.send_at == NOW + 10 * MINUTE
    body = kinds.get(notice.kind).body(notice)
    assert body.splitlines()[0] == "Li asks: Question 0"
    assert "Question 9" in body

    ask(preread, reader, text="Another", now=NOW + 11 * MINUTE)

    assert Notice.objects.count() == 2


def test_the_departments_answer_settles_the_question_and_reaches_the_asker(preread, reader):
    question = ask(preread, reader)

    comments.answer(comment=question, text="The summer line.", by=lead_of(preread), now=NOW + MINUTE)

    question.refresh_from_db()
    assert question.settled_by == lead_of(preread)
    notice = Notice.objects.get(kind=comment_notices.ANSWERED)
    assert notice.recipient == reader
    assert kinds.get(notice.kind).body(notice) == "Wang: The summer line."
    asked = Notice.objects.get(kind=comment_notices.ASKED)
    assert not kinds.get(asked.kind).is_wanted(asked)


def test_a_readers_reply_settles_nothing_and_a_reply_to_a_reply_joins_the_thread(preread, reader):
    question = ask(preread, reader)
    other = make.invite(preread.meeting, factories.UserFactory())

    reply = comments.answer(comment=question, text="I wonder, too.", by=other, now=NOW)
    again = comments.answer(comment=reply, text="So do I.", by=reader, now=NOW)

    question.refresh_from_db()
    assert question.settled_at is None
    assert again.parent == question
    (thread,) = queries.threads(preread, reader)
    assert [one.text for one in thread.replies] == ["I wonder, too.", "So do I."]


def test_what_was_taken_away_is_not_told(preread, reader):
    question = ask(preread, reader)
    notice = Notice.objects.get()
    assert kinds.get(notice.kind).is_wanted(notice)

    comments.remove(comment=question, by=reader, now=NOW)

    assert not kinds.get(notice.kind).is_wanted(notice)
    assert queries.threads(preread, reader) == []
    with pytest.raises(NotAllowed, match="taken away"):
        comments.answer(comment=question, text="Too late", by=reader, now=NOW)


def test_questions_are_settled_and_opened_again(preread, reader):
    question = ask(preread, reader)

    comments.settle(comment=question, by=reader, now=NOW)
    assert queries.open_questions(preread.meeting, reader) == {}
    with pytest.raises(NotAllowed, match="already"):
        comments.settle(comment=question, by=reader, now=NOW)

    comments.unsettle(comment=question, by=reader, now=NOW)
    assert queries.open_questions(preread.meeting, reader) == {preread.pk: 1}


@pytest.mark.parametrize(
    ("section", "text", "words"),
    [
        (None, "  ", "Write something"),
        (None, "x" * 4001, "at most 4000"),
        ("question:999-1", "Why?", "not in the newest revision"),
        ("figure:orders", "Why?", "not in the newest revision"),
    ],
)
def test_a_comment_on_nothing_or_of_nothing_is_refused(preread, reader, section, text, words):
    with pytest.raises(NotAllowed, match=words):
        ask(preread, reader, text=text, section=section)

    assert not PreReadComment.objects.exists()


def test_the_whole_can_be_commented_on(preread, reader):
    assert ask(preread, reader, section="").section == ""


def test_nothing_is_said_before_anything_was_handed_in():
    preread = prereads.open_for(meeting=make.meeting(), now=NOW)[0]

    with pytest.raises(NotAllowed, match="not in the newest"):
        ask(preread, preread.meeting.host, section="")


def test_after_the_meeting_comments_can_only_be_read(preread, reader):
    question = ask(preread, reader)
    Meeting.objects.update(status="ended", started_at=make.START, ended_at=make.at(60))

    for verb in (
        lambda: ask(preread, reader),
        lambda: comments.answer(comment=question, text="Late", by=reader, now=NOW),
        lambda: comments.settle(comment=question, by=reader, now=NOW),
        lambda: comments.remove(comment=question, by=reader, now=NOW),
    ):
        with pytest.raises(NotAllowed, match="over"):
            verb()

    assert len(queries.threads(preread, reader)) == 1


# --- confidential -------------------------------------------------------------------------------------------
def test_comments_on_a_confidential_section_are_for_its_circle(preread, reader):
    question = ask(preread, preread.meeting.host, text="How high is the bonus?")
    AgendaItem.objects.filter(department=preread.department).update(is_confidential=True)

    assert queries.threads(preread, reader) == []
    assert queries.open_questions(preread.meeting, reader) == {}
    assert [one.comment for one in queries.threads(preread, preread.meeting.host)] == [question]
    with pytest.raises(NotAllowed, match="not in the newest"):
        ask(preread, reader)


def test_a_removed_confidential_item_takes_its_comments_along(preread, reader):
    ask(preread, preread.meeting.host, text="How high is the bonus?")
    AgendaItem.objects.filter(department=preread.department).update(is_confidential=True)

    AgendaItem.objects.filter(department=preread.department).delete()

    assert queries.threads(preread, reader) == []


def test_a_member_outside_the_circle_is_not_told_of_a_confidential_question():
    """Without a lead the members are told; none of them belongs to the circle."""
    writer = factories.member("sales", name="Wang")
    found = prereads.open_for(meeting=make.meeting(), now=NOW)[0]
    text = found.texts.filter(kind="question").order_by("position").first()
    prereads.save_text(preread=found, sent=Sent(text.kind, text.key, "Pay", text.version), by=writer, now=NOW)
    prereads.submit(preread=found, by=writer, now=NOW)
    AgendaItem.objects.filter(department=found.department).update(is_confidential=True)
    Notice.objects.all().delete()

    ask(found, found.meeting.host)

    assert not Notice.objects.exists()


def test_many_threads_take_as_many_queries_as_one(preread, reader, django_assert_max_num_queries):
    ask(preread, reader)
    with django_assert_max_num_queries(10) as one:
        list(queries.threads(preread, reader))
    for number in range(5):
        question = ask(preread, reader, text=f"More {number}")
        comments.answer(comment=question, text="Yes", by=lead_of(preread), now=NOW)

    with django_assert_max_num_queries(len(one)):
        assert len(queries.threads(preread, reader)) == 6


def test_a_section_shows_open_questions_first_and_five_threads(preread, reader):
    remarks = [ask(preread, reader, text=f"Remark {n}", is_question=False) for n in range(6)]
    question = ask(preread, reader)

    talk = queries.talks(preread, reader)[place(preread)]

    assert [thread.comment for thread in talk.shown] == [question, *remarks[:4]]
    assert (talk.open, talk.total, talk.more) == (1, 7, 2)
