"""Promises are kept: another deadline asked for and granted, help, evidence returned and mended, an update by mail."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from actions import autopilot, services
from actions.deadlines import resolve
from actions.models import Action
from actions.services import updates
from config.processes import wait_until
from dashboard.demo.plans import ZONE
from notices import dispatcher
from notices.models import Notice
from people.models import Department, User
from tests.journey import conftest
from tests.journey.said_after import SaidAfter
from tests.plugins.mail import SmtpSink

OWNER = "sales@demo.example"
PHONE = 600


@dataclass(frozen=True, slots=True)
class Promises:
    """Three actions of one owner and one acceptor: one in time, one late already, one not begun."""

    moved: Action
    late: Action
    third: Action


# --- before ---------------------------------------------------------------------------------------------------
def promised(said: SaidAfter) -> Promises:
    now = timezone.now()
    people = {login: User.objects.get(email=f"{login}@demo.example") for login in ("host", "sales")}

    def one(title: str, criteria: tuple[str, ...], *, days: int) -> Action:
        begun = now - timedelta(days=20)
        action = services.capture(
            title=title,
            by=people["host"],
            now=begun,
            department=Department.objects.get(code="sales"),
            owner=people["sales"],
            acceptor=people["host"],
            deadline=_on(now + timedelta(days=days)),
            criteria=criteria,
        )
        services.publish(action=action, by=people["host"], now=begun)
        return action

    return Promises(
        one(said.moved, said.moved_when, days=4),
        one(said.late, said.late_when, days=-2),
        one(said.third, said.third_when, days=6),
    )


# --- another deadline ------------------------------------------------------------------------------------------
def ask_for_more_time(owner: Page, action: Action, said: SaidAfter) -> None:
    """In words, which the page reads back; the old deadline counts until there is an answer."""
    before = action.due_at
    owner.goto(action.get_absolute_url())
    owner.locator("form[action$='/start/'] button").click()
    expect(owner.locator(".facts [data-state=doing]")).to_be_visible()
    form = _opened(owner, "ask-deadline")
    form.locator("[name=due_words]").fill(said.in_words)
    expect(form.locator("output")).not_to_be_empty()
    form.locator("[name=reason]").fill(said.because)
    shot(owner, "follow-ask", at="#manage")
    form.locator("button").last.click()
    expect(owner.locator("section:has(#asked)")).to_contain_text(said.because)
    action.refresh_from_db()
    assert (action.due_at, action.slips) == (before, 0)


def grant(acceptor: Page, action: Action, said: SaidAfter) -> None:
    """It stands in the acceptor's work, and the ledger keeps both days, who asked and who agreed."""
    before = action.due_at
    go_from_my_work(acceptor, action)
    expect(acceptor.locator("section:has(#asked)")).to_contain_text(said.because)
    acceptor.locator("form[action$='/grant-deadline/'] button").click()
    line = acceptor.locator(".changes > li")
    expect(line).to_have_count(1)
    for words in (said.because, "王芳", "林晓"):
        expect(line).to_contain_text(words)
    days = line.locator("time")
    expect(days.first).to_have_attribute("datetime", _stamp(before))
    action.refresh_from_db()
    expect(days.nth(1)).to_have_attribute("datetime", _stamp(action.due_at))
    assert before < action.due_at
    assert (action.slips, action.first_due_at) == (1, before)
    shot(acceptor, "follow-ledger", at="section:has(#changes)")


# --- help ---------------------------------------------------------------------------------------------------
def ask_for_help(owner: Page, action: Action, said: SaidAfter) -> None:
    owner.goto(action.get_absolute_url())
    form = _opened(owner, "block")
    form.locator("[name=reason]").fill(said.blocked)
    form.locator("[name=needs_department]").select_option(str(Department.objects.get(code="tech").pk))
    form.locator("[name=wanted_by]").fill(_day(2))
    form.locator("button").last.click()
    expect(owner.locator(".facts [data-state=blocked]")).to_be_visible()


def answer_the_call(helper: Page, action: Action, said: SaidAfter) -> None:
    """It stands in the helper's own work, and is answered from there: what, and until when."""
    go_from_my_work(helper, action, shown="follow-my-work")
    expect(helper.locator(".next-step")).to_contain_text(said.blocked)
    form = helper.locator(".next-step form[action$='/answer/']")
    form.locator("[name=text]").fill(said.help)
    form.locator("[name=helps_by]").fill(_day(1))
    shot(helper, "follow-help", at=".next-step")
    form.locator("button").click()
    expect(helper.locator(".help-answer")).to_contain_text(said.help)


def go_on(owner: Page, action: Action, said: SaidAfter) -> None:
    owner.goto(action.get_absolute_url())
    expect(owner.locator(".next-step .help-answer")).to_contain_text(said.help)
    owner.locator(".next-step form[action$='/lift/'] button").click()
    expect(owner.locator(".facts [data-state=doing]")).to_be_visible()


# --- shown, returned, accepted ---------------------------------------------------------------------------------
def hand_in(owner: Page, action: Action, said: SaidAfter) -> None:
    """There is no handing in before each criterion is shown."""
    owner.goto(action.get_absolute_url())
    owner.locator("form[action$='/start/'] button").click()
    expect(owner.locator("form[action$='/report/'] button").first).to_be_visible()
    for number, words in enumerate(said.shown, start=1):
        assert owner.locator("form[action$='/submit/']").count() == 0
        # The form proposes what is not shown yet.
        show(owner, words)
        expect(owner.locator(".criteria > li.is-shown")).to_have_count(number)
    shot(owner, "follow-evidence", at="section:has(#criteria)")
    owner.locator("form[action$='/submit/'] button").click()
    expect(owner.locator(".facts [data-state=submitted]")).to_be_visible()
    expect(owner.locator(".facts [data-flag=late]")).to_be_visible()
    assert owner.locator("form[action$='/accept/']").count() == 0


