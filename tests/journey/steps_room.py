"""In the room: declared ready, begun, the executive's priority, figures, one clock, the record, issues, the end."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from actions.models import Action
from dashboard.demo import people, plans, prereads
from dashboard.demo.reports import RULING
from meetings.models import Decision, Issue, Meeting, Ruling
from meetings.queries import differences
from meetings.services import settling
from tests.journey import conftest
from tests.journey.conftest import picture
from tests.journey.said import Said

WALL = {"width": 1920, "height": 1080}
READY = tuple(code for code in plans.REPORTING if code != "finance")
OPENING, SALES, MARKETING, SOLVING = 1, 2, 3, 7
Screens = dict[str, Page]


# --- before ---------------------------------------------------------------------------------------------------
@transaction.atomic
def prepared_review() -> Meeting:
    """A review of January that begins now: pre-reads of all departments but finance are in, settled and certified."""
    team = people.load()
    now = timezone.now()
    meeting = plans.sent_out(
        team,
        uuid.uuid4(),
        code="business-review",
        title="一月复盘会",
        starts_at=now + timedelta(minutes=2),
        period="2026-01",
        sent=-14,
    )
    for code in READY:
        prereads.write(meeting, code, team, at=now - timedelta(days=8, hours=3))
    for one in differences.open_differences(Meeting.objects.get(pk=meeting.pk)):
        verdict = Ruling.Verdict.STATED if one.is_without_report else Ruling.Verdict.AUTHORITATIVE
        settling.rule(
            statement=one.statement, verdict=verdict, reason=RULING, by=team["data"], now=now - timedelta(6)
        )
    prereads.certify(meeting, READY, team, at=now - timedelta(days=5))
    return meeting


def declare_ready(page: Page, meeting: Meeting, said: Said) -> None:
    page.goto(f"/meetings/{meeting.pk}/declare-ready/")
    expect(page.locator("[data-blocker=preread]").first).to_be_visible()
    page.fill("#reason", said.ready_reason)
    page.click(".not-ready form button.btn-primary")
    page.goto(f"/meetings/{meeting.pk}/ready/")
    expect(page.locator(".ready-mark")).to_contain_text(said.ready_reason)


def address_for_the_wall(page: Page, meeting: Meeting) -> str:
    page.goto(f"/meetings/{meeting.pk}/live/wall/link/")
    page.click("form[action$='/link/make/'] button")
    return page.locator("#wall-address").input_value()


def wait_for_the_start(meeting: Meeting, *pages: Page) -> None:
    for page in pages:
        page.goto(f"/meetings/{meeting.pk}/live/")
        expect(page.locator(".waiting-words")).to_be_visible()


def start(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/live/")
    page.click("button[value=start]")
    expect(page.locator("[data-room-remaining]")).to_be_visible()
    assert Meeting.objects.get(pk=meeting.pk).status == Meeting.Status.IN_PROGRESS


def all_are_in(screens: Screens, meeting: Meeting) -> None:
    """Whoever waited has the room on screen without a press; the streams bring it."""
    for page in screens.values():
        expect(page.locator("[data-room-item]")).to_have_text(_item(meeting, OPENING, page))
        expect(page.locator("[data-room]")).to_have_attribute("data-connection", "stream")


# --- the priority, who is here, the clock ----------------------------------------------------------------------------
def priority_first(boss: Page, host: Page, wall: Page, meeting: Meeting, said: Said) -> None:
    """The executive says what is to be solved; the host takes the item that it concerns next."""
    item = meeting.items.get(order=MARKETING)
    form = boss.locator(".priority-form")
    form.locator("#priority-text").fill(said.priority)
    form.locator("#priority-item").select_option(str(item.pk))
    form.locator("button[value=save]").click()
    expect(boss.locator(".priority-said")).to_contain_text(said.priority)
    expect(host.locator(".priority-said")).to_contain_text(said.priority)
    picture(host, "room-priority")
    host.locator("#room-priority button[value=rank]").click()
    lines = wall.locator(".wall-lines [data-room-line]")
    expect(lines.nth(1)).to_have_attribute("data-room-line", str(item.pk))
    expect(host.locator("#room-priority button[value=rank]")).to_have_count(0)


def check_in(host: Page, *others: Page) -> None:
    _side(host, "people")
    expect(host.locator(".presence .is-here")).to_have_count(0)
    for page in others:
        _side(page, "people")
        page.locator("#room-attendance .room-part-form button[value=come]").click()
        expect(page.locator("#room-attendance .room-part-form button[value=leave]")).to_be_visible()
    expect(host.locator("#room-attendance .room-part-sum")).to_contain_text(str(len(others)))
    expect(host.locator(".presence .is-here")).to_have_count(len(others))


def one_clock(host: Page, screens: Screens, meeting: Meeting) -> None:
    """Pause, resume, five minutes more: every screen follows, and all count alike."""
    running = host.locator("[data-room-running]").inner_text()
    host.locator("button[value=pause]").click()
    for page in screens.values():
        expect(page.locator("[data-room-running]")).not_to_have_text(running)
    shown = {page.locator("[data-room-remaining]").inner_text() for page in screens.values()}
    assert len(shown) == 1, shown
    host.locator(".clock-controls button[value=resume]").click()
    for page in screens.values():
        expect(page.locator("[data-room-running]")).to_have_text(running)
    before = _minutes(host)
    with host.expect_response("**/live/command/") as pressed:
        host.keyboard.press("+")
    assert pressed.value.ok, pressed.value.text()
    for page in screens.values():
        expect(page.locator("[data-room-remaining]")).to_have_text(
            re.compile(rf"^({before + 4}|{before + 5}):")
        )
    phone = host.context.new_page()
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto(f"/meetings/{meeting.pk}/live/remote/")
    expect(phone.locator("[data-room-item]")).to_have_text(_item(meeting, OPENING, phone))
    keep(phone, "room-remote-phone")
    phone.close()


def replan_and_undo(host: Page, screens: Screens, meeting: Meeting) -> None:
    """Late by now, the host is offered ways to end in time, takes one, and takes it back."""
    squeeze = host.locator("#room-replan form:has(input[value=squeeze]) button[value=take]")
    expect(squeeze).to_be_visible()
    picture(host, "room-replan")
    planned = screens["wall"].locator(".wall-lines [data-room-planned]")
    before = planned.all_inner_texts()
    squeeze.click()
    expect(host.locator(".replan-done")).to_contain_text("→")
    expect(squeeze).to_have_count(0)
    expect(planned).not_to_have_text(before)
    host.locator("#room-replan button[value=undo]").click()
    expect(squeeze).to_be_visible()
    expect(planned).to_have_text(before)


def report(host: Page, screens: Screens, meeting: Meeting) -> None:
    """First the item of the priority, then sales with its frozen figures, on the wall as well."""
    _forward(host, screens, meeting, MARKETING)
    _forward(host, screens, meeting, SALES)
    _side(host, "screen")
    expect(host.locator("#panel [data-metric=orders]").first).to_be_visible()
    expect(screens["wall"].locator(".wall-figures li").first).to_be_visible()
    part = host.locator("[data-room-part]").inner_text()
    picture(host, "room-report", at="#panel")
    keep(screens["wall"], "room-wall")
    host.keyboard.press("t")
    for page in screens.values():
        expect(page.locator("[data-room-part]")).not_to_have_text(part)


def figure_into_the_pool(host: Page, boss: Page, meeting: Meeting) -> Issue:
    """One key on the row; it is in everybody's pool with the value that is frozen."""
    _side(boss, "issues")
    _side(host, "screen")
    rows = host.locator("#panel [data-room-row]:visible")
    for _press in range(rows.count()):
        # The exceptions come first, and a problem in words is one of them.
        host.keyboard.press("j")
        if host.locator("[data-room-row][data-metric]:focus").count():
            break
    code = host.locator("[data-room-row]:focus").get_attribute("data-metric")
    host.keyboard.press("i")
    entry = boss.locator("#room-issues [data-issue]:has([data-evidence=figure])")
    expect(entry.locator("[data-evidence=figure] a").first).to_have_attribute(
        "href", re.compile(r"/preread/sales/revisions/\d+/")
    )
    issue = Issue.objects.get(meeting=meeting, evidence__kind="figure")
    assert issue.evidence["code"] == code
    return issue


