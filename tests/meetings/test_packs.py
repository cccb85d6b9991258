"""The pack: what is in it and what is kept out, made in the background once, by whichever worker lives."""

import json
import os
import re
import subprocess
import sys
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from meetings.models import Meeting, Pack
from meetings.packs import charts, content, pdf
from meetings.queries import packs as queries
from meetings.services import packs, prereads, snapshot
from tests import factories
from tests.meetings import pack_factories as make
from tests.meetings import room_factories as room
from tests.metrics import builders
from tests.plugins.worker import BASE_DIR

pytestmark = pytest.mark.django_db
NOW = make.NOW


def html_of(meeting, reader=None, language="en"):
    meeting = Meeting.objects.select_related("template", "host").get(pk=meeting.pk)
    with translation.override(language), timezone.override(meeting.zone):
        found = content.gather(meeting, reader=reader)
        return packs.as_html(found, pictures={}, language=language, now=NOW)


def ask(meeting, language="en", reader=None, now=NOW):
    return packs.ask(meeting=meeting, language=language, reader=reader, by=meeting.host, now=now)


def made(meeting, **options):
    pack = ask(meeting, **options)
    packs.make(pack=pack, clock=timezone.now)
    pack.refresh_from_db()
    return pack


def fonts_in(content):
    return set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([^\s/>]+)", _unpacked(content)))


def _unpacked(content):
    """The PDF with its compressed streams opened."""
    import zlib

    parts = [content]
    for start in (match.end() for match in re.finditer(rb"stream\r?\n", content)):
        try:
            parts.append(zlib.decompressobj().decompress(content[start:]))
        except zlib.error:
            continue
    return b"\n".join(parts)


# --- what is in it ------------------------------------------------------------------------------------------
def test_a_pack_has_the_cover_the_agenda_with_its_clock_and_every_department():
    host = factories.host(name="Zhou Host")
    meeting = make.meeting(host=host, location="Room 3")
    make.certify(make.submit(meeting, "sales", "We sold more."), by=factories.data_owner())

    html = html_of(meeting)

    assert "October review" in html
    assert "Zhou Host" in html
    assert "Room 3" in html
    assert "(Shanghai, UTC+8)" in html
    assert "14:00–15:00" in html
    assert "report from 14:00, discussion from 14:20" in html
    assert "1 of 2 pre-reads are in, 1 of them certified" in html
    assert "We sold more." in html
    assert "✓ certified" in html
    assert "No pre-read was submitted." in html


def test_what_is_not_certified_says_so_and_requests_stand_in_front():
    meeting = make.meeting()
    decider = factories.executive(name="Boss Li")
    lead = factories.lead("sales")
    make.rows(meeting, "sales", decider, lead)
    make.submit(meeting, "sales", by=lead)

    html = html_of(meeting, language="zh-hans")

    asked = html.index("是否关闭加拿大站？")
    assert asked < html.index('id="department-sales"')
    assert html.count("是否关闭加拿大站？") == 2
    assert "追加广告预算" in html
    assert "12,000.00 USD" in html
    assert "2.4" in html
    assert "主图点击率低" in html
    assert "Boss Li" in html
    assert "✓" not in html


def test_departments_stand_in_the_order_in_which_they_speak():
    meeting = make.meeting(departments=("tech", "sales"))

    html = html_of(meeting)

    assert html.index('id="department-tech"') < html.index('id="department-sales"')


