"""Lists of others: free ones, those of Trello, Asana and Feishu, and files that are none."""

from datetime import UTC, datetime

import pytest

from actions.imports import cells
from actions.imports.records import Unreadable
from actions.models import Action
from actions.services import imports
from notices.models import Notice
from tests.actions import imported as files
from tests.actions.looked import NOW, changes, look, said
from tests.factories import UserFactory, host, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return host(time_zone="Asia/Shanghai")


def test_a_free_list_begins_drafts_and_promises_and_nothing_twice(by):
    han = member("sales", name="Han Mei")
    text = (
        "要做什么,责任人,截止日期,验收标准\n"
        "把德国站空气炸锅的 ACoS 降到 25%,Han Mei,2027-03-05,3 月 ACoS ≤ 25%\n"
        "联系承运商,,,\n"
        "Nobody's,Wang Xiaoming,下周五 18:00,signed by both\n"
    )
    content = text.encode("gb18030")
    found = look(content, by, "计划.csv")
    assert changes(found) == ["new"] * 3
    assert "Name the one person" in said(found, "notes")

    assert imports.take_over(imported=found, by=by, now=NOW) == 3

    first, second, third = Action.objects.order_by("pk")
    assert (first.owner, first.is_draft, first.is_all_day) == (han, False, True)
    assert first.due_at == datetime(2027, 3, 5, 10, 0, tzinfo=UTC)
    assert second.is_draft
    assert third.owner is None
    assert "Wang Xiaoming" in third.description
    assert third.due_at == datetime(2027, 1, 29, 10, 0, tzinfo=UTC)
    assert Notice.objects.filter(recipient=han).exists()
    assert changes(look(content, by, "计划.csv")) == ["same"] * 3
    assert Action.objects.count() == 3
    # Another person's list of the same words is their own.
    assert changes(look(content, host(), "计划.csv")) == ["new"] * 3


@pytest.mark.parametrize(
    ("name", "content", "source", "expected"),
    [
        ("asana.csv", files.asana(), "asana", ["new", "refused", "new"]),
        ("任务.xlsx", files.feishu(), "feishu", ["new", "new", "refused"]),
        ("board.json", files.trello(), "trello", ["new", "refused", "refused", "refused"]),
    ],
)
def test_exports_of_other_programs(by, name, content, source, expected):
    han = member("sales", name="韩梅" if source == "feishu" else "Han Mei", email="han@x.example")
    found = look(content, by, name)

    assert (found.source, changes(found)) == (source, expected)
    assert "finished there already" in said(found)
    imports.take_over(imported=found, by=by, now=NOW)

    first = Action.objects.order_by("pk").first()
    assert (first.owner, first.source) == (han, source)
    assert first.due_at == datetime(2027, 3, 5, 10, 0, tzinfo=UTC)
    assert "Bids first" in first.description or "先调整竞价" in first.description
    # Trello's checklist makes it a promise; the others have no criteria and stay drafts.
    assert first.is_draft == (source != "trello")
    again = look(content, by, name)
    assert "new" not in changes(again)
    assert "changed" not in changes(again)


def test_finished_elsewhere_stays_open_here_and_a_change_there_comes_over(by):
    member("sales", name="Han Mei", email="han@x.example")
    imports.take_over(imported=look(files.asana(), by, "a.csv"), by=by, now=NOW)
    later = (
        files.asana()
        .replace(b"2027-01-04,,2027-01-05,Cut", b"2027-01-04,2027-02-01,2027-02-01,Cut")
        .replace(b"2027-03-05", b"2027-03-09")
    )

    found = look(later, by, "a.csv")

    assert changes(found) == ["changed", "refused", "same"]
    assert "It is finished there" in said(found, "notes")
    imports.take_over(imported=found, by=by, now=NOW, reason="Moved there")
    assert not Action.objects.exclude(status=Action.Status.TODO).exists()


def test_what_somebody_else_took_over_is_not_shown(by):
    imports.take_over(imported=look(files.trello(), by, "b.json"), by=by, now=NOW)

    found = look(files.trello(), member("finance"), "b.json")

    assert changes(found)[0] == "refused"
    assert "taken over before by somebody else" in said(found)


def test_one_may_give_work_to_oneself_only(by):
    me = member("sales", name="Han Mei")
    UserFactory(name="Li Lei")
    content = b"Task,Owner\nWrite the plan of week 9,Han Mei\nWrite the plan of week 10,Li Lei\n"

    assert changes(look(content, me, "l.csv")) == ["new", "refused"]


