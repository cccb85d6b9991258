"""Writing a pre-read in a browser: nothing that was typed is lost, screenshots come by pasting."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from meetings.models import PreReadProblem, PreReadText
from meetings.services import prereads, report_rows
from meetings.services.prereads import Sent
from tests import factories
from tests.meetings import room_factories as room
from tests.plugins.browser import watch

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """
(place) => {
  const bytes = Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="), (one) => one.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "image.png", { type: "image/png" }));
  document.querySelector(place).dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}
"""  # noqa: E501 - one picture of one pixel


@pytest.fixture
def lin():
    return factories.lead("sales", name="Lin")


@pytest.fixture
def preread(lin):
    made = room.meeting(starts_at=timezone.now() + dt.timedelta(days=30))
    return prereads.open_for(meeting=made, now=timezone.now())[0]


@pytest.fixture
def visit(browser, browser_context_args, live_server, browser_problems, lin):
    contexts = []

    def open_page():
        context = browser.new_context(**{**browser_context_args, "base_url": live_server.url})
        context.set_default_timeout(15_000)
        watch(context, browser_problems)
        login(context)
        contexts.append(context)
        return context.new_page()

    def login(context):
        client = Client()
        client.force_login(lin)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    open_page.login = login
    yield open_page
    for context in contexts:
        context.close()
    assert browser_problems == []


def address(preread):
    return f"/meetings/{preread.meeting_id}/preread/sales/"


def state(page, place):
    return page.locator(f"{place} [data-block-state]").first


def risks(preread):
    return PreReadText.objects.get(preread=preread, key="risks").text


def test_a_row_is_added_and_saved_while_typing_and_the_list_follows(visit, preread):
    page = visit()
    page.goto(address(preread))
    page.locator("#text-section-risks").fill("Stock runs out")

    page.get_by_role("button", name="Add a problem").click()
    row = page.locator("#section-problems .report-row")
    row.get_by_label("What is the problem?").fill("Returns rise")

    expect(state(page, "#section-problems")).to_have_attribute("data-state", "saved", timeout=4000)
    expect(page.locator("#report-nav")).to_contain_text("Problem 1: propose a solution.")
    expect(page.locator("#report-top")).to_contain_text("One thing")
    assert risks(preread) == "Stock runs out"
    assert PreReadProblem.objects.get().problem == "Returns rise"


def test_words_that_did_not_reach_the_server_are_there_after_a_reload(visit, preread):
    page = visit()
    page.goto(address(preread))
    page.route("**/text/", lambda route: route.abort())
    page.locator("#text-section-risks").fill("typed while the server was away")
    expect(state(page, "#section-risks")).to_have_attribute("data-state", "offline_saved")
    page.unroute("**/text/")
    page.once("dialog", lambda dialog: dialog.accept())

    page.reload()

    expect(page.locator("[data-recovered]")).to_be_visible()
    expect(page.locator("#text-section-risks")).to_have_value("typed while the server was away")
    expect(state(page, "#section-risks")).to_have_attribute("data-state", "saved")
    assert risks(preread) == "typed while the server was away"


def test_kept_words_and_stored_words_are_both_shown_and_nothing_is_chosen_by_itself(visit, preread, lin):
    page = visit()
    page.goto(address(preread))
    page.route("**/text/", lambda route: route.abort())
    page.locator("#text-section-risks").fill("mine")
    expect(state(page, "#section-risks")).to_have_attribute("data-state", "offline_saved")
    prereads.save_text(
        preread=preread, sent=Sent("section", "risks", "theirs", 0), by=lin, now=timezone.now()
    )
    page.unroute("**/text/")
    page.once("dialog", lambda dialog: dialog.accept())

    page.reload()

    conflict = page.locator("#section-risks [data-block-conflict]")
    expect(conflict).to_be_visible()
    expect(conflict.locator("[data-block-theirs]")).to_have_text("theirs")
    expect(page.locator("#text-section-risks")).to_have_value("mine")
    assert risks(preread) == "theirs"
    conflict.get_by_role("button", name="Put both together").click()
    expect(state(page, "#section-risks")).to_have_attribute("data-state", "saved")
    assert risks(preread) == "theirs\n\nmine"


def test_an_expired_login_keeps_the_words_and_sends_them_after_the_next_one(visit, preread):
    page = visit()
    page.goto(address(preread), wait_until="networkidle")
    Session.objects.all().delete()
    page.locator("#text-section-risks").fill("typed after the login ended")
    expect(page.locator("[data-login-lost]")).to_be_visible()
    assert risks(preread) == ""

    visit.login(page.context)

    expect(state(page, "#section-risks")).to_have_attribute("data-state", "saved", timeout=15_000)
    expect(page.locator("[data-login-lost]")).to_be_hidden()
    assert risks(preread) == "typed after the login ended"


def test_two_tabs_on_one_row_show_both_sides(visit, preread, lin):
    row = report_rows.add(preread=preread, kind="problems", by=lin, now=timezone.now())
    first, second = visit(), visit()
    for page in (first, second):
        page.goto(address(preread))
    place = f"#problems-{row.pk}"
    first.locator(place).get_by_label("Root cause").fill("sizes")
    expect(state(first, place)).to_have_attribute("data-state", "saved")

    second.locator(place).get_by_label("Root cause").fill("photos")

    conflict = second.locator(f"{place} [data-block-conflict]")
    expect(conflict).to_contain_text("Lin saved this")
    expect(conflict.locator("[data-block-theirs]")).to_contain_text("sizes")
    conflict.get_by_role("button", name="Save mine instead").click()
    expect(state(second, place)).to_have_attribute("data-state", "saved")
    row.refresh_from_db()
    assert row.root_cause == "photos"


def test_a_screenshot_is_pasted_into_a_section(visit, preread):
    page = visit()
    page.goto(address(preread))
    page.locator("#text-section-risks").fill("see the picture")

    page.evaluate(PASTE, "#text-section-risks")

    picture = page.locator("#section-risks .evidence-picture img")
    expect(picture).to_be_visible()
    page.wait_for_function("() => document.querySelector('#section-risks img').naturalWidth === 1")
    expect(page.locator("#text-section-risks")).to_have_value("see the picture")
    attachment = preread.attachments.get()
    assert (attachment.section, attachment.name.startswith("screenshot-")) == ("risks", True)
    assert risks(preread) == "see the picture"


def test_a_file_that_is_too_large_is_named_and_not_sent(visit, preread, settings):
    settings.MAX_ATTACHMENT_BYTES = 10
    page = visit()
    page.goto(address(preread))

    page.locator("#section-risks input[type=file]").set_input_files(
        {"name": "large.txt", "mimeType": "text/plain", "buffer": b"x" * 11}
    )

    expect(page.locator("#section-risks [data-evidence-words]")).to_contain_text("large.txt")
    assert not preread.attachments.exists()
