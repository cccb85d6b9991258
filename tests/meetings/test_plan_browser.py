"""The form of a meeting in a browser: the sum while typing, fit and undo, dragging, and the same without scripts."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from meetings.models import Meeting, Participant
from meetings.plan import PersonPlan
from people.models import User
from tests.factories import UserFactory, executive, host, lead
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


def test_rows_move_by_keyboard_and_by_button_and_keep_the_focus(visit, planner):
    page = visit(planner)
    page.goto(URL)
    expect(page.locator("[data-sortable]")).to_have_attribute("data-ready", "yes")
    page.focus("input[name=items-1-title]")
    page.keyboard.press("Alt+ArrowUp")
    assert titles(page)[:2] == ["Sales", "Opening: purpose and expectations"]
    expect(page.locator("input[name=items-1-title]")).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text("“Sales” is now item 1 of 8")
    expect(page.locator("#clock-1")).to_have_text("14:00–15:00")
    expect(page.locator("#part-1")).to_have_text("discussion 14:20")
    page.keyboard.press("Alt+ArrowUp")
    assert titles(page)[0] == "Sales"

    page.click("button[value=up-2]")
    page.click("button[value=up-2]")
    assert titles(page)[0] == "Marketing"
    # It has come to the top: the way down is what is left to press.
    expect(page.locator("button[value=up-2]")).to_be_disabled()
    expect(page.locator("button[value=down-2]")).to_be_focused()

    page.click("button[value=fit]")
    expect(page.locator("#agenda-sum")).to_contain_text("240 min, fits exactly")
    assert titles(page)[:2] == ["Marketing", "Sales"]
    page.focus("input[name=items-0-title]")
    page.keyboard.press("Alt+ArrowDown")
    page.click("button[value=undo]")
    expect(page.locator("#agenda-sum")).to_contain_text("295 min, 55 over")
    assert titles(page)[:2] == ["Sales", "Marketing"]
    expect(page.locator("input[name=items-0-report]")).to_have_value("20")


def test_added_row_is_where_the_typing_goes_on(visit, planner):
    page = visit(planner)
    page.goto(URL)
    page.click("button[value=add]")
    expect(page.locator("input[name=items-8-title]")).to_be_focused()
    page.keyboard.type("Prices")
    page.click("button[value=break]")
    expect(page.locator("input[name=items-9-title]")).to_have_value("Break")
    expect(page.locator("input[name=items-8-title]")).to_have_value("Prices")


def test_two_browsers_at_one_plan(visit, planner):
    """Both change other things: both stay. Both change the same: the second is asked, and loses nothing."""
    deputy = UserFactory(name="周敏", language="en")
    meeting = factories.draft(
        host=planner,
        starts_at=timezone.now() + timedelta(days=20),
        people=[PersonPlan(user=deputy, role=Participant.Role.DEPUTY_HOST)],
    )
    url = f"/meetings/{meeting.pk}/edit/"
    first, second = visit(planner), visit(deputy)
    first.goto(url)
    second.goto(url)

    first.click("button[value=add]")
    first.fill("input[name=items-8-title]", "Added by the host")
    first.fill("input[name=items-1-report]", "25")
    first.click(".plan-bar button[value=save]")
    first.wait_for_url(re.compile("/check/$"))
    second.fill("input[name=items-1-report]", "10")
    second.fill("input[name=items-2-title]", "Advertising")
    second.click(".plan-bar button[value=save]")

    question = second.locator("[data-overlaps]")
    expect(question).to_contain_text("陈静 changed the same parts")
    expect(question).to_contain_text("25 + 40 min")
    expect(second.locator("input[name=items-1-report]")).to_have_value("10")
    expect(second.locator("input[name=items-2-title]")).to_have_value("Advertising")
    question.locator("input[value=theirs]").check()
    question.locator("button[value=save]").click()
    second.wait_for_url(re.compile("/check/$"))

    stored = list(meeting.items.in_order())
    assert [stored[1].report_minutes, stored[2].title_en, stored[8].title_en] == [
        25,
        "Advertising",
        "Added by the host",
    ]


def test_taken_people_are_said_while_typing(visit, planner):
    boss = User.objects.get(name="王总")
    start = timezone.now().replace(hour=6, minute=0, second=0, microsecond=0) + timedelta(days=20)
    factories.scheduled(
        title="Board",
        starts_at=start,
        people=[PersonPlan(user=boss, role=Participant.Role.EXECUTIVE)],
        location="Room 3",
    )
    page = visit(planner)
    page.goto(URL)
    expect(page.locator("#look")).not_to_contain_text("Board")

    page.fill("input[name=date]", start.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat())
    expect(page.locator("#look")).to_contain_text("王总 is in “Board” from 14:00 to 18:00.")
    page.fill("input[name=location]", "room 3")
    page.focus("input[name=title]")
    expect(page.locator("#look")).to_contain_text("The place is taken by “Board”")
    page.fill("input[name=time]", "19:00")
    expect(page.locator("#look")).not_to_contain_text("Board")


def test_circle_is_picked_by_name(visit, planner):
    page = visit(planner)
    page.goto(URL)
    row = page.locator("[data-row]").nth(1)
    row.locator("summary").click()
    expect(row.locator(".agenda-readers")).to_be_hidden()
    row.locator("input[name=items-1-is_confidential]").check()
    row.locator(".agenda-readers .ts-control input").fill("李娜")
    row.locator(".agenda-readers .ts-dropdown .option", has_text="李娜").click()
    expect(row.locator(".agenda-readers .item")).to_contain_text("李娜")
    page.click(".plan-bar button[value=save]")
    page.wait_for_url(re.compile("/check/$"))

    (reader,) = Meeting.objects.get().items.get(order=2).readers.all()
    assert reader.user.name == "李娜"
