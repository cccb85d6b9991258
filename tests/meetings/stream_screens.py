"""Screens of a room in real browsers whose clocks are wrong, for tests and for the benchmark."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, expect

from tests.plugins.browser import chromium

QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
)
# The machine's time of day is off; its steady clock and its timers are not.
WRONG_CLOCK = """(() => {
  const off = %d, Right = Date, now = Right.now.bind(Right);
  const Wrong = function (...given) {
    const date = given.length ? new Right(...given) : new Right(now() + off);
    return new.target ? date : date.toString();
  };
  Object.setPrototypeOf(Wrong, Right);
  Wrong.prototype = Right.prototype;
  Wrong.now = () => now() + off;
  globalThis.Date = Wrong;
})()"""


def set_wrong(page: Page, *, minutes: float) -> None:
    """Put the clock of a page forward or back, from its next load on."""
    page.add_init_script(WRONG_CLOCK % int(minutes * 60_000))


def slow_down(page: Page, milliseconds: int) -> None:
    """Let every answer take so much longer."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    conditions = {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", conditions)


def server_time(page: Page) -> float:
    """What the page takes for the server's time, in milliseconds since 1970."""
    source = "import('/static/js/room/servertime.js').then((one) => one.now())"
    return float(page.evaluate(source))


class Screens:
    """Browsers of their own, one context per screen."""

    def __init__(self, driver: Playwright, site: str) -> None:
        self.site = site
        self.browser: Browser = driver.chromium.launch(executable_path=chromium(), args=QUIET.split())
        self.pages: list[Page] = []

    def open(self, session: str, path: str, *, minutes_off: float, latency: int) -> Page:
        context: Any = self.browser.new_context(
            base_url=self.site, locale="en-GB", timezone_id="Asia/Shanghai"
        )
        context.add_cookies([{"name": "sessionid", "value": session, "url": self.site}])
        page = context.new_page()
        set_wrong(page, minutes=minutes_off)
        slow_down(page, latency)
        page.goto(path)
        self.pages.append(page)
        return page

    def wait_until_measured(self) -> None:
        for page in self.pages:
            expect(page.locator("[data-room]")).to_have_attribute("data-connection", "stream", timeout=30_000)
            expect(page.locator("[data-room]")).to_have_attribute("data-measured", "yes", timeout=30_000)

    def errors_of_time(self) -> list[float]:
        """How far off each page is, in milliseconds; asking itself takes a few of them."""
        found = []
        for page in self.pages:
            began = time.time()
            said = server_time(page)
            found.append(said - (began + time.time()) / 2 * 1000)
        return found

    def close(self) -> None:
        self.browser.close()
