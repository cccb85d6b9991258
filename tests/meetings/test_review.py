"""The data owner certifies what was handed in, or returns it."""

import datetime as dt

import pytest
from django.db import DatabaseError

from meetings.errors import NotAllowed
from meetings.models import PreRead, Review
from meetings.services import prereads, review
from notices import kinds
from notices.models import Notice
from tests import factories
from tests.meetings import settling_factories as made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW = made.NOW
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def owner():
    return factories.data_owner(name="Chen")


@pytest.fixture
def revision():
    return made.submit(made.review(metrics=()))


def status(revision):
    return PreRead.objects.get(pk=revision.preread_id).status


def certify(revision, owner, **values):
    return review.certify(revision=revision, by=owner, now=LATER, **values)


def send_back(revision, owner, comment="Explain the fall."):
    return review.return_(revision=revision, comment=comment, by=owner, now=LATER)


def test_a_certified_revision_closes_the_preread(revision, owner):
    certify(revision, owner, comment="Good.")

    assert status(revision) == "certified"
    assert Review.objects.get().comment == "Good."
    with pytest.raises(NotAllowed, match="certified already"):
        certify(revision, owner)


def test_a_returned_one_is_written_and_handed_in_anew(revision, owner):
    send_back(revision, owner)
    assert status(revision) == "returned"

    second = made.submit(revision.preread.meeting, at=LATER)

    assert (second.number, status(revision)) == (2, "submitted")
    with pytest.raises(NotAllowed, match="newer revision"):
        certify(revision, owner)
    certify(second, owner)
    assert status(revision) == "certified"


def test_a_returned_one_is_handed_in_anew_after_the_end_of_the_corrections(revision, owner):
    over = revision.preread.corrections_until + dt.timedelta(hours=1)
    review.return_(revision=revision, comment="Explain the fall.", by=owner, now=over)

    second = made.submit(revision.preread.meeting, causes=(), at=over)

    assert (second.number, status(revision)) == (2, "submitted")
    with pytest.raises(NotAllowed, match="time for corrections is over"):
        prereads.reopen(preread=made.preread(revision.preread.meeting), by=factories.lead("sales"), now=over)


def test_after_the_corrections_what_was_only_reopened_stays_as_submitted(revision):
    prereads.reopen(preread=made.preread(revision.preread.meeting), by=factories.lead("sales"), now=NOW)
    over = revision.preread.corrections_until + dt.timedelta(hours=1)

    with pytest.raises(NotAllowed, match="time for corrections is over"):
        made.submit(revision.preread.meeting, at=over)


def test_it_is_returned_with_words(revision, owner):
    with pytest.raises(NotAllowed, match="mended"):
        send_back(revision, owner, " \n")
    assert status(revision) == "submitted"


def test_a_certified_one_may_still_be_returned(revision, owner):
    certify(revision, owner)
    send_back(revision, owner)

    assert status(revision) == "returned"


def test_reopening_takes_the_certificate(revision, owner):
    certify(revision, owner)
    preread = made.preread(revision.preread.meeting)
    prereads.reopen(preread=preread, by=factories.lead("sales"), now=LATER)

    assert status(revision) == "draft"
    with pytest.raises(NotAllowed, match="writing again"):
        certify(revision, owner)


def test_nothing_is_reviewed_once_the_meeting_has_begun(owner):
    meeting = made.review(metrics=())
    revision = made.submit(meeting)
    meeting.status, meeting.started_at = "in_progress", NOW
    meeting.save()

    with pytest.raises(NotAllowed, match="begun"):
        certify(revision, owner)


def test_the_heads_are_told_why(owner):
    head = factories.lead("sales")
    revision = made.submit(made.review(metrics=()))
    send_back(revision, owner)
    notice = Notice.objects.get(kind="meetings.preread_returned", recipient=head)
    kind = kinds.get(notice.kind)

    assert kind.is_wanted(notice)
    assert kind.title(notice) == "Returned: pre-read of Sales"
    assert "Explain the fall." in kind.body(notice)
    assert kind.url(notice).endswith("/preread/sales/")

    made.submit(revision.preread.meeting, at=LATER)
    notice.refresh_from_db()
    assert notice.state == Notice.State.SUPERSEDED


def test_a_certificate_is_told_too(owner):
    head = factories.lead("sales")
    revision = made.submit(made.review(metrics=()))
    certify(revision, owner)
    notice = Notice.objects.get(kind="meetings.preread_certified", recipient=head)
    kind = kinds.get(notice.kind)

    assert (kind.is_wanted(notice), kind.title(notice)) == (True, "Certified: pre-read of Sales")
    assert kind.body(notice).startswith("Chen certified revision 1")


def test_reviews_are_never_rewritten(revision, owner):
    certify(revision, owner)

    with pytest.raises(DatabaseError, match="never rewritten"):
        Review.objects.update(comment="another")
