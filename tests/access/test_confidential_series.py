"""What was parked in a confidential item of a series is not on the series' page for everybody."""

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import ItemReader, Meeting, ParkedItem
from tests.access.test_confidential import MARK, body

pytestmark = pytest.mark.django_db


@pytest.fixture
def parked(world):
    meeting = Meeting.objects.get(pk=world.args["meeting.of_series"][0])
    item = meeting.items.in_order().first()
    item.is_confidential, item.department = True, None
    item.save(update_fields=["is_confidential", "department"])
    return ParkedItem.objects.create(
        meeting=meeting, item=item, text=f"{MARK} parked", parked_by=world.runs, parked_at=world.now
    )


def opened(world, who):
    browser = Client()
    browser.force_login(world.people[who])
    return browser, body(browser.get(reverse("meetings:series", args=world.args["series"])))


def test_the_page_of_the_series_names_it_to_its_circle_only(world, parked):
    for who in ("a_member", "a_lead", "host", "exec", "data", "admin", "recorder"):
        assert MARK not in opened(world, who)[1], who
    assert MARK in opened(world, "runs")[1]


def test_who_records_does_not_put_it_off_unseen(world, parked):
    url = reverse("meetings:review_parked", args=[parked.meeting_id, parked.pk])
    browser, _page = opened(world, "recorder")

    assert browser.post(url, {"review_on": "2030-01-01"}).status_code == 404
    parked.refresh_from_db()
    assert parked.review_on is None
    ItemReader.objects.create(item=parked.item, user=world.people["recorder"])
    assert browser.post(url, {"review_on": "2030-01-01"}).status_code == 302
