"""What narrow and middling screens do to the pages of actions: nothing is cut, nothing is hidden without a hint."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from actions.models import SavedView
from tests.actions.factories import ActionFactory
from tests.actions.test_browser import sign_in
from tests.factories import DepartmentFactory, host, member
from tests.meetings import factories as meetings

__all__ = ["sign_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Of every list the choices that are wider than the room for them.
CUT = """() => [...document.querySelectorAll("#filter select")].filter(one => one.checkVisibility()).flatMap(one => {
  const style = getComputedStyle(one), pen = document.createElement("canvas").getContext("2d")
  pen.font = style.font
  const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
  return [...one.options].map(each => each.text).filter(text => pen.measureText(text).width > room)
})"""


@pytest.mark.parametrize("width", [1440, 1280, 1024, 768])
def test_no_choice_of_the_filter_is_cut(page, live_server, sign_in, width):
    for code, name in (("tech", "Technology / product"), ("service", "Customer service")):
        DepartmentFactory(code=code, name_en=name)
    sign_in(host(language="en"))
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(f"{live_server.url}/actions/")

    expect(page.locator("#id_status option", has_text="all published")).to_have_count(1)
    assert page.evaluate(CUT) == []


def test_saved_views_fade_where_they_go_on_and_end_clear_of_it(page, live_server, sign_in):
    person = host(language="en")
    for number in range(6):
        SavedView.objects.create(
            owner=person, name=f"Late in department {number}", query="", created_at=timezone.now()
        )
    sign_in(person)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/actions/")

    row = page.get_by_role("navigation", name="Saved views")
    assert row.evaluate("one => one.scrollWidth > one.clientWidth")
    assert "linear-gradient" in row.evaluate("one => getComputedStyle(one).maskImage")
    row.evaluate("one => one.scrollTo(one.scrollWidth, 0)")
    free = """one => one.getBoundingClientRect().right - one.lastElementChild.getBoundingClientRect().right"""
    assert row.evaluate(free) >= 48


def test_on_the_phone_the_state_of_a_sub_task_stands_under_its_words(page, live_server, sign_in):
    owner, sales = member("sales"), DepartmentFactory(code="sales")
    terms = {"department": sales, "due_at": timezone.now() + timedelta(days=3)}
    whole = ActionFactory(owner=owner, **terms)
    ActionFactory(parent=whole, owner=owner, **terms)
    sign_in(owner)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + whole.get_absolute_url())

    line = page.locator("[aria-labelledby=parts] .milestones > li")
    words, state = line.locator("> div").first.bounding_box(), line.locator(".badge").bounding_box()
    assert words
    assert state
    assert state["x"] == pytest.approx(words["x"], abs=1)
    assert state["y"] > words["y"]


def test_on_the_phone_the_minutes_of_a_progress_meeting_fit_the_screen(page, live_server, sign_in):
    person = host(language="zh-hans")
    held = meetings.scheduled(
        template=meetings.template("biweekly-progress"), period=None, host=person, departments=[]
    )
    ActionFactory(owner=person, due_at=held.starts_at + timedelta(days=2))
    sign_in(person)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}{reverse('actions:progress', args=[held.pk])}")

    expect(page.locator(".autopilot-lists")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
