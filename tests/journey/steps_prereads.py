"""Pre-reads: written, refused, stated otherwise, closed to others, settled, returned, certified, read, discussed."""

import re

from playwright.sync_api import Locator, Page, expect

from meetings.models import Meeting, PreRead, PreReadRevision, ResourceRequest, Ruling
from tests.journey.conftest import picture
from tests.journey.steps_planning import SECRET
from tests.meetings.test_preread_browser import PASTE

STATED = "900"
CAUSE = "Two new products took off; without them it would have stayed where it was."
RISK = "Garden gloves run out in the second week of April."
QUESTION = "What does a day out of stock cost?"


# --- the sales lead writes ------------------------------------------------------------------------------------
def write(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/preread/sales/")
    expect(page.locator('tr[data-metric="orders"]')).to_contain_text("788")
    picture(page, "before-preread-empty")
    page.locator("#text-section-risks").fill(RISK)
    _is_saved(page.locator("#section-risks"))
    _refused_without_causes(page)
    for area in page.locator(".kpi-cause-row textarea[data-block-text]").all():
        area.fill(CAUSE)
    for area in page.locator("#section-questions textarea[data-block-text]").all():
        area.fill("See the table; the reports' figures count.")
    page.evaluate(PASTE, "#text-section-risks")
    expect(page.locator("#section-risks .evidence-picture img")).to_be_visible()
    _problem(page)
    _resource(page)
    _decision(page)
    page.reload()
    expect(page.locator("#text-section-risks")).to_have_value(RISK)
    expect(page.locator("#section-problems").get_by_label("What is the problem?")).to_have_value(
        "Gloves ran out"
    )
    picture(page, "before-preread", at="#section-problems")
    picture(page, "before-requests", at="#section-resources")


def submit(page: Page, meeting: Meeting, code: str) -> None:
    page.goto(f"/meetings/{meeting.pk}/preread/{code}/")
    page.click("button[name=do][value=submit]")
    expect(page.locator('[data-state="submitted"]').first).to_be_visible()


def _refused_without_causes(page: Page) -> None:
    """Every figure that moved further than is tolerated is named, with a way to where its cause is written."""
    moved = [row.get_attribute("data-metric") for row in page.locator("tr.kpi-moved").all()]
    assert moved
    page.click("button[name=do][value=submit]")
    wanting = page.locator(".report-wanting")
    expect(wanting).to_contain_text("moved beyond the tolerance: write its cause.")
    for code in moved:
        expect(wanting.locator(f'a[href="#text-cause-{code}"]')).to_be_visible()
    picture(page, "before-preread-refused")


def _problem(page: Page) -> None:
    page.get_by_role("button", name="Add a problem").click()
    row = page.locator("#section-problems .report-row")
    row.get_by_label("What is the problem?").fill("Gloves ran out")
    row.locator(".report-whys > summary").click()
    row.get_by_label("Why?", exact=True).fill("The order came eight days late.")
    row.get_by_label("Why is that?").fill("Nobody told supply of the promotion.")
    row.get_by_label("Proposed solution").fill("One shared calendar of promotions.")
    _is_saved(row)


def _resource(page: Page) -> None:
    page.get_by_role("button", name="Ask for resources").click()
    row = page.locator("#section-resources .report-row")
    row.get_by_label("What is asked for?").fill("3,000 USD more for advertising")
    row.get_by_label("Cost", exact=True).fill("3000")
    row.get_by_label("Expected increment a month").fill("1500")
    row.get_by_label("Nothing of the kind was tried so far").check()
    expect(row.locator("[data-out=payback]")).to_contain_text("2")
    _is_saved(row)
    assert ResourceRequest.objects.get(what__contains="3,000 USD").payback_months == 2


def _decision(page: Page) -> None:
    page.get_by_role("button", name="Ask for a decision").click()
    row = page.locator("#section-decisions .report-row")
    row.get_by_label("What is to be decided?").fill("Do we enter Germany this year?")
    row.get_by_label("Option", exact=True).nth(0).fill("Yes, in autumn")
    row.get_by_label("Option", exact=True).nth(1).fill("No")
    row.get_by_label("Recommend option 1").check()
    row.get_by_label("Who may decide?").select_option(label="周立群")
    _is_saved(row)


def _is_saved(block: Locator) -> None:
    expect(block.locator("[data-block-state]").first).to_have_attribute("data-state", "saved", timeout=10_000)


def state_another_figure(page: Page, owner: Page, meeting: Meeting) -> None:
    """The data owner has the page of figures open, and the difference appears there by itself within five seconds."""
    owner.goto(f"/meetings/{meeting.pk}/figures/")
    expect(owner.locator("#board")).to_be_visible()
    page.goto(f"/meetings/{meeting.pk}/preread/sales/")
    own = page.locator("#own-orders")
    own.locator("summary").click()
    own.get_by_label("Your figure").fill(STATED)
    own.get_by_label("Where it comes from").fill("Our order list of 2 April")
    own.get_by_label("How it is counted").fill("By the day of the order")
    _is_saved(own)
    expect(owner.locator(".difference[data-open=yes]")).to_contain_text("Our order list", timeout=5_000)
    picture(owner, "before-figures")


# --- what others do not see -------------------------------------------------------------------------------------
def closed_to_others(page: Page, meeting: Meeting) -> None:
    """Another department gets no draft, and learns of a confidential item only how long it takes."""
    assert page.goto(f"/meetings/{meeting.pk}/preread/sales/").status == 404
    for place in ("", "print/", "figures/", "minutes/"):
        page.goto(f"/meetings/{meeting.pk}/{place}")
        assert SECRET not in page.content(), place
    page.goto(f"/meetings/{meeting.pk}/")
    expect(page.locator(".agenda-line", has_text="Confidential item")).to_have_count(1)
    picture(page, "before-confidential", at="#agenda-title")


# --- the data owner ---------------------------------------------------------------------------------------------
def settle(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/figures/")
    open_one = page.locator(".difference[data-open=yes]")
    expect(open_one).to_contain_text("900")
    expect(open_one).to_contain_text("788")
    open_one.locator("input[value=authoritative]").check()
    open_one.get_by_label("Reason").fill("The review counts what was settled.")
    open_one.get_by_role("button", name="Settle it").click()
    expect(page.locator(".difference[data-open=yes]")).to_have_count(0)
    expect(page.locator(".ruled")).to_contain_text("The review counts what was settled.")
    assert Ruling.objects.get(statement__preread__meeting=meeting).ruled_by.email == "data@demo.example"


def send_back(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/figures/")
    desk = page.locator("#preread-sales")
    desk.locator("textarea[name=comment]").fill("Say which two products.")
    picture(page, "before-certify")
    desk.get_by_role("button", name="Return").click()
    expect(page.locator('#preread-sales [data-state="returned"]')).to_be_visible()


def mend(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/preread/sales/")
    expect(page.locator("main")).to_contain_text("Say which two products.")
    page.locator("#text-cause-orders").fill(f"{CAUSE} They are the shears and the gloves.")
    page.click("button[name=do][value=submit]")
    expect(page.locator('[data-state="submitted"]').first).to_be_visible()


def certify(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/figures/")
    page.locator("#preread-sales").get_by_role("button", name="Certify").click()
    expect(page.locator('#preread-sales [data-state="certified"]')).to_be_visible()
    preread = PreRead.objects.get(meeting=meeting, department__code="sales")
    assert preread.status == PreRead.Status.CERTIFIED
    assert PreReadRevision.objects.filter(preread=preread).count() == 2


# --- readers ------------------------------------------------------------------------------------------------------
def read_and_ask(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/preread/sales/")
    expect(page.locator("main")).to_contain_text("Gloves ran out")
    talk = page.locator("details.talk[data-section^='problem:']")
    talk.locator("> summary").click()
    talk.locator("textarea[name=text]").fill(QUESTION)
    talk.get_by_role("button", name="Send").click()
    expect(page.locator("details.talk[data-section^='problem:']")).to_contain_text("1 open question")
    picture(page, "before-reading")
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_text("You have read it").locator("visible=true").first).to_be_visible()


def answer(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/preread/sales/comments/?open=1")
    thread = page.locator(".thread", has_text=QUESTION)
    thread.locator(".answer-form > summary").click()
    thread.get_by_label("Your answer").fill("About 20 orders.")
    thread.get_by_role("button", name="Send").click()
    page.goto(f"/meetings/{meeting.pk}/preread/sales/comments/")
    expect(page.locator("main")).to_contain_text("About 20 orders.")
    picture(page, "before-comments")


def compare(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/preread/sales/revisions/2/changes/?since=1")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("from revision 1 to 2"))
    expect(page.locator(".diff ins").first).to_contain_text("shears")
    picture(page, "before-changes")