# --- files that are none ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b""),
        ("a.pdf", b"%PDF"),
        ("a.xlsx", b"PK\x03\x04nonsense"),
        ("a.xlsx", b"Title\nno workbook"),
        ("a.csv", b"\x00\x01\x02" * 900),
        ("a.csv", b"one,two\n1,2\n"),
        ("a.csv", b"Title,Owner\n"),
        ("a.json", b"{"),
        ("a.json", b"[" * 100_000),
        ("a.json", b'{"cards": 5}'),
        ("a.json", b'{"cards": []}'),
        ("a.csv", b"x" * (10 * 1024 * 1024 + 1)),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(by, name, content):
    with pytest.raises(Unreadable) as caught:
        look(content, by, name)
    assert str(caught.value).endswith(".")


def test_hostile_cells_are_lines_like_others(by):
    hostile = [
        "=cmd|' /C calc'!A0",
        "x" * 300,
        "\u202eevil",
        "<script>alert(1)</script>",
        "😀" * 150,
        "x" * 301,
    ]
    # With the apostrophe that exports give it: a bare formula without a result is an empty cell.
    content = files.workbook(["Title"], [f"'{hostile[0]}"], *([one] for one in hostile[1:]))

    found = look(content, by)

    assert changes(found) == ["new"] * 5 + ["refused"]
    imports.take_over(imported=found, by=by, now=NOW)
    assert [action.title for action in Action.objects.order_by("pk")] == hostile[:5]


def test_trello_of_any_shape_does_not_break(by):
    content = b'{"cards": [{"id": 1, "name": ["x"]}, {"id": "c", "name": "Call Li", "idMembers": 5, "due": "soon"}, 7]}'

    assert changes(look(content, by, "b.json")) == ["refused", "refused"]


@pytest.mark.parametrize(
    "card",
    [
        r'{"id": "c", "name": "Call \ud800 Li", "desc": "\udfff\u0000"}',
        '{"id": "c", "name": "Call Li", "due": "0001-01-01T00:00:00+14:00"}',
        '{"id": "c", "name": "Call Li", "due": "9999-12-31T23:59:00-12:00"}',
        '{"id": "c", "name": "Call Li", "due": "1000-01-01T00:00:00Z"}',
    ],
)
def test_trello_that_wants_to_break_it_is_a_list_like_others(by, card):
    pos = "9" * 400
    items = f'[{{"idCard": "c", "checkItems": [{{"pos": {pos}, "name": "a"}}, {{"pos": NaN, "name": "b"}}]}}]'
    content = f'{{"cards": [{card}], "checklists": {items}}}'.encode()

    found = look(content, by, "b.json")

    imports.take_over(imported=found, by=by, now=NOW)
    assert len(found.rows) == 1


@pytest.mark.parametrize("day", ["9999-12-31 23:59", "0001-01-01 00:00", "9999-12-31", "1.1.0001"])
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Shanghai"])
def test_days_at_the_ends_of_the_calendar_are_none(by, day, zone):
    found = look(f"Title,Due,Time zone\nCall Li,{day},{zone}\n".encode(), by, "l.csv")

    assert changes(found) == ["refused"]
    assert day in said(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-03-05", "2027-03-05"),
        ("2027/3/5 9:05", "2027-03-05 09:05"),
        ("2027年3月5日 18点00", "2027-03-05 18:00"),
        ("2027-03-05T18:00:00+08:00", "2027-03-05T10:00Z"),
        ("5.3.2027", "2027-03-05"),
        ("3/25/2027", "2027-03-25"),
        ("25/3/2027 8:00", "2027-03-25 08:00"),
        ("3/5/2027", None),
        ("2027-13-05", None),
        ("2027-03-05 25:00", None),
        ("soon", None),
        ("tomorrow 18:00", "2027-01-21 18:00"),
        ("", ""),
        (datetime(2027, 3, 5, 18, 30), "2027-03-05 18:30"),
    ],
)
def test_dates_as_people_write_them(by, text, expected):
    assert cells.deadline(text, now=NOW, zone=by.zone) == expected


def test_texts_lose_the_apostrophe_that_exports_gave_them():
    assert cells.text("'=1+1") == "=1+1"
    assert cells.text("'tis") == "'tis"
