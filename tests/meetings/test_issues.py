"""The issue pool: raising, votes, the executive's order, working on one, settling."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.errors import Conflict, NotAllowed
from meetings.models import Issue, LiveEvent
from meetings.queries import issues as queries
from meetings.services import issues as services
from meetings.services.issues import Work
from tests import factories
from tests.meetings import issue_factories as made
from tests.meetings import room_factories as rooms
from tests.meetings.issue_factories import NOW, SOLUTION

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def meeting():
    return made.running()


def order(meeting) -> list[str]:
    return [entry.issue.text for entry in queries.pool(meeting, meeting.host).waiting]


def put_in(meeting, text="Returns double", **fields):
    return services.raise_issue(meeting=meeting, by=meeting.host, now=NOW, text=text, **fields)


# --- raising ------------------------------------------------------------------------------------------------
def test_an_issue_stands_in_the_pool_with_the_departments_it_needs_and_in_the_log(meeting):
    supply = factories.DepartmentFactory(code="supply")

    issue, is_new = put_in(meeting, "  Returns \n double ", item=meeting.items.first(), needs=[supply])

    event = LiveEvent.objects.get(meeting=meeting, verb="issue.raised")
    assert is_new
    assert issue.text == "Returns double"
    assert issue.state == Issue.State.OPEN
    assert event.data["row"]["id"] == issue.pk
    assert event.data["row"]["needs"] == [supply.pk]
    assert event.data["row"]["text"] == "Returns double"


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 301])
def test_an_issue_says_something_and_not_too_much(meeting, text):
    with pytest.raises(NotAllowed):
        put_in(meeting, text)

    assert not Issue.objects.exists()


def test_nothing_is_raised_before_the_meeting_begins():
    meeting = rooms.meeting()

    with pytest.raises(NotAllowed, match="begun"):
        put_in(meeting)


# --- order --------------------------------------------------------------------------------------------------
def test_the_pool_is_in_the_order_of_votes_then_of_time(meeting):
    made.issue(meeting, "first")
    made.votes(made.issue(meeting, "one vote", raised_at=rooms.at(40)), 1)
    made.votes(made.issue(meeting, "three votes", raised_at=rooms.at(50)), 3)

    assert order(meeting) == ["three votes", "one vote", "first"]


def test_a_vote_counts_once_and_can_be_taken_back(meeting):
    issue, voter = made.issue(meeting), made.person(meeting)

    services.vote(issue=issue, by=voter, now=NOW)
    services.vote(issue=issue, by=voter, now=NOW)
    voted = queries.pool(meeting, voter).waiting[0]
    services.take_vote_back(issue=issue, by=voter, now=NOW)
    services.take_vote_back(issue=issue, by=voter, now=NOW)

    assert (voted.votes, voted.has_voted) == (1, True)
    assert queries.pool(meeting, voter).waiting[0].votes == 0
    verbs = LiveEvent.objects.filter(meeting=meeting).order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["vote.given", "vote.removed"]


def test_a_settled_issue_takes_no_votes(meeting):
    issue = made.issue(meeting, state="withdrawn", settled_at=NOW)

    with pytest.raises(NotAllowed, match="settled"):
        services.vote(issue=issue, by=meeting.host, now=NOW)


def test_the_executives_order_goes_before_votes_and_the_rest_goes_on_by_votes(meeting):
    for number, text in enumerate(["a", "b", "c", "d"]):
        made.votes(made.issue(meeting, text), 4 - number)
    c = Issue.objects.get(text="c")

    services.move(issue=c, up=True, by=meeting.host, now=NOW)
    services.move(issue=c, up=True, by=meeting.host, now=NOW)
    services.move(issue=c, up=True, by=meeting.host, now=NOW)
    made.votes(Issue.objects.get(text="d"), 9)

    assert order(meeting) == ["c", "a", "b", "d"]
    assert Issue.objects.get(text="d").rank is None

    services.order_by_votes(meeting=meeting, by=meeting.host, now=NOW)

    assert order(meeting) == ["d", "a", "b", "c"]


def test_moving_the_last_one_down_changes_nothing(meeting):
    made.issue(meeting, "a")
    last = made.issue(meeting, "b", raised_at=rooms.at(40))

    services.move(issue=last, up=False, by=meeting.host, now=NOW)

    assert not Issue.objects.exclude(rank=None).exists()


def test_a_settled_issue_has_no_place(meeting):
    issue = made.issue(meeting, state="withdrawn", settled_at=NOW)

    with pytest.raises(NotAllowed, match="settled"):
        services.move(issue=issue, up=True, by=meeting.host, now=NOW)


# --- working ------------------------------------------------------------------------------------------------
def test_one_issue_is_worked_on_at_a_time_and_the_other_keeps_what_was_found(meeting):
    first = made.issue(meeting, "first", state="working", whys=["because"])
    second = made.issue(meeting, "second")

    services.work_on(issue=second, by=meeting.host, now=NOW)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.whys) == (Issue.State.OPEN, ["because"])
    assert second.state == Issue.State.WORKING


def test_the_chain_of_whys_is_kept_with_its_version(meeting):
    issue = made.issue(meeting, state="working")
    work = Work(text=issue.text, whys=["Boxes break", "  ", "Cartons are thin", "", ""], **SOLUTION)

    stored = services.save(issue=issue, work=work, version=1, by=meeting.host, now=NOW)

    assert stored.whys == ["Boxes break", "", "Cartons are thin"]
    assert stored.asked == ["Boxes break", "Cartons are thin"]
    assert (stored.version, stored.edited_by) == (2, meeting.host)
    assert LiveEvent.objects.get(verb="issue.changed").data["row"]["whys"] == stored.whys


def test_a_stale_save_changes_nothing_and_shows_what_is_stored(meeting):
    issue = made.issue(meeting, state="working")
    services.save(issue=issue, work=Work(text="theirs"), version=1, by=meeting.host, now=NOW)

    with pytest.raises(Conflict) as caught:
        services.save(issue=issue, work=Work(text="mine"), version=1, by=meeting.host, now=NOW)
    again = services.save(issue=issue, work=Work(text="theirs"), version=1, by=meeting.host, now=NOW)

    assert caught.value.theirs.text == "theirs"
    assert again.version == 2


def test_departments_that_are_needed_are_stored_and_are_part_of_the_conflict(meeting):
    issue = made.issue(meeting, state="working")
    supply = factories.DepartmentFactory(code="supply")
    work = Work(text=issue.text, needs=[supply])

    services.save(issue=issue, work=work, version=1, by=meeting.host, now=NOW)

    assert list(issue.needs.all()) == [supply]
    with pytest.raises(Conflict):
        services.save(issue=issue, work=Work(text=issue.text), version=1, by=meeting.host, now=NOW)


# --- settling -----------------------------------------------------------------------------------------------
def test_solved_is_what_has_a_cause_a_process_and_a_solution(meeting):
    issue = made.issue(meeting, state="working", root_cause="Cartons are thin")

    with pytest.raises(NotAllowed) as caught:
        services.settle(issue=issue, state="solved", by=meeting.host, now=NOW)
    Issue.objects.filter(pk=issue.pk).update(**SOLUTION)
    services.settle(issue=issue, state="solved", by=meeting.host, now=NOW)

    assert "Name the process" in str(caught.value)
    assert "root cause" not in str(caught.value)
    assert (issue.state, issue.settled_by, issue.settled_at) == ("solved", meeting.host, NOW)


@pytest.mark.parametrize(
    ("before", "after", "is_allowed"),
    [
        ("open", "parked", True),
        ("open", "withdrawn", True),
        ("open", "solved", False),
        ("working", "open", True),
        ("parked", "open", True),
        ("withdrawn", "open", True),
        ("solved", "open", True),
        ("parked", "solved", False),
        ("withdrawn", "parked", False),
        ("open", "nonsense", False),
    ],
)
def test_an_issue_goes_only_where_its_life_goes(meeting, before, after, is_allowed):
    settled_at = None if before in Issue.WAITING else NOW
    issue = made.issue(meeting, state=before, settled_at=settled_at, **SOLUTION)

    if is_allowed:
        services.settle(issue=issue, state=after, by=meeting.host, now=NOW)
    else:
        with pytest.raises(NotAllowed):
            services.settle(issue=issue, state=after, by=meeting.host, now=NOW)

    issue.refresh_from_db()
    assert issue.state == (after if is_allowed else before)


def test_what_is_taken_up_again_is_not_settled_any_more(meeting):
    issue = made.issue(meeting, state="parked", settled_at=NOW, settled_by=meeting.host)

    services.settle(issue=issue, state="open", by=meeting.host, now=NOW)

    assert (issue.settled_at, issue.settled_by) == (None, None)


# --- queries ------------------------------------------------------------------------------------------------
def test_the_pool_takes_as_many_queries_for_three_issues_as_for_one(meeting):

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries_of:
            for entry in queries.pool(meeting, meeting.host).waiting:
                list(entry.issue.needs.all())
        return len(queries_of)

    figure = {"kind": "figure", "code": "revenue", "value": "1", "previous": "2", "change": "-0.5"}
    evidence = {**figure, "unit": "money", "currency": "USD", "period": "2026-10"}
    made.issue(meeting, "a", evidence=evidence).needs.add(factories.DepartmentFactory(code="supply"))
    asked()
    one = asked()
    for text in ("b", "c"):
        made.issue(meeting, text, evidence=evidence).needs.add(factories.DepartmentFactory(code="tech"))

    assert asked() == one
