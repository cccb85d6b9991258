from datetime import timedelta

import pytest
from django.utils import timezone

from notices import doorbell, kinds, planning
from notices.kinds import Attachment, Kind, Priority
from tests.factories import DepartmentFactory, UserFactory

KINDS = [
    Kind(
        code="test.plain",
        title=lambda notice: f"{notice.subject.name} {notice.params.get('word', '')}".strip(),
        body=lambda notice: "First line\n\nSecond <b>paragraph</b>",
        url=lambda notice: f"/departments/{notice.subject_id}/",
    ),
    Kind(
        code="test.wanted",
        title=lambda notice: "Only for inside departments",
        url=lambda notice: "/",
        is_wanted=lambda notice: not notice.subject.is_external,
    ),
    Kind(
        code="test.urgent",
        title=lambda notice: "Now!",
        url=lambda notice: "/",
        priority=Priority.URGENT,
        resend_doubtful=True,
    ),
    Kind(
        code="test.invitation",
        title=lambda notice: "Come",
        url=lambda notice: "/",
        attachments=lambda notice: [
            Attachment(
                "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; charset=utf-8; method=REQUEST"
            ),
            Attachment(b"%PDF-", "application/pdf", "议程.pdf"),
        ],
    ),
    Kind(code="test.quiet", title=lambda notice: "Only in the list", url=lambda notice: "/", email=False),
    Kind(code="test.broken", title=lambda notice: notice.subject.no_such_thing, url=lambda notice: "/"),
]


@pytest.fixture(autouse=True)
def _test_kinds(monkeypatch):
    """Kinds of our own for the length of a test, and no planners of the other apps."""
    monkeypatch.setattr(planning, "_planners", [])
    monkeypatch.setattr(doorbell._line, "quiet_until", 0.0)
    for kind in KINDS:
        kinds.register(kind)
    yield
    for kind in KINDS:
        kinds.unregister(kind.code)


@pytest.fixture
def somebody(db):
    return UserFactory(name="Ann Lee", email="ann@example.com")


@pytest.fixture
def subject(db):
    return DepartmentFactory(code="sales")


@pytest.fixture
def past():
    return timezone.now() - timedelta(seconds=5)


@pytest.fixture
def future():
    return timezone.now() + timedelta(hours=5)
