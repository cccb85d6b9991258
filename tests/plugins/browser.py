"""Headless Chromium: Debian's own, driven by Playwright, watched for everything that must not happen on a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError, expect

from tests.plugins.guards import complain

# A machine that is busy with other tests takes longer than the five seconds that Playwright waits by itself.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)

# Runs before every page's own scripts, outside its policy; says what the browser forbade.
WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`[csp] ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile || ""}:${event.lineNumber}`);
});
"""


def chromium() -> str | None:
    """The browser of this machine: $CHROMIUM, else Debian's or another distribution's name for it."""
    named = os.environ.get("CHROMIUM")
    return named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium()
    if path is None:
        pytest.fail(
            "No Chromium: apt-get install chromium fonts-noto-cjk, or set CHROMIUM to its path.",
            pytrace=False,
        )
    quiet = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    quiet += " --disable-component-update --disable-sync --disable-dev-shm-usage"
    return {**browser_type_launch_args, "executable_path": path, "args": quiet.split()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def browser_problems() -> list[str]:
    """What went wrong in the browser so far in this test."""
    return []


@pytest.fixture
def context(
    context: BrowserContext, browser_problems: list[str], request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """Playwright's context, guarded (see `watch`)."""
    context.set_default_timeout(15_000)
    watch(context, browser_problems)
    yield context
    complain(request, marker="browser_problems", found=browser_problems, title="seen in the browser")


def watch(context: BrowserContext, problems: list[str]) -> None:
    """Note breaches of the policy, script errors, server errors, missing static files and requests to other hosts."""

    def console(message: ConsoleMessage) -> None:
        if "[csp]" in message.text or "Content Security Policy" in message.text:
            problems.append(f"policy: {message.text}")

    def script_error(error: WebError) -> None:
        problems.append(f"script: {error.error}")

    def response(answer: Response) -> None:
        is_static = urlsplit(answer.url).path.startswith("/static/")
        if answer.status >= 500 or (is_static and answer.status >= 400):
            problems.append(f"answer: {answer.status} {answer.request.method} {answer.url}")

    def outgoing(asked: Request) -> None:
        target = urlsplit(asked.url)
        if target.scheme in ("http", "https") and target.hostname not in ("127.0.0.1", "localhost"):
            problems.append(f"elsewhere: {asked.url}")

    context.add_init_script(WATCH_POLICY)
    context.on("console", console)
    context.on("weberror", script_error)
    context.on("response", response)
    context.on("request", outgoing)


# Two frames for what has just been changed to be drawn; then every transition comes to its end, but not a spinner.
AT_REST = """async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity);
  await Promise.allSettled(ending.map((one) => one.finished));
}"""


def breaches(page: Page, **options: Any) -> list[str]:
    """What axe finds on the page once its colours are at rest, a line for each element; `options` are those of axe."""
    page.evaluate(AT_REST)
    found = Axe().run(page, options=options or None).response["violations"]
    return [
        f"{page.url} {one['id']}: {node['html']} {node.get('failureSummary', '')}"
        for one in found
        for node in one["nodes"]
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, so that `-m "not browser"` leaves it out."""
    for item in items:
        if {"page", "context", "browser", "new_context"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
