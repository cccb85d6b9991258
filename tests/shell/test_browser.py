"""The shell as a browser shows it; every test also fails on a breach of the policy or a script error."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import UserFactory
from tests.plugins.browser import breaches

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.shell.urls")]

PASSWORD = "a-long-enough-secret"
SCHEMES = ["light", "dark"]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def reader():
    user = UserFactory(name="王芳", language="zh-hans", email="fang@example.com")
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


@pytest.fixture
def login(page: Page, live_server, reader):
    page.goto(f"{live_server.url}/accounts/login/?next=/sample/")
    page.get_by_label("电子邮件").fill(reader.email)
    page.get_by_label("密码").first.fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    # A key that is pressed before the page's scripts have run is lost.
    page.wait_for_url(f"{live_server.url}/sample/")
    return page


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/styleguide/", "/nowhere/", "/accounts/password/reset/"]
)
def test_open_pages_are_accessible(page: Page, live_server, path, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + path)

    expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
    assert breaches(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_pages_behind_the_login_are_accessible(login: Page, scheme):
    login.emulate_media(color_scheme=scheme)

    assert breaches(login) == []
    login.get_by_role("button", name="王芳 的菜单").click()
    assert breaches(login) == []
    login.keyboard.press("Escape")
    login.locator("#content").click(position={"x": 5, "y": 5})
    login.keyboard.press("?")
    expect(login.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    assert breaches(login) == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/styleguide/", "/nowhere/"])
def test_nothing_scrolls_sideways_on_a_phone(page: Page, live_server, path):
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_phone_has_its_navigation_at_the_thumb_and_large_targets(login: Page):
    login.set_viewport_size(PHONE)

    assert login.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    bar = login.locator(".shell-nav").bounding_box()
    assert bar["y"] + bar["height"] == pytest.approx(PHONE["height"], abs=1)
    for target in login.locator(".shell-link, .shell-tool, .btn, input[type=search]").all():
        if target.is_visible():
            box = target.bounding_box()
            assert min(box["height"], box["width"]) >= 44, target.inner_html()


def test_colour_scheme_changes_at_once_and_is_kept(login: Page):
    login.get_by_role("button", name="王芳 的菜单").click()
    with login.expect_response("**/preferences/"):
        login.get_by_role("button", name="深色").click()

    expect(login.locator("html")).to_have_attribute("data-bs-theme", "dark")
    login.reload()
    expect(login.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_language_changes_by_the_menu(login: Page):
    login.get_by_role("button", name="王芳 的菜单").click()
    login.get_by_role("button", name="English").click()

    expect(login.get_by_role("link", name="My work", exact=True)).to_be_visible()
    expect(login.locator("html")).to_have_attribute("lang", "en")


def test_keys_lead_to_places_but_not_while_typing(login: Page, live_server):
    login.keyboard.press("/")
    expect(login.get_by_role("searchbox")).to_be_focused()
    login.keyboard.type("g?w")
    expect(login.get_by_role("searchbox")).to_have_value("g?w")

    login.get_by_role("searchbox").blur()
    login.keyboard.press("g")
    login.keyboard.press("w")

    expect(login).to_have_url(f"{live_server.url}/")


def test_skip_link_comes_first(login: Page):
    login.evaluate("document.activeElement.blur()")
    login.keyboard.press("Tab")

    expect(login.locator(".skip-link")).to_be_focused()
    login.keyboard.press("Enter")
    expect(login.locator("#content")).to_be_focused()


def test_a_question_is_asked_before_a_form_is_sent(login: Page, live_server):
    login.locator("#delete").click()
    expect(login.get_by_role("dialog")).to_contain_text("Delete the note?")
    login.get_by_role("button", name="取消").click()
    expect(login).to_have_url(f"{live_server.url}/sample/")
    expect(login.locator("#delete")).to_be_focused()

    login.locator("#delete").click()
    login.get_by_role("dialog").get_by_role("button", name="Delete").click()

    expect(login).to_have_url(f"{live_server.url}/zone/")


def test_a_failed_request_is_said_in_the_readers_language(login: Page):
    login.locator("#fail").click()

    expect(login.locator(".toast-note")).to_contain_text("这项内容已经不在了")
    expect(login.get_by_role("heading", name="A page")).to_be_visible()
    login.locator(".toast-note").get_by_role("button", name="关闭").click()
    expect(login.locator(".toast-note")).to_have_count(0)


def test_a_lost_connection_is_said(login: Page):
    login.context.set_offline(True)
    login.locator("#lost").click()

    expect(login.locator(".toast-note")).to_contain_text("连不上服务器")
    login.context.set_offline(False)


def test_an_expired_session_leads_to_the_login_and_back(login: Page, live_server):
    login.context.clear_cookies()
    login.locator("#lost").click()

    expect(login).to_have_url(f"{live_server.url}/accounts/login/?next=%2Fsample%2F")


def test_charts_are_drawn_with_table_and_downloads_and_follow_the_scheme(page: Page, live_server):
    page.emulate_media(color_scheme="light")
    page.goto(f"{live_server.url}/styleguide/")
    figures = page.locator("figure[data-chart]")
    expect(figures.locator("canvas")).to_have_count(figures.count())
    assert figures.count() == 6
    before = page.locator("#columns canvas").screenshot()

    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)

    assert page.locator("#columns canvas").screenshot() != before
    with page.expect_download() as csv:
        page.locator("#columns").get_by_role("button", name="CSV").click()
    lines = csv.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == ",Year before,Actual,Forecast,Target"
    assert lines[6] == "2026-03,92000,,104000,105000"
    with page.expect_download() as png:
        page.locator("#columns").get_by_role("button", name="PNG").click()
    assert png.value.path().read_bytes().startswith(b"\x89PNG")
    page.locator("#columns summary").click()
    expect(page.locator("#columns table")).to_contain_text("120,000.00")


def test_chart_tooltip_keeps_to_the_policy(page: Page, live_server):
    page.goto(f"{live_server.url}/styleguide/")
    room = page.locator("#columns .chart-room")
    room.scroll_into_view_if_needed()
    box = room.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(300)

    # The text is painted: nothing was added to the page, so nothing needed a style attribute.
    assert room.locator("div:not(:has(canvas))").count() == 0


def test_files_are_listed_may_be_taken_out_and_too_large_ones_stay_behind(page: Page, live_server):
    page.goto(f"{live_server.url}/styleguide/")
    files = page.locator("#id_reports")
    files.set_input_files({"name": "九月 月度.csv", "mimeType": "text/csv", "buffer": b"a,b"})
    expect(page.locator("[data-dropzone-list] li")).to_have_text(re.compile("九月 月度.csv"))
    assert files.evaluate("input => input.files.length") == 1

    page.locator("[data-dropzone-list] .btn-close").click()
    assert files.evaluate("input => input.files.length") == 0

    files.set_input_files({"name": "big.csv", "mimeType": "text/csv", "buffer": b"x" * 1_100_000})
    expect(page.locator("[data-dropzone-list] li")).to_contain_text("太大，不会上传")
    assert files.evaluate("input => input.files.length") == 0


def test_wrong_form_puts_the_focus_on_what_is_wrong(page: Page, live_server):
    page.goto(f"{live_server.url}/styleguide/")

    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.click()
    expect(page.locator("#id_wrong-title")).to_be_focused()


def test_a_draft_is_saved_by_itself_and_counts_its_versions(login: Page, live_server):
    login.goto(f"{live_server.url}/draft/")
    login.get_by_label("Text").fill("第一稿")
    state = login.locator("[data-autosave-state]")
    expect(state).to_have_text("有改动，尚未保存")

    expect(state).to_have_text("已保存")

    expect(login.locator("[name=version]")).to_have_value("2")
    assert login.evaluate("localStorage.length") == 0


def test_a_draft_survives_a_lost_connection(login: Page, live_server):
    login.goto(f"{live_server.url}/draft/")
    login.context.set_offline(True)
    login.get_by_label("Text").fill("写在火车上")
    expect(login.locator("[data-autosave-state]")).to_have_text("网络断开，已存在本浏览器")

    login.context.set_offline(False)

    expect(login.locator("[data-autosave-state]")).to_have_text("已保存")


def test_a_draft_comes_back_after_the_window_was_closed_without_a_connection(login: Page, live_server):
    context = login.context
    login.goto(f"{live_server.url}/draft/")
    context.set_offline(True)
    login.get_by_label("Text").fill("写在火车上")
    expect(login.locator("[data-autosave-state]")).to_have_text("网络断开，已存在本浏览器")
    login.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(f"{live_server.url}/draft/")

    expect(again.get_by_label("Text")).to_have_value("写在火车上")
    expect(again.locator(".toast-note")).to_contain_text("已恢复")
    expect(again.locator("[data-autosave-state]")).to_have_text("已保存")


def test_a_draft_that_somebody_else_changed_is_not_overwritten(login: Page, live_server):
    login.goto(f"{live_server.url}/draft/")
    login.get_by_label("Text").fill("conflict")

    expect(login.locator("[data-autosave-state]")).to_have_text("未保存")
    expect(login.locator(".toast-note")).to_contain_text("刚刚有人改动了这里")
    assert "conflict" in login.evaluate("localStorage.getItem('fupan:draft:draft-1')")
    login.on("dialog", lambda dialog: dialog.accept())


def test_clocks_follow_the_server_and_count_on_after_zero(login: Page, live_server):
    login.goto(f"{live_server.url}/draft/")

    expect(login.locator("#ahead")).to_have_text(re.compile(r"^1:0[0-5]$"))
    expect(login.locator("#behind")).to_have_text(re.compile(r"^\+1:01:0\d$"))
    expect(login.locator("#behind")).to_have_class(re.compile("is-over"))
