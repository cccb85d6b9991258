"""The screens of the room as browsers show them: keys, sides, thresholds, the wall, the remote."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from meetings.models import AgendaItem, Participant, RoomClock
from meetings.services import prereads, wall
from meetings.services import room as rooms
from tests import factories
from tests.meetings import room_factories as make
from tests.plugins.browser import breaches, watch

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}
WALL = {"width": 1920, "height": 1080}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def visit(browser, browser_context_args, live_server, browser_problems):
    """`visit(person)` opens a browser of their own, logged in as that person (nobody: None) and watched."""
    contexts = []

    def open_page(person, **options):
        context = browser.new_context(**{**browser_context_args, "base_url": live_server.url, **options})
        context.set_default_timeout(15_000)
        watch(context, browser_problems)
        if person is not None:
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


@pytest.fixture
def meeting():
    made = make.meeting(departments=("sales", "finance"), starts_at=timezone.now())
    make.invite(made, factories.UserFactory(), Participant.Role.RECORDER)
    prereads.open_for(meeting=made, now=timezone.now())
    return made


def begin(meeting, minutes_ago=0.0):
    at = timezone.now() - dt.timedelta(minutes=minutes_ago)
    rooms.start(meeting=meeting, by=meeting.host, now=at, reason="Without the pre-reads")
    meeting.refresh_from_db()


def live(page, meeting, query=""):
    page.goto(f"/meetings/{meeting.pk}/live/{query}")
    expect(page.locator("[data-room-drift]")).not_to_be_empty()
    return page


# --- keys ------------------------------------------------------------------------------------------------------
def test_one_hand_steers_by_keys(visit, meeting):
    begin(meeting)
    page = live(visit(meeting.host), meeting)

    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-room-item]")).to_have_text("Finance")
    page.keyboard.press(" ")
    expect(page.locator("[data-room-running]")).to_have_text("paused")
    page.keyboard.press("t")
    expect(page.locator("[data-room-part]")).to_have_text("Discussion")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-room-part]")).to_have_text("Report")

    assert RoomClock.objects.get().version == 5


def test_a_key_after_a_click_is_for_the_room_and_not_for_the_button(visit, meeting):
    begin(meeting)
    page = live(visit(meeting.host), meeting)

    page.get_by_role("button", name="Next item").click()
    expect(page.locator("[data-room-item]")).to_have_text("Finance")
    page.keyboard.press(" ")

    expect(page.locator("[data-room-running]")).to_have_text("paused")
    expect(page.locator("[data-room-item]")).to_have_text("Finance")


def test_no_key_steers_while_somebody_writes(visit, meeting):
    begin(meeting)
    page = live(visit(meeting.host), meeting, "?view=issues")
    field = page.locator("[data-room-view=issues] input[name=text]").first
    field.fill("x")

    for key in ("ArrowRight", "t", "+", "2"):
        field.press(key)

    expect(field).to_have_value("xt+2")
    assert RoomClock.objects.get().version == 1


def test_numbers_open_the_sides_and_the_address_keeps_them(visit, meeting):
    begin(meeting)
    page = live(visit(meeting.host), meeting)
    expect(page.locator("[data-room-view=screen].room-side")).to_be_visible()

    page.keyboard.press("4")
    expect(page.locator("#room-attendance")).to_be_visible()
    expect(page.locator("[data-room-view=screen].room-side")).to_be_hidden()
    page.reload()

    expect(page.locator("#room-attendance")).to_be_visible()


def test_the_help_lists_the_keys_of_whoever_asks(visit, meeting):
    begin(meeting)
    member = make.invite(meeting, factories.UserFactory())
    host, guest = live(visit(meeting.host), meeting), live(visit(member), meeting)

    for page in (host, guest):
        page.keyboard.press("?")
        expect(page.locator("#shortcuts")).to_be_visible()

    expect(host.locator("#shortcuts")).to_contain_text("Next item")
    expect(guest.locator("#shortcuts")).not_to_contain_text("Next item")
    expect(guest.locator("#shortcuts")).to_contain_text("Sound on or off")


# --- thresholds ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("minutes", "level", "words"),
    [
        (5, "fine", "in time"),
        (15, "soon", "running out"),
        (21, "over", "time is up"),
        (26, "far", "far over"),
    ],
)
def test_thresholds_have_a_colour_and_a_word(visit, meeting, minutes, level, words):
    begin(meeting, minutes_ago=minutes)
    page = live(visit(meeting.host), meeting)

    expect(page.locator(".clock")).to_have_class(f"card clock clock-{level}")
    expect(page.locator("[data-room-level]")).to_contain_text(words)


def test_the_sound_is_off_until_somebody_wants_it_and_remembered(visit, meeting):
    begin(meeting)
    page = live(visit(meeting.host), meeting)
    button = page.locator("[data-room-sound]")
    expect(button).to_have_attribute("aria-pressed", "false")

    page.keyboard.press("s")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.reload()

    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_contain_text("Sound on")


# --- sizes --------------------------------------------------------------------------------------------------------
def test_no_word_of_the_controls_wraps_on_a_desk(visit, meeting):
    begin(meeting)
    page = live(visit(meeting.host, viewport=DESK), meeting)

    heights = page.locator(".clock-controls .btn:visible").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )

    assert len(heights) >= 6
    assert max(heights) - min(heights) < 2


def long_agenda(meeting):
    """Twelve items of long names, 295 minutes and more."""
    for order in range(10, 19):
        AgendaItem.objects.create(
            meeting=meeting,
            order=order,
            title_en=f"Item {order} with a name that is longer than a line on the wall can be",
            title_zh="很长的议题",
            presenter="host",
            report_minutes=10,
            discussion_minutes=15,
        )


@pytest.mark.parametrize("size", [WALL, {"width": 1366, "height": 768}])
def test_the_wall_shows_twelve_items_without_scrolling(visit, meeting, size):
    long_agenda(meeting)
    begin(meeting)
    page = visit(meeting.host, viewport=size)
    page.goto(f"/meetings/{meeting.pk}/live/wall/")
    expect(page.locator("[data-room-drift]")).not_to_be_empty()

    assert page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]") == [
        size["height"],
        size["width"],
    ]
    lines = page.locator("[data-wall-ahead]:visible, .wall-lines li:visible").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().bottom)"
    )
    assert max(lines) <= size["height"]
    assert len(lines) >= 8
    expect(page.locator(".wall-lines [aria-current=step]")).to_be_visible()


def test_every_word_on_the_wall_is_32_pixels_high_or_more(visit, meeting):
    begin(meeting)
    page = visit(None, viewport=WALL)
    token = wall.create(meeting=meeting, by=meeting.host, now=timezone.now())
    page.goto(f"/wall/{token}/")
    expect(page.locator("[data-room-drift]")).not_to_be_empty()

    small = page.evaluate(
        """() => [...document.querySelectorAll('.wall *')]
            .filter((one) => one.getClientRects().length && one.innerText?.trim() && !one.children.length)
            .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 31.9)
            .map((one) => one.innerText)"""
    )

    assert small == []


def test_the_wall_follows_without_a_login_and_is_empty_afterwards(visit, meeting):
    begin(meeting)
    token = wall.create(meeting=meeting, by=meeting.host, now=timezone.now())
    page = visit(None, viewport=WALL)
    page.goto(f"/wall/{token}/")
    expect(page.locator(".wall-lines [aria-current=step]")).to_contain_text("销售")

    rooms.command(meeting=meeting, verb="next", press=rooms.Press(meeting.host, timezone.now(), 1))
    expect(page.locator("[data-room-item]")).to_contain_text("财务")
    expect(page.locator(".wall-lines [aria-current=step]")).to_contain_text("财务")


def test_the_remote_steers_with_one_thumb(visit, meeting):
    begin(meeting)
    keeper = make.invite(meeting, factories.UserFactory(), Participant.Role.TIMEKEEPER)
    page = visit(keeper, viewport=PHONE, has_touch=True)
    page.goto(f"/meetings/{meeting.pk}/live/remote/")
    expect(page.locator("[data-room-drift]")).not_to_be_empty()

    page.get_by_role("button", name="Next item").tap()
    expect(page.locator("[data-room-item]")).to_have_text("Finance")
    page.get_by_role("button", name="5 min").tap()
    expect(page.locator("[data-room-remaining]")).to_contain_text("24:")

    sizes = page.locator(".remote-buttons .btn:visible").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 64
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


# --- for everybody ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screens_are_accessible(visit, meeting, scheme):
    begin(meeting, minutes_ago=15)
    page = visit(meeting.host, color_scheme=scheme)
    for path in ("live/", "live/?view=people", "live/wall/", "live/wall/link/", "live/remote/"):
        page.goto(f"/meetings/{meeting.pk}/{path}")
        page.wait_for_function("() => !document.querySelector('.htmx-request')")
        assert breaches(page) == [], path
