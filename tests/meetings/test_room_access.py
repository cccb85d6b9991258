"""Who may open and do what in pre-reads, the room and the minutes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from meetings import rules
from meetings.services import attachments, prereads
from meetings.services.prereads import Sent
from people.models import User
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SECRET = "德国站毛利 12 %"


class Cast:
    """A meeting of sales and finance, with one person of each kind."""

    def __init__(self, status="scheduled"):
        self.meeting = make.meeting(departments=("sales", "finance"), status="scheduled")
        self.preread, self.other = prereads.open_for(meeting=self.meeting, now=NOW)
        self.host = self.meeting.host
        self.lead = factories.lead("sales")
        self.member = factories.member("sales")
        self.finance = factories.lead("finance")
        self.data_owner = factories.data_owner()
        self.boss = factories.executive()
        self.admin = factories.UserFactory(roles=[User.Role.ADMIN])
        self.guest = make.invite(self.meeting, factories.UserFactory())
        self.recorder = make.invite(self.meeting, factories.UserFactory(), "recorder")
        self.deputy = make.invite(self.meeting, factories.UserFactory(), "deputy_host")
        self.outsider = factories.member("operations")
        self.write()
        if status != "scheduled":
            self.meeting.status, self.meeting.started_at = status, make.START
            if status == "ended":
                self.meeting.ended_at = make.at(60)
            self.meeting.save()

    def write(self):
        row = self.preread.texts.filter(kind="question").order_by("position").first()
        prereads.save_text(
            preread=self.preread, sent=Sent(row.kind, row.key, SECRET, row.version), by=self.lead, now=NOW
        )

    def submit(self):
        prereads.submit(preread=self.preread, by=self.lead, now=NOW)

    def url(self, name, *args):
        return reverse(f"meetings:{name}", args=args or [self.meeting.pk])

    def preread_url(self, name="preread"):
        return reverse(f"meetings:{name}", args=[self.meeting.pk, "sales"])


def status(client, who, url, data=None):
    client.force_login(who)
    return (client.get(url) if data is None else client.post(url, data)).status_code


# --- drafts -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("lead", 200),
        ("member", 200),
        ("data_owner", 200),
        ("finance", 404),
        ("host", 404),
        ("boss", 404),
        ("admin", 404),
        ("guest", 404),
        ("recorder", 404),
        ("deputy", 404),
        ("outsider", 404),
    ],
)
def test_a_draft_is_for_its_department_and_the_data_owner(client, who, expected):
    cast = Cast()

    assert status(client, getattr(cast, who), cast.preread_url()) == expected


@pytest.mark.parametrize("who", ["host", "boss", "finance", "guest", "admin", "deputy"])
def test_no_page_of_the_meeting_leaks_a_draft(client, who):
    cast = Cast(status="in_progress")
    client.force_login(getattr(cast, who))

    item = cast.meeting.items.order_by("order").first()
    pages = [
        cast.url("detail"),
        cast.url("live"),
        cast.url("live_panel", cast.meeting.pk, item.pk),
        cast.url("live_record", cast.meeting.pk, item.pk),
        cast.url("minutes"),
    ]
    found = [page for page in pages if SECRET in client.get(page).content.decode()]

    assert found == []


def test_the_host_sees_the_state_but_no_link(client):
    cast = Cast()
    client.force_login(cast.host)

    html = client.get(cast.url("detail")).content.decode()

    assert 'data-state="draft"' in html
    assert f'href="{cast.preread_url()}"' not in html


# --- submitted --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "expected"),
    [("finance", 200), ("host", 200), ("boss", 200), ("guest", 200), ("lead", 200), ("outsider", 404)],
)
def test_a_submitted_one_is_for_everybody_invited(client, who, expected):
    cast = Cast()
    cast.submit()

    assert status(client, getattr(cast, who), cast.preread_url()) == expected


def test_readers_see_the_submitted_revision_while_the_next_is_written(client):
    cast = Cast()
    cast.submit()
    prereads.reopen(preread=cast.preread, by=cast.lead, now=NOW)
    row = cast.preread.texts.filter(kind="question").order_by("position").first()
    prereads.save_text(
        preread=cast.preread, sent=Sent(row.kind, row.key, "unfinished", row.version), by=cast.lead, now=NOW
    )
    client.force_login(cast.host)

    html = client.get(cast.preread_url()).content.decode()

    assert SECRET in html
    assert "unfinished" not in html


# --- writing ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "expected"),
    [("lead", 302), ("member", 302), ("data_owner", 403), ("host", 403), ("finance", 403), ("outsider", 404)],
)
def test_only_the_department_writes(client, who, expected):
    cast = Cast()
    cast.submit()

    assert status(client, getattr(cast, who), cast.preread_url(), {"do": "reopen"}) == expected


@pytest.mark.parametrize("name", ["preread_text", "preread_files"])
def test_nobody_else_saves_texts_or_files(client, name):
    cast = Cast()

    assert status(client, cast.finance, cast.preread_url(name), {"text": "x"}) == 404
    assert status(client, cast.data_owner, cast.preread_url(name), {"text": "x"}) == 403
    client.force_login(cast.lead)
    assert client.get(cast.preread_url(name)).status_code == 405


def test_nothing_is_written_after_the_meeting(client):
    cast = Cast(status="ended")

    assert status(client, cast.lead, cast.preread_url(), {"do": "save"}) == 403


def test_a_person_who_leaves_the_department_loses_the_page_at_once(client):
    cast = Cast()
    client.force_login(cast.member)
    assert client.get(cast.preread_url()).status_code == 200

    cast.member.memberships.all().delete()

    assert client.get(cast.preread_url()).status_code == 404


# --- files ------------------------------------------------------------------------------------------------
def attach(cast, name="毛利 表.pdf", content=b"%PDF-1.7 secret"):
    file = SimpleUploadedFile(name, content)
    return attachments.attach(preread=cast.preread, file=file, by=cast.lead, now=NOW)


def test_a_file_follows_its_pre_read(client):
    cast = Cast()
    url = reverse("meetings:attachment", args=[attach(cast).pk])
    before = {who: status(client, getattr(cast, who), url) for who in ("lead", "finance", "boss", "outsider")}
    cast.submit()

    after = {who: status(client, getattr(cast, who), url) for who in ("lead", "finance", "boss", "outsider")}

    assert before == {"lead": 200, "finance": 404, "boss": 404, "outsider": 404}
    assert after == {"lead": 200, "finance": 200, "boss": 200, "outsider": 404}


def test_a_file_added_after_submitting_stays_with_the_department(client):
    cast = Cast()
    cast.submit()
    prereads.reopen(preread=cast.preread, by=cast.lead, now=NOW)

    url = reverse("meetings:attachment", args=[attach(cast).pk])

    assert status(client, cast.boss, url) == 404


def test_a_file_is_a_download_under_its_own_name(client):
    cast = Cast()
    client.force_login(cast.lead)

    answer = client.get(reverse("meetings:attachment", args=[attach(cast).pk]))

    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%AF%9B%E5%88%A9%20%E8%A1%A8.pdf"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.html", b"<script>", "is not taken"),
        ("picture.svg", b"<svg>", "is not taken"),
        ("run.exe", b"MZ", "is not taken"),
        ("none", b"x", "is not taken"),
        ("sheet.xlsx", b"<html>not a sheet", "is not what its ending says"),
        ("paper.pdf", b"MZ\x90", "is not what its ending says"),
        ("text.txt", b"a\0b", "is not what its ending says"),
        ("empty.pdf", b"", "is empty"),
    ],
)
def test_files_that_are_not_taken_say_why(client, name, content, words):
    cast = Cast()
    client.force_login(cast.lead)

    page = client.post(
        cast.preread_url("preread_files"), {"files": SimpleUploadedFile(name, content)}, follow=True
    )

    assert words in page.content.decode()
    assert cast.preread.attachments.count() == 0


def test_a_file_over_the_limit_is_refused(client, settings):
    settings.MAX_ATTACHMENT_BYTES = 1024
    cast = Cast()
    client.force_login(cast.lead)
    big = SimpleUploadedFile("big.pdf", b"%PDF-" + b"x" * 2000)

    page = client.post(cast.preread_url("preread_files"), {"files": big}, follow=True)

    assert "at most 0 MB are taken" in page.content.decode()
    assert cast.preread.attachments.count() == 0


def test_the_same_file_twice_is_refused_and_leaves_no_stray_file(settings):
    cast = Cast()
    first = attach(cast)
    folder = {path.name for path in (settings.MEDIA_ROOT / "prereads").iterdir()}

    with pytest.raises(attachments.Refused, match="already attached"):
        attach(cast, name="again.pdf")

    assert {path.name for path in (settings.MEDIA_ROOT / "prereads").iterdir()} == folder
    assert first.file.name.endswith(".pdf")
    assert "毛利" not in first.file.name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\fakepath\\表.csv", "表.csv"),
        ("evil\u202efdp.txt", "evilfdp.txt"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("长" * 400 + ".pdf", "长" * 296 + ".pdf"),
    ],
)
def test_names_of_files_are_only_text(name, kept):
    assert attachments.clean_name(name) == kept


def test_a_removed_file_stays_with_the_revision_that_shows_it(client):
    cast = Cast()
    file = attach(cast)
    cast.submit()
    prereads.reopen(preread=cast.preread, by=cast.lead, now=NOW)
    client.force_login(cast.finance)
    assert client.post(reverse("meetings:remove_attachment", args=[file.pk])).status_code == 403
    client.force_login(cast.lead)
    client.post(reverse("meetings:remove_attachment", args=[file.pk]))

    assert cast.preread.attachments.filter(removed_at=None).count() == 0
    assert status(client, cast.boss, reverse("meetings:attachment", args=[file.pk])) == 200


# --- steering and recording ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("host", 302),
        ("deputy", 302),
        ("admin", 302),
        ("recorder", 403),
        ("boss", 403),
        ("guest", 403),
        ("lead", 403),
        ("outsider", 404),
    ],
)
@pytest.mark.parametrize("name", ["start", "nudge", "live_command"])
def test_only_the_host_the_deputy_and_the_administrator_steer(client, who, expected, name):
    cast = Cast()

    assert (
        status(client, getattr(cast, who), cast.url(name), {"verb": "start", "reason": "It cannot wait."})
        == expected
    )


@pytest.mark.parametrize(
    ("who", "expected"),
    [("host", 302), ("recorder", 302), ("deputy", 302), ("boss", 403), ("guest", 403), ("outsider", 404)],
)
def test_only_recorder_and_host_write_notes(client, who, expected):
    cast = Cast(status="in_progress")

    assert status(client, getattr(cast, who), cast.url("add_note"), {"text": "Noted"}) == expected


@pytest.mark.parametrize("name", ["detail", "live", "live_state", "minutes"])
@pytest.mark.parametrize(
    ("who", "expected"),
    [("guest", 200), ("lead", 200), ("boss", 200), ("data_owner", 200), ("outsider", 404)],
)
def test_the_room_is_for_participants_and_company_roles(client, name, who, expected):
    cast = Cast(status="in_progress")

    assert status(client, getattr(cast, who), cast.url(name)) == expected


def test_another_meetings_item_is_not_found(client):
    cast = Cast(status="in_progress")
    foreign = make.meeting(departments=("tech",)).items.first()
    client.force_login(cast.recorder)

    assert client.get(cast.url("live_panel", cast.meeting.pk, foreign.pk)).status_code == 404
    assert client.get(cast.url("live_record", cast.meeting.pk, foreign.pk)).status_code == 404
    assert client.post(cast.url("add_note"), {"text": "x", "item": foreign.pk}).status_code == 404
    assert client.post(cast.url("add_note"), {"text": "x", "item": "abc"}).status_code == 404


@pytest.mark.parametrize("name", ["nudge", "live_command", "add_note", "record_decision", "park"])
def test_what_writes_takes_no_get(client, name):
    cast = Cast(status="in_progress")
    client.force_login(cast.host)

    assert client.get(cast.url(name)).status_code == 405


@pytest.mark.parametrize("name", ["live", "live_state", "minutes", "nudge"])
def test_strangers_are_sent_to_the_login(client, name):
    cast = Cast()

    answer = client.get(cast.url(name))

    assert (answer.status_code, answer.url.startswith("/accounts/login/")) == (302, True)


def test_an_inactive_host_steers_nothing():
    cast = Cast()
    cast.host.is_active = False

    assert not rules.can_run(cast.host, cast.meeting)
    assert not rules.can_record(cast.host, cast.meeting)
