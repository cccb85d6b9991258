"""The pack's card, the print view and the host's board in a real browser: readable by all, on any width."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from meetings.models import Pack
from meetings.services import packs
from tests import factories
from tests.meetings import pack_factories as make
from tests.meetings import room_factories as room
from tests.plugins.browser import breaches

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def meeting():
    made = make.meeting(
        departments=("sales", "finance"),
        host=factories.host(language="zh-hans"),
        starts_at=timezone.now() + timedelta(days=2),
        title="十月经营分析会",
    )
    make.submit(made, "sales", "销售额上升。")
    room.invite(made, factories.UserFactory(name="王芳"))
    return made


@pytest.fixture
def host(page: Page, context, live_server, meeting):
    client = Client()
    client.force_login(meeting.host)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", ["ready", "print"])
def test_pages_are_readable_by_all_on_any_width(host: Page, live_server, meeting, name, width):
    host.set_viewport_size({"width": width, "height": 900})
    host.goto(live_server.url + reverse(f"meetings:{name}", args=[meeting.pk]))

    expect(host.locator("h1")).to_be_visible()
    assert breaches(host) == []
    assert host.evaluate("document.documentElement.scrollWidth") <= width


def test_one_asks_for_the_pack_and_gets_it_without_leaving_the_page(host: Page, live_server, meeting):
    host.goto(live_server.url + meeting.get_absolute_url())
    host.get_by_role("button", name="生成 PDF").click()
    expect(host.locator("#pack progress")).to_be_visible()

    packs.make(pack=Pack.objects.get(), clock=timezone.now)

    link = host.locator("#pack .pack-file")
    expect(link).to_be_visible()
    with host.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.startswith("十月经营分析会 ")