# --- who speaks ---------------------------------------------------------------------------------------------------
def speaking_and_floor(host: Page, sales: Page, wall: Page, words: str) -> None:
    _side(host, "people")
    host.locator(".speaking-buttons button[value=sales]").click()
    expect(host.locator("#room-speaking .is-speaking")).to_be_visible()
    expect(wall.locator(".wall-speaking .is-speaking")).to_be_visible()
    sales.locator("#floor-text").fill(words)
    sales.locator("#room-floor button[value=question]").click()
    waiting = host.locator("#room-floor .floor-queue li")
    expect(waiting).to_contain_text("王芳")
    picture(host, "room-people", at="#room-attendance")
    host.locator("#room-floor button[value=called]").click()
    expect(waiting).to_have_count(0)
    expect(sales.locator("#room-floor .floor-queue")).to_have_count(0)


# --- the record ---------------------------------------------------------------------------------------------------
def capture(recorder: Page, host: Page, meeting: Meeting, said: Said) -> None:
    """Note, decision, deferred decision, parked matter and issue from one line, by keyboard alone."""
    _side(recorder, "record")
    _keep_line(recorder, said.note)
    expect(recorder.locator("#note-list textarea")).to_have_value(said.note)
    _type_line(recorder, said.line_decision)
    expect(recorder.locator("#capture-preview")).to_contain_text("周立群")
    picture(recorder, "room-recorder", at="#panel")
    _enter(recorder)
    _keep_line(recorder, said.line_deferred)
    _keep_line(recorder, said.line_parked)
    recorder.locator("#capture-line").blur()
    recorder.keyboard.press("i")
    expect(recorder.locator('[data-capture-choose="i"]')).to_have_attribute("aria-pressed", "true")
    _keep_line(recorder, said.issue)

    _side(host, "record")
    for words in (said.decision, said.deferred):
        expect(recorder.locator("#decisions")).to_contain_text(words)
        expect(host.locator("#decisions")).to_contain_text(words)
    taken = Decision.objects.get(meeting=meeting, text=said.decision)
    assert taken.decided_by.name == "周立群"
    put_off = Decision.objects.get(meeting=meeting, text__startswith=said.deferred)
    assert put_off.outcome == Decision.Outcome.DEFERRED
    assert put_off.deferred_until > timezone.localdate()
    assert meeting.parked.get().text == said.parked
    assert Issue.objects.filter(meeting=meeting, text=said.issue).exists()


