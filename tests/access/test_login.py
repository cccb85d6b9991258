"""Signing in, guessing passwords, and what ends a session."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from people.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "ein-langes-Kennwort-7"


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ann():
    return User.objects.create_user("ann@example.com", PASSWORD, name="Ann")


def sign_in(client, password=PASSWORD, email="ann@example.com", **extra):
    return client.post(reverse("account_login"), {"login": email, "password": password}, **extra)


# --- guessing ---------------------------------------------------------------------------------------------
def test_guessing_is_stopped_and_the_right_password_does_not_help_then(client, ann):
    for number in range(6):
        sign_in(client, f"wrong-{number}")

    assert sign_in(client).status_code == 200  # the form again
    assert "_auth_user_id" not in client.session


def test_the_left_of_x_forwarded_for_changes_nothing(client, settings, ann):
    """Whatever a client writes there, the address our own proxy saw stands at the right."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(12):
        sign_in(
            client,
            "wrong",
            email=f"someone{number}@example.com",
            headers={"X-Forwarded-For": f"10.9.8.{number}, 203.0.113.7"},
        )

    blocked = sign_in(client, headers={"X-Forwarded-For": "10.1.1.1, 203.0.113.7"})
    elsewhere = sign_in(client, headers={"X-Forwarded-For": "203.0.113.7, 198.51.100.2"})

    assert blocked.status_code == 200
    assert elsewhere.status_code == 302


def test_without_a_proxy_the_header_counts_for_nothing(client, settings, ann):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    for number in range(12):
        sign_in(
            client,
            "wrong",
            email=f"someone{number}@example.com",
            headers={"X-Forwarded-For": f"10.9.8.{number}"},
        )

    assert sign_in(client, headers={"X-Forwarded-For": "10.1.1.1"}).status_code == 200


def test_the_administration_has_no_login_of_its_own(client):
    response = client.post("/admin/login/", {"username": "ann@example.com", "password": "wrong"})

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_one_cannot_tell_whether_an_account_exists(client, ann):
    known, unknown = sign_in(client, "wrong"), sign_in(client, "wrong", email="nobody@example.com")

    def plain(response):
        return response.text.replace("nobody@", "ann@").split("csrfmiddlewaretoken")[0]

    assert known.status_code == unknown.status_code
    assert known.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


# --- sessions ---------------------------------------------------------------------------------------------
def test_a_new_key_at_login_and_none_after_logout(client, ann):
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key

    sign_in(client)
    signed_in = client.session.session_key
    client.post(reverse("account_logout"))

    assert planted != signed_in
    assert client.session.session_key != signed_in
    client.cookies["sessionid"] = signed_in
    assert client.get("/").status_code == 302


def test_who_is_deactivated_is_out_with_the_next_request(client, ann):
    sign_in(client)
    assert client.get("/").status_code == 200

    User.objects.filter(pk=ann.pk).update(is_active=False)

    assert client.get("/").url.startswith("/accounts/login/")
    assert sign_in(client).url == reverse("account_inactive")
    assert client.get("/").status_code == 302


def test_a_changed_password_ends_the_other_sessions(client, ann):
    sign_in(client)

    ann.set_password("another-long-Password-8")
    ann.save()

    assert client.get("/").url.startswith("/accounts/login/")


def test_a_role_that_was_taken_away_counts_with_the_next_request(client, ann):
    User.objects.filter(pk=ann.pk).update(roles=["host"])
    sign_in(client)
    assert client.get("/meetings/new/").status_code == 200

    User.objects.filter(pk=ann.pk).update(roles=[])

    assert client.get("/meetings/new/").status_code == 403


def test_nobody_changes_the_address_that_notices_go_to(client, ann):
    sign_in(client)

    response = client.post("/accounts/email/", {"action_add": "", "email": "ann@elsewhere.example"})

    assert response.status_code == 404
    ann.refresh_from_db()
    assert ann.email == "ann@example.com"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(client, ann, target):
    response = client.post(
        f"{reverse('account_login')}?next={target}",
        {"login": ann.email, "password": PASSWORD, "next": target},
    )
    language = client.post(reverse("core:set_preferences"), {"language": "en", "next": target})

    assert response.url == "/"
    assert language.url == "/"


# --- the administration -----------------------------------------------------------------------------------
@pytest.mark.parametrize("roles", [[], ["admin"], ["executive"], ["host", "data_owner"]])
def test_the_administration_is_for_staff_alone(client, roles):
    client.force_login(UserFactory(roles=roles))

    for url in ("/admin/", "/admin/people/user/", "/admin/meetings/meeting/", "/admin/login/"):
        assert client.get(url).status_code in (302, 403)
        assert "changelist" not in client.get(url, follow=True).text


def test_staff_without_rights_changes_nothing(client):
    client.force_login(UserFactory(is_staff=True))

    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/people/user/").status_code == 403
    assert client.get("/admin/people/user/add/").status_code == 403
