"""An incident: reported within a minute, in the executive's bell at once, taken note of, and who was told."""

import re

from playwright.sync_api import Page, expect

from actions.models import Problem
from config.processes import wait_until
from notices import dispatcher
from tests.journey.said_after import SaidAfter
from tests.journey.steps_promises import shot

BELL = ".shell-tools .shell-count > span"


def all_is_read(boss: Page) -> None:
    boss.goto("/notices/")
    if boss.locator("form[action$='/notices/read/'] button").count():
        boss.locator("form[action$='/notices/read/'] button").click()
        expect(boss.locator("form[action$='/notices/read/']")).to_have_count(0)
    expect(boss.locator(BELL)).to_have_count(0)


def report(reporter: Page, said: SaidAfter) -> Problem:
    """Three lines; when it was noticed, whose it is and that it cannot wait stand there already."""
    reporter.goto("/problems/")
    reporter.locator(".page-actions a[href$='/problems/new/']").click()
    reporter.locator("[name=title]").fill(said.incident)
    reporter.locator("[name=what]").fill(said.incident_what)
    reporter.locator("[name=reach]").fill(said.incident_reach)
    expect(reporter.locator("[name=is_emergency]")).to_be_checked()
    shot(reporter, "follow-report")
    reporter.locator("form.form-page button.btn-primary").click()
    expect(reporter).to_have_url(re.compile(r"/problems/\d+/$"))
    return Problem.objects.get(title=said.incident)


def the_bell_rings(boss: Page, problem: Problem) -> None:
    """One more unread; it leads to the incident, of which the executive takes note."""
    boss.goto("/")
    expect(boss.locator(BELL)).to_contain_text("1")
    boss.locator(".shell-tools a[href='/notices/']").click()
    notice = boss.locator(".notice-unread .notice-title")
    expect(notice).to_have_count(1)
    shot(boss, "follow-bell")
    notice.click()
    expect(boss).to_have_url(re.compile(rf"{problem.get_absolute_url()}$"))
    boss.locator("form[action$='/acknowledge/'] button").click()
    expect(boss.locator("form[action$='/acknowledge/']")).to_have_count(0)
    shot(boss, "follow-incident")


def who_was_told(boss: Page, problem: Problem) -> None:
    """The direct superior and the executive, each by mail and in the list."""

    def told() -> bool:
        dispatcher.run()
        problem.refresh_from_db()
        return problem.told_at is not None

    assert wait_until(told, seconds=60, every=0.3)
    assert problem.acknowledged_by.email == "boss@demo.example"
    boss.goto(f"/notices/promises/actions.problem/{problem.pk}/")
    for name in ("王芳", "周立群"):
        expect(boss.locator(".told-lines > li").filter(has_text=name).first).to_be_visible()
    expect(boss.locator(".told-ways > li").first).to_be_visible()
    shot(boss, "follow-told")
