"""The form of a meeting in a browser: the sum while typing, fit and undo, dragging, and the same without scripts."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from meetings.models import Meeting
from tests.factories import executive, host, lead
from tests.meetings import factories
from tests.plugins.browser import watch

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/meetings/new/?template=business-review"


@pytest.fixture
def planner():
    factories.template()
    executive(name="王总")
    lead("sales", name="李娜")
    return host(name="陈静", language="en")


@pytest.fixture
def visit(browser, browser_context_args, live_server, browser_problems):
    """`visit(person)` opens a watched browser that is logged in as that person."""
    contexts = []

    def open_page(person, **options):
        context = browser.new_context(**{**browser_context_args, "base_url": live_server.url, **options})
        context.set_default_timeout(15_000)
        watch(context, browser_problems)
        client = Client()
        client.force_login(person)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert browser_problems == []


def titles(page) -> list[str]:
    return [field.input_value() for field in page.locator(".agenda-title input").all()]


def test_sum_follows_the_typing_and_fit_can_be_undone(visit, planner):
    page = visit(planner)
    page.goto(URL)
    total = page.locator("#agenda-sum")
    expect(total).to_contain_text("295 min, 55 over")

    page.fill("input[name=items-1-report]", "30")
    expect(total).to_contain_text("305 min, 65 over")
    expect(page.locator("#clock-2")).to_have_text("15:25–16:10")
    page.click("button[value=fit]")
    expect(total).to_contain_text("240 min, fits exactly")
    page.click("button[value=undo]")
    expect(total).to_contain_text("305 min, 65 over")

    assert not Meeting.objects.exists()


def test_dragged_item_is_stored_in_its_new_place(visit, planner):
    # Without smooth scrolling, which would move the rows away from under the mouse.
    page = visit(planner, reduced_motion="reduce")
    page.goto(URL)
    expect(page.locator("[data-sortable]")).to_have_attribute("data-ready", "yes")
    page.locator(".agenda-heads").evaluate("heads => heads.scrollIntoView()")
    first, third = (page.locator("[data-handle]").nth(place).bounding_box() for place in (0, 2))
    page.mouse.move(first["x"] + 5, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(third["x"] + 5, third["y"] + 10, steps=12)
    page.mouse.move(third["x"] + 5, third["y"] + 30, steps=5)
    expect(page.locator(".sortable-ghost")).to_be_visible()
    page.mouse.up()
    expect(page.locator("#clock-0")).to_have_text(re.compile("15:45"))
    assert titles(page)[:3] == ["Sales", "Marketing", "Opening: purpose and expectations"]

    page.click(".plan-bar button[value=save]")
    page.wait_for_url(re.compile("/check/$"))

    stored = [item.title_en for item in Meeting.objects.get().items.in_order()]
    assert stored[:3] == ["Sales", "Marketing", "Opening: purpose and expectations"]


def test_whole_way_without_scripts(visit, planner):
    page = visit(planner, java_script_enabled=False)
    page.goto("/meetings/new/")
    page.click("text=Business review")
    page.click("button[value=fit]")
    expect(page.locator("#agenda-sum")).to_contain_text("240 min, fits exactly")
    page.click("button[value=down-0]")
    assert titles(page)[0] == "Sales"
    page.click(".plan-bar button[value=save]")
    expect(page.locator("h2", has_text="What goes out to whom")).to_be_visible()
    page.click("text=Send the invitations")

    expect(page.locator("main")).to_contain_text("invitations are on their way")
    assert Meeting.objects.get().status == Meeting.Status.SCHEDULED
