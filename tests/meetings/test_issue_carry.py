"""Issues that nobody solved go on in the next meeting of the series."""

import pytest

from meetings.models import AgendaItem, Issue, ItemReader, Meeting, Series
from meetings.queries import issues as queries
from meetings.services import carry
from meetings.services import series as series_services
from tests.factories import DepartmentFactory, UserFactory
from tests.meetings import issue_factories as made
from tests.meetings.factories import NOW, draft, template
from tests.meetings.series_factories import TUESDAY, terms
from tests.meetings.test_carry import AFTER, add, carried, hold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def series() -> Series:
    meeting = draft(template=template("weekly-operations"), starts_at=TUESDAY, title="Weekly")
    return series_services.start(meeting=meeting, terms=terms(), by=meeting.host, now=NOW)


@pytest.fixture
def meetings(series) -> list[Meeting]:
    return list(series.meetings.select_related("host").order_by("starts_at")[:3])


def texts(meeting: Meeting) -> list[str]:
    return list(meeting.issues.order_by("text").values_list("text", flat=True))


def test_waiting_and_parked_issues_go_on_and_settled_ones_do_not(meetings):
    first, second, _third = meetings
    settled = {"settled_at": AFTER, "settled_by": first.host}
    made.issue(first, "a open")
    made.issue(first, "b working", state="working")
    made.issue(first, "c parked", state="parked", **settled)
    made.issue(first, "d solved", state="solved", **settled)
    made.issue(first, "e withdrawn", state="withdrawn", **settled)
    hold(first)

    carry.after(meeting=first, now=AFTER)

    assert texts(second) == ["a open", "b working", "c parked"]
    assert set(second.issues.values_list("state", flat=True)) == {"open"}


def test_what_was_found_comes_along_and_votes_and_order_do_not(meetings):
    first, second, _third = meetings
    evidence = {"kind": "passage", "text": "x", "place": "free:free", "department": "sales", "number": 1}
    old = made.issue(first, whys=["Boxes break"], root_cause="Thin cartons", rank=1, evidence=evidence)
    old.needs.add(DepartmentFactory(code="supply"))
    made.votes(old, 2)
    hold(first)

    carry.after(meeting=first, now=AFTER)

    new = second.issues.get()
    assert (new.carried_from, new.whys, new.root_cause, new.rank) == (
        old,
        ["Boxes break"],
        "Thin cartons",
        None,
    )
    assert list(new.needs.all()) == list(old.needs.all())
    assert new.votes.count() == 0
    (entry,) = queries.pool(second, second.host).waiting
    assert entry.evidence.url == f"/meetings/{first.pk}/preread/sales/revisions/1/"


def test_it_comes_once_and_says_where_it_went(meetings):
    first, second, _third = meetings
    made.issue(first, "a")
    hold(first)

    carry.after(meeting=first, now=AFTER)
    carry.bring_over(meeting=second, now=AFTER)

    assert texts(second) == ["a"]
    (entry,) = queries.entries(first.issues.all(), first.host)
    assert [(one.kind, one.words) for one in entry.became] == [("carried", second.title)]


def test_where_it_came_from_is_said_to_whoever_may_read_that_meeting(meetings):
    first, second, _third = meetings
    made.issue(first, "a")
    hold(first)
    carry.after(meeting=first, now=AFTER)
    newcomer = made.person(second)

    (for_host,) = queries.pool(second, second.host).waiting
    (for_newcomer,) = queries.pool(second, newcomer).waiting

    assert for_host.came_from == first.issues.get()
    assert for_newcomer.came_from is None


def test_an_issue_goes_on_from_meeting_to_meeting(meetings):
    first, second, third = meetings
    made.issue(first, "a")
    hold(first)
    carry.after(meeting=first, now=AFTER)
    hold(second)
    carry.bring_over(meeting=third, now=AFTER)

    assert texts(third) == ["a"]
    assert third.issues.get().carried_from == second.issues.get()


# --- confidential -------------------------------------------------------------------------------------------
@pytest.fixture
def secret(meetings) -> AgendaItem:
    item = add(meetings[0], "Pay", is_confidential=True)
    ItemReader.objects.create(item=item, user=UserFactory(name="Reader"))
    made.issue(meetings[0], "Pay gap", item=item)
    hold(meetings[0])
    return item


def test_one_of_a_confidential_item_brings_the_item_and_its_circle(meetings, secret):
    first, second, _third = meetings
    outsider = made.person(second)
    reader = made.person(second, name="Invited reader")
    ItemReader.objects.create(item=secret, user=reader)

    carry.after(meeting=first, now=AFTER)

    issue = second.issues.get()
    assert ("Pay", "open_issue") in carried(second)
    assert issue.item == second.items.get(title_en="Pay")
    assert not Issue.objects.visible_to(outsider).filter(pk=issue.pk).exists()
    assert Issue.objects.visible_to(reader).filter(pk=issue.pk).exists()


def test_a_confidential_item_that_is_dropped_takes_its_issues_along(meetings, secret):
    first, second, _third = meetings
    carry.after(meeting=first, now=AFTER)

    carry.drop(item=second.items.get(title_en="Pay"), by=second.host, now=AFTER)

    assert not second.issues.exists()
    assert first.issues.exists()

    carry.bring_over(meeting=second, now=AFTER)

    assert not second.issues.exists()
