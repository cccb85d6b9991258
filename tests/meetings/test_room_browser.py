"""The room in two browsers: one clock, nobody interrupted, no words lost."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from meetings.models import Attendance, Note, RoomClock
from meetings.services import attendance, notes, prereads
from meetings.services import room as rooms
from tests import factories
from tests.meetings import room_factories as make
from tests.plugins.browser import watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visit(browser, browser_context_args, live_server, browser_problems):
    """`visit(person)` opens a browser of their own, logged in as that person and watched."""
    contexts = []

    def open_page(person, **options):
        context = browser.new_context(**{**browser_context_args, "base_url": live_server.url, **options})
        context.set_default_timeout(15_000)
        watch(context, browser_problems)
        # A client of one's own: logging the next person in would end the session of the one before.
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
    make.invite(made, factories.executive(name="老板"), "executive")
    return made


# The answer to what is posted arrives only when the page's release() is called.
SLOW_ANSWERS = """
const plain = window.fetch;
const released = new Promise((resolve) => { window.release = resolve; });
window.fetch = async (address, options) => {
  const answer = await plain(address, options);
  if (options?.method === "POST") await released;
  return answer;
};
"""


def begin(meeting):
    rooms.start(meeting=meeting, by=meeting.host, now=timezone.now(), reason="Without the pre-reads")
    meeting.refresh_from_db()


def test_a_step_of_the_host_reaches_the_other_screen(visit, meeting):
    boss = visit(meeting.participants.get(role="executive").user)
    boss.goto(f"/meetings/{meeting.pk}/live/")
    expect(boss.locator("main")).to_contain_text("has not begun")
    host = visit(meeting.host)
    host.goto(f"/meetings/{meeting.pk}/live/")

    host.get_by_role("button", name="Start the meeting").click()
    expect(boss.locator("[data-room-item]")).to_have_text("Sales", timeout=5000)
    host.get_by_role("button", name="Next item").click()

    expect(host.locator("[data-room-item]")).to_have_text("Finance")
    expect(boss.locator("[data-room-item]")).to_have_text("Finance", timeout=5000)
    expect(boss.locator(".panel-head h2")).to_have_text("Finance")
    assert RoomClock.objects.get().version == 2


def test_a_press_on_a_newer_state_waits_for_the_answer_to_the_one_before(visit, meeting):
    """The news of a pause may be here before its answer; whoever presses on it means it, a double click does not."""
    begin(meeting)
    host = visit(meeting.host)
    host.add_init_script(SLOW_ANSWERS)
    host.goto(f"/meetings/{meeting.pk}/live/")

    host.locator("button[value=pause]").dblclick()
    expect(host.locator("button[value=resume]")).to_be_visible(timeout=5000)
    host.keyboard.press("+")
    assert RoomClock.objects.get().version == 2
    host.evaluate("release()")

    expect(host.locator("[data-room-remaining]")).to_have_text(re.compile("^2[45]:"))
    clock = RoomClock.objects.get()
    assert (clock.version, clock.is_running) == (3, False)


def test_an_answer_that_breaks_off_stops_no_later_press(visit, meeting):
    begin(meeting)
    host = visit(meeting.host)
    host.goto(f"/meetings/{meeting.pk}/live/")
    host.route(
        "**/live/command/",
        lambda route: route.fulfill(content_type="application/json", body='{"version": '),
        times=1,
    )

    host.keyboard.press("+")
    expect(host.locator("#toasts")).to_contain_text("connection")
    host.keyboard.press("+")

    expect(host.locator("[data-room-remaining]")).to_have_text(re.compile("^2[45]:"))
    assert RoomClock.objects.get().version == 2


def test_a_part_is_not_replaced_under_a_finger(visit, meeting):
    """Between pressing and letting go of a button its part is fetched anew: the press still counts."""
    begin(meeting)
    boss = meeting.participants.get(role="executive").user
    page = visit(boss)
    page.goto(f"/meetings/{meeting.pk}/live/?view=people")
    button = page.locator("#room-attendance .room-part-form button[value=come]")
    button.hover()
    page.mouse.down()

    attendance.arrive(meeting=meeting, user=meeting.host, by=meeting.host, now=timezone.now())
    expect(page.locator("#room-attendance")).to_have_class(re.compile("is-stale"), timeout=10_000)
    page.mouse.up()

    expect(page.locator("#room-attendance .room-part-form button[value=leave]")).to_be_visible()
    assert Attendance.objects.filter(user=boss).exists()
    expect(page.locator("#room-attendance .room-part-sum")).to_contain_text("2 of 2")


def test_both_screens_count_alike_though_one_clock_is_wrong(visit, meeting):
    begin(meeting)
    right = visit(meeting.host)
    wrong = visit(meeting.participants.get(role="executive").user)
    wrong.clock.install(time=timezone.now() + dt.timedelta(minutes=10))
    for page in (right, wrong):
        page.goto(f"/meetings/{meeting.pk}/live/")
        expect(page.locator("[data-room-drift]")).not_to_be_empty()
    right.wait_for_timeout(2500)

    shown = [seconds(page.locator("[data-room-remaining]").inner_text()) for page in (right, wrong)]

    assert abs(shown[0] - shown[1]) <= 1
    assert 19 * 60 < shown[0] <= 20 * 60


def seconds(text):
    minutes, rest = text.split(":")
    return int(minutes) * 60 + int(rest)


def test_two_recorders_in_one_note_see_both_texts(visit, meeting):
    begin(meeting)
    item = meeting.items.order_by("order").first()
    note = notes.add(meeting=meeting, item=item, text="begin", by=meeting.host, now=timezone.now())
    page = visit(meeting.host)
    page.goto(f"/meetings/{meeting.pk}/live/")
    text = page.locator(f"#note-{note.pk} textarea")
    notes.save(
        note=note, text="<b>theirs</b>", version=1, by=factories.UserFactory(name="Lin"), now=timezone.now()
    )

    text.fill("mine")
    text.blur()

    conflict = page.locator(f"#note-{note.pk} [data-block-conflict]")
    expect(conflict).to_contain_text("Lin saved this text")
    expect(conflict.locator("[data-block-theirs]")).to_have_text("<b>theirs</b>")
    assert Note.objects.get().text == "<b>theirs</b>"

    conflict.get_by_role("button", name="Put both together").click()
    expect(page.locator(f"#note-{note.pk} [data-block-state]")).to_have_attribute("data-state", "saved")
    assert Note.objects.get().text == "<b>theirs</b>\n\nmine"


def test_whoever_types_is_not_interrupted_when_the_room_moves_on(visit, meeting):
    begin(meeting)
    page = visit(meeting.host)
    page.goto(f"/meetings/{meeting.pk}/live/")
    page.locator("[data-note-new] textarea").fill("half a sen")
    press = rooms.Press(meeting.host, timezone.now(), 1)

    rooms.command(meeting=meeting, verb="next", press=press)

    expect(page.locator("[data-room-moved]")).to_be_visible(timeout=5000)
    expect(page.locator("[data-note-new] textarea")).to_have_value("half a sen")
    page.get_by_role("button", name="Go along").click()
    expect(page.locator(".panel-head h2")).to_have_text("Finance")


def test_what_was_typed_without_a_connection_is_sent_later(visit, meeting):
    preread = prereads.open_for(
        meeting=make.meeting(starts_at=timezone.now() + dt.timedelta(days=20)), now=timezone.now()
    )[0]
    lead = factories.lead("sales")
    page = visit(lead)
    page.goto(preread.get_absolute_url())
    text = page.locator("[data-block-text]").first
    page.context.set_offline(True)
    text.fill("Germany was out of stock for six days.")
    text.blur()
    expect(page.locator("[data-block-state]").first).to_have_attribute("data-state", "offline_saved")

    page.context.set_offline(False)

    expect(page.locator("[data-block-state]").first).to_have_attribute("data-state", "saved", timeout=15_000)
    assert preread.texts.filter(text="Germany was out of stock for six days.").count() == 1


def test_a_closed_tab_loses_nothing(visit, meeting):
    preread = prereads.open_for(
        meeting=make.meeting(starts_at=timezone.now() + dt.timedelta(days=20)), now=timezone.now()
    )[0]
    page = visit(factories.lead("sales"))
    page.goto(preread.get_absolute_url())
    page.context.set_offline(True)
    page.locator("[data-block-text]").first.fill("kept in the browser")
    page.close(run_before_unload=False)
    context = page.context
    context.set_offline(False)

    again = context.new_page()
    again.goto(preread.get_absolute_url())

    expect(again.locator("[data-block-text]").first).to_have_value("kept in the browser")
    expect(again.locator("[data-block-state]").first).to_have_attribute("data-state", "saved")


def test_the_room_works_on_a_phone_without_scripts(visit, meeting):
    begin(meeting)
    page = visit(meeting.host, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(f"/meetings/{meeting.pk}/live/")

    page.get_by_role("button", name="Next item").click()
    expect(page.locator("[data-room-item]")).to_have_text("Finance")
    page.locator("[data-note-new] textarea").fill("Noted by form")
    page.get_by_role("button", name="Add the note").click()

    expect(page.locator(".note textarea")).to_have_value("Noted by form")


@pytest.mark.parametrize("size", [{"width": 390, "height": 844}, {"width": 1440, "height": 900}])
def test_nothing_scrolls_sideways(visit, meeting, size):
    meeting.title = "长" * 200
    meeting.save()
    prereads.open_for(meeting=meeting, now=timezone.now())
    begin(meeting)
    page = visit(meeting.host, viewport=size)
    for path in ("live", "minutes"):
        page.goto(f"/meetings/{meeting.pk}/{path}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_words_of_the_controls_fit_their_buttons_on_a_phone(visit, meeting):
    begin(meeting)
    page = visit(meeting.host, viewport={"width": 390, "height": 844})
    page.goto(f"/meetings/{meeting.pk}/live/")
    expect(page.get_by_role("button", name="To the discussion")).to_be_visible()

    wide = "button => button.scrollWidth > button.clientWidth ? [button.innerText] : []"
    too_wide = page.locator(".clock-controls .btn:visible").evaluate_all(f"all => all.flatMap({wide})")

    assert too_wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
