"""The form of a type in a browser: the sum while typing, dragging, adding, picking figures, and without scripts."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from meetings.models import Template
from tests.factories import host
from tests.meetings import factories
from tests.metrics import builders
from tests.plugins.browser import watch

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "weekly-operations"
URL = f"/meetings/templates/{CODE}/edit/"


@pytest.fixture
def planner():
    factories.template()
    builders.dictionary()
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


def stored(order: int):
    return Template.objects.current().get(code=CODE).modules.get(order=order)


def test_a_type_is_changed_with_the_mouse_and_the_sum_follows(visit, planner):
    page = visit(planner, reduced_motion="reduce")
    page.goto(URL)
    total = page.locator("#agenda-sum")
    expect(total).to_contain_text("60 min, fits exactly")

    page.fill("input[name=items-1-report]", "10")
    expect(total).to_contain_text("65 min, 5 over")
    page.locator(".module-rows").evaluate("rows => rows.scrollIntoView()")
    first, third = (page.locator("[data-handle]").nth(place).bounding_box() for place in (0, 2))
    page.mouse.move(first["x"] + 5, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(third["x"] + 5, third["y"] + 10, steps=12)
    page.mouse.move(third["x"] + 5, third["y"] + 30, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Add a break").click()
    expect(page.locator("[data-row]")).to_have_count(7)
    expect(total).to_contain_text("75 min, 15 over")
    expect(page.locator("input[name=items-0-title_en]")).to_have_value("Advertising")
    page.click("button[value=fit]")
    expect(total).to_contain_text("60 min, fits exactly")
    page.get_by_role("button", name="Save", exact=True).last.click()

    expect(page.get_by_text("New meetings of this type begin with it.")).to_be_visible()
    titles = [module.title_en for module in Template.objects.get(code=CODE).modules.order_by("order")]
    assert titles[:3] == ["Advertising", "Listing optimisation", "The question to the boss"]
    assert titles[-1] == "Break"


def test_figures_are_picked_when_the_part_is_opened(visit, planner):
    page = visit(planner)
    page.goto(URL)
    before = stored(2).metric_codes
    page.locator("[data-row]").nth(1).get_by_text("Questions, figures, documents").click()
    row = page.locator("[data-row]").first

    row.get_by_text("Questions, figures, documents").click()
    search = row.locator(".ts-control input")
    search.fill("ROAS")
    # Enter takes what stands first, at once: the list must not be behind the typing.
    search.press("Enter")
    page.locator("button[value=save]").last.click()

    expect(page.get_by_text("New meetings of this type begin with it.")).to_be_visible()
    assert stored(1).metric_codes == ["roas"]
    # What was only looked at keeps its order.
    assert stored(2).metric_codes == before


def test_form_works_without_scripts(visit, planner):
    page = visit(planner, java_script_enabled=False)
    page.goto(URL)

    page.locator("button[value=down-0]").click()
    page.locator("button[value=add]").click()
    page.fill("input[name=items-6-title_en]", "Any other business")
    page.locator("button[value=save]").last.click()

    expect(page.get_by_text("New meetings of this type begin with it.")).to_be_visible()
    assert stored(1).title_en == "Advertising"
    assert stored(7).title_en == "Any other business"
