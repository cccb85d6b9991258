"""Screens of one room: real browsers, a real web server and a real process of the streams; clocks that are wrong."""

import os
import time

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from meetings.services import log
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings import stream_processes
from tests.meetings.stream_screens import server_time, set_wrong, slow_down
from tests.meetings.test_stream import begun, press, session_of
from tests.plugins.browser import watch

pytestmark = pytest.mark.django_db(transaction=True)
# For what comes at once on an idle machine and late on a busy one.
LATE = 40_000


@pytest.fixture(scope="session")
def static_files():
    call_command("collectstatic", interactive=False, verbosity=0)
    assert os.environ["STATIC_ROOT"]


@pytest.fixture
def site(static_files, own_events, transactional_db, tmp_path):
    """The web server, which tells its pages where the streams are."""
    process = stream_processes.web_process(tmp_path, EVENTS_PORT=str(own_events.port))
    process.start()
    yield process
    process.stop()


@pytest.fixture
def meeting():
    return begun()


@pytest.fixture
def visit(browser, browser_context_args, site, browser_problems):
    """`visit(person, meeting)` opens the room in a browser of their own."""
    contexts = []

    def open_room(person, meeting, *, minutes_off=0.0, latency=0):
        context = browser.new_context(**{**browser_context_args, "base_url": site.url})
        context.set_default_timeout(LATE)
        watch(context, browser_problems)
        context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": site.url}])
        contexts.append(context)
        page = context.new_page()
        if minutes_off:
            set_wrong(page, minutes=minutes_off)
        if latency:
            slow_down(page, latency)
        page.goto(reverse("meetings:live", args=[meeting.pk]))
        return page

    yield open_room
    for context in contexts:
        context.close()
    assert browser_problems == []


def is_connected(page, mode="stream"):
    expect(page.locator("[data-room]")).to_have_attribute("data-connection", mode, timeout=LATE)


def has_measured(page):
    expect(page.locator("[data-room]")).to_have_attribute("data-measured", "yes", timeout=LATE)


def is_paused(page):
    expect(page.locator("[data-room-running]").first).to_have_text("paused", timeout=LATE)


def error_of_time(page):
    """How far off the page's idea of the server's time is at least, in milliseconds."""
    before = time.time() * 1000
    said = server_time(page)
    after = time.time() * 1000
    return max(before - said, said - after, 0)


def test_a_press_reaches_another_screen_by_stream(visit, meeting):
    boss = visit(make.invite(meeting, factories.executive(), "executive"), meeting)
    is_connected(boss)

    press(meeting, "pause")

    is_paused(boss)
    is_connected(boss)


@pytest.mark.parametrize("clocks", [(-10, 10), (-10, -3, 0, 5, 10)], ids=["two screens", "five screens"])
def test_screens_with_wrong_clocks_and_slow_lines_agree_within_a_second(visit, meeting, clocks):
    people = [make.invite(meeting, factories.UserFactory()) for _clock in clocks]
    pages = [
        visit(person, meeting, minutes_off=off, latency=300)
        for person, off in zip(people, clocks, strict=True)
    ]
    for page in pages:
        is_connected(page)
        has_measured(page)

    assert [round(error_of_time(page)) for page in pages if error_of_time(page) > 500] == []
    press(meeting, "pause")
    shown = []
    for page in pages:
        is_paused(page)
        shown.append(page.locator("[data-room-remaining]").first.inner_text())
    assert len(set(shown)) == 1


def test_a_dead_process_of_the_streams_is_replaced_by_asking_and_found_again(visit, meeting, own_events):
    page = visit(meeting.host, meeting)
    is_connected(page)

    own_events.kill()
    is_connected(page, "poll")
    press(meeting, "pause")
    is_paused(page)
    own_events.start()

    is_connected(page)
    press(meeting, "resume")
    expect(page.locator("[data-room-running]").first).to_have_text("running", timeout=LATE)


def test_a_dead_web_server_leaves_what_was_typed_and_the_clock_alone(visit, meeting, site):
    page = visit(meeting.host, meeting)
    is_connected(page)
    has_measured(page)
    page.evaluate(FIELD)
    page.locator("#typed").fill("half a sentence")
    site.kill()

    press(meeting, "pause")

    is_paused(page)  # the streams go on
    assert error_of_time(page) < 500
    expect(page.locator("#typed")).to_have_value("half a sentence")
    site.start()
    expect(page.locator("#typed")).to_have_value("half a sentence")


# A part of the page as others make them, so that these tests look at the refreshing alone.
FIELD = """() => {
  const part = document.createElement("section");
  part.id = "probe";
  part.setAttribute("data-room-fragment", "");
  part.dataset.roomOn = "issue";
  part.dataset.roomUrl = document.querySelector("[data-room]").dataset.stateUrl;
  part.innerHTML = '<textarea id="typed"></textarea>';
  document.querySelector("[data-room]").append(part);
}"""


def raise_issue(meeting):
    """Something of the noun “issue” happens."""
    from django.utils import timezone

    log.write(
        meeting=meeting, verb="issue.raised", data={"row": {"id": 1}}, by=meeting.host, now=timezone.now()
    )


def test_a_part_follows_its_noun_but_never_under_somebodys_hands(visit, meeting):
    page = visit(meeting.host, meeting)
    is_connected(page)
    page.evaluate(FIELD)
    page.locator("#typed").fill("half a sentence")

    press(meeting, "extend")
    raise_issue(meeting)

    expect(page.locator("#probe")).to_have_class("is-stale", timeout=LATE)
    expect(page.locator("#typed")).to_have_value("half a sentence")
    page.locator("#typed").fill("")
    page.locator("#typed").blur()
    expect(page.locator("#probe")).to_have_count(0, timeout=LATE)  # what came in its place is another one


def test_a_cut_line_is_said_and_what_happened_meanwhile_is_told_once(visit, meeting, own_events):
    page = visit(meeting.host, meeting)
    is_connected(page)
    page.evaluate(FIELD)
    page.locator("#typed").fill("half a sentence")
    page.evaluate(LISTEN)
    page.context.set_offline(True)
    own_events.kill()  # a browser that is told to be offline may keep what it has open
    press(meeting, "pause")
    raise_issue(meeting)
    is_connected(page, "lost")

    page.context.set_offline(False)

    is_paused(page)
    page.wait_for_function("window.told.length >= 2", timeout=LATE)
    assert page.evaluate("window.told") == [[2, "pause", "clock"], [3, "issue.raised", "issue"]]
    expect(page.locator("#typed")).to_have_value("half a sentence")


LISTEN = """() => {
  window.told = [];
  document.addEventListener("fupan:event", (event) => {
    const { number, verb, noun } = event.detail;
    window.told.push([number, verb, noun]);
  });
}"""
