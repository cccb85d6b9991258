"""Our own export and back: only what was edited is written, each edit by its own rule."""

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.errors import NotPossible
from actions.exports import workbook
from actions.imports.records import Unreadable
from actions.models import Action
from actions.services import imports
from core.models import RowChange
from tests.actions import imported as files
from tests.actions.factories import ActionFactory, draft, meeting
from tests.actions.looked import NOW, changes, look, said
from tests.factories import DepartmentFactory, UserFactory, host, lead, member

pytestmark = pytest.mark.django_db
DUE = datetime(2027, 3, 5, 10, 0, tzinfo=UTC)


@pytest.fixture
def by():
    return host(time_zone="Asia/Shanghai")


def exported(*actions) -> openpyxl.Workbook:
    """Our own workbook, opened as by Excel: saved again it has lost our way of writing it."""
    stream = io.BytesIO()
    rows = Action.objects.filter(pk__in=[one.pk for one in actions]).with_people().order_by("pk")
    workbook.write(stream, list(rows.prefetch_related("criteria")))
    return openpyxl.load_workbook(stream)


def cell(book, label: str, row: int = 2):
    head = [one.value for one in book.active[1]]
    return book.active.cell(row=row, column=head.index(label) + 1)


def promised(**fields) -> Action:
    given = {
        "due_at": DUE,
        "published_at": NOW - timedelta(days=9),
        "department": DepartmentFactory(code="sales"),
    }
    return ActionFactory(**(given | fields))


def test_nothing_edited_changes_nothing_whatever_the_cells_hold(by):
    left = UserFactory(name="Gone", is_active=False)
    promised(title="=1+1 of the air fryer to 25 %", description=" a \r\n\nb ", time_zone="America/New_York")
    promised(due_at=datetime(2027, 3, 4, 16, 0, tzinfo=UTC), owner=left)  # midnight in Shanghai
    promised(owner=UserFactory(name="王伟"), acceptor=UserFactory(name="王伟"))
    draft(owner=None, acceptor=None, due_at=None, criteria=[])
    promised(status=Action.Status.CANCELLED, cancel_reason="Sold out")

    found = look(files.saved(exported(*Action.objects.all())), by)

    assert changes(found) == ["same"] * 5
    assert not said(found, "notes")
    with pytest.raises(Unreadable, match="lines"):
        look(b"Title\n" + b"Call Li\n" * 1_001, by, "l.csv")


def test_only_the_edits_are_written_and_each_through_its_verb(by):
    action, other = promised(), promised()
    newer = member("sales", name="Han Mei")
    book = exported(action, other)
    cell(book, "Action").value = "Lower the ACoS of the kettle to 20 %"
    cell(book, "Owner").value = "Han Mei"
    cell(book, "Deadline").value = datetime(2027, 3, 12, 18, 0)
    cell(book, "Acceptance criteria").value = "ACoS ≤ 20 % in week 13\napproved by finance"
    # Meanwhile somebody writes into what the file leaves alone.
    Action.objects.filter(pk=other.pk).update(description="Said meanwhile")
    Action.objects.filter(pk=action.pk).update(description="Said meanwhile, too")

    found = look(files.saved(book), by)
    assert changes(found) == ["changed", "same"]
    assert [edit["field"] for edit in found.rows[0]["edits"]] == ["title", "owner", "due", "criteria"]
    assert imports.take_over(imported=found, by=by, now=NOW, reason="Chinese New Year") == 1

    action.refresh_from_db()
    assert (action.title, action.owner, action.slips) == ("Lower the ACoS of the kettle to 20 %", newer, 1)
    assert action.due_at == datetime(2027, 3, 12, 10, 0, tzinfo=UTC)
    assert action.description == "Said meanwhile, too"
    assert action.deadline_changes.get().reason == "Chinese New Year"
    assert [one.text for one in action.criteria.order_by("position")][1] == "approved by finance"
    assert RowChange.objects.filter(actor=by).exists()
    assert changes(look(files.saved(book), by)) == ["same", "same"]


def test_what_somebody_changed_since_is_not_overwritten(by):
    action = promised()
    book = exported(action)
    cell(book, "Description").value = "Mine"
    Action.objects.filter(pk=action.pk).update(description="Theirs")

    found = look(files.saved(book), by)

    assert changes(found) == ["refused"]
    assert "“Theirs”" in said(found)


def test_what_changes_between_look_and_take_over_is_looked_at_again(by):
    action = promised()
    book = exported(action)
    cell(book, "Description").value = "Mine"
    found = look(files.saved(book), by)
    Action.objects.filter(pk=action.pk).update(description="Theirs")

    with pytest.raises(imports.ChangedMeanwhile):
        imports.take_over(imported=found, by=by, now=NOW)
    again = imports.look_again(imported=found, by=by, now=NOW)

    assert changes(again) == ["refused"]
    assert again.counts["refused"] == 1


@pytest.mark.parametrize(
    ("label", "value", "why"),
    [
        ("Owner", "Nobody Here", "Nobody here is called “Nobody Here”"),
        ("Owner", "", "cannot be empty"),
        ("Deadline", "03/05/2027", "is no deadline"),
        ("Deadline", datetime(2026, 1, 1), "has already passed"),
        ("Time zone", "Asia/Atlantis", "is no time zone"),
        ("Department", "Nonsense", "There is no department"),
        ("Number", "A-999999", "There is no action A-999999"),
        ("Action", "", "cannot be empty"),
        ("Action", "Optimise the ads", "As a promise it would be incomplete"),
        ("Acceptance criteria", "", "As a promise it would be incomplete"),
    ],
)
def test_what_cannot_be_is_refused_with_why(by, label, value, why):
    book = exported(promised())
    cell(book, label).value = value

    found = look(files.saved(book), by)

    assert changes(found) == ["refused"]
    assert why in said(found)


