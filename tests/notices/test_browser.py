"""The list and the bell as people see them."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from notices import dispatcher, services
from tests.factories import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reader():
    return UserFactory(name="王芳", email="reader@example.com", language="zh-hans")


@pytest.fixture
def told(reader):
    now = timezone.now()
    for i, code in enumerate(("sales", "finance", "tech")):
        services.promise(
            recipient=reader,
            subject=DepartmentFactory(code=code),
            kind="test.quiet" if i else "test.plain",
            due_at=now - timedelta(seconds=i + 1),
        )
    dispatcher.run()


@pytest.fixture
def at_home(page, live_server, client, reader):
    """A page that is logged in as the reader."""
    client.force_login(reader)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


def test_reading_empties_the_bell(at_home, live_server, told):
    page = at_home
    page.goto(f"{live_server.url}/notices/")
    bell = page.locator(".shell-count").first
    expect(bell).to_contain_text("3")
    page.get_by_role("button", name="标为已读：销售部").click()
    expect(page.locator(".topline")).to_contain_text("2 条未读")
    expect(page.locator(".shell-count").first).to_contain_text("2")
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.locator(".topline")).to_have_text(re.compile("全部已读"))
    expect(page.locator(".shell-count").first).to_be_empty()


def test_the_list_fits_a_phone(at_home, live_server, told):
    page = at_home
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/notices/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
