"""The recorder in the browser: a line by keyboard, writers at once, and nothing lost without a connection."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from actions.models import Action
from meetings.models import Decision, Note
from meetings.services import notes
from meetings.services import room as rooms
from tests import factories
from tests.meetings import room_factories as make
from tests.plugins.browser import PATIENCE, watch

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 20_000


@pytest.fixture(autouse=True)
def patience():
    """Everything here waits for a server that may be busy with other tests."""
    expect.set_options(timeout=SOON)
    yield
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def visit(browser, browser_context_args, live_server, browser_problems):
    """`visit(person)` opens a browser of their own, logged in as that person and watched."""
    contexts = []

    def open_page(person, **options):
        context = browser.new_context(**{**browser_context_args, "base_url": live_server.url, **options})
        context.set_default_timeout(SOON)
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
    # A lost connection is what these tests are about.
    lost = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "409", "422", "NetworkError")
    assert [one for one in browser_problems if not any(word in str(one) for word in lost)] == []


@pytest.fixture
def meeting():
    made = make.meeting(departments=("sales",), starts_at=timezone.now())
    make.invite(made, factories.executive(name="王总"), "executive")
    factories.member("sales", name="李明")
    rooms.start(meeting=made, by=made.host, now=timezone.now(), reason="Without the pre-reads")
    made.refresh_from_db()
    return made


@pytest.fixture
def recorder(meeting):
    return make.invite(meeting, factories.UserFactory(name="Rita"), "recorder")


def enter(visit, person, meeting):
    page = visit(person)
    page.goto(f"/meetings/{meeting.pk}/live/?view=record")
    expect(page.locator("#note-list")).to_be_attached()
    expect(page.locator("[data-capture-kind]")).to_be_visible()
    return page


def kept(page):
    return page.locator('.capture-entry[data-state="kept"]')


def test_a_decision_and_an_action_without_touching_the_mouse(visit, meeting, recorder):
    page = enter(visit, recorder, meeting)

    page.keyboard.press("d")
    expect(page.locator("#capture-line")).to_be_focused()
    expect(page.locator('[data-capture-choose="d"]')).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("Stop A12")
    expect(page.locator("#capture-preview")).to_contain_text("decided by 王总")
    page.keyboard.press("Enter")
    expect(kept(page)).to_have_count(1)
    expect(page.locator("#decisions")).to_contain_text("Stop A12")

    page.keyboard.type("a Raise the price of A12 @lim")
    expect(page.locator('[data-capture-choose="a"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#capture-people [role=option]")).to_have_text(["李明"])
    page.keyboard.press("Enter")
    expect(page.locator("#capture-line")).to_have_value("Raise the price of A12 @李明 ")
    page.keyboard.type("+24h")
    expect(page.locator("#capture-preview")).to_contain_text("Still missing")
    page.keyboard.press("Enter")
    expect(kept(page)).to_have_count(2)

    expect(page.locator("#capture-line")).to_have_value("")
    assert Decision.objects.get().text == "Stop A12"
    assert Action.objects.get().owner.name == "李明"


def test_lines_without_a_connection_wait_in_this_browser_and_arrive_once(visit, meeting, recorder):
    page = enter(visit, recorder, meeting)
    page.context.set_offline(True)

    page.locator("#capture-line").fill("first")
    page.keyboard.press("Enter")
    page.keyboard.type("second")
    page.keyboard.press("Enter")
    page.keyboard.type("third, not yet entered")
    expect(page.locator('.capture-entry[data-state="waiting"]').first).to_be_visible()
    assert Note.objects.count() == 0

    page.context.set_offline(False)
    expect(kept(page)).to_have_count(2)
    page.reload()

    expect(page.locator("#capture-line")).to_have_value("third, not yet entered")
    assert sorted(Note.objects.values_list("text", flat=True)) == ["first", "second"]


def test_what_the_server_refuses_stays_with_its_reason_until_it_is_edited(visit, meeting, recorder):
    page = enter(visit, recorder, meeting)

    page.keyboard.press("d")
    page.keyboard.type("Stop A12 @Nobody ")
    page.keyboard.press("Enter")
    entry = page.locator('.capture-entry[data-state="refused"]')
    expect(entry).to_contain_text("Nobody is called")
    entry.get_by_role("button", name="Edit").click()

    expect(page.locator("#capture-line")).to_have_value("Stop A12 @Nobody")
    expect(page.locator('[data-capture-choose="d"]')).to_have_attribute("aria-pressed", "true")
    assert Decision.objects.count() == 0


def test_what_one_writes_appears_at_the_other_with_a_hint(visit, meeting, recorder):
    item = meeting.items.order_by("order").first()
    note = notes.add(meeting=meeting, item=item, text="Germany", by=meeting.host, now=timezone.now())
    host, rita = enter(visit, meeting.host, meeting), enter(visit, recorder, meeting)

    rita.locator(f"#note-{note.pk} textarea").press_sequentially(" was out of stock")

    expect(host.locator(f'[data-note-writing="{note.pk}"]')).to_have_text(
        "Rita is writing here", timeout=SOON
    )
    expect(host.locator(f"#note-{note.pk} textarea")).to_have_value(" was out of stockGermany")


def test_a_conflict_shows_both_texts_as_text_and_puts_them_together(visit, meeting, recorder):
    item = meeting.items.order_by("order").first()
    note = notes.add(meeting=meeting, item=item, text="begin", by=meeting.host, now=timezone.now())
    page = enter(visit, recorder, meeting)
    page.context.set_offline(True)
    page.locator(f"#note-{note.pk} textarea").fill("<b>mine</b>")
    theirs = "<img src=x onerror=alert(1)>"
    notes.save(note=note, text=theirs, version=1, by=meeting.host, now=timezone.now())

    page.context.set_offline(False)

    conflict = page.locator(f"#note-{note.pk} [data-block-conflict]")
    expect(conflict).to_be_visible(timeout=SOON)
    expect(conflict.locator("[data-block-theirs]")).to_have_text(theirs)
    expect(page.locator(f"#note-{note.pk} textarea")).to_have_value("<b>mine</b>")
    conflict.get_by_role("button", name="Put both together").click()
    expect(page.locator(f"#note-{note.pk} [data-block-state]")).to_have_attribute("data-state", "saved")
    note.refresh_from_db()
    assert note.text == f"{theirs}\n\n<b>mine</b>"


def test_two_hundred_edits_by_two_browsers_with_disconnects_lose_nothing(visit, meeting, recorder):
    item = meeting.items.order_by("order").first()
    people = (meeting.host, recorder)
    own = [
        notes.add(meeting=meeting, item=item, text="begin", by=person, now=timezone.now())
        for person in people
    ]
    pages = [enter(visit, person, meeting) for person in people]
    for page, note in zip(pages, own, strict=True):
        page.locator(f"#note-{note.pk} textarea").focus()
        page.keyboard.press("Control+End")

    for edit in range(100):
        for number, page in enumerate(pages):
            if edit % 20 == 5 + 5 * number:
                page.context.set_offline(True)
            if edit % 20 == 15:
                page.context.set_offline(False)
            page.keyboard.type(f" {edit}")
    for page in pages:
        page.context.set_offline(False)

    wanted = "begin " + " ".join(str(edit) for edit in range(100))
    for page, note in zip(pages, own, strict=True):
        state = page.locator(f"#note-{note.pk} [data-block-state]")
        expect(state).to_have_attribute("data-state", "saved")
        expect(page.locator(f"#note-{note.pk} [data-block-conflict]")).to_be_hidden()
    for note in own:
        note.refresh_from_db()
        assert note.text == wanted
    for page, other in zip(pages, reversed(own), strict=True):
        expect(page.locator(f"#note-{other.pk} textarea")).to_have_value(wanted)