def send_back(acceptor: Page, action: Action, said: SaidAfter) -> None:
    go_from_my_work(acceptor, action)
    acceptor.locator("details:has(form[action$='/return/']) > summary").click()
    acceptor.locator("form[action$='/return/'] [name=text]").fill(said.missing)
    shot(acceptor, "follow-return", at=".next-step")
    acceptor.locator("form[action$='/return/'] button").click()
    expect(acceptor.locator(".facts [data-state=returned]")).to_be_visible()


def hand_in_again(owner: Page, action: Action, said: SaidAfter) -> None:
    go_from_my_work(owner, action)
    expect(owner.locator("main")).to_contain_text(said.missing)
    show(owner, said.added, criterion=1)
    owner.locator("form[action$='/submit/'] button").click()
    expect(owner.locator(".facts [data-state=submitted]")).to_be_visible()


def accept(acceptor: Page, owner: Page, action: Action) -> None:
    """By somebody else than the owner; that it came late stays to be seen by both."""
    go_from_my_work(acceptor, action)
    acceptor.locator("form[action$='/accept/'] button").click()
    expect(acceptor.locator(".facts [data-state=accepted]")).to_be_visible()
    owner.goto(action.get_absolute_url())
    for page in (acceptor, owner):
        expect(page.locator(".facts [data-flag=late]")).to_be_visible()
    action.refresh_from_db()
    assert action.accepted_by.email == "host@demo.example"
    assert action.late_seconds > timedelta(days=1).total_seconds()
    shot(acceptor, "follow-accepted")


def show(owner: Page, words: str, criterion: int = 0) -> None:
    """Add evidence in words; for the criterion of that number, else for the one that the form proposes."""
    form = _opened(owner, "evidence")
    if criterion:
        form.locator("[name=criterion]").select_option(index=criterion)
    form.locator("[name=text]").fill(words)
    form.locator("button").last.click()
    expect(owner.locator(".criteria .evidence")).to_contain_text([words])


# --- the update, from the mail ---------------------------------------------------------------------------------
def asked_by_mail(sink: SmtpSink, promises: Promises) -> str:
    """One mail to the owner before the progress meeting; returns where its button leads."""
    now = timezone.now()
    meeting = autopilot.upcoming(now).order_by("starts_at").first()
    dispatcher.run()
    updates.ask(meeting=meeting, actions=[promises.moved, promises.third], now=now)
    asked = Notice.objects.get(kind="actions.update_wanted", recipient__email=OWNER, subject_id=meeting.pk)
    link = f"/notices/{asked.pk}/open/"

    def arrived() -> int:
        dispatcher.run()
        return sum(
            OWNER in letter.recipients and link in letter.message.get_body(("plain",)).get_content()
            for letter in sink.letters
        )

    assert wait_until(lambda: arrived() == 1, seconds=60, every=0.3)
    return link


def give_updates(owner: Page, link: str, promises: Promises, said: SaidAfter) -> None:
    """Both on one page, one press each."""
    owner.goto(link)
    expect(owner).to_have_url(re.compile(r"/actions/updates/$"))
    first = owner.locator(f"article#update-{promises.moved.pk}")
    first.locator("[name=next_step]").fill(said.next_step)
    shot(owner, "follow-updates")
    first.locator("button[value=doing]").click()
    expect(owner.locator(f"li#update-{promises.moved.pk}")).to_contain_text(said.next_step)
    owner.locator(f"article#update-{promises.third.pk} button[value=not_started]").click()
    expect(owner.locator(f"li#update-{promises.third.pk}")).to_be_visible()
    for action in (promises.moved, promises.third):
        assert not action.update_requests.filter(answered_at=None).exists()


# --- parts ---------------------------------------------------------------------------------------------------
def go_from_my_work(page: Page, action: Action, shown: str = "") -> None:
    """Through the person's own work, where the step stands once; what others owe them is beside it."""
    page.goto("/?all=now")
    own = page.locator(".work-group:not(:has(#work-waiting))")
    link = own.locator(f".task-title[href^='{action.get_absolute_url()}']")
    expect(link).to_have_count(1)
    shot(page, shown)
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(action.title)


def shot(page: Page, name: str, at: str = "") -> None:
    """A picture in the size that the page has, from `at` on, when pictures are wanted."""
    if not conftest.PICTURES or not name:
        return
    folder = Path(conftest.PICTURES)
    folder.mkdir(parents=True, exist_ok=True)
    page.evaluate(conftest.BEGIN_AT, at)
    width = page.viewport_size["width"] if page.viewport_size else PHONE
    page.screenshot(path=folder / f"{name}{'-phone' if width < PHONE else ''}.png", caret="initial")


def _opened(page: Page, verb: str):
    """The form of a step that is folded away, unfolded."""
    page.locator(f"details:has(> form[action$='/{verb}/']) > summary").click()
    return page.locator(f"form[action$='/{verb}/']")


def _on(at: datetime):
    return resolve(day=at.date(), clock=None, zone=ZONE)


def _day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def _stamp(moment: datetime) -> re.Pattern[str]:
    """The day as the page's `datetime` has it; a deadline ends its day in Shanghai."""
    return re.compile(re.escape(timezone.localtime(moment).date().isoformat()))
