"""What an issue rests on: frozen figures, passages of pre-reads, notes; and who may know of it."""

import pytest

from meetings.models import AgendaItem, Issue, Meeting, Note, RoomClock
from meetings.queries import evidence
from meetings.queries import issues as queries
from meetings.services import issues as services
from meetings.services import prereads, snapshot
from meetings.services.prereads import Sent
from tests import factories
from tests.meetings import issue_factories as made
from tests.meetings import room_factories as rooms
from tests.meetings import settling_factories as figures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW = made.NOW


@pytest.fixture
def shop():
    return figures.october(80, september=100)


@pytest.fixture
def meeting(shop):
    """In its room, with the frozen pre-read of sales: 80 orders after 100."""
    meeting = figures.review()
    figures.submit(meeting, causes=["orders"])
    return begin(meeting)


def begin(meeting: Meeting) -> Meeting:
    snapshot.freeze(meeting=meeting, cause="start", by=meeting.host, now=rooms.START)
    Meeting.objects.filter(pk=meeting.pk).update(status="in_progress", started_at=rooms.START)
    RoomClock.objects.create(meeting=meeting)
    return Meeting.objects.get(pk=meeting.pk)


def figure(meeting, reader=None, preread=None, code="orders"):
    return evidence.of_figure(meeting=meeting, code=code, preread=preread, reader=reader or meeting.host)


def raised(meeting, found, **fields) -> Issue:
    issue, _is_new = services.raise_issue(meeting=meeting, by=meeting.host, now=NOW, found=found, **fields)
    return issue


# --- figures ------------------------------------------------------------------------------------------------
def test_a_figure_goes_into_the_pool_as_it_stood_frozen_and_stays_so(meeting, shop):
    preread = figures.preread(meeting)

    issue = raised(meeting, figure(meeting, preread=preread))
    figures.set_orders(shop, 70)

    (entry,) = queries.pool(meeting, meeting.host).waiting
    assert issue.text == "Orders 80 (−20.0% against the period before)"
    assert (float(entry.evidence.value), float(entry.evidence.previous)) == (80, 100)
    assert float(entry.evidence.change) == pytest.approx(-0.2)
    assert entry.evidence.metric.code == "orders"
    assert entry.evidence.url == f"/meetings/{meeting.pk}/preread/sales/revisions/1/"
    assert entry.evidence.metric_url == "/metrics/orders/"
    assert issue.evidence["revision"] == preread.revisions.get().pk
    assert issue.evidence["period"] == "2026-10"


def test_a_row_of_the_meetings_own_table_leads_to_the_frozen_figures(meeting):
    issue = raised(meeting, figure(meeting))

    (entry,) = queries.pool(meeting, meeting.host).waiting
    assert entry.evidence.url == f"/meetings/{meeting.pk}/figures/"
    assert "department" not in issue.evidence


def test_the_same_figure_twice_is_one_issue_and_the_second_time_a_vote(meeting):
    found = figure(meeting, preread=figures.preread(meeting))
    other = made.person(meeting)
    issue = raised(meeting, found)

    again, is_new = services.raise_issue(meeting=meeting, by=other, now=NOW, found=found)

    assert (again, is_new) == (issue, False)
    assert Issue.objects.count() == 1
    assert queries.pool(meeting, other).waiting[0].has_voted


def test_a_settled_issue_does_not_swallow_the_figure_when_it_comes_again(meeting):
    found = figure(meeting)
    services.settle(issue=raised(meeting, found), state="withdrawn", by=meeting.host, now=NOW)

    _again, is_new = services.raise_issue(meeting=meeting, by=meeting.host, now=NOW, found=found)

    assert is_new


def test_words_of_ones_own_stand_in_place_of_those_of_the_figure(meeting):
    assert raised(meeting, figure(meeting), text="Fewer orders, why?").text == "Fewer orders, why?"


def test_a_metric_that_the_table_has_not_got_is_no_evidence(meeting):
    assert figure(meeting, code="revenue") is None
    assert figure(meeting, preread=figures.preread(meeting), code="revenue") is None