def test_a_moved_figure_is_flagged_with_its_cause_and_drawn_over_its_past():
    shop = builders.shop()
    months = [f"2025-{month:02}" for month in range(9, 13)] + [f"2026-{month:02}" for month in range(1, 11)]
    builders.covered(shop, *months)
    for number, month in enumerate(months):
        builders.totals(shop, f"{month}-15", orders=10 if month != "2026-10" else 40 + number)
    meeting = make.meeting(departments=("sales",))
    meeting.items.filter(department__code="sales").update(metric_codes=["orders"])
    lead = factories.lead("sales")
    preread = meeting.prereads.get()
    preread.texts.create(
        kind="cause", key="orders", text="Prime Day moved.", version=1, edited_by=lead, edited_at=NOW
    )
    make.submit(meeting, "sales", "We sold more.", by=lead)
    preread.texts.filter(kind="cause").update(text="Prime Day moved.")

    html = html_of(meeting)

    assert "large move" in html
    assert html.count("<svg") == 1
    drawing = html[html.index("<svg") : html.index("</svg>")]
    # Thirteen months from October a year ago on; the year before is known of the last two.
    assert drawing.count(f'fill="{charts.ACTUAL}"') == 13
    assert drawing.count(f'fill="{charts.YEAR_BEFORE}"') == 2
    assert "2025-10" in drawing
    assert "2026-10" in drawing
    assert "style=" not in drawing


def test_a_chart_labels_its_last_column_and_extremes_without_crowding():
    assert charts.labelled([1, 2, 9, 2, 2, 2, 0, 2, 2, 5]) == [2, 6, 9]
    assert charts.labelled([5, 5]) == [1]
    assert charts.labelled([None, None]) == []


def test_after_the_freeze_it_holds_what_the_meeting_works_with():
    meeting = make.meeting()
    lead = factories.lead("sales")
    make.submit(meeting, "sales", "First words.", by=lead)
    before = queries.fingerprint(meeting, language="en", reader=None)
    snapshot.freeze(meeting=meeting, cause="host", by=meeting.host, now=NOW)
    preread = meeting.prereads.get(department__code="sales")
    prereads.reopen(preread=preread, by=lead, now=NOW)
    make.submit(meeting, "sales", "Later words.", by=lead)

    html = html_of(meeting)

    assert queries.fingerprint(meeting, language="en", reader=None) != before
    assert "First words." in html
    assert "Later words." not in html


# --- what is kept out ---------------------------------------------------------------------------------------
def test_a_confidential_item_is_masked_for_all_and_named_for_its_circle():
    meeting = make.meeting()
    make.make_confidential(meeting, "Commission of the sales team")

    for_all, for_host = html_of(meeting), html_of(meeting, reader=meeting.host)

    assert "Commission" not in for_all
    assert "Confidential item" in for_all
    assert "Commission of the sales team" in for_host
    assert "alone: holds confidential parts" in for_host
    # Its minutes stay, so that the clock times add up.
    assert for_all.count("of 240 min") == 1
    assert "160 of 240 min" in for_all


def test_the_pack_for_all_is_offered_to_who_knows_no_more_than_all():
    meeting = make.meeting()
    guest = room.invite(meeting, factories.UserFactory())
    assert queries.reader_for(meeting, meeting.host) is None

    make.make_confidential(meeting)

    assert queries.reader_for(meeting, guest) is None
    assert queries.reader_for(meeting, meeting.host) == meeting.host


def test_a_confidential_picture_is_only_in_the_pack_of_its_circle():
    meeting = make.meeting()
    lead = factories.lead("sales")
    make.attach(meeting, "sales", "pay.png", make.picture(), lead)
    meeting.prereads.get(department__code="sales").attachments.update(is_confidential=True)
    make.submit(meeting, "sales", by=lead)

    assert "pay.png" not in html_of(meeting)
    assert "pay.png" in html_of(meeting, reader=meeting.host)


def test_a_pack_is_closed_when_something_in_it_becomes_confidential(client):
    meeting = make.meeting()
    pack = made(meeting)
    guest = room.invite(meeting, factories.UserFactory())
    client.force_login(guest)
    address = reverse("meetings:pack_file", args=[pack.pk])
    assert client.get(address).status_code == 200

    meeting.items.filter(department__code="finance").update(is_confidential=True)

    assert client.get(address).status_code == 404