def test_nothing_closes_an_action_and_nothing_reopens_one(by):
    open_one = promised()
    over = promised(status=Action.Status.SUBMITTED, done_at=NOW)
    book = exported(open_one, over)
    cell(book, "Status").value = "accepted"
    cell(book, "Action", 3).value = "Something else for 25 %"

    found = look(files.saved(book), by)

    assert changes(found) == ["same", "refused"]
    assert "is open until it is accepted" in said(found, "notes")
    assert not Action.objects.filter(status=Action.Status.ACCEPTED).exists()


def test_each_line_obeys_its_own_rule(by):
    owner, boss = member("sales"), lead("sales")
    action = promised(owner=owner, acceptor=boss, created_by=boss)
    hidden = promised(department=DepartmentFactory(code="finance"), title="SECRET of finance at 5 %")
    book = exported(action, hidden)
    for row in (2, 3):
        cell(book, "Deadline", row).value = datetime(2027, 4, 1, 18, 0)

    found = look(files.saved(book), owner)

    assert changes(found) == ["refused", "refused"]
    assert "Its owner asks on its page" in said(found)
    assert f"There is no action {hidden.reference}" in said(found)
    # The acceptor may.
    assert changes(look(files.saved(book), boss)) == ["changed", "refused"]


def test_a_confidential_action_is_for_its_circle_in_a_preview_too(by):
    review = meeting(host=UserFactory())
    item = review.items.create(order=1, title="Pay", is_confidential=True, report_minutes=5)
    action = promised(title="Cut the pay of Li by 5 %", meeting=review, agenda_item=item)
    book = exported(action)
    cell(book, "Description").value = "x"

    found = look(files.saved(book), by)

    assert changes(found) == ["refused"]
    assert "There is no action" in said(found)


def test_what_is_closed_after_the_look_is_not_shown_any_more(by, client):
    review = meeting(host=UserFactory())
    item = review.items.create(order=1, title="Pay", report_minutes=5)
    action = promised(title="Cut the pay of Li by 5 %", meeting=review, agenda_item=item)
    action.description = "Li knows nothing"
    action.save()
    content = f"Number,Title,Description\n{action.reference},{action.title},Our own words\n".encode()
    found = look(content, by, "l.csv")
    client.force_login(by)
    where = f"/actions/import/{found.pk}/"
    before = client.get(where).text
    assert "Cut the pay of Li" in before
    assert "Li knows nothing" in before

    item.is_confidential = True
    item.save()
    page = client.get(where).text

    assert "you may not read it" in page
    assert "Li knows nothing" not in page
    assert "Cut the pay of Li" not in page


def test_an_import_gives_work_to_nobody_whom_the_page_would_refuse(by):
    """The author may hand over, but only to whom they may give work."""
    author = member("sales")
    stranger = UserFactory(name="Li Lei")
    action = promised(owner=author, created_by=author, acceptor=lead("sales"))
    begun = draft(owner=author, created_by=author, title="Write the plan of week 9", department=None)
    for one in (action, begun):
        content = f"Number,Title,Owner\n{one.reference},{one.title},Li Lei\n".encode()
        found = look(content, author, "l.csv")
        assert changes(found) == ["refused"], one
        assert f"may not give work to {stranger.name}" in said(found)
        assert changes(look(content, by, "l.csv")) == ["changed"]


def test_a_line_that_cannot_be_written_leaves_nothing_written(by):
    first, second = promised(), promised()
    book = exported(first, second)
    cell(book, "Description", 2).value = "written"
    cell(book, "Deadline", 3).value = datetime(2027, 4, 1, 18, 0)
    found = look(files.saved(book), by)

    with pytest.raises(NotPossible, match="Line 3: Say why the deadline moves"):
        imports.take_over(imported=found, by=by, now=NOW, reason=" ")

    first.refresh_from_db()
    assert first.description == ""
    assert imports.take_over(imported=found, by=by, now=NOW, reason="Holidays") == 2
    with pytest.raises(NotPossible, match="dealt with already"):
        imports.take_over(imported=found, by=by, now=NOW, reason="Holidays")


def test_queries_do_not_grow_with_the_lines(by):
    actions = [promised() for _number in range(3)]
    numbers = []
    assert by.department_ids == set()  # read once for a person
    for few in (actions[:1], actions):
        book = exported(*few)
        for row in range(2, 2 + len(few)):
            cell(book, "Description", row).value = "x"
        content = files.saved(book)
        with CaptureQueriesContext(connection) as captured:
            assert set(changes(look(content, by))) == {"changed"}
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]


def test_the_same_action_twice_in_a_file_is_taken_once(by):
    action = promised()
    content = f"Number,Title\n{action.reference},Cut it to 5 %\n{action.reference},Cut it to 6 %\n".encode()

    found = look(content, by, "l.csv")

    assert changes(found) == ["changed", "refused"]
    assert "in line 2 already" in said(found)
    assert "check column is missing" in said(found, "notes")
