"""Scorecard, dictionary and metric page in a browser: charts are drawn, periods change in place, nothing overflows."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.factories import UserFactory
from tests.metrics.builders import covered, shop, totals
from tests.plugins.browser import breaches

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PAGES = ["/metrics/", "/metrics/dictionary/", "/metrics/orders/"]


@pytest.fixture
def company():
    us = shop(name="美国店")
    for number in range(1, 13):
        covered(us, f"2025-{number:02}")
        orders = 300 if number == 12 else 100 + number % 3
        totals(
            us,
            f"2025-{number:02}-15",
            orders=orders,
            product_sales=orders * 20,
            units=orders,
            refund_units=40,
        )


@pytest.fixture
def reader(page: Page, live_server, company) -> Page:
    client = Client()
    client.force_login(UserFactory(language="zh-hans"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_accessible(reader: Page, live_server, path, scheme):
    reader.emulate_media(color_scheme=scheme)
    reader.goto(live_server.url + path)
    expect(reader.locator("html")).to_have_attribute("data-bs-theme", scheme)

    assert breaches(reader) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_a_phone(reader: Page, live_server, path):
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto(live_server.url + path)

    assert reader.evaluate("document.documentElement.scrollWidth") <= 390


def test_another_period_comes_in_place(reader: Page, live_server):
    reader.goto(f"{live_server.url}/metrics/")
    expect(reader.locator(".topline")).to_contain_text("需要关注")

    reader.locator("select[name=period]").select_option("2025-11")

    expect(reader.locator(".topline")).to_contain_text("无异常")
    expect(reader).to_have_url(re.compile(r"period=2025-11"))
    reader.get_by_role("link", name="下一期间").click()
    expect(reader.locator(".topline")).to_contain_text("需要关注")


def test_from_the_exception_to_its_chart(reader: Page, live_server):
    reader.goto(f"{live_server.url}/metrics/")
    reader.get_by_role("link", name="订单量", exact=True).first.click()

    expect(reader.get_by_role("heading", name="订单量")).to_be_visible()
    expect(reader.locator("#chart-series canvas")).to_be_visible()
    expect(reader.locator("#chart-weeks canvas")).to_be_visible()
    expect(reader.locator("#chart-limits canvas")).to_be_visible()
    reader.get_by_role("link", name="季", exact=True).click()
    expect(reader.locator(".topline")).to_contain_text("2025年第4季度")


def test_words_of_the_search_filter_the_dictionary(reader: Page, live_server):
    reader.goto(f"{live_server.url}/metrics/dictionary/")

    reader.locator("main").get_by_label("搜索").first.fill("客单价")

    rows = reader.locator("#dictionary tbody tr")
    expect(rows.first).to_contain_text("客单价")
    expect(rows.filter(has_text="仓储费用")).to_have_count(0)
