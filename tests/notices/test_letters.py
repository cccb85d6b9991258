"""The words and headers of mails, as a mail server receives them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core.templatetags.times import moment_words
from notices import dispatcher, kinds, letters, services
from notices.kinds import Kind
from tests.factories import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def timed_kind():
    kind = Kind(
        code="test.timed",
        title=lambda notice: f"{notice.subject.name}: {moment_words(NOON)}",
        url=lambda notice: "/",
        body=lambda notice: moment_words(NOON),
    )
    kinds.register(kind)
    yield kind
    kinds.unregister(kind.code)


def sent(**fields):
    services.promise(due_at=timezone.now() - timedelta(seconds=1), **fields)
    dispatcher.run()
    return mail.outbox[-1]


def html_of(message):
    return next(part.content for part in message.alternatives if part.mimetype == "text/html")


def test_language_and_time_zone_are_the_recipients(timed_kind, subject):
    english = UserFactory(language="en", time_zone="America/New_York")
    chinese = UserFactory(language="zh-hans", time_zone="Asia/Shanghai")
    one = sent(recipient=english, subject=subject, kind="test.timed")
    other = sent(recipient=chinese, subject=subject, kind="test.timed")
    assert one.subject.startswith("Sales: ")
    assert "07:00" in one.subject
    assert "07:00" in one.body
    assert other.subject.startswith("销售部：" if "：" in other.subject else "销售部: ")
    assert "20:00" in other.subject
    assert '<html lang="en">' in html_of(one)
    assert '<html lang="zh-Hans">' in html_of(other)


def test_links_are_whole_and_lead_through_the_list(settings, somebody, subject):
    settings.SITE_URL = "https://fupan.example"
    message = sent(recipient=somebody, subject=subject, kind="test.plain")
    pk = somebody.notices.get().pk
    assert f"https://fupan.example/notices/{pk}/open/" in message.body
    assert f'href="https://fupan.example/notices/{pk}/open/"' in html_of(message)


def test_what_people_write_is_text(somebody):
    odd = DepartmentFactory(code="odd", name_en='<img src=x onerror="alert(1)"> & Co')
    message = sent(recipient=somebody, subject=odd, kind="test.plain")
    assert "<img" not in html_of(message)
    assert "&lt;img" in html_of(message)
    assert "<p>Second &lt;b&gt;paragraph&lt;/b&gt;</p>" in html_of(message)
    assert message.subject == '<img src=x onerror="alert(1)"> & Co'
    assert "Second <b>paragraph</b>" in message.body


def test_no_picture_or_style_comes_from_elsewhere(somebody, subject):
    html = html_of(sent(recipient=somebody, subject=subject, kind="test.plain"))
    assert "<img" not in html
    assert "<link" not in html
    assert "url(" not in html


@pytest.mark.parametrize(
    "name",
    ["Sales\r\nBcc: everybody@example.com", "Sales\nX-Evil: 1", "Sa\u2028les", "\u202egnp.exe", "Sales\x00"],
)
def test_no_header_can_be_smuggled_in(name):
    odd = DepartmentFactory(code="odd")
    type(odd).objects.filter(pk=odd.pk).update(name_en=name.replace("\x00", "\x01"))
    odd.refresh_from_db()
    person = UserFactory(name="Ann\r\nBcc: x@example.com", email="ann@example.com")
    message = sent(recipient=person, subject=odd, kind="test.plain")
    raw = message.message()
    assert raw["Bcc"] is None
    assert raw["X-Evil"] is None
    assert len(raw["Subject"].splitlines()) == 1
    assert message.recipients() == ["Ann Bcc: x@example.com <ann@example.com>"] or message.to[0].endswith(
        "<ann@example.com>"
    )
    assert "\u202e" not in str(message.subject)


def test_a_long_title_is_cut(somebody):
    odd = DepartmentFactory(code="odd", name_en="长" * 120)
    message = sent(recipient=somebody, subject=odd, kind="test.plain")
    assert len(message.subject) <= letters.LONGEST_SUBJECT
    assert letters.one_line("x" * 500).endswith("…")


def test_a_person_with_an_awkward_name_gets_it(smtp_sink, subject):
    person = UserFactory(name='李, "Ann" 🎉 <x@y>', email="ann@example.com")
    sent_by_smtp(person, subject, "test.plain")
    (letter,) = smtp_sink.letters
    assert letter.recipients == ["ann@example.com"]
    assert letter.message["To"].addresses[0].display_name == '李, "Ann" 🎉 <x@y>'


def sent_by_smtp(person, subject, kind):
    services.promise(
        recipient=person, subject=subject, kind=kind, due_at=timezone.now() - timedelta(seconds=1)
    )
    assert dispatcher.run() == {"sent": 1}


def test_machines_recognise_it(smtp_sink, somebody, subject):
    sent_by_smtp(somebody, subject, "test.plain")
    message = smtp_sink.letters[0].message
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Id"] is not None
    notice = somebody.notices.get()
    assert notice.fingerprint in message["Message-ID"]
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip


def test_a_calendar_invitation_is_an_alternative_and_a_file_is_attached(smtp_sink, somebody, subject):
    sent_by_smtp(somebody, subject, "test.invitation")
    message = smtp_sink.letters[0].message
    parts = {part.get_content_type(): part for part in message.walk()}
    calendar = parts["text/calendar"]
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content_charset() == "utf-8"
    assert not calendar.is_attachment()
    assert parts["application/pdf"].get_filename() == "议程.pdf"


def test_the_message_id_stays_the_same_and_differs_between_notices(somebody, subject, future):
    fields = {"recipient": somebody, "subject": subject, "kind": "test.plain"}
    one = services.promise(**fields, due_at=future)
    other = services.promise(**fields, due_at=future + timedelta(minutes=1))
    assert letters.message_id(one) == letters.message_id(services.promise(**fields, due_at=future))
    assert letters.message_id(one) != letters.message_id(other)
    assert "example.com" not in letters.message_id(one), "it gives no address away"
