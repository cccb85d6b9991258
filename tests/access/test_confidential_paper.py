"""A planted word of a confidential item in what is sent out and printed: packs, print view, agenda mail, feeds."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from meetings import agenda_mail
from meetings.errors import NotAllowed
from meetings.models import Meeting
from meetings.packs import content
from meetings.queries import feed
from meetings.services import packs, readiness
from notices.models import Notice
from tests.access.test_confidential import MARK, Planted, body

pytestmark = pytest.mark.django_db
OUTSIDERS = ["a_member", "a_lead", "host", "exec", "data", "admin", "recorder"]


@pytest.fixture(scope="module")
def planted(kept_for_module):
    return Planted()


def paper(found):
    return packs.as_html(found, pictures={}, language="en", now=found.meeting.starts_at)


def test_packs_and_print_views(planted):
    for item in planted.items:
        meeting = item.meeting
        assert MARK not in paper(content.gather(meeting))
        assert MARK in paper(content.gather(meeting, reader=planted.circle))
        for who in OUTSIDERS:
            person = planted.people[who]
            assert MARK not in paper(content.gather(meeting, reader=person)), who
            browser = Client()
            browser.force_login(person)
            assert MARK not in body(browser.get(reverse("meetings:print", args=[meeting.pk]))), who


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_agenda_mail(planted, language):
    meeting = planted.items[0].meeting
    with translation.override(language):
        for who in OUTSIDERS:
            notice = Notice(recipient=planted.people[who], subject=meeting, kind=agenda_mail.AGENDA)
            assert MARK not in agenda_mail._body(notice) + agenda_mail._title(notice), who
        notice = Notice(recipient=planted.circle, subject=meeting, kind=agenda_mail.AGENDA)
        assert MARK in agenda_mail._body(notice)


def test_feeds_name_it_to_nobody(planted):
    """Feeds are read by other companies' servers, so that not even the circle's own has it."""
    for person in [planted.circle, *(planted.people[who] for who in OUTSIDERS)]:
        text = feed.feed(person, planted.now + timedelta(minutes=1)).decode()
        assert MARK not in text.replace("\r\n ", "")


def test_a_meeting_that_has_begun_in_between_is_not_declared_ready(planted):
    """The page was opened before the start, and its button pressed after it."""
    seen = planted.world.scheduled
    Meeting.objects.filter(pk=seen.pk).update(status="in_progress", started_at=planted.now)

    with pytest.raises(NotAllowed):
        readiness.declare_ready(meeting=seen, by=planted.world.runs, now=planted.now, reason="All the same.")
