import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from meetings.models import AgendaItem, DecisionRequest, PreReadProblem, ResourceRequest, Statement
from meetings.queries import reading, revision_diff
from meetings.queries.revision_diff import What, words
from meetings.services import attachments, prereads
from meetings.services.prereads import Sent
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import NOW

SAME, ADDED, REMOVED = What.SAME, What.ADDED, What.REMOVED


def told(old, new):
    return [(piece.what, piece.text) for piece in words(old, new)]


# --- words ----------------------------------------------------------------------------------------------------
def test_english_is_compared_by_word():
    assert told("Sales rose by 5 percent", "Sales fell by 5 percent") == [
        (SAME, "Sales "),
        (REMOVED, "rose"),
        (ADDED, "fell"),
        (SAME, " by 5 percent"),
    ]


def test_chinese_is_compared_by_sign():
    assert told("销售额上涨了", "销售额下跌了") == [
        (SAME, "销售额"),
        (REMOVED, "上涨"),
        (ADDED, "下跌"),
        (SAME, "了"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "A"),
        ("A", ""),
        ("a b c", "c b a"),
        ("同比 +5.3%，ACoS 下降", "同比 -5.3%, ACoS 上升\n再看"),
        ("x\r\ny", "x\ny"),
        ("😀 <b>", "<i> 😀"),
    ],
)
def test_the_pieces_give_back_both_texts(old, new):
    pieces = words(old, new)

    assert "".join(piece.text for piece in pieces if piece.what != ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.what != REMOVED) == new


def test_a_very_long_text_is_compared_by_line_in_reasonable_time():
    old = "".join(f"line {number} of a long report\n" for number in range(5000))
    new = old.replace("line 2500 ", "row 2500 ")

    changed = [piece for piece in words(old, new) if piece.what != SAME]

    assert [piece.text for piece in changed] == [
        "line 2500 of a long report\n",
        "row 2500 of a long report\n",
    ]


# --- revisions --------------------------------------------------------------------------------------------------
@pytest.fixture
def preread(db, english):
    return prereads.open_for(meeting=make.meeting(), now=NOW)[0]


def hand_in(preread, text=None, now=NOW):
    by = factories.member("sales")
    if preread.submitted_at:
        prereads.reopen(preread=preread, by=by, now=now)
    if text is not None:
        row = preread.texts.get(kind="free")
        prereads.save_text(preread=preread, sent=Sent("free", "free", text, row.version), by=by, now=now)
    return prereads.submit(preread=preread, by=by, now=now)


def compare(preread, old, new, reader=None):
    reader = reader or preread.meeting.host
    return revision_diff.changes(
        reading.of_revision(preread, old, reader), reading.of_revision(preread, new, reader)
    )


def row_of(preread, model, **fields):
    return model.objects.create(
        preread=preread, edited_by=preread.meeting.host, edited_at=NOW, position=1, **fields
    )


def test_two_equal_revisions_differ_in_nothing(preread):
    old = hand_in(preread, "The same.")
    new = hand_in(preread)

    assert compare(preread, old, new).total == 0


def test_texts_added_changed_and_taken_out(preread):
    old = hand_in(preread, "First.")
    new = hand_in(preread, "Second.")

    (change,) = compare(preread, old, new).texts

    assert (change.what, change.heading) == (What.CHANGED, "Anything else")
    assert [change.what for change in compare(preread, new, old).texts] == [What.CHANGED]


def test_rows_added_changed_and_taken_out(preread):
    problem = row_of(preread, PreReadProblem, problem="Stock-out", solution="Order more")
    gone = row_of(preread, PreReadProblem, problem="Old one", solution="Done")
    old = hand_in(preread, "Text")
    problem.solution = "Order twice as much"
    problem.save()
    gone.removed_at = NOW
    gone.save()
    row_of(
        preread,
        ResourceRequest,
        what="A photographer",
        cost=2000,
        expected_increment=500,
        is_first=True,
    )
    row_of(
        preread,
        DecisionRequest,
        question="Which market?",
        options=[{"text": "Japan", "effect": ""}, {"text": "Spain", "effect": "slow"}],
        recommended=0,
        decider=preread.meeting.host,
    )
    new = hand_in(preread)

    found = [(row.what, row.kind, row.title) for row in compare(preread, old, new).rows]

    assert found == [
        (What.CHANGED, "Problem", "Stock-out"),
        (What.REMOVED, "Problem", "Old one"),
        (What.ADDED, "Resource request", "A photographer"),
        (What.ADDED, "Decision request", "Which market?"),
    ]
    (name, pieces) = compare(preread, old, new).rows[0].fields[0]
    assert name == "proposed solution"
    assert [piece.text for piece in pieces if piece.what == ADDED] == ["twice as much"]


def test_a_stated_figure_that_changed(preread):
    stated = Statement.objects.create(
        preread=preread,
        metric_code="orders",
        value=100,
        source="Backend",
        stated_by=preread.meeting.host,
        stated_at=NOW,
    )
    old = hand_in(preread, "Text")
    stated.value = 120
    stated.save()
    new = hand_in(preread)

    (change,) = compare(preread, old, new).rows

    assert change.kind == "Stated figure"
    assert [(piece.what, piece.text) for piece in change.fields[0][1]] == [(REMOVED, "100"), (ADDED, "120")]


def test_files_added_and_taken_out(preread):
    by = factories.member("sales")

    def attach(name, content):
        file = SimpleUploadedFile(name, content, content_type="text/plain")
        return attachments.attach(preread=preread, file=file, by=by, now=NOW)

    first = attach("first.txt", b"one")
    old = hand_in(preread, "Text")
    prereads.reopen(preread=preread, by=by, now=NOW)
    attachments.remove(attachment=first, by=by, now=NOW)
    attach("second.txt", b"two")
    new = prereads.submit(preread=preread, by=by, now=NOW)

    found = [(change.what, change.file.name) for change in compare(preread, old, new).files]

    assert found == [(What.ADDED, "second.txt"), (What.REMOVED, "first.txt")]


def test_what_is_confidential_is_no_change_for_others(preread):
    question = preread.texts.filter(kind="question").first()
    old = hand_in(preread, "Text")
    by = factories.member("sales")
    prereads.reopen(preread=preread, by=by, now=NOW)
    prereads.save_text(
        preread=preread,
        sent=Sent(question.kind, question.key, "Bonus 5000", question.version),
        by=by,
        now=NOW,
    )
    new = prereads.submit(preread=preread, by=by, now=NOW)
    AgendaItem.objects.filter(department=preread.department).update(is_confidential=True)
    reader = make.invite(preread.meeting, factories.UserFactory())

    assert compare(preread, old, new, reader).total == 0
    assert compare(preread, old, new).total == 1


def test_an_older_revision_without_rows_can_be_compared(preread):
    old = hand_in(preread, "Text")
    for name in ("statements", "problems", "resources", "decisions"):
        old.content.pop(name)
    row_of(preread, PreReadProblem, problem="New", solution="Yes")
    new = hand_in(preread, "Text", NOW + dt.timedelta(hours=1))

    assert [row.what for row in compare(preread, old, new).rows] == [What.ADDED]