# --- passages and notes -------------------------------------------------------------------------------------
def test_a_passage_of_a_pre_read_is_cited_with_its_revision(meeting):
    preread = figures.preread(meeting)
    text = preread.texts.exclude(kind="cause").first()

    found = evidence.of_passage(
        meeting=meeting, place=f"{text.kind}:{text.key}", preread=preread, reader=meeting.host
    )
    issue = raised(meeting, found)

    (entry,) = queries.pool(meeting, meeting.host).waiting
    assert issue.text == "Words."
    assert (entry.evidence.kind, entry.evidence.words) == ("passage", "Words.")
    assert entry.evidence.url == f"/meetings/{meeting.pk}/preread/sales/revisions/1/"


@pytest.mark.parametrize("place", ["", "problem:999", "nonsense"])
def test_a_passage_that_is_not_there_is_no_evidence(meeting, place):
    preread = figures.preread(meeting)

    found = evidence.of_passage(meeting=meeting, place=place, preread=preread, reader=meeting.host)

    assert found is None


def test_a_note_that_becomes_an_issue_is_its_evidence(meeting):
    note = Note.objects.create(
        meeting=meeting,
        text="Boxes break\non the way",
        created_by=meeting.host,
        created_at=NOW,
        edited_by=meeting.host,
        edited_at=NOW,
    )

    issue = raised(meeting, evidence.of_note(note), note=note)

    (entry,) = queries.pool(meeting, meeting.host).waiting
    assert (issue.text, issue.source_note) == ("Boxes break on the way", note)
    assert entry.evidence.words == "Boxes break\non the way"
    assert entry.evidence.url == f"/meetings/{meeting.pk}/minutes/#note-{note.pk}"


# --- confidential -------------------------------------------------------------------------------------------
@pytest.fixture
def secret(shop):
    """Sales reports its orders only in a confidential item."""
    meeting = figures.review()
    meeting.items.filter(department__code="sales").update(is_confidential=True)
    # Its head is in the circle, other people of the department are not.
    preread, head = figures.preread(meeting), factories.lead("sales")
    for row in preread.texts.exclude(kind="cause"):
        sent = Sent(row.kind, row.key, "Words.", row.version)
        prereads.save_text(preread=preread, sent=sent, by=head, now=figures.NOW)
    sent = Sent("cause", "orders", "A promotion.", 0)
    prereads.save_text(preread=preread, sent=sent, by=head, now=figures.NOW)
    prereads.submit(preread=preread, by=head, now=figures.NOW)
    return begin(meeting)


def test_what_rests_on_a_confidential_figure_stays_in_its_circle(secret):
    item = secret.items.get(department__code="sales")
    summary = secret.items.get(department=None)
    outsider = made.person(secret)

    issue = raised(secret, figure(secret, preread=figures.preread(secret)), item=summary)

    assert issue.item == item
    assert queries.pool(secret, outsider).is_empty
    assert not queries.pool(secret, secret.host).is_empty


def test_a_confidential_figure_is_no_evidence_for_an_outsider(secret):
    outsider = made.person(secret)

    assert figure(secret, reader=outsider) is None
    assert figure(secret, reader=outsider, preread=figures.preread(secret)) is None
    assert figure(secret, preread=figures.preread(secret)) is not None


def test_an_outsider_who_raises_the_same_does_not_learn_of_the_circles_issue(meeting):
    """A figure that is open to all, raised by the circle within a confidential item, and again by somebody else."""
    item = AgendaItem.objects.create(
        meeting=meeting, order=9, title_en="Secret", title_zh="密", is_confidential=True
    )
    mine = raised(meeting, figure(meeting), item=item)
    outsider = made.person(meeting)

    again, is_new = services.raise_issue(
        meeting=meeting, by=outsider, now=NOW, found=figure(meeting, reader=outsider)
    )

    assert is_new
    assert again != mine


def test_a_member_of_the_department_sees_what_came_up_in_an_open_item(meeting):
    raised(meeting, figure(meeting), item=meeting.items.first())

    assert len(queries.pool(meeting, factories.member("sales")).waiting) == 1