def vague_action(recorder: Page, meeting: Meeting, said: Said) -> None:
    """Kept as a draft that says what it lacks, refused when it is to be published, mended by naming it."""
    _type_line(recorder, said.line_vague)
    expect(recorder.locator("#capture-preview .capture-lacks")).to_be_visible()
    picture(recorder, "room-vague", at="#panel")
    _enter(recorder)
    entry = recorder.locator(".capture-entry", has_text=said.vague).first
    expect(entry.locator(".capture-entry-why")).to_be_visible()
    action = Action.objects.get(meeting=meeting)
    assert (action.is_draft, action.owner.name) == (True, "王芳")
    form = recorder.context.new_page()
    form.goto(entry.locator("a").get_attribute("href"))
    form.locator("button[value=publish]").click()
    expect(form.locator(".error-summary, .field-error").first).to_be_visible()
    keep(form, "room-vague-refused")
    form.locator("[name=title]").fill(said.action)
    form.locator("[name=criteria]").fill(said.criteria)
    form.locator("button[value=draft]").click()
    expect(form).to_have_url(re.compile(rf"/actions/{action.pk}/$"))
    form.close()
    expect(recorder.locator("section.plan .plan-lines")).to_contain_text(said.action)
    expect(recorder.locator("section.plan .plan-lacks")).to_have_count(0)


# --- the issues ---------------------------------------------------------------------------------------------------
def vote(issue: Issue, host: Page, *others: Page) -> None:
    _side(host, "issues")
    entry = f"[data-issue='{issue.pk}']"
    for number, page in enumerate(others, start=1):
        _side(page, "issues")
        page.locator(f"{entry} .issue-vote").click()
        expect(page.locator(f"{entry} .issue-vote")).to_have_attribute("aria-pressed", "true")
        expect(host.locator(f"{entry} [data-votes]")).to_have_text(str(number))
    expect(host.locator("#room-issues .issue").first).to_have_attribute("data-issue", str(issue.pk))


def take_up(host: Page, screens: Screens, issue: Issue) -> None:
    """The host brings the item in which problems are solved forward, and the issue to its place."""
    item = issue.meeting.items.get(order=SOLVING)
    host.locator(".replan-by-hand > summary").click()
    host.locator(f".replan-by-hand form:has(input[name=item][value='{item.pk}']) button[value=next]").click()
    expect(screens["wall"].locator("[data-room-line][aria-current=step] + li")).to_have_attribute(
        "data-room-line", str(item.pk)
    )
    _forward(host, screens, issue.meeting, SOLVING)
    _side(host, "issues")
    host.locator(f"[data-issue='{issue.pk}'] form[action$='/work/'] button").click()
    expect(host.locator(".issue-work")).to_be_visible()


