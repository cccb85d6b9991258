"""The list with its script: keys, selection, and a card that is dragged."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

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