def test_a_personal_pack_is_its_readers_alone(client):
    meeting = make.meeting()
    make.make_confidential(meeting)
    pack = made(meeting, reader=meeting.host)
    client.force_login(meeting.host)
    assert client.get(reverse("meetings:pack_file", args=[pack.pk])).status_code == 200

    client.force_login(room.invite(meeting, factories.executive()))

    assert client.get(reverse("meetings:pack_file", args=[pack.pk])).status_code == 404


@pytest.mark.logs_errors("Failed to load (image|stylesheet) at '?http://127.0.0.1.*Refused")
@pytest.mark.logs_errors("Failed to load image at 'file:///etc/passwd'.*Refused")
def test_markup_of_a_person_is_text_and_reaches_nothing():
    """A server of our own waits for the request that must not come; the file must not appear either."""
    asked = []

    class Trap(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Trap)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    trap = f"http://127.0.0.1:{server.server_port}"
    evil = (
        f'<img src="{trap}/a.png"><link rel="stylesheet" href="{trap}/b.css"><style>@import "{trap}/c.css"</style>'
        '<object data="file:///etc/passwd"></object><script>1</script>'
    )
    meeting = make.meeting(title=f"Review {evil}"[:190], location=evil[:190])
    lead = factories.lead("sales")
    make.rows(meeting, "sales", factories.executive(name=evil[:90]), lead)
    make.submit(meeting, "sales", evil, by=lead)

    html = html_of(meeting)
    pack = made(meeting)
    # And even were it markup, the maker would not fetch it.
    raw = f'<html><body><img src="{trap}/d.png"><img src="file:///etc/passwd"><p>{evil}</p></body></html>'
    pdf.render(raw)
    server.shutdown()

    assert "&lt;img src=" in html
    assert "<img src=" not in html
    assert pack.state == Pack.State.DONE
    assert asked == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "https://pack.invalid/static/../config/settings.py",
        "https://pack.invalid/static/css/%2e%2e/settings.css",
        "https://pack.invalid/static/js/print.js",
        "https://pack.invalid/picture/99",
        "https://pack.invalid.example.com/static/css/pack.css",
    ],
)
def test_nothing_but_our_own_files_is_fetched(address):
    with pytest.raises(pdf.Refused):
        pdf._fetch(address, {"1": b"\x89PNG"})


# --- the PDF --------------------------------------------------------------------------------------------------
def test_the_pdf_is_set_in_our_own_type_with_chinese_and_bookmarks():
    meeting = make.meeting(title="十月经营分析会")
    make.submit(meeting, "sales", "喆堃玥：销售额上升。")

    printed = pdf.render(html_of(meeting, language="zh-hans"))

    assert printed.content.startswith(b"%PDF-")
    assert printed.pages >= 3
    assert fonts_in(printed.content) == {b"Fupan-Sans-SC", b"Fupan-Sans-SC-Bold"}
    assert b"/Outlines" in _unpacked(printed.content)


def test_rare_signs_and_emoji_do_not_stop_a_pack():
    meeting = make.meeting(title="复盘 😀 𠮷 \u202e \ufeff ﷽ 🏳️‍🌈")
    make.submit(meeting, "sales", "\u0007\u200b👨‍👩‍👧‍👦 𪚥 \ud7ff" + "字" * 5000)

    assert made(meeting, language="zh-hans").state == Pack.State.DONE


def test_a_small_file_that_unpacks_to_a_huge_picture_is_left_out():
    """A screenshot of six thousand by six thousand dots would take hundreds of megabytes; it is no screenshot."""
    assert pdf.scaled(make.picture((6000, 6000))) is None


def test_pictures_are_scaled_and_broken_ones_left_out():
    assert pdf.scaled(b"\x89PNG\r\n\x1a\nnothing") is None
    assert pdf.scaled(b"not a picture at all") is None
    small = pdf.scaled(make.picture((4000, 1000)))
    from io import BytesIO

    from PIL import Image

    assert Image.open(BytesIO(small)).size == (1800, 450)


