"""Evidence of a pre-read: where it goes, who may open it, what is refused before it is read."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from meetings.models import Attachment, DecisionRequest, PreReadText
from meetings.queries import prereads as queries
from meetings.queries.report import report
from meetings.services import attachments, prereads
from meetings.services.prereads import Sent
from tests import factories
from tests.meetings import room_factories as room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW = room.NOW
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def preread():
    meeting = room.meeting(starts_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=30))
    return prereads.open_for(meeting=meeting, now=NOW)[0]


@pytest.fixture
def lin():
    return factories.lead("sales", name="Lin")


def attach(preread, by, name="shot.png", content=b"", **fields):
    file = SimpleUploadedFile(name, PNG + (content or name.encode()))
    return attachments.attach(preread=preread, file=file, by=by, now=NOW, **fields)


def url(preread):
    return reverse("meetings:preread", args=[preread.meeting_id, preread.department.code])


def test_a_file_chosen_in_a_section_stands_there_and_the_texts_are_stored(client, preread, lin):
    client.force_login(lin)

    answer = client.post(
        url(preread),
        {
            "do": "attach:risks",
            "files:risks": [SimpleUploadedFile("a.png", PNG + b"a"), SimpleUploadedFile("b.exe", b"MZ")],
            "text:section:risks": "Stock runs out",
            "version:section:risks": "0",
        },
        follow=True,
    )

    html = answer.content.decode()
    section = next(one for one in report(preread, lin).sections if one.key == "risks")
    assert ([file.name for file in section.attachments], section.texts[0].text) == (
        ["a.png"],
        "Stock runs out",
    )
    assert "“b.exe” is not taken" in html
    assert f'<img src="/meetings/attachments/{section.attachments[0].pk}/?view"' in html


def test_only_pictures_are_shown_in_the_browser(client, preread, lin):
    client.force_login(lin)
    picture = attach(preread, lin)
    text = attachments.attach(preread=preread, file=SimpleUploadedFile("a.txt", b"<script>"), by=lin, now=NOW)

    shown = client.get(picture.get_absolute_url() + "?view")
    download = client.get(text.get_absolute_url() + "?view")

    assert shown.headers["Content-Disposition"].startswith("inline")
    assert (shown.headers["Content-Type"], shown.headers["X-Content-Type-Options"]) == (
        "image/png",
        "nosniff",
    )
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in shown.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("lead", True),
        ("uploader", True),
        ("member", False),
        ("host", True),
        ("guest", False),
        ("data", False),
    ],
)
def test_a_confidential_file_is_for_its_circle(client, preread, who, sees):
    uploader = factories.member("sales")
    people = {
        "lead": factories.lead("sales"),
        "uploader": uploader,
        "member": factories.member("sales"),
        "host": preread.meeting.host,
        "guest": room.invite(preread.meeting, factories.UserFactory()),
        "data": factories.data_owner(),
    }
    file = attach(preread, uploader, is_confidential=True)
    row = preread.texts.get(key="risks")
    prereads.save_text(
        preread=preread, sent=Sent(row.kind, row.key, "Pay", row.version), by=uploader, now=NOW
    )
    prereads.submit(preread=preread, by=uploader, now=NOW)
    person = people[who]
    client.force_login(person)

    status = client.get(file.get_absolute_url()).status_code

    reading = queries.latest_reading(preread, type(person).objects.get(pk=person.pk))
    assert (status, [one.pk for one in reading.attachments]) == ((200, [file.pk]) if sees else (404, []))
    assert queries.latest_reading(preread).attachments == []


def test_a_file_is_made_confidential_and_opened_again(client, preread, lin):
    client.force_login(lin)
    file = attach(preread, lin)

    client.post(url(preread), {"do": f"close:{file.pk}"})
    closed = Attachment.objects.get().is_confidential
    client.post(url(preread), {"do": f"open:{file.pk}"})

    assert (closed, Attachment.objects.get().is_confidential) == (True, False)


def test_files_are_limited_in_number(monkeypatch, preread, lin):
    monkeypatch.setattr(attachments, "MOST_FILES", 1)
    attach(preread, lin)

    with pytest.raises(attachments.Refused, match="at most 1 files"):
        attach(preread, lin, "second.png")


def test_a_request_of_200_mb_is_refused_before_it_is_read(preread, lin):
    """Only the announced length is large: whoever reads on would wait for bytes that never come."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(lin)

    class Unread:
        def read(self, *_sizes):
            raise AssertionError("The body was read.")

        readline = read

    for name in ("preread", "preread_files"):
        address = reverse(f"meetings:{name}", args=[preread.meeting_id, "sales"])
        answer = client.generic(
            "POST",
            address,
            content_type="multipart/form-data; boundary=x",
            **{"CONTENT_LENGTH": str(200 * 1024**2), "wsgi.input": Unread()},
        )
        assert answer.status_code == 413
        assert "105 MB" in answer.content.decode()


# --- confidential items -----------------------------------------------------------------------------------
def test_texts_of_a_confidential_item_are_for_its_circle(client, preread, lin):
    item = preread.meeting.items.get(department__isnull=False)
    item.is_confidential = True
    item.save()
    member = factories.member("sales")
    row = PreReadText.objects.filter(preread=preread, item=item).first()
    sent = Sent(row.kind, row.key, "Pay rises", row.version)
    prereads.save_text(preread=preread, sent=sent, by=lin, now=NOW)
    client.force_login(member)
    page = client.get(url(preread)).content.decode()
    address = reverse("meetings:preread_text", args=[preread.meeting_id, "sales"])

    refused = client.post(address, {"kind": row.kind, "key": row.key, "text": "x", "version": 1})

    assert (row.prompt_en in page, "Pay rises" in page, refused.status_code) == (False, False, 409)
    assert "theirs" not in refused.json()
    row.refresh_from_db()
    assert row.text == "Pay rises"
    client.force_login(lin)
    assert "Pay rises" in client.get(url(preread)).content.decode()


def test_figures_of_a_confidential_item_are_for_its_circle(preread, lin):
    preread.meeting.items.filter(department__isnull=False).update(
        is_confidential=True, metric_codes=["orders"]
    )
    row = preread.texts.get(key="risks")
    prereads.save_text(preread=preread, sent=Sent(row.kind, row.key, "x", row.version), by=lin, now=NOW)
    prereads.submit(preread=preread, by=lin, now=NOW)
    guest = room.invite(preread.meeting, factories.UserFactory())

    assert [figure.row.metric.code for figure in queries.latest_reading(preread, lin).figures] == ["orders"]
    assert queries.latest_reading(preread, guest).figures == []
    assert report(preread, factories.member("sales")).figures == []


def test_what_a_confidential_item_lacks_keeps_outsiders_waiting_without_its_name(preread, lin):
    """Somebody of the department who is not in the circle presses the button."""
    preread.meeting.items.filter(department__isnull=False).update(is_confidential=True)
    item = preread.meeting.items.get(department__isnull=False)
    DecisionRequest.objects.create(
        preread=preread, item=item, question="Pay rises?", edited_by=lin, edited_at=NOW
    )
    attach(preread, lin)

    with pytest.raises(prereads.Incomplete) as outside:
        prereads.submit(preread=preread, by=factories.member("sales"), now=NOW)
    with pytest.raises(prereads.Incomplete) as inside:
        prereads.submit(preread=preread, by=lin, now=NOW)

    assert [lack.anchor for lack in outside.value.lacks] == ["report-nav"]
    assert len(inside.value.lacks) == 3
