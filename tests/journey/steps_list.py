"""The list: a filter kept as a view, the same actions in every layout, many changed at once, a file and back."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.journey.said_after import SaidAfter
from tests.journey.steps_promises import Promises, shot

LAYOUTS = ("table", "board", "timeline", "calendar")
DAYS = 7


def narrow(page: Page, promises: Promises, said: SaidAfter) -> set[int]:
    page.goto("/actions/?status=all")
    page.locator("#id_q").fill(said.word)
    expect(page.locator(".list-count")).to_contain_text("3")
    expect(page).to_have_url(re.compile("q="))
    ids = _ids(page, "table")
    assert ids == {promises.moved.pk, promises.late.pk, promises.third.pk}
    return ids


def keep_view(page: Page, said: SaidAfter) -> None:
    page.locator("details.list-fold:has(#view_name) > summary").click()
    page.locator("#view_name").fill(said.view)
    page.locator("details.list-fold:has(#view_name) form button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said.view)
    page.goto("/actions/")
    page.locator(".saved-views").get_by_role("link", name=said.view).click()
    expect(page.locator(".saved-views [aria-current=page]")).to_have_text(said.view)
    shot(page, "follow-list")


def same_in_every_layout(page: Page, ids: set[int]) -> None:
    for number, layout in enumerate(LAYOUTS):
        page.locator("nav.layouts").first.locator("a").nth(number).click()
        expect(page.locator("nav.layouts").first.locator("a").nth(number)).to_have_attribute(
            "aria-current", "true"
        )
        shot(page, f"follow-{layout}", at=".list-tools")
        assert _ids(page, layout) == ids, layout
    page.locator("nav.layouts").first.locator("a").first.click()
    expect(page.locator("#action-table")).to_be_visible()


def put_all_off(page: Page, promises: Promises, said: SaidAfter) -> None:
    """Two are changed by the rules that hold for each; the one that is accepted is named, and why."""
    before = promises.third.due_at
    for box in page.locator("#action-table [data-select]").all():
        box.check()
    expect(page.locator("[data-selected-count]")).to_have_text("3")
    page.locator("[data-bulk-edit]").click()
    page.locator("[name=change][value=deadline]").check()
    page.locator("[name=days]").fill(str(DAYS))
    page.locator("[name=reason]").fill(said.all_later)
    shot(page, "follow-bulk")
    page.locator("[data-bulk-form] button.btn-primary").click()
    expect(page.locator(".messages .alert-success")).to_contain_text("2")
    expect(page.locator(".messages .alert-warning")).to_contain_text(promises.late.reference)
    shot(page, "follow-bulk-done")
    promises.third.refresh_from_db()
    assert (promises.third.due_at - before).days == DAYS
    assert promises.third.deadline_changes.get().reason == said.all_later


def out_and_back(page: Page, tmp_path: Path) -> None:
    """The list as a workbook, handed in again untouched: nothing would change."""
    page.locator(".list-more [data-bs-toggle=dropdown]").click()
    with page.expect_download() as coming:
        page.locator(".list-more .dropdown-menu a[href*='export.xlsx']").click()
    file = tmp_path / "actions.xlsx"
    coming.value.save_as(file)
    page.goto("/actions/import/")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("#content form:has(input[type=file]) button.btn-primary").click()
    expect(page).to_have_url(re.compile(r"/import/\d+/$"))
    expect(page.locator("#group-same .section-count")).to_have_text("3")
    for other in ("new", "changed", "refused"):
        expect(page.locator(f"#group-{other}")).to_have_count(0)
    expect(page.locator("form[action$='/take-over/']")).to_have_count(0)
    shot(page, "follow-import")


# --- parts ---------------------------------------------------------------------------------------------------
def _ids(page: Page, layout: str) -> set[int]:
    if layout == "calendar":
        return _ids_of_months(page)
    link = {"table": "#action-table a.action-title", "board": "[data-board] a.action-title"}.get(
        layout, ".timeline-rows a.action-title"
    )
    expect(page.locator(link).first).to_be_visible()
    return _keys(page, link)


def _ids_of_months(page: Page) -> set[int]:
    """Those of this month and of the two beside it."""
    found: set[int] = set()
    for turn in ("", "prev", "next", "next"):
        if turn:
            name = page.locator(".month-name").inner_text()
            page.locator(f".month-head [rel={turn}]").click()
            expect(page.locator(".month-name")).not_to_have_text(name)
        found |= _keys(page, ".month-grid a.due-chip")
    return found


def _keys(page: Page, link: str) -> set[int]:
    addresses = page.locator(link).evaluate_all("links => links.map(link => link.href)")
    return {int(urlsplit(address).path.rstrip("/").rsplit("/", 1)[1]) for address in addresses}
