"""The list with its script: keys, selection, and a card that is dragged."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Error, Route, expect

from actions.models import Action
from tests.actions.factories import ActionFactory
from tests.actions.test_browser import sign_in
from tests.factories import DepartmentFactory, lead, member

__all__ = ["sign_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_keys_select_and_cards_are_dragged(page, live_server, sign_in):
    now, owner = timezone.now(), member("sales")
    shared = {"acceptor": lead("sales"), "department": DepartmentFactory(code="sales"), "published_at": now}
    first, second = (ActionFactory(owner=owner, due_at=now + timedelta(days=day), **shared) for day in (2, 3))
    sign_in(owner)
    page.goto(f"{live_server.url}/actions/")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-selected-count]")).to_have_text("1")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="Edit 1 action")).to_be_visible()
    expect(page.get_by_text(second.title)).to_be_visible()

    page.goto(f"{live_server.url}/actions/?mine=on")
    page.get_by_role("navigation", name="Layout").get_by_role("link", name="board").click()
    card = page.locator(f"[data-card='{first.pk}']")
    card.drag_to(page.locator("[data-status=submitted]"), target_position={"x": 40, "y": 20})
    expect(page.locator("#step .error-summary")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"[data-status=todo] [data-card='{first.pk}']")).to_be_visible()
    card.drag_to(page.locator("[data-status=doing]"), target_position={"x": 40, "y": 20})
    expect(page.get_by_text("Started.")).to_be_visible()
    expect(page.locator(f"[data-status=doing] [data-card='{first.pk}']")).to_be_visible()

    first.refresh_from_db()
    assert first.status == Action.Status.DOING


def test_of_two_quick_clicks_the_last_one_counts(page, live_server, sign_in):
    """The answer to the first takes away the link that asked second; that must not take its answer along."""
    owner = member("sales")
    ActionFactory(owner=owner, due_at=timezone.now() + timedelta(days=2))
    sign_in(owner)
    page.goto(f"{live_server.url}/actions/?mine=on")
    held: list[Route] = []
    page.route("**/actions/?*layout=*", lambda route: held.append(route))  # noqa: PLW0108 - it marks what it is given
    layouts = page.get_by_role("navigation", name="Layout")
    for name in ("timeline", "board"):
        layouts.get_by_role("link", name=name).click()
        expect(layouts.get_by_role("link", name=name)).to_have_class("htmx-request")
    for request in held:
        with suppress(Error):  # the page may have given it up
            request.continue_()
        page.wait_for_timeout(500)

    expect(layouts.get_by_role("link", name="board")).to_have_attribute("aria-current", "true")
    expect(page.locator("[data-board]")).to_be_visible()
