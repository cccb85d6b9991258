"""The pack: what is in it and what is kept out of it."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.urls import reverse

from meetings.models import Pack
from meetings.packs import charts, pdf
from meetings.queries import packs as queries
from meetings.services import prereads, snapshot
from tests import factories
from tests.meetings import pack_factories as make
from tests.meetings import room_factories as room
from tests.meetings.pack_factories import html_of, made
from tests.metrics import builders

pytestmark = pytest.mark.django_db
NOW = make.NOW


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