def test_a_picture_is_in_the_pdf_and_a_lost_file_does_not_stop_it():
    meeting = make.meeting()
    lead = factories.lead("sales")
    make.attach(meeting, "sales", "截图.png", make.picture(), lead)
    make.attach(meeting, "sales", "lost.jpg", make.picture((641, 400), "JPEG"), lead)
    make.submit(meeting, "sales", by=lead)
    lost = meeting.prereads.get(department__code="sales").attachments.get(name="lost.jpg")
    lost.file.storage.delete(lost.file.name)

    pack = made(meeting)

    assert pack.state == Pack.State.DONE
    assert pack.pages
    with pack.file.open("rb") as stream:
        assert stream.read().count(b"/Subtype /Image") == 1


def test_without_pango_a_sentence_names_the_packages_and_the_print_view_works(client):
    """In a process whose import of weasyprint fails, as it does where the libraries are missing."""
    meeting = make.meeting()
    code = (
        "import sys, importlib.abc\n"
        "class Gone(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'weasyprint': raise OSError('cannot load library libpango-1.0-0')\n"
        "sys.meta_path.insert(0, Gone())\n"
        "import django; django.setup()\n"
        "from meetings.packs import pdf\n"
        "print(pdf.is_possible())\n"
        "try: pdf.render('<p>x</p>')\n"
        "except pdf.PangoMissing as error: print('missing', error)\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert out.splitlines()[0] == "False"
    assert "libpango-1.0-0" in out

    pack = ask(meeting)
    Pack.objects.filter(pk=pack.pk).update(state="failed", problem=packs.NO_PANGO)
    client.force_login(meeting.host)
    page = client.get(reverse("meetings:pack", args=[meeting.pk]), headers={"HX-Request": "true"})
    for name in pdf.DEBIAN_PACKAGES:
        assert name in page.content.decode()
    view = reverse("meetings:print", args=[meeting.pk])
    assert view in page.content.decode()
    assert client.get(view).status_code == 200


def test_a_machine_without_pango_ends_a_pack_as_failed(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pack = made(make.meeting())

    assert (pack.state, pack.problem) == (Pack.State.FAILED, packs.NO_PANGO)


# --- in the background ------------------------------------------------------------------------------------------
def test_the_same_content_is_not_made_twice_and_a_change_makes_it_anew():
    meeting = make.meeting()
    first = made(meeting)

    assert ask(meeting).pk == first.pk
    assert queries.standing(meeting, meeting.host).is_fresh

    make.submit(meeting, "sales")
    again = ask(meeting)

    assert again.pk != first.pk
    assert again.state == Pack.State.QUEUED
    standing = queries.standing(meeting, meeting.host)
    assert (standing.done, standing.is_fresh, standing.making) == (first, False, again)
    assert ask(meeting).pk == again.pk


@pytest.mark.parametrize(
    "change",
    [
        lambda meeting: Meeting.objects.filter(pk=meeting.pk).update(location="Elsewhere"),
        lambda meeting: meeting.items.filter(department__code="sales").update(report_minutes=25),
        lambda meeting: room.invite(meeting, factories.UserFactory()),
        lambda meeting: builders.covered(builders.shop(), "2026-10"),
        lambda meeting: make.certify(
            meeting.prereads.get(department__code="finance"), factories.data_owner()
        ),
    ],
    ids=["place", "minutes", "people", "figures", "certified"],
)
def test_a_change_of_what_it_says_makes_a_pack_old(change):
    meeting = make.meeting()
    make.submit(meeting, "finance")
    before = queries.fingerprint(meeting, language="en", reader=None)

    change(meeting)
    meeting.refresh_from_db()

    assert queries.fingerprint(meeting, language="en", reader=None) != before


def test_languages_have_packs_of_their_own():
    meeting = make.meeting()

    assert ask(meeting, language="en").pk != ask(meeting, language="zh-hans").pk


def test_progress_is_written_for_departments_and_pages(monkeypatch):
    meeting = make.meeting()
    make.submit(meeting, "sales")
    monkeypatch.setattr(packs, "BEAT", timedelta(0))
    steps = []
    original = packs._Reporter.__call__

    def note(self, step, percent, *, always=False):
        original(self, step, percent, always=always)
        row = Pack.objects.get()
        steps.append((row.step, row.progress))

    monkeypatch.setattr(packs._Reporter, "__call__", note)

    assert made(meeting).progress == 100

    words = [step for step, _percent in steps]
    assert words[:2] == ["department:sales", "department:finance"]
    assert "layout:1" in words
    assert "layout:3" in words
    assert words[-1] == "writing"
    percents = [percent for step, percent in steps]
    assert percents == sorted(percents)


def test_only_one_worker_takes_a_pack():
    pack = ask(make.meeting())
    twin = Pack.objects.get(pk=pack.pk)

    assert packs.claim(pack=pack, now=NOW)
    assert not packs.make(pack=twin, clock=timezone.now)


def test_a_pack_whose_worker_died_is_taken_up_again_and_the_dead_one_writes_no_more():
    pack = ask(make.meeting())
    packs.claim(pack=pack, now=NOW)
    assert packs.resume(now=NOW + timedelta(minutes=1)) == []

    later = NOW + packs.SILENCE + timedelta(seconds=1)
    assert packs.resume(now=later) == [pack.pk]

    other = Pack.objects.get(pk=pack.pk)
    assert packs.make(pack=other, clock=timezone.now)
    with pytest.raises(packs.Superseded):
        packs._Reporter(pack, timezone.now)("layout:1", 60)
    assert Pack.objects.get().state == Pack.State.DONE


def test_a_pack_that_kills_its_workers_is_given_up():
    pack = ask(make.meeting())
    at = NOW
    for _attempt in range(packs.MOST_ATTEMPTS):
        assert packs.claim(pack=pack, now=at)
        at += packs.SILENCE + timedelta(seconds=1)
        packs.resume(now=at)

    pack.refresh_from_db()
    assert (pack.state, pack.problem) == (Pack.State.FAILED, packs.GAVE_UP)


def test_a_lost_ring_is_made_good_once():
    pack = ask(make.meeting())

    assert packs.resume(now=NOW + timedelta(seconds=5)) == []
    assert packs.resume(now=NOW + timedelta(seconds=31)) == [pack.pk]
    assert packs.resume(now=NOW + timedelta(seconds=35)) == []


def test_a_fault_of_the_program_ends_as_failed_and_may_be_tried_again(monkeypatch):
    meeting = make.meeting()
    pack = ask(meeting)
    monkeypatch.setattr(content, "gather", lambda *a, **k: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        packs.make(pack=pack, clock=timezone.now)

    pack.refresh_from_db()
    assert (pack.state, pack.problem) == (Pack.State.FAILED, packs.FAULT)
    assert ask(meeting).pk != pack.pk


def test_old_packs_are_deleted_with_their_files():
    meeting = make.meeting()
    pack = made(meeting)
    name, storage = pack.file.name, pack.file.storage
    assert storage.exists(name)

    assert packs.clear(now=timezone.now() + packs.KEEP - timedelta(hours=1)) == 0
    assert packs.clear(now=timezone.now() + packs.KEEP + timedelta(hours=1)) == 1

    assert not storage.exists(name)
    assert not Pack.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_makes_it_after_the_commit(celery_worker, client):
    meeting = make.meeting()
    make.submit(meeting, "sales")
    client.force_login(meeting.host)

    client.post(reverse("meetings:pack_ask", args=[meeting.pk]))
    from config.processes import wait_until

    assert wait_until(lambda: Pack.objects.filter(state="done").exists(), seconds=40, every=0.3)

    answer = client.get(reverse("meetings:pack_file", args=[Pack.objects.get().pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_it_waits_and_says_so(client, settings, monkeypatch):
    from meetings import tasks

    def away(*arguments, **options):
        raise OSError("no broker")

    monkeypatch.setattr(tasks.make_pack, "apply_async", away)
    meeting = make.meeting()
    client.force_login(meeting.host)

    page = client.post(reverse("meetings:pack_ask", args=[meeting.pk]), headers={"HX-Request": "true"})

    assert page.status_code == 200
    assert "Waiting for a free worker" in page.content.decode()
    assert Pack.objects.get().state == Pack.State.QUEUED


# --- pages --------------------------------------------------------------------------------------------------------
def test_the_card_polls_while_it_is_made_and_ends_with_a_download(client):
    meeting = make.meeting(title="十月 经营/分析会")
    client.force_login(meeting.host)
    card = reverse("meetings:pack", args=[meeting.pk])
    htmx = {"HX-Request": "true"}

    client.post(reverse("meetings:pack_ask", args=[meeting.pk]))
    waiting = client.get(f"{card}?poll=1", headers=htmx)
    assert waiting.status_code == 200
    assert f'hx-get="{card}?poll=1"' in waiting.content.decode()

    packs.make(pack=Pack.objects.get(), clock=timezone.now)
    done = client.get(f"{card}?poll=1", headers=htmx)
    assert done.status_code == 286
    pack = Pack.objects.get()
    assert reverse("meetings:pack_file", args=[pack.pk]) in done.content.decode()
    assert f"{pack.pages} pages" in done.content.decode()

    answer = client.get(reverse("meetings:pack_file", args=[pack.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert (
        "filename*=utf-8''%E5%8D%81%E6%9C%88%20%E7%BB%8F%E8%90%A5%20%E5%88%86"
        in answer["Content-Disposition"]
    )

    Meeting.objects.update(location="Elsewhere")
    assert "The meeting has changed since." in client.get(card, headers=htmx).content.decode()


def test_the_card_alone_is_the_meetings_page(client):
    meeting = make.meeting()
    client.force_login(meeting.host)

    answer = client.get(reverse("meetings:pack", args=[meeting.pk]))

    assert answer.status_code == 302
    assert answer["Location"].endswith("#pack")


def test_the_print_view_is_masked_for_its_reader_and_without_inline_style(client):
    meeting = make.meeting()
    make.make_confidential(meeting, "Commission of the sales team")
    make.submit(meeting, "sales")
    guest = room.invite(meeting, factories.UserFactory())
    address = reverse("meetings:print", args=[meeting.pk])

    client.force_login(guest)
    for_guest = client.get(address).content.decode()
    client.force_login(meeting.host)
    for_host = client.get(address).content.decode()

    assert "Commission" not in for_guest
    assert "Confidential item" in for_guest
    assert "Commission of the sales team" in for_host
    assert "<style" not in for_host
    assert " style=" not in for_host
    assert "pack.invalid" not in for_host


def _queries(of):
    with CaptureQueriesContext(
        connection,
    ) as found:
        of()
    return len(found)


def test_the_queries_of_a_pack_do_not_grow_with_rows():
    """Charts are read once a department; the rest is constant."""

    def build(departments):
        meeting = make.meeting(departments=departments)
        for code in departments:
            make.submit(meeting, code)
        return Meeting.objects.select_related("template", "host").get(pk=meeting.pk)

    one, three = build(("sales",)), build(("supply", "finance", "tech"))

    assert _queries(lambda: content.gather(one)) == _queries(lambda: content.gather(three))


def test_the_fingerprint_is_json_of_any_meeting():
    meeting = make.meeting()

    first = queries.fingerprint(meeting, language="en", reader=meeting.host)

    assert json.dumps(first)
    assert len(first) <= 64
