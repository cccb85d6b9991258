"""The card of a pack, its file and its paper, and what they ask of the database."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import Meeting, Pack
from meetings.packs import content
from meetings.queries import packs as queries
from meetings.services import packs
from tests import factories
from tests.meetings import pack_factories as make
from tests.meetings import room_factories as room

pytestmark = pytest.mark.django_db


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
