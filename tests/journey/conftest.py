"""The demo company behind a running site, and people who look at it, each in a browser of their own."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.demo.people import DOMAIN, PASSWORD
from people.models import User
from tests.plugins.browser import watch

# Set to a folder, the journey keeps its pictures there: `make screenshots` puts them into docs/screenshots.
PICTURES = os.environ.get("FUPAN_SCREENSHOTS", "")
# By language: what a browser asks for, the words of the login page, and how a person is greeted.
LOCALES = {User.Language.ZH: "zh-CN", User.Language.EN: "en-US"}
LOGIN_WORDS = {
    User.Language.ZH: ("电子邮件", "密码", "登录", "你好"),
    User.Language.EN: ("Email", "Password", "Sign in", "Good day"),
}
# With some room above, where a phone has its bar.
BEGIN_AT = """at => {
  const top = at ? document.querySelector(at).getBoundingClientRect().top + scrollY - 80 : 0;
  scrollTo({ top, behavior: "instant" });
}"""


@pytest.fixture
def language() -> str:
    """The language in which the people of the demo company work; a journey in another one overrides this."""
    return User.Language.ZH


@pytest.fixture
def demo_site(settings, demo_company, celery_worker, live_server, language) -> str:
    """The address of a site with the demo company, and with a real worker."""
    settings.SITE_URL = live_server.url
    # A journey goes the same way at night, when somebody of the company would rather not be told anything.
    User.objects.update(quiet_from=None, quiet_until=None)
    if language != User.Language.ZH:
        User.objects.filter(email__endswith=f"@{DOMAIN}").update(language=language)
    return live_server.url


@pytest.fixture
def visit(
    browser: Browser, browser_context_args: dict, demo_site: str, browser_problems: list[str], language: str
) -> Iterator[Callable[[str], Page]]:
    """`visit("host")` opens a browser and logs that person in; all of them are watched for what must not happen."""
    contexts: dict[str, BrowserContext] = {}
    pages: dict[str, Page] = {}

    def person(login: str) -> Page:
        if login not in pages:
            options = {**browser_context_args, "base_url": demo_site, "locale": LOCALES[language]}
            contexts[login] = browser.new_context(**options, viewport={"width": 1440, "height": 900})
            contexts[login].set_default_timeout(15_000)
            watch(contexts[login], browser_problems)
            pages[login] = contexts[login].new_page()
            log_in(pages[login], login, language)
        return pages[login]

    yield person
    for context in contexts.values():
        context.close()
    assert browser_problems == []


def log_in(page: Page, login: str, language: str) -> None:
    email, password, button, greeting = LOGIN_WORDS[language]
    page.goto("/accounts/login/")
    page.get_by_label(email).fill(f"{login}@{DOMAIN}")
    page.get_by_label(password, exact=True).fill(PASSWORD)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(greeting)


def picture(page: Page, name: str, at: str = "") -> None:
    """Keep a picture of the page, at desktop and phone width, when pictures are wanted; `at` is what it begins with.

    The caret stays: hiding it is an inline style, which our own policy refuses.
    """
    if not PICTURES:
        return
    folder = Path(PICTURES)
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, width, height in (("-phone", 390, 844), ("", 1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(BEGIN_AT, at)
        page.screenshot(path=folder / f"{name}{suffix}.png", caret="initial")
