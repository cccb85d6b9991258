"""The demo company behind a running site, and people who look at it, each in a browser of their own."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.periods import Period
from dashboard.demo import company
from dashboard.demo.people import DOMAIN, PASSWORD
from tests.plugins.browser import watch

# Set to a folder, the journey keeps its pictures there: `make screenshots` puts them into docs/screenshots.
PICTURES = os.environ.get("FUPAN_SCREENSHOTS", "")


@pytest.fixture
def demo_site(settings, celery_worker, live_server) -> str:
    """The address of a site with the demo company, whose figures end in January 2026, and with a real worker."""
    settings.SITE_URL = live_server.url
    company.load(now=timezone.now(), until=Period.month(2026, 1))
    return live_server.url


@pytest.fixture
def visit(
    browser: Browser, browser_context_args: dict, demo_site: str, browser_problems: list[str], request
) -> Iterator[Callable[[str], Page]]:
    """`visit("host")` opens a browser and logs that person in; all of them are watched for what must not happen."""
    contexts: dict[str, BrowserContext] = {}
    pages: dict[str, Page] = {}

    def person(login: str) -> Page:
        if login not in pages:
            size = {"width": 1440, "height": 900}
            contexts[login] = browser.new_context(**browser_context_args, base_url=demo_site, viewport=size)
            contexts[login].set_default_timeout(15_000)
            watch(contexts[login], browser_problems)
            pages[login] = contexts[login].new_page()
            log_in(pages[login], login)
        return pages[login]

    yield person
    for context in contexts.values():
        context.close()
    assert browser_problems == []


def log_in(page: Page, login: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("电子邮件").fill(f"{login}@{DOMAIN}")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("你好")


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page, at desktop and phone width, when pictures are wanted.

    The caret stays: hiding it is an inline style, which our own policy refuses.
    """
    if not PICTURES:
        return
    folder = Path(PICTURES)
    folder.mkdir(parents=True, exist_ok=True)
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=folder / f"{name}.png", caret="initial")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=folder / f"{name}-phone.png", caret="initial")
    page.set_viewport_size({"width": 1440, "height": 900})
