"""What every answer says to the browser beside its content: pages, fragments, files, errors, redirects."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from meetings.services import attachments
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _space, value in parts if name}


def addresses(world) -> list[tuple[str, str]]:
    """(who, URL): one of each kind of answer."""
    args = world.args
    return [
        ("anon", "/accounts/login/"),
        ("anon", "/healthz"),
        ("anon", "/meetings/"),
        ("anon", "/no-such-page/"),
        ("runs", "/"),
        ("runs", reverse("meetings:minutes", args=args["meeting.ended"])),
        ("runs", reverse("meetings:live_state", args=args["meeting.running"])),
        ("runs", reverse("meetings:live_panel", args=args["item.running"])),
        ("runs", reverse("actions:export")),
        ("runs", "/meetings/999999/"),
        ("runs", "/meetings/new/"),
        ("runs", reverse("meetings:nudge", args=args["meeting.scheduled"])),
        ("a_lead", reverse("meetings:preread", args=args["preread.draft"])),
        ("a_lead", reverse("meetings:attachment", args=args["attachment.draft"])),
        ("a_lead", reverse("actions:evidence", args=args["evidence.published"])),
        ("a_lead", reverse("metrics:upload_download", args=args["upload.stored"])),
        ("a_lead", reverse("metrics:metric_csv", args=args["metric"])),
    ]


def test_every_kind_of_answer_carries_them(client, world):
    missing = []
    for who, url in addresses(world):
        client.logout()
        if world.people.get(who):
            client.force_login(world.people[who])
        response = client.get(url)
        found = {name: response.headers.get(name) for name in ALWAYS}
        rules = policy(response)
        scripts = rules.get("script-src", rules.get("default-src", ""))
        if found != ALWAYS or rules.get("default-src") != "'none'" or "unsafe" in scripts:
            missing.append((who, url, response.status_code, found, rules))

    assert missing == []


def test_pages_are_not_framed_and_post_only_here(client):
    rules = policy(client.get("/accounts/login/"))

    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["form-action"] == rules["script-src"] == rules["style-src"] == "'self'"


def test_what_one_sees_logged_in_is_kept_nowhere(client, world):
    kept = []
    for who, url in addresses(world):
        if who == "anon":
            continue
        client.force_login(world.people[who])
        header = client.get(url).headers.get("Cache-Control", "")
        if not {"private", "no-store"} <= {part.strip() for part in header.split(",")}:
            kept.append((url, header))

    assert kept == []


@pytest.mark.parametrize(
    ("name", "what", "begins"),
    [
        ("meetings:attachment", "attachment.draft", b"%PDF"),
        ("actions:evidence", "evidence.published", b"%PDF"),
        ("metrics:upload_download", "upload.stored", b"a,b"),
    ],
)
def test_files_are_downloads_that_no_browser_opens(client, world, name, what, begins):
    client.force_login(world.people["a_lead"])

    response = client.get(reverse(name, args=world.args[what]))

    assert b"".join(response.streaming_content).startswith(begins)
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "html" not in response.headers["Content-Type"]
    assert "svg" not in response.headers["Content-Type"]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf",
        "..\\..\\boot.ini.pdf",
        "a\r\nSet-Cookie: x=1.pdf",
        'quote".pdf',
        "毛利 表；€.pdf",
        "\u202efdp.exe.pdf",
        "x" * 300 + ".pdf",
        "semi;colon=1.pdf",
    ],
)
def test_names_of_files_stay_names(client, world, name):
    """RFC 6266: quoted or UTF-8 in percent signs, on one line, without a path."""
    client.force_login(world.people["a_lead"])
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.7 named")
    file._name = name  # as it came, before Django takes the folders off

    attachment = attachments.attach(
        preread=world.draft_preread, file=file, by=world.people["a_lead"], now=world.now
    )
    header = client.get(attachment.get_absolute_url()).headers["Content-Disposition"]

    assert "/" not in attachment.name
    assert "\\" not in attachment.name
    assert attachment.file.name.startswith("prereads/")
    assert attachment.file.name.count("/") == 1
    assert header.isascii()
    assert not set(header) & set("\r\n\0")
    assert header.startswith(("attachment; filename=", "attachment; filename*=utf-8''"))
    assert "\u202e" not in attachment.name


# --- how much may come ------------------------------------------------------------------------------------
def test_a_stranger_sends_no_more_than_a_form(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    big = SimpleUploadedFile("x.bin", b"x" * 2000)

    response = client.post("/accounts/login/", {"file": big})

    assert response.status_code == 413
    assert "too much" in response.text or "过大" in response.text


def test_nobody_sends_more_than_all_their_files_may_have(client, settings):
    settings.MAX_REQUEST_BYTES = 3000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.force_login(UserFactory())

    fits = client.post("/metrics/uploads/", {"files": SimpleUploadedFile("x.csv", b"x" * 1500)})
    too_big = client.post("/metrics/uploads/", {"files": SimpleUploadedFile("x.csv", b"x" * 4000)})

    assert fits.status_code == 403  # read, and then refused for who it is
    assert too_big.status_code == 413
