"""Minutes in a real browser: two people who write the same passage, pages that everybody can read."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from meetings.models import MinutesText, Participant, Rating
from meetings.services import minutes as services
from tests import factories
from tests.meetings import minutes_factories as make
from tests.plugins.browser import breaches

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def meeting():
    now = timezone.now()
    made = make.ended(
        title="十月经营分析会",
        host=factories.host(language="zh-hans", name="林晓"),
        starts_at=now - dt.timedelta(hours=3),
        started_at=now - dt.timedelta(hours=3),
        ended_at=now - dt.timedelta(hours=2),
    )
    for number in range(3):
        user = make.outsider(made)
        Rating.objects.create(
            meeting=made, user=user, score=7 + number, reason=f"理由 {number}", rated_at=now
        )
    return made


def opened(context, live_server, user) -> Page:
    client = Client()
    client.force_login(user)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return context.new_page()


def address(live_server, meeting, name="minutes"):
    return live_server.url + reverse(f"meetings:{name}", args=[meeting.pk])


def circulated(meeting):
    now = timezone.now()
    services.circulate(
        meeting=meeting,
        approvers=[meeting.host],
        objections_until=now + dt.timedelta(days=1),
        version=services.begin(meeting).version,
        by=meeting.host,
        now=now,
    )
    services.object_to(minutes=meeting.minutes, item=None, text="是墨西哥。", by=meeting.host, now=now)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("state", ["draft", "circulated"])
def test_the_page_is_readable_by_all_on_any_width(context, live_server, meeting, state, width):
    if state == "circulated":
        circulated(meeting)
    page = opened(context, live_server, meeting.host)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address(live_server, meeting))

    expect(page.locator("#pack")).to_contain_text("Markdown")
    expect(page.locator("#standing [aria-current=step]")).to_have_count(1)
    for summary in page.locator("#objections summary, #standing summary").all():
        summary.click()
    assert breaches(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["minutes_circulate", "minutes_print"])
def test_the_other_pages_are_too(context, live_server, meeting, name):
    page = opened(context, live_server, meeting.host)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address(live_server, meeting, name))

    expect(page.locator("h1")).to_be_visible()
    assert breaches(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_two_who_write_the_summary_lose_nothing(browser, live_server, meeting):
    recorder = factories.UserFactory(name="徐佳", language="zh-hans")
    Participant.objects.create(meeting=meeting, user=recorder, role=Participant.Role.RECORDER)
    first = opened(browser.new_context(), live_server, meeting.host)
    second = opened(browser.new_context(), live_server, recorder)
    for page in (first, second):
        page.goto(address(live_server, meeting))

    first.locator("#summary textarea").fill("第一个版本")
    expect(first.locator("#summary [data-block-state]")).to_have_attribute("data-state", "saved")
    second.locator("#summary textarea").fill("<b>第二个版本</b>")

    conflict = second.locator("#summary [data-block-conflict]")
    expect(conflict).to_be_visible()
    expect(conflict.locator("[data-block-theirs]")).to_have_text("第一个版本")
    conflict.locator("[data-block-both]").click()
    expect(second.locator("#summary [data-block-state]")).to_have_attribute("data-state", "saved")
    assert MinutesText.objects.get().text == "第一个版本\n\n<b>第二个版本</b>"
    second.reload()
    expect(second.locator("#summary textarea")).to_have_value("第一个版本\n\n<b>第二个版本</b>")
