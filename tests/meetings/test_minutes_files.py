"""Minutes to take away: the same words as print view, PDF, Markdown and Word, for each reader what they may know."""

import io
import re

import docx
import pytest
from django.urls import reverse

from meetings.models import Pack, Participant
from meetings.packs import minutes_text
from meetings.queries import packs as pack_queries
from meetings.services import minutes as services
from meetings.services import packs
from people.models import User
from tests import factories
from tests.actions.factories import ActionFactory
from tests.meetings import minutes_factories as make
from tests.meetings.pack_factories import fonts_in

pytestmark = pytest.mark.django_db
NOW = make.NOW


def get(client, user, name, meeting, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"meetings:{name}", args=[meeting.pk, *args]), query)


def full(**fields):
    """Minutes with something of everything."""
    meeting = make.ended(**fields)
    item = meeting.items.order_by("order").first()
    services.write(meeting=meeting, item=None, text="A good month.", version=0, by=meeting.host, now=NOW)
    ActionFactory(
        meeting=meeting,
        agenda_item=item,
        owner=meeting.host,
        title="Call the carrier",
        department=item.department,
    )
    return meeting


def forms(client, user, meeting, **query):
    """Every form but the PDF as text, by its name."""
    word = get(client, user, "minutes_file", meeting, "docx", **query)
    document = docx.Document(io.BytesIO(word.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return {
        "print": get(client, user, "minutes_print", meeting, **query).content.decode(),
        "md": get(client, user, "minutes_file", meeting, "md", **query).content.decode(),
        "docx": "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells]),
    }


def test_every_form_says_the_same(client):
    meeting = full()

    for name, text in forms(client, meeting.host, meeting).items():
        for words in (
            "October review",
            "A good month.",
            "2026-001",
            "Open a shop in Mexico.",
            "Call the carrier",
        ):
            assert words in text, (name, words)
        assert "raft" in text, name


def test_what_is_circulated_is_the_edition_and_names_its_digest(client):
    meeting = full()
    edition = make.circulate(meeting)

    for name, text in forms(client, meeting.host, meeting).items():
        assert edition.digest in text, name
        assert "Draft:" not in text, name
    earlier = get(client, meeting.host, "minutes_edition", meeting, 1).content.decode()
    assert edition.digest in earlier


def test_confidential_words_are_in_no_form_for_those_outside(client):
    meeting = full()
    item = make.secret(meeting, "Twelve people go.")
    make.decide(meeting, "Close the Lyon office.", item)
    services.write(meeting=meeting, item=item, text="In May.", version=0, by=meeting.host, now=NOW)
    reader, company = make.outsider(meeting), factories.executive()
    for is_circulated in (False, True):
        if is_circulated:
            make.circulate(meeting)
        for person in (reader, company):
            for name, text in forms(client, person, meeting).items():
                for words in ("Twelve people", "Lyon", "Layoffs", "In May.", "Call the carrier"):
                    assert words not in text, (name, words)
                assert "Confidential item" in text, name
        for name, text in forms(client, meeting.host, meeting).items():
            assert "Lyon" in text, name


def test_an_item_that_becomes_confidential_later_goes_from_earlier_editions(client):
    meeting = full()
    make.circulate(meeting)
    reader = make.outsider(meeting)
    assert "Mexico" in get(client, reader, "minutes_edition", meeting, 1).content.decode()

    make.secret(meeting)

    assert "Mexico" not in get(client, reader, "minutes_edition", meeting, 1).content.decode()
    assert "Mexico" in get(client, meeting.host, "minutes_edition", meeting, 1).content.decode()


def test_an_excerpt_holds_one_department(client):
    meeting = full(departments=("sales", "finance"))
    make.note(meeting, "Cash is short.", meeting.items.get(department__code="finance"))

    for name, text in forms(client, meeting.host, meeting, department="finance").items():
        assert "Cash is short." in text, name
        assert "We sold more in Canada." not in text, name
        assert "excerpt for Finance" in text, name
    factories.DepartmentFactory(code="tech")
    assert get(client, meeting.host, "minutes_print", meeting, department="tech").status_code == 404


def test_words_are_words_in_markdown_and_html_and_word(client):
    meeting = make.ended(title="A | B <script>")
    make.note(meeting, "# No heading\n- no list <img src=x>\n1. one\x0b", meeting.items.first())

    text = forms(client, meeting.host, meeting)

    assert "\\# No heading" in text["md"]
    assert "\\- no list \\<img src=x\\>" in text["md"]
    assert "1\\. one" in text["md"]
    assert "# A \\| B \\<script\\>" in text["md"]
    assert "<img" not in text["print"]
    assert "<img src=x>" in text["docx"]


def test_a_table_of_markdown_keeps_its_columns():
    block = minutes_text.Table(["What", "Owner"], [["a | b\nc", "x"]])

    lines = minutes_text.markdown_of(block).splitlines()

    assert lines == ["| What | Owner |", "| --- | --- |", "| a \\| b<br>c | x |"]


def test_the_files_say_what_they_are(client):
    meeting = make.ended(title="十月/会议")

    answer = get(client, meeting.host, "minutes_file", meeting, "docx")

    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert "attachment" in answer["Content-Disposition"]
    assert "%2F" not in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert get(client, meeting.host, "minutes_file", meeting, "exe").status_code == 404


def test_before_it_began_there_is_nothing_to_take_away(client):
    meeting = make.room.meeting()
    for name, args in (("minutes_print", []), ("minutes_file", ["md"])):
        assert get(client, meeting.host, name, meeting, *args).status_code == 404


# --- the PDF ------------------------------------------------------------------------------------------------
def made(meeting, reader=None, language="zh-hans"):
    pack = packs.ask(
        meeting=meeting, kind=Pack.Kind.MINUTES, language=language, reader=reader, by=meeting.host, now=NOW
    )
    packs.make(pack=pack, clock=lambda: NOW)
    pack.refresh_from_db()
    return pack


def test_the_pdf_has_chinese_type_and_page_numbers():
    meeting = full(title="十月经营分析会")
    for number in range(60):
        make.note(meeting, f"第 {number} 条：加拿大站销量上升，物流时效需要改进。" * 3, meeting.items.first())

    pack = made(meeting)

    assert (pack.state, pack.kind) == ("done", "minutes")
    assert pack.pages > 1
    with pack.file.open("rb") as stream:
        content = stream.read()
    assert content.startswith(b"%PDF")
    assert any(b"Fupan-Sans" in font or b"FupanSans" in font for font in fonts_in(content)), fonts_in(content)
    assert pack_queries.file_name(pack).startswith("十月经营分析会 2026-11-24")


def test_a_new_word_makes_the_pdf_old_and_the_agendas_pack_is_another(client):
    meeting = full()
    pack = made(meeting)
    assert pack_queries.fresh(meeting, language="zh-hans", kind=Pack.Kind.MINUTES) == pack
    assert pack_queries.fresh(meeting, language="zh-hans") is None

    make.note(meeting, "One more.", meeting.items.first())

    assert pack_queries.fresh(meeting, language="zh-hans", kind=Pack.Kind.MINUTES) is None


def test_the_circle_gets_a_pdf_of_its_own(client):
    meeting = full()
    make.secret(meeting)
    reader = make.outsider(meeting)

    answer = client.force_login(meeting.host) or client.post(
        reverse("meetings:minutes_pack_ask", args=[meeting.pk])
    )

    assert answer.status_code == 302
    pack = Pack.objects.get(kind=Pack.Kind.MINUTES)
    assert pack.reader == meeting.host
    packs.make(pack=pack, clock=lambda: NOW)
    client.force_login(reader)
    assert client.get(reverse("meetings:pack_file", args=[pack.pk])).status_code == 404
    assert pack_queries.reader_for(meeting, reader, Pack.Kind.MINUTES) is None


def test_the_card_of_the_pdf_stands_on_the_page(client):
    meeting = full()
    client.force_login(meeting.host)

    html = client.get(reverse("meetings:minutes_pack", args=[meeting.pk]), headers={"HX-Request": "true"})

    assert "Minutes to take away" in html.content.decode()
    assert reverse("meetings:minutes_pack_ask", args=[meeting.pk]) in html.content.decode()


# --- what it cost -------------------------------------------------------------------------------------------
def test_what_it_cost_is_for_those_who_read_costs(client):
    from meetings.models import CostRate  # leaf: only here

    meeting = full()
    CostRate.objects.create(per_hour=300, currency="CNY", valid_from="2026-01-01")
    make.circulate(meeting)
    reader = make.outsider(meeting)
    boss = factories.executive()
    Participant.objects.create(meeting=meeting, user=boss, role=Participant.Role.EXECUTIVE)

    assert "What it cost" not in get(client, reader, "minutes_print", meeting).content.decode()
    html = get(client, boss, "minutes_print", meeting).content.decode()
    assert re.search(r"What it cost</dt><dd[^>]*>300 CNY", html)
    assert boss.has_role(User.Role.EXECUTIVE)
