"""The list with its script: keys, selection, and a card that is dragged."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error, Route, expect

from actions.models import Action, SavedView
from tests.actions.factories import ActionFactory
from tests.actions.test_browser import sign_in
from tests.factories import DepartmentFactory, host, lead, member
from tests.plugins.browser import breaches

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


def test_on_a_phone_the_filter_is_folded(page, live_server, sign_in):
    viewer, soon = host(language="en"), timezone.now() + timedelta(days=2)
    for title, owner in (("Close the eBay shop", member("sales")), ("Hire a designer", viewer)):
        ActionFactory(title=title, owner=owner, due_at=soon)
    sign_in(viewer)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/actions/")

    mine, fold = page.get_by_label("Mine"), page.locator(".filter-fold > summary")
    expect(mine).to_be_hidden()
    first = page.get_by_role("link", name="Close the eBay shop").bounding_box()
    assert first is not None
    assert first["y"] < 844 - 100  # on the first screen, above the bar of the phone
    fold.click()
    mine.check()
    expect(page.get_by_role("link", name="Close the eBay shop")).to_have_count(0)
    expect(fold).to_have_text("1 filter: Mine")
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(fold).to_be_hidden()
    expect(mine).to_be_visible()


def test_layouts_views_and_import_are_accessible(page, live_server, sign_in):
    viewer = host(language="en")
    action = ActionFactory(owner=member("sales", name="Han Mei"), due_at=timezone.now() + timedelta(days=2))
    SavedView.objects.create(owner=viewer, name="Late ones", query="overdue=on", created_at=timezone.now())
    sign_in(viewer)
    page.set_viewport_size({"width": 390, "height": 844})

    layouts = [f"list|?layout={layout}" for layout in ("table", "board", "timeline", "calendar")]
    for name, _, query in (one.partition("|") for one in [*layouts, "views", "imports"]):
        page.goto(f"{live_server.url}{reverse(f'actions:{name}')}{query}")
        assert breaches(page) == []
    lines = f"No.,Action,Owner,Deadline\n{action.reference},{action.title} today,,\n,Ask,Han Mei,2099-03-05\n,,x,y\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "Plan.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    )
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("Nothing is written yet")).to_be_visible()
    assert breaches(page) == []