def solve(host: Page, issue: Issue, said: Said) -> None:
    """Whys, a cause that names no person (one that does is refused), and what is done about it."""
    work = host.locator(".issue-work")
    state = work.locator("[data-block-state]")
    for number, why in enumerate(said.whys, start=1):
        work.locator(f"[name=why{number}]").fill(why)
    cause = work.locator("[name=root_cause]")
    cause.fill(said.blame)
    expect(state).to_have_attribute("data-state", "not_saved")
    expect(state).to_contain_text("王芳")
    issue.refresh_from_db()
    assert issue.root_cause == ""
    cause.fill(said.cause)
    work.locator("[name=process]").fill(said.process)
    work.locator("[name=solution]").fill(said.solution)
    expect(state).to_have_attribute("data-state", "saved")
    picture(host, "room-issue", at="#room-issues")
    work.locator("button[value=solved]").click()
    expect(host.locator(".issue-settled")).to_contain_text(issue.text)
    issue.refresh_from_db()
    assert (issue.state, issue.root_cause) == (Issue.State.SOLVED, said.cause)


# --- the end ---------------------------------------------------------------------------------------------------
def closing_gate(host: Page) -> None:
    """It names what is open and does not let the host end; the roll is called, and that point is gone."""
    host.click("a.clock-end")
    roll = host.locator(".closing [data-blocker=attendance]")
    expect(roll).to_be_visible()
    assert host.locator(".closing .blocker, .closing .check").count() > 1
    expect(host.locator(".closing form [name=reason]")).to_have_count(0)
    picture(host, "room-close")
    roll.locator("a").click()
    room = host.locator("#room-attendance")
    room.locator("button[value=all]").click()
    expect(room.locator("button[value=all]")).to_have_count(0)
    room.locator("button[value=taken]").click()
    expect(room.locator("button[value=taken]")).to_have_count(0)
    host.click("a.clock-end")
    expect(host.locator(".closing .check").first).to_be_visible()
    expect(roll).to_have_count(0)


def end(boss: Page, screens: Screens, meeting: Meeting, said: Said) -> None:
    """With points open it is the executive's word, and a reason; everybody goes to the minutes by themselves."""
    boss.goto(f"/meetings/{meeting.pk}/close/")
    boss.fill("#reason", said.end_reason)
    picture(boss, "room-close-executive")
    boss.click(".closing form button.btn-primary")
    for name in ("boss", "recorder", "sales"):
        expect(screens[name]).to_have_url(re.compile(r"/minutes/$"))
    expect(screens["wall"].locator(".wall-message")).to_be_visible()
    expect(screens["wall"].locator(".wall-lines")).to_have_count(0)
    expect(boss.locator("[data-closed-open]")).to_contain_text(said.end_reason)


# --- parts ---------------------------------------------------------------------------------------------------
def keep(page: Page, name: str) -> None:
    """A picture in the size that the page has."""
    if conftest.PICTURES:
        page.screenshot(path=Path(conftest.PICTURES) / f"{name}.png", caret="initial")


def _side(page: Page, code: str) -> None:
    page.locator(f"[data-room-tab={code}]").click()
    expect(page.locator(f"[data-room-tab={code}]")).to_have_attribute("aria-current", "true")


def _item(meeting: Meeting, order: int, page: Page) -> str:
    """Its title as this page says it: in the language of the page, not of the test."""
    item = meeting.items.get(order=order)
    return item.title_zh if page.locator("html").get_attribute("lang").startswith("zh") else item.title_en


def _forward(host: Page, screens: Screens, meeting: Meeting, order: int) -> None:
    host.locator(".clock-controls button[value=next]").click()
    for page in screens.values():
        expect(page.locator("[data-room-item]")).to_have_text(_item(meeting, order, page))


def _minutes(page: Page) -> int:
    return int(page.locator("[data-room-remaining]").inner_text().split(":")[0])


def _type_line(page: Page, line: str) -> None:
    page.locator("#capture-line").fill(line)


def _keep_line(page: Page, line: str) -> None:
    _type_line(page, line)
    _enter(page)


def _enter(page: Page) -> None:
    page.locator("#capture-line").press("Enter")
    expect(page.locator("#capture-line")).to_have_value("")
    expect(page.locator(".capture-entry").first).to_have_attribute("data-state", "kept")
