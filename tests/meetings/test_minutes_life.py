"""The life of minutes: circulated, objected to, approved, locked, corrected."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from meetings.errors import Conflict, NotAllowed
from meetings.models import ClockRule, Decision, Minutes, MinutesText, Note, Objection
from meetings.queries import minutes_content
from meetings.services import minutes as services
from meetings.services import obligations
from tests import factories
from tests.meetings import minutes_factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW, UNTIL, AFTER = make.NOW, make.UNTIL, make.AFTER


def write(meeting, text, version=0, item=None):
    return services.write(meeting=meeting, item=item, text=text, version=version, by=meeting.host, now=NOW)


def object_to(minutes, by, text="It was Mexico, not Canada.", now=NOW):
    return services.object_to(minutes=minutes, item=None, text=text, by=by, now=now)


def answer(objection, kind, by, words="", now=NOW):
    return services.answer(objection=objection, answer=kind, words=words, by=by, now=now)


# --- writing ------------------------------------------------------------------------------------------------
def test_a_passage_saved_from_an_older_version_is_refused_with_the_stored_one():
    meeting = make.ended()
    assert write(meeting, "First words").version == 1
    assert write(meeting, "Better words", version=1).version == 2

    with pytest.raises(Conflict) as conflict:
        write(meeting, "Late words", version=1)

    assert conflict.value.theirs.text == "Better words"
    assert MinutesText.objects.get().text == "Better words"
    assert write(meeting, "Better words", version=1).version == 2  # the same words again are no conflict


def test_a_passage_is_refused_before_the_end_and_while_the_minutes_are_out():
    running = make.room.meeting(status="in_progress")
    with pytest.raises(NotAllowed):
        write(running, "Too early")
    meeting = make.ended()
    make.circulate(meeting)

    with pytest.raises(NotAllowed, match="circulated"):
        write(meeting, "Too late")


# --- circulating --------------------------------------------------------------------------------------------
def test_circulating_keeps_an_edition_whose_digest_tells_a_change():
    meeting = make.ended()
    write(meeting, "A good month.")

    edition = make.circulate(meeting)

    assert edition.number == 1
    assert edition.content["summary"] == "A good month."
    assert edition.content["chapters"][0]["decisions"][0]["text"] == "Open a shop in Mexico."
    edition.refresh_from_db()
    assert minutes_content.is_unchanged(edition)
    edition.content["summary"] = "A bad month."
    assert not minutes_content.is_unchanged(edition)
    with pytest.raises(Exception, match="never rewritten"), transaction.atomic():
        edition.save()


def test_circulating_fulfils_the_duty_of_the_minutes_at_that_moment():
    meeting = make.ended()
    obligations.ensure(meeting=meeting, now=make.ENDED)
    duty = meeting.obligations.get(kind=ClockRule.Kind.MINUTES)
    assert duty.met_at is None

    make.circulate(meeting)

    duty.refresh_from_db()
    assert (duty.met_at, duty.met_by) == (NOW, meeting.host)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"approvers": []}, "at least one person"),
        ({"objections_until": NOW}, "passed already"),
        ({"version": 99}, "changed in the meantime"),
    ],
)
def test_circulating_says_what_is_missing_and_keeps_nothing(change, words):
    meeting = make.ended()
    values = {
        "approvers": [meeting.host],
        "objections_until": UNTIL,
        "version": services.begin(meeting).version,
    }

    with pytest.raises(NotAllowed, match=words):
        services.circulate(meeting=meeting, by=meeting.host, now=NOW, **{**values, **change})

    minutes = Minutes.objects.get(meeting=meeting)
    assert (minutes.state, minutes.editions.count()) == ("draft", 0)


# --- objections ---------------------------------------------------------------------------------------------
def test_an_objection_that_is_taken_over_makes_a_new_edition_to_be_approved_anew():
    meeting = make.ended()
    other, critic = factories.UserFactory(), factories.UserFactory()
    make.circulate(meeting, meeting.host, other)
    minutes = make.approve(meeting, other, now=NOW)
    assert minutes.state == "circulated"

    answer(object_to(minutes, critic), Objection.Answer.TAKEN, meeting.host)
    minutes.refresh_from_db()
    assert minutes.state == "draft"
    write(meeting, "Now with Mexico.")
    edition = make.circulate(meeting, meeting.host, other)

    assert edition.number == 2
    assert edition.content["summary"] == "Now with Mexico."
    assert minutes.approvals.filter(approved_at=None).count() == 2
    with pytest.raises(NotAllowed, match="newest"):
        services.approve(minutes=minutes, edition=minutes.editions.get(number=1), by=other, now=AFTER)


def test_an_objection_is_noted_with_a_reason_and_answered_once():
    meeting = make.ended()
    make.circulate(meeting)
    minutes = Minutes.objects.get(meeting=meeting)
    objection = object_to(minutes, factories.UserFactory())

    with pytest.raises(NotAllowed, match="why the text stays"):
        answer(objection, Objection.Answer.NOTED, meeting.host)
    answer(objection, Objection.Answer.NOTED, meeting.host, "The recording says Canada.")
    with pytest.raises(NotAllowed, match="answered already"):
        answer(objection, Objection.Answer.TAKEN, meeting.host)

    minutes.refresh_from_db()
    assert minutes.state == "circulated"


def test_objections_end_to_the_second():
    meeting = make.ended()
    make.circulate(meeting)
    minutes = Minutes.objects.get(meeting=meeting)

    object_to(minutes, factories.UserFactory(), now=UNTIL)
    with pytest.raises(NotAllowed, match="over"):
        object_to(minutes, factories.UserFactory(), now=UNTIL + dt.timedelta(seconds=1))


# --- approving ----------------------------------------------------------------------------------------------
def test_they_are_approved_when_all_said_yes_all_is_answered_and_the_time_is_over():
    meeting = make.ended()
    other = factories.UserFactory()
    make.circulate(meeting, meeting.host, other)
    minutes = Minutes.objects.get(meeting=meeting)
    objection = object_to(minutes, other)
    make.approve(meeting, meeting.host, now=NOW)
    assert not services.settle(minutes=minutes, now=AFTER)
    make.approve(meeting, other, now=NOW)
    assert not services.settle(minutes=minutes, now=AFTER)
    answer(objection, Objection.Answer.WITHDRAWN, other)
    assert not services.settle(minutes=minutes, now=UNTIL - dt.timedelta(seconds=1))
    assert services.settle_due(now=UNTIL - dt.timedelta(seconds=1)) == 0

    assert services.settle_due(now=UNTIL) == 1

    minutes.refresh_from_db()
    assert (minutes.state, minutes.approved_at) == ("approved", UNTIL)


def test_only_those_who_were_named_approve():
    meeting = make.ended()
    make.circulate(meeting)

    with pytest.raises(NotAllowed, match="not among"):
        make.approve(meeting, factories.UserFactory())


# --- locking ------------------------------------------------------------------------------------------------
def test_locking_waits_for_the_approval_and_keeps_what_was_approved():
    meeting = make.ended()
    edition = make.circulate(meeting)
    minutes = Minutes.objects.get(meeting=meeting)
    with pytest.raises(NotAllowed, match="locked when"):
        services.lock(minutes=minutes, by=meeting.host, now=AFTER)
    make.approve(meeting)

    final = services.lock(minutes=minutes, by=meeting.host, now=AFTER)

    assert final.content["chapters"] == edition.content["chapters"]
    assert final.content["approved_digest"] == edition.digest
    assert final.content["approvals"][0]["name"] == meeting.host.name
    assert minutes_content.is_unchanged(final)


def _change_note(meeting):
    Note.objects.filter(meeting=meeting).update(text="Something else")


def _remove_note(meeting):
    Note.objects.filter(meeting=meeting).update(removed_at=NOW)


def _change_decision(meeting):
    Decision.objects.filter(meeting=meeting).update(text="Something else")


def _withdraw_decision(meeting):
    Decision.objects.filter(meeting=meeting).update(outcome="withdrawn")


def _change_text(meeting):
    MinutesText.objects.filter(minutes__meeting=meeting).update(text="Something else")


def _open_again(meeting):
    Minutes.objects.filter(meeting=meeting).update(state="draft")


@pytest.mark.parametrize(
    "change",
    [
        _change_note,
        _remove_note,
        lambda meeting: make.note(meeting, "One more"),
        _change_decision,
        _withdraw_decision,
        lambda meeting: make.decide(meeting, "One more"),
        _change_text,
        _open_again,
    ],
)
def test_the_database_itself_refuses_to_change_locked_minutes(change):
    meeting = make.ended()
    write(meeting, "A good month.")
    make.locked(meeting)

    with pytest.raises(IntegrityError, match=r"locked|opened"), transaction.atomic():
        change(meeting)

    other = make.ended(title="Another meeting")
    _change_note(other)  # another meeting's records are free
    Note.objects.filter(meeting=meeting).update(edited_at=AFTER)  # what is not a word may change


def test_a_meeting_whose_minutes_were_approved_cannot_be_deleted():
    meeting = make.room.meeting(status="ended")
    make.locked(meeting)

    with pytest.raises(ProtectedError), transaction.atomic():
        meeting.delete()

    assert Minutes.objects.get(meeting=meeting).state == "locked"


def test_corrections_are_numbered_and_only_for_locked_minutes():
    meeting = make.ended()
    minutes = services.begin(meeting)
    with pytest.raises(NotAllowed, match="mended themselves"):
        services.correct(minutes=minutes, item=None, text="Mexico", by=meeting.host, now=NOW)
    minutes = make.locked(meeting)

    numbers = [
        services.correct(minutes=minutes, item=None, text=f"No. {n}", by=meeting.host, now=AFTER).number
        for n in (1, 2)
    ]

    assert numbers == [1, 2]
    with pytest.raises(NotAllowed, match="put right"):
        services.correct(minutes=minutes, item=None, text=" ", by=meeting.host, now=AFTER)


@pytest.mark.django_db(transaction=True)
def test_a_note_that_is_saved_while_they_are_locked_comes_before_or_not_at_all():
    meeting = make.ended()
    make.circulate(meeting)
    minutes = make.approve(meeting)
    outcome = []

    def late():
        try:
            make.note(meeting, "Slipped in")
            outcome.append("stored")
        except IntegrityError:
            outcome.append("refused")
        finally:
            connection.close()

    with transaction.atomic():
        services.lock(minutes=minutes, by=meeting.host, now=AFTER)
        thread = threading.Thread(target=late)
        thread.start()
        thread.join(0.5)
        assert outcome == []  # waits for the row of the minutes
    thread.join(10)

    assert outcome == ["refused"]
    assert not Note.objects.filter(text="Slipped in").exists()
