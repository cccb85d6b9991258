import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from core.templatetags.ui import navigation
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.shell.urls")]

LOGIN = "/accounts/login/"


@pytest.fixture
def reader():
    return UserFactory(name="王芳", language="zh-hans", time_zone="America/New_York")


@pytest.mark.parametrize(("accept", "expected"), [("zh-CN", "zh-Hans"), ("en-GB", "en"), ("fr", "zh-Hans")])
def test_before_login_the_browser_chooses_the_language(client, accept, expected):
    html = client.get(LOGIN, headers={"Accept-Language": accept}).content.decode()

    assert f'<html lang="{expected}"' in html
    assert ("让每一次复盘都有结果" in html) == (expected == "zh-Hans")


def test_after_login_the_person_chooses_language_and_zone(client, reader):
    client.force_login(reader)

    response = client.get("/styleguide/", headers={"Accept-Language": "en"})

    assert response.headers["Content-Language"] == "zh-hans"
    assert client.get("/zone/").content == b"America/New_York"


def test_zone_of_one_request_does_not_stay_for_the_next(client, reader):
    from django.utils import timezone

    client.force_login(reader)
    client.get("/zone/")

    assert str(timezone.get_current_timezone()) == "Asia/Shanghai"


def test_switching_the_language_is_kept_with_the_person(client, reader):
    client.force_login(reader)

    response = client.post(reverse("core:set_preferences"), {"language": "en", "next": "/styleguide/?page=2"})

    reader.refresh_from_db()
    assert (response.status_code, response.url) == (302, "/styleguide/?page=2")
    assert reader.language == "en"


def test_switching_works_before_login_by_cookie(client):
    client.post(reverse("core:set_preferences"), {"language": "en", "theme": "dark", "next": LOGIN})

    html = client.get(LOGIN, headers={"Accept-Language": "zh-CN"}).content.decode()

    assert '<html lang="en" data-theme-choice="dark" data-bs-theme="dark">' in html


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_switching_leads_nowhere_else(client, target):
    response = client.post(reverse("core:set_preferences"), {"theme": "light", "next": target})

    assert response.url == "/"


def test_unknown_preferences_change_nothing(client, reader):
    client.force_login(reader)

    response = client.post(reverse("core:set_preferences"), {"language": "xx", "theme": "pink"})

    reader.refresh_from_db()
    assert reader.language == "zh-hans"
    assert response.cookies == {}


def test_preferences_are_only_posted_and_only_with_a_token(reader):
    assert Client().get(reverse("core:set_preferences")).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(
        reverse("core:set_preferences"), {"theme": "dark"}, headers={"Accept-Language": "en"}
    )
    assert response.status_code == 403
    assert "This form has grown too old" in response.content.decode()


def test_expired_session_sends_the_whole_page_to_the_login(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/styleguide/?page=2"}

    response = client.get("/zone/", headers=headers)

    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == f"{LOGIN}?next=%2Fstyleguide%2F%3Fpage%3D2"


def test_expired_session_never_leads_to_another_site(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example//evil.example/x"}

    assert client.get("/zone/", headers=headers).headers["HX-Redirect"].startswith(f"{LOGIN}?next=%2F")


def test_other_redirects_of_fragments_stay_as_they_are(client, reader):
    client.force_login(reader)

    response = client.post(reverse("core:set_preferences"), {"theme": "dark"}, headers={"HX-Request": "true"})

    assert response.status_code == 302


def test_policy_forbids_everything_inline(client):
    policy = client.get(LOGIN).headers["Content-Security-Policy"]

    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["style-src"]) == ("'self'", "'self'")


@pytest.mark.parametrize("path", [LOGIN, "/styleguide/", "/accounts/password/reset/"])
def test_pages_hold_to_the_policy_by_themselves(client, path):
    html = client.get(path).content.decode()

    assert re.findall(r"\sstyle=|\son[a-z]+=|hx-on|javascript:", html) == []
    bodies = re.findall(r"<script(?![^>]*application/json)[^>]*>([^<]+)</script>", html)
    assert bodies == []


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/nowhere/", 404, "There is nothing here"), ("/forbidden/", 403, "You may not do this")],
)
def test_error_pages_speak(client, reader, path, status, words):
    reader.language = "en"
    reader.save(update_fields=["language"])
    client.force_login(reader)

    response = client.get(path)

    assert response.status_code == status
    assert words in response.content.decode()


@pytest.mark.logs_errors("garbled on purpose")
def test_garbled_request_page(client):
    response = client.get("/garbled/", headers={"Accept-Language": "en"})

    assert response.status_code == 400


@pytest.mark.logs_errors("Internal Server Error")
def test_server_error_page_needs_no_request(client):
    client.raise_request_exception = False

    response = client.get("/broken/", headers={"Accept-Language": "zh-CN"})

    assert response.status_code == 500
    assert "系统出错了" in response.content.decode()


@pytest.mark.parametrize(
    "name", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html", "oops.html"]
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_error_templates_render_without_anything(name, language):
    with translation.override(language):
        assert "<h1>" in render_to_string(name)


def test_navigation_shows_what_exists_and_marks_where_one_is(client, reader):
    client.force_login(reader)

    elsewhere = client.get("/sample/").content.decode()

    links = re.findall(r'class="shell-link" href="([^"]+)"', elsewhere)
    assert links[0] == "/"
    assert 'aria-current="page"' not in elsewhere
    assert "退出登录" in elsewhere
    at_home = render_to_string("base.html", request=_request("/", reader))
    assert re.findall(r'href="([^"]+)" aria-current="page"', at_home) == ["/"]


def test_navigation_leaves_out_what_the_site_does_not_have(reader, settings):
    settings.ROOT_URLCONF = "tests.shell.small_urls"

    html = render_to_string(
        "components/shortcuts.html", {"entries": navigation({"request": _request("/", reader)})}
    )

    assert html.count("<kbd>g</kbd>") == 1


def _request(path, user):
    request = RequestFactory().get(path)
    request.user = user
    return request
