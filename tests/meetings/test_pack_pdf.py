"""The pack as a PDF: fonts, sizes, pages, and what fails."""

import os
import subprocess
import sys

import pytest
from django.urls import reverse

from meetings.models import Pack
from meetings.packs import pdf
from meetings.services import packs
from tests import factories
from tests.meetings import pack_factories as make
from tests.meetings.pack_factories import ask, fonts_in, html_of, made, unpacked
from tests.plugins.worker import BASE_DIR

pytestmark = pytest.mark.django_db


def test_the_pdf_is_set_in_our_own_type_with_chinese_and_bookmarks():
    meeting = make.meeting(title="十月经营分析会")
    make.submit(meeting, "sales", "喆堃玥：销售额上升。")

    printed = pdf.render(html_of(meeting, language="zh-hans"))

    assert printed.content.startswith(b"%PDF-")
    assert printed.pages >= 3
    assert fonts_in(printed.content) == {b"Fupan-Sans-SC", b"Fupan-Sans-SC-Bold"}
    assert b"/Outlines" in unpacked(printed.content)


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
