"""The list as a file: what stands in it, in which types, for whom, and that no program runs any of it."""

import io
import re
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import icalendar
import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import services
from actions.exports import marks, paper
from actions.models import Action, Criterion
from core import workbooks
from meetings.packs import pdf
from tests.actions.factories import ActionFactory, meeting
from tests.factories import DepartmentFactory, UserFactory, host

pytestmark = pytest.mark.django_db
DUE = datetime(2027, 3, 5, 10, 30, tzinfo=UTC)


def sheet(client, query: str = ""):
    response = client.get(reverse("actions:export_workbook") + query)
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active


def table(found) -> list[dict]:
    head, *rows = found.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_workbook_holds_dates_numbers_and_texts_as_such(client):
    viewer = host()
    action = ActionFactory(
        title="=1+1", due_at=DUE, time_zone="Asia/Shanghai", description="a\nb", owner__name="韩梅"
    )
    client.force_login(viewer)

    found = sheet(client)
    (row,) = table(found)

    assert row["Action"] == "=1+1"
    assert {cell.data_type for cell in found[2] if cell.value == "=1+1"} == {"s"}
    assert row["Deadline"] == datetime(2027, 3, 5, 18, 30)
    assert row["Times postponed"] == 0
    assert (row["Number"], row["Owner"], row["Description"]) == (action.reference, "韩梅", "a\nb")
    assert row["Acceptance criteria"] == "ACoS ≤ 25 % in week 12"
    assert marks.read(row["Check (leave as it is)"])
    widths = {column: found.column_dimensions[column] for column in ("B", "P")}
    assert widths["B"].width == 48
    assert widths["P"].hidden
    assert (found.freeze_panes, found.auto_filter.ref) == ("A2", "A1:P2")


def test_head_and_words_are_the_readers(client):
    viewer = host(language="zh-hans")
    ActionFactory(due_at=DUE)
    client.force_login(viewer)

    (row,) = table(sheet(client))

    assert row["负责人"]
    assert row["状态"] == "未开始"


def test_two_of_one_name_are_told_apart(client):
    viewer = host()
    ActionFactory(owner=UserFactory(name="王伟", email="a@x.example"), acceptor__name="Li", due_at=DUE)
    ActionFactory(owner=UserFactory(name="王伟", email="b@x.example"), acceptor=viewer, due_at=DUE)
    client.force_login(viewer)

    assert {row["Owner"] for row in table(sheet(client))} == {"王伟 <a@x.example>", "王伟 <b@x.example>"}


def test_each_file_is_filtered_sorted_and_holds_nothing_hidden(client, action, soon):
    ActionFactory(title="SECRET", department=DepartmentFactory(code="finance"), due_at=soon)
    ActionFactory(title="Later", owner=action.owner, due_at=soon + timedelta(days=3))
    client.force_login(action.owner)

    assert [row["Action"] for row in table(sheet(client, "?mine=on&sort=-due_at"))] == ["Later", action.title]
    calendar = client.get(reverse("actions:export_calendar") + "?mine=on")
    events = icalendar.Calendar.from_ical(calendar.content).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [f"Action due: {action.title}", "Action due: Later"]
    assert b"SECRET" not in calendar.content


def test_what_is_finished_is_not_due_in_a_calendar(client):
    viewer = host()
    ended = ActionFactory(status="cancelled", cancel_reason="No need", owner=viewer, due_at=DUE, title="Move")
    client.force_login(viewer)

    content = client.get(reverse("actions:export_calendar") + "?status=cancelled").content.decode()

    assert f"SUMMARY:Action (cancelled): {ended.title}\r\n" in content


def test_calendar_names_nothing_confidential_and_whose_it_is(client):
    viewer = host()
    review = meeting(host=viewer)
    item = review.items.create(order=1, title="Pay", is_confidential=True, report_minutes=5)
    ActionFactory(title="Cut the pay of Li", owner=viewer, meeting=review, agenda_item=item, due_at=DUE)
    ActionFactory(title="Open matter", owner__name="Li Lei", due_at=DUE)
    client.force_login(viewer)

    content = client.get(reverse("actions:export_calendar")).content.decode()

    assert "Cut the pay" not in content
    assert "SUMMARY:Action due\r\n" in content
    assert "Open matter (Li Lei)" in content


@pytest.mark.skipif(not pdf.is_possible(), reason="this machine cannot set type")
def test_paper_is_a_pdf_in_either_language(client):
    for language in ("en", "zh-hans"):
        viewer = host(language=language)
        ActionFactory(title="把空气炸锅的退货率降到 3%", due_at=DUE)
        client.force_login(viewer)

        response = client.get(reverse("actions:export_paper"))

        assert response["Content-Type"] == "application/pdf"
        assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_paper_marks_what_is_shown_as_the_page_of_the_action_does(client, django_assert_num_queries):
    action = ActionFactory(criteria=["ACoS ≤ 25 %", "Sent to 3 people", "Approved by finance"])
    shown, excused, _open = action.criteria.order_by("position")
    services.add_evidence(action=action, criterion=shown, text="24 %", by=action.owner, now=DUE)
    Criterion.objects.filter(pk=excused.pk).update(
        no_evidence_because="Said on the telephone", met_at=DUE, met_by=action.owner
    )
    rows = list(Action.objects.with_people().prefetch_related("criteria__evidence"))

    with django_assert_num_queries(0):
        html = paper.page(rows, count=1, language="en", now=DUE)

    assert re.findall(r"([■□]) ([^<]+)<", html) == [
        ("■", "ACoS ≤ 25 %"),
        ("■", "Sent to 3 people"),
        ("□", "Approved by finance"),
    ]


def test_a_machine_without_type_says_so_and_leads_back(client, monkeypatch):
    def broken():
        raise pdf.PangoMissing("libpango")

    monkeypatch.setattr(pdf, "load", broken)
    client.force_login(host())

    response = client.get(reverse("actions:export_paper") + "?mine=on", follow=True)

    assert response.redirect_chain == [(reverse("actions:list") + "?mine=on", 302)]
    assert "cannot make PDFs" in response.text


@pytest.mark.parametrize("name", ["export", "export_workbook", "export_calendar"])
def test_queries_do_not_grow_with_the_rows(client, name, soon):
    client.force_login(host())
    numbers = []
    for missing in (1, 2):
        ActionFactory.create_batch(missing, due_at=soon)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse(f"actions:{name}"))
            _body = b"".join(response.streaming_content) if response.streaming else response.content
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]


def test_a_workbook_survives_what_texts_can_hold():
    stream = io.BytesIO()
    rows = [["\x00\ud83d<&>\"'", "x" * 40_000, 1.5, timezone.now(), None, "\r\ny"]]
    workbooks.write(stream, name="[a]*" * 20, columns=[workbooks.Column("c")] * 6, rows=rows)

    found = openpyxl.load_workbook(stream).active
    values = [cell.value for cell in found[2]]
    assert values[0] == "<&>\"'"
    assert len(values[1]) == 32_767
    assert values[2:3] + values[4:] == [1.5, None, "\ny"]
    assert len(found.title) <= 31
    assert "quotePrefix" in ZipFile(stream).read("xl/styles.xml").decode()


def test_marks_tell_what_was_edited(action):
    held = marks.of(action, ["one", "two"])
    found = marks.read(marks.write(held))

    assert found
    assert all(marks.fits(found[field], held[field]) for field in marks.FIELDS)
    assert not marks.fits(found["title"], marks.plain("other"))
    assert marks.plain(" a \r\nb ") == marks.plain("a\nb")
    assert marks.read("f1:00") is None
    assert Action.objects.filter(pk=action.pk).exists()
